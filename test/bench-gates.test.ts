import { describe, expect, test } from 'vitest';
import type { Gate } from '../bench/gates.ts';
import { rowOf, type PeerRow, type Row, type Stamp } from '../bench/result.ts';
import type { BenchShape } from '../bench/shapes.ts';
import type { SideName } from '../bench/sides.ts';
import { gates, roofline, shape, sideAt } from './support/bench-rows.ts';

/** 10 TFLOP/s, 500 GB/s. */
const adapter = roofline(10e12, 500e9);

function row(one: BenchShape, milliseconds: number, side: SideName = 'webgpu'): Row {
  return rowOf({ shape: one, checkedBy: 'cpu', sides: [sideAt(side, [milliseconds])] }, adapter);
}

function found(rows: readonly Row[], software = false): Gate[] {
  const stamp = { adapter: { name: 'acme', software } } as Stamp;
  return gates({ rows, stamp, roofline: adapter, quick: false });
}

describe('shares of the adapter', () => {
  // 10.368 GFLOP: 1.0368 ms at 10 TFLOP/s, 4.1472 ms at a quarter of it
  const full = shape('full', 1_000_000, 16, 16);

  test('full covariances of 16 to 64 features are held to 25 % of FMA peak on hardware', () => {
    expect(found([row(full, 4.1)])).toMatchObject([{ passed: true, wanted: '25 % of FMA peak' }]);
    expect(found([row(full, 4.2)])).toMatchObject([{ passed: false, found: '24.7 %' }]);
    expect(found([row(shape('full', 100_000, 64, 64), 1e6)])).toHaveLength(1);
    // exponentials and small tiles hold four features back: no share of FMA peak is asked for
    expect(found([row(shape('full', 1_000_000, 4, 64), 10)])).toEqual([]);
  });

  test('so are diag and spherical from 64 features and components', () => {
    for (const model of ['diag', 'spherical'] as const) {
      const names = found([row(shape(model, 100_000, 64, 64), 1)]).map(({ name }) => name);
      expect(names.filter((name) => name.endsWith(': FMA'))).toHaveLength(1);
      expect(
        found([row(shape(model, 100_000, 64, 32), 1000)]).filter(({ name }) =>
          name.endsWith(': FMA'),
        ),
      ).toEqual([]);
    }
    expect(
      found([row(shape('tied', 100_000, 64, 64), 1)]).filter(({ name }) => name.endsWith(': FMA')),
    ).toEqual([]);
  });

  test('where bytes bind on hardware, 60 % of copy bandwidth is asked for', () => {
    // k-means, D = 2, K = 2: 8 N bytes at 500 GB/s take 16 ns a thousand samples, 14 N operations at 10 TFLOP/s 1.4
    const kmeans = shape('kmeans', 1_000_000, 2, 2);
    expect(found([row(kmeans, 0.016 / 0.61)])).toMatchObject([
      { passed: true, found: '61 %', wanted: '60 % of copy bandwidth' },
    ]);
    expect(found([row(kmeans, 0.016 / 0.59)])).toMatchObject([{ passed: false, found: '59 %' }]);
  });

  test('a software adapter is held to 20 % at D = K = 16, full, and to nothing else', () => {
    // 65,536 samples: 0.679 GFLOP, 0.0679 ms
    const own = shape('full', 65_536, 16, 16);
    expect(found([row(own, 0.33)], true)).toMatchObject([
      { passed: true, wanted: '20 % of FMA peak' },
    ]);
    expect(found([row(own, 0.35)], true)).toMatchObject([{ passed: false }]);
    expect(found([row(shape('full', 65_536, 32, 64), 1)], true)).toEqual([]);
    expect(found([row(shape('kmeans', 1_000_000, 2, 2), 100)], true)).toEqual([]);
  });

  test('one that is missed says what bounds it, the longest part first', () => {
    const [gate] = found([row(full, 10.3684)]);
    expect(gate.note).toBe(
      'of 10.4 ms: multiply-adds 1.04 ms, scratch bytes 0.512 ms, one submit and readback 0.500 ms, exponentials 0.0160 ms; ' +
        "the other 8.30 ms are the kernels' own and the host's",
    );
    expect(found([row(full, 4)])[0].note).toBeUndefined();
  });

  test('nothing is asked of a side that is wrong or has no time', () => {
    const none = rowOf(
      { shape: full, checkedBy: 'cpu', sides: [{ side: 'webgpu', threads: 0, error: 'lost' }] },
      adapter,
    );
    expect(found([none])).toEqual([]);
  });
});

describe('growth', () => {
  const sizes = [100_000, 1_000_000, 10_000_000];
  const growing = (milliseconds: readonly number[]): Row[] =>
    sizes.map((nSamples, i) => row(shape('full', nSamples, 2, 8), milliseconds[i]));

  test('the time per sample may spread by 20 %', () => {
    expect(found(growing([1, 11.9, 100]))).toMatchObject([
      { passed: true, found: '19 % (N = 1e5: 10.0 ns, N = 1e6: 11.9 ns, N = 1e7: 10.0 ns)' },
    ]);
    expect(found(growing([1, 12.1, 130]))).toMatchObject([
      { passed: false, note: 'it grows with the samples' },
    ]);
    const [falls] = found(growing([2, 10, 100]));
    expect(falls.passed).toBe(false);
    expect(falls.note).toContain('falls');
  });

  test('what is not samples may grow by a byte a sample, so that it is bounded', () => {
    const withMemory = (rest: readonly number[]): Row[] =>
      sizes.map((nSamples, i) => {
        const samplesBytes = 8 * nSamples;
        const memory = { samplesBytes, peakBytes: samplesBytes + rest[i] };
        const sides = [{ ...sideAt('webgpu', [nSamples / 1e5]), memory }];
        return rowOf({ shape: shape('full', nSamples, 2, 8), checkedBy: 'cpu', sides }, adapter);
      });
    const bounded = found(withMemory([4e6, 32e6, 32e6]));
    expect(bounded.map(({ passed }) => passed)).toEqual([true, true]);
    const growing = found(withMemory([4e5, 4e6, 40e6]));
    expect(growing.map(({ passed, found }) => [passed, found.split(' ')[0]])).toEqual([
      [true, '0'],
      [false, '4.00'],
    ]);
  });
});

describe('against other programs', () => {
  const peer = (name: string, precision: 'float32' | 'float64', seconds: number): PeerRow => ({
    peer: name,
    precision,
    threads: 2,
    right: true,
    secondsPerIteration: [seconds],
  });
  const at = (nFeatures: number, peers: readonly PeerRow[]): Row => ({
    ...rowOf(
      {
        shape: shape('full', 1_000_000, nFeatures, 8),
        checkedBy: 'cpu',
        sides: [sideAt('cpu', [100]), sideAt('webgpu', [10])],
      },
      adapter,
    ),
    peers,
  });
  const verdicts = (one: Row, software: boolean) =>
    found([one], software).flatMap(({ name, found, passed, wanted }) =>
      name.includes(' against ')
        ? [[name.split(': ')[1], wanted, found.split(' ')[0], passed]]
        : [],
    );

  test('the CPU is held to scikit-learn in float64, twice as fast up to 8 features', () => {
    const peers = [peer('scikit-learn', 'float64', 0.15)];
    expect(verdicts(at(8, peers), true)).toEqual([
      ['CPU against scikit-learn float64', '2 times as fast', '1.50', false],
    ]);
    expect(verdicts(at(32, peers), true)).toEqual([
      ['CPU against scikit-learn float64', '1 times as fast', '1.50', true],
    ]);
  });

  test('WebGPU to scikit-learn in float32 on software, to three times the best of all on hardware', () => {
    const peers = [peer('scikit-learn', 'float32', 0.012), peer('torch', 'float32', 0.02)];
    expect(verdicts(at(8, peers), true)).toEqual([
      ['WebGPU against scikit-learn float32', '1 times as fast', '1.20', true],
    ]);
    expect(verdicts(at(8, peers), false)).toEqual([
      ['WebGPU, best peer against scikit-learn float32', '3 times as fast', '1.20', false],
    ]);
  });

  test('a program that failed or was wrong is nobody to compare with', () => {
    const wrong = { ...peer('scikit-learn', 'float64', 1), right: false };
    expect(verdicts(at(8, [wrong, { peer: 'armadillo', error: 'not here' }]), true)).toEqual([]);
  });
});
