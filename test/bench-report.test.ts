import { describe, expect, test } from 'vitest';
import { toMarkdown } from '../bench/report.ts';
import { rowOf, type BenchResult, type Stamp } from '../bench/result.ts';
import type { RowMeasured, SideMeasured } from '../bench/row.ts';
import { listedShapes, numberOption, runSession, type Host } from '../bench/session.ts';
import { describeShape, QUICK_SHAPES, shapeName } from '../bench/shapes.ts';
import { gates, roofline, shape, sideAt } from './support/bench-rows.ts';

describe('the row of a shape', () => {
  const measured = (side: SideMeasured): RowMeasured => ({
    shape: shape('full', 1_000_000, 16, 16),
    checkedBy: 'cpu',
    sides: [side],
  });
  const fine = { iterations: 20, lowerBound: 2e-8, meansInSigma: 3e-7 };

  test('has its median, its rate and its share of the measured bound', () => {
    const row = rowOf(measured(sideAt('webgpu', [4, 4.1472, 5], fine)), roofline(10e12, 500e9));
    const [{ right, time }] = row.sides;
    expect(right).toBe(true);
    expect(time!.milliseconds.median).toBe(4.1472);
    expect(time!.gflops).toBeCloseTo(2500, 9);
    expect(time!.share).toMatchObject({ bound: 'compute' });
    expect(time!.share!.share).toBeCloseTo(0.25, 12);
  });

  test('has no share on the CPU, whose own peak is not measured', () => {
    const row = rowOf(measured(sideAt('cpu', [4], fine)), roofline(10e12, 500e9));
    expect(row.sides[0].time!.share).toBeUndefined();
  });

  test('says why it has no time: an error, or iterations that cannot be told from the start-up', () => {
    const failed = rowOf(
      measured({ side: 'webgpu', threads: 0, error: 'out of memory' }),
      undefined,
    );
    expect(failed.sides[0]).toEqual({ side: 'webgpu', threads: 0, error: 'out of memory' });
    const short = rowOf(measured(sideAt('webgpu', [-0.1, 0, 0.1], fine)), undefined);
    expect(short.sides[0].error).toContain('too short');
  });

  test('has no time, in Markdown or in JSON, where the answer is wrong', () => {
    const {
      milliseconds: _,
      iterations: __,
      ...untimed
    } = sideAt('webgpu', [114], {
      ...fine,
      lowerBound: 2e-5,
    });
    const row = rowOf(measured(untimed), roofline(10e12, 500e9));
    expect(row.sides[0]).toMatchObject({ right: false });
    const markdown = toMarkdown(resultWith([row], false));
    expect(markdown).toContain('| webgpu | WRONG |');
    expect(`${JSON.stringify(row)} ${markdown}`).not.toMatch(/\b114\b/);
  });
});

function resultWith(rows: BenchResult['rows'], software: boolean): BenchResult {
  const stamp: Stamp = {
    date: '2026-01-02T03:04:05.000Z',
    commit: 'abc1234',
    adapter: software
      ? { name: 'google swiftshader', software }
      : { name: 'acme gpu', software, driver: 'ACME 550.1' },
    browser: 'Chromium 1.2',
    node: '20.19.0',
    os: 'Linux',
    processor: 'Acme',
    cores: 2,
  };
  const found = { stamp, rows, roofline: roofline(10e12, 500e9), quick: false } as const;
  return { ...found, version: 2, seed: 1, leftOut: [], failures: [], gates: gates(found) };
}

describe('the report', () => {
  const fine = { iterations: 20, lowerBound: 2e-8, meansInSigma: 3e-7 };
  const row = rowOf(
    {
      shape: shape('full', 1_000_000, 16, 16),
      checkedBy: 'cpu',
      sides: [
        sideAt('cpu', [1110, 1120, 1130], { iterations: 20, lowerBound: 0, meansInSigma: 0 }),
        {
          ...sideAt('webgpu', [4, 4.1472, 5], fine),
          first: { milliseconds: 977, timings: { compile: 400, upload: 300 } },
          memory: { samplesBytes: 2 ** 26, peakBytes: 3 * 2 ** 25 },
        },
      ],
    },
    roofline(10e12, 500e9),
  );

  test('shows spread, rate, bound, share and check of every side', () => {
    const markdown = toMarkdown(resultWith([row], false));
    expect(markdown).toContain(
      '| full, 1,000,000 × 16, K = 16 | cpu | 1,120 [1,115–1,125; 1,110–1,130] | 3 × (11 − 1) | 9.26 |  |  | 0e+0 over 20 | 0e+0 | itself |',
    );
    expect(markdown).toContain(
      '|  | webgpu | 4.15 [4.07–4.57; 4.00–5.00] | 3 × (11 − 1) | 2,500 | compute, 1.04 ms | 25 % | 2e-8 over 20 | 3e-7 | right |',
    );
    expect(markdown).toContain('| 977 | compile 400, upload 300 |');
    expect(markdown).toContain('| 96 MiB | 64 MiB | 32 MiB |');
  });

  test('says what the adapter can do, and where it was measured', () => {
    const result = resultWith([row], false);
    const markdown = toMarkdown(result);
    expect(markdown).toContain('| multiply-adds | 10,000 GFLOP/s');
    const { adapter, ...rest } = result.stamp;
    for (const value of [adapter.name, adapter.driver, ...Object.values(rest)]) {
      expect(markdown).toContain(JSON.stringify(value).replaceAll('"', ''));
    }
  });

  test('claims nothing of a GPU on a software adapter', () => {
    const markdown = toMarkdown(resultWith([row], true));
    expect(markdown).toContain('No time here is that of a GPU.');
    expect(markdown).toContain('google swiftshader, software');
    expect(markdown).not.toMatch(/speed-?up|faster/i);
  });

  test('names what was left out and what failed, and what other programs took', () => {
    const markdown = toMarkdown({
      ...resultWith(
        [
          {
            ...row,
            peers: [
              {
                peer: 'scikit-learn',
                version: '1.9',
                precision: 'float64',
                threads: 2,
                device: 'cpu',
                right: true,
                secondsPerIteration: [3, 2, 4],
              },
              { peer: 'armadillo', right: false, secondsPerIteration: [] },
              { peer: 'jax', error: 'CUDA out of memory' },
              { peer: 'torch', error: 'no module named torch', absent: true },
            ],
          },
        ],
        false,
      ),
      leftOut: [{ shape: shape('diag', 100_000, 1024, 1024), reason: 'too slow here' }],
      failures: [{ shape: shape('tied', 100_000, 32, 16), message: 'out of memory' }],
    });
    expect(markdown).toContain('| scikit-learn 1.9 | float64 | 2 | cpu | 3,000 |');
    expect(markdown).toContain('| armadillo |  |  |  | WRONG |');
    expect(markdown).toContain('| jax |  |  |  | CUDA out of memory |');
    expect(markdown).toContain('Not here: torch.');
    expect(markdown).not.toContain('| torch |');
    expect(markdown).toContain('- diag, 100,000 × 1024, K = 1024: left out: too slow here');
    expect(markdown).toContain('- tied, 100,000 × 32, K = 16: FAILED: out of memory');
  });
});

describe('a session', () => {
  const hostOn = (software: boolean, measure: Host['measureRow']) => {
    const written: BenchResult[] = [];
    const { stamp } = resultWith([], software);
    const host: Host = {
      stamp,
      sides: ['cpu', 'webgpu'],
      measureRoofline: () => Promise.resolve(roofline(10e12, 500e9)),
      measureRow: measure,
      runPeers: undefined,
      write: (result) => void written.push(structuredClone(result)),
      log: () => {},
    };
    return { host, written };
  };
  const fine = { iterations: 20, lowerBound: 2e-8, meansInSigma: 3e-7 };
  const measured: Host['measureRow'] = ({ shape: one }) =>
    Promise.resolve({ shape: one, checkedBy: 'cpu', sides: [sideAt('webgpu', [4], fine)] });

  test('writes after every row, and a row that fails costs the others nothing', async () => {
    const { host, written } = hostOn(true, (job) =>
      job.shape.model === 'tied' ? Promise.reject(new Error('lost')) : measured(job),
    );
    const result = await runSession(host, { quick: true });
    expect(written.map(({ rows }) => rows.length)).toEqual([0, 1, 1, 2, 3, 4, 5, 6, 7]);
    expect(written.at(-1)).toEqual(result);
    expect(result.failures).toEqual([{ shape: QUICK_SHAPES[1], message: 'lost' }]);
  });

  test('leaves out, with the reason, what a software adapter or this machine cannot do, and what comes too late', async () => {
    const software = await runSession(hostOn(true, measured).host, { rows: '1024' });
    expect(software.rows).toEqual([]);
    expect(software.leftOut.map(({ reason }) => reason)).toEqual(
      Array.from({ length: 2 }, () => 'it would take minutes an iteration here'),
    );
    const slow = await runSession(hostOn(false, measured).host, { rows: 'spherical-1000000' });
    expect(slow.leftOut[0].reason).toContain('without a fast CPU side');
    const late = await runSession(hostOn(false, measured).host, { rows: '^bern', budget: 0 });
    expect(late.leftOut).toHaveLength(2);
    expect(late.leftOut[0].reason).toContain('time');
  });

  test('measures the sides that are asked for, and says where none of them can be had', async () => {
    const asked: string[][] = [];
    const { host } = hostOn(true, (job) => (asked.push([...job.sides]), measured(job)));
    await runSession(host, { quick: true, rows: '^tied', sides: 'threads,webgpu' });
    expect(asked).toEqual([['webgpu']]);
    await expect(runSession(host, { sides: 'threads' })).rejects.toThrow('cpu, webgpu can');
  });

  test('takes numbers above 0 and nothing else', () => {
    expect(numberOption('budget', undefined)).toBeUndefined();
    expect(numberOption('budget', '90')).toBe(90);
    for (const text of ['0', '-1', 'soon', '']) {
      expect(() => numberOption('budget', text)).toThrow('give a number above 0');
    }
  });

  test('has every shape once, and those alone whose names match', () => {
    const names = listedShapes({}).map(shapeName);
    expect(new Set(names).size).toBe(names.length);
    expect(listedShapes({ rows: 'full-1000000x8-k' }).map(describeShape)).toEqual([
      'full, 1,000,000 × 8, K = 16',
      'full, 1,000,000 × 8, K = 8',
    ]);
  });
});
