import { describe, expect, test } from 'vitest';
import { createDataset, type SampleStream } from '../src/index.ts';
import { scanStream, type ScannedStream } from '../src/data/scan-stream.ts';
import { hashgen } from './support/hashgen.ts';

const N = 4000;
/** Columns that sums of squares are lost on. */
const COLUMNS: Readonly<Record<string, (z: number, n: number) => number>> = {
  plain: (z) => z,
  'far away': (z) => 1e8 + z,
  'far away and narrow': (z) => 1e6 + 1e-6 * z,
  huge: (z) => 1e300 * z,
  tiny: (z) => 1e-300 * z,
  'one value': () => 0.1,
  'nothing observed': () => Number.NaN,
  holes: (z, n) => (n % 3 === 0 ? Number.NaN : z),
  'an outlier late': (z, n) => (n === N - 5 ? 1e12 : z),
  'constant at first': (z, n) => (n < 1000 ? 5 : 5 + z),
  'one observed': (z, n) => (n === 1234 ? z : Number.NaN),
};
const { data: normal } = hashgen({
  seed: 9,
  n: N,
  k: 1,
  d: 1,
  kind: 'diag',
  sep: 0,
  corr: 0,
  smin: 1,
  smax: 1,
});
const makers = Object.values(COLUMNS);
const D = makers.length;
const data = Float64Array.from({ length: N * D }, (_, i) =>
  makers[i % D](normal[(Math.floor(i / D) * 17 + (i % D)) % N], Math.floor(i / D)),
);

function streamOf(size: number): SampleStream {
  return {
    *chunks() {
      for (let n = 0; n < N; n += size) {
        const end = Math.min(N, n + size);
        yield { data: data.subarray(n * D, end * D), nSamples: end - n, nFeatures: D };
      }
    },
  };
}

const scan = async (stream: SampleStream): Promise<ScannedStream> =>
  (await scanStream(stream, { memoryLimit: 0 })) as ScannedStream;

describe('one reading of a stream', () => {
  test.each([1, 7, 256, 1000, N])(
    'finds the standardisation that two readings find (chunks of %i)',
    async (size) => {
      const { standardisation } = await createDataset({ data, nSamples: N, nFeatures: D });
      const { standardisation: found, missing } = await scan(streamOf(size));
      expect(found.constantColumns).toEqual(standardisation.constantColumns);
      expect(found.emptyColumns).toEqual(standardisation.emptyColumns);
      Object.keys(COLUMNS).forEach((name, d) => {
        const scale = standardisation.scales[d];
        // a mean is as exact as its values are, and a deviation about it
        const rounding = 1e-15 * Math.abs(standardisation.means[d]);
        const near = 1e-12 * scale + rounding;
        expect(Math.abs(found.means[d] - standardisation.means[d]), name).toBeLessThanOrEqual(near);
        expect(Math.abs(found.scales[d] / scale - 1), name).toBeLessThan(
          1e-12 + (rounding / scale) ** 2,
        );
      });
      expect(found.largest / standardisation.largest).toBeCloseTo(1, 6);
      expect(missing).toBe(data.reduce((sum, value) => sum + (value === value ? 0 : 1), 0));
    },
  );

  test('finds the same checksum and sketch however the stream is cut, and another for other numbers', async () => {
    const [a, b] = [await scan(streamOf(13)), await scan(streamOf(900))];
    expect(b.identity).toEqual(a.identity);
    expect(b.sketch).toEqual(a.sketch);
    const other = streamOf(900);
    const before = data[61 * 99];
    data[61 * 99] = before + 1;
    expect((await scan(other)).identity.checksum).not.toBe(a.identity.checksum);
    data[61 * 99] = before;
  });

  test('draws samples from everywhere, in order, once each, and notes the ends of columns', async () => {
    const n = 300_000;
    const stream = (size: number): SampleStream => ({
      *chunks() {
        for (let i = 0; i < n; i += size) {
          const count = Math.min(size, n - i);
          const rows = Float32Array.from({ length: count }, (_, m) => ((i + m) * 7919) % n);
          yield { data: rows, nSamples: count, nFeatures: 1 };
        }
      },
    });
    const [found, again] = [await scan(stream(1009)), await scan(stream(50_000))];
    const { samples, data: values } = found.sketch;
    expect(samples).toHaveLength(65_536);
    expect(again.sketch).toEqual(found.sketch);
    expect(values).toEqual(Float32Array.from(samples, (sample) => (sample * 7919) % n));
    expect(samples.every((sample, i) => i === 0 || sample > samples[i - 1])).toBe(true);
    // of each tenth a tenth, to four standard deviations (about 72 each)
    for (let tenth = 0; tenth < 10; tenth++) {
      const inTenth = samples.filter((sample) => Math.floor((sample * 10) / n) === tenth).length;
      expect(Math.abs(inTenth - 6553.6)).toBeLessThan(290);
    }
    const ends = Array.from(found.withEnds.data);
    expect([Math.min(...ends), Math.max(...ends)]).toEqual([0, n - 1]);
  });

  test('takes a stream that fits into memory, whatever its chunks', async () => {
    const dataset = await createDataset(streamOf(300));
    expect(dataset.samples.data).toEqual(data);
    const chunks = [
      { data: Uint8Array.of(1, 2), nSamples: 1, nFeatures: 2 },
      { data: Float32Array.of(3, 4), nSamples: 1, nFeatures: 2, mask: [1, 0] },
    ];
    const { samples } = await createDataset({ chunks: () => chunks });
    expect(samples.data).toEqual(Float32Array.of(1, 2, 3, Number.NaN));
  });
});
