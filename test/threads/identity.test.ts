import { describe, expect, test } from 'vitest';
import { shardSamples, pushSum, segmentSize, totalOf } from '../../src/cpu/segments.ts';
import type { PartialSum } from '../../src/cpu/job.ts';
import { makeSeam } from '../../src/em/make-seam.ts';
import {
  createContext,
  createDataset,
  GaussianMixture,
  type ContextOptions,
} from '../../src/index.ts';
import { uniform } from '../support/hashgen.ts';
import { problemOn, shape, type Problem } from '../support/threads/problems.ts';

/** The calling thread, then workers. */
const WAYS: readonly ContextOptions[] = [
  { backend: 'cpu', threads: 2, leastWork: Infinity },
  ...[1, 2, 3, 5].map((threads) => ({ backend: 'cpu' as const, threads, leastWork: 0 })),
];

/** Everything an E-step over a part of the samples, a measure, labels and scores come to. */
async function sayings(problem: Problem, options: ContextOptions): Promise<unknown> {
  const context = await createContext(options);
  try {
    const { samples, family, parameters, sampleWeights } = problemOn(problem);
    const dataset = await createDataset(samples, { context, sampleWeights });
    const seam = await makeSeam(dataset, family);
    const at = family.standardise(parameters, dataset.standardisationFor(family));
    const range = { firstSample: 777, nSamples: 1800 };
    return [
      await seam.eStep(at),
      await seam.eStep(at, undefined, { inverseTemperature: 0.5 }, range),
      await seam.measure(at),
      await seam.scoreSamples(at),
      await seam.predict(at),
    ];
  } finally {
    context.dispose();
  }
}

describe('threads, however many,', () => {
  const problems = [
    shape('full', 4099, 5, 4, { weighted: true }),
    shape('tied', 4099, 3, 4),
    shape('diag', 4099, 6, 5),
    shape('bernoulli', 4099, 40, 7),
  ];
  test.each(problems.map((problem) => [problem.name, problem] as const))(
    'give the same bits: %s',
    async (_name, problem) => {
      const [first, ...others] = await Promise.all(WAYS.map((way) => sayings(problem, way)));
      for (const other of others) expect(other).toEqual(first);
    },
  );

  test('give the same fit, bit by bit', async () => {
    const { samples } = problemOn(shape('full', 3000, 4, 3));
    const fits = WAYS.map(async (way) => {
      const context = await createContext(way);
      try {
        const options = { nComponents: 3, seed: 2, nInit: 2, context };
        return JSON.stringify(await GaussianMixture.fit(samples, options));
      } finally {
        context.dispose();
      }
    });
    const [first, ...others] = await Promise.all(fits);
    for (const other of others) expect(other).toBe(first);
  });
});

describe('segments', () => {
  test.each([1, 255, 256, 257, 16_384, 16_385, 1_000_000])(
    'of %d samples are dealt out whole and in order',
    (nSamples) => {
      const size = segmentSize(nSamples);
      expect(size % 256).toBe(0);
      expect(Math.ceil(nSamples / size)).toBeLessThanOrEqual(64);
      for (const threads of [0, 1, 2, 3, 7, 64, 200]) {
        let next = 0;
        for (const { firstSample, count } of shardSamples(nSamples, threads)) {
          expect([firstSample, firstSample % size]).toEqual([next, 0]);
          expect(count).toBeGreaterThan(0);
          next += count;
        }
        expect(next).toBe(nSamples);
      }
    },
  );

  test('are added along one tree, wherever shards begin', () => {
    const values = Float64Array.from({ length: 61 }, (_, i) => 10 ** (16 * uniform(1, 1, i)));
    const sumOf = (cuts: readonly number[]): number => {
      const sums: PartialSum[] = [];
      cuts.forEach((from, i) => {
        const shard: PartialSum[] = [];
        for (let index = from; index < (cuts[i + 1] ?? values.length); index++) {
          pushSum(shard, { level: 0, index, values: values.slice(index, index + 1) });
        }
        sums.push(...shard);
      });
      return totalOf(sums)[0];
    };
    const whole = sumOf([0]);
    expect(sumOf([0, 1, 2, 3])).toBe(whole);
    expect(sumOf([0, 13, 31, 32, 57])).toBe(whole);
    expect(sumOf(Array.from(values.keys()))).toBe(whole);
  });
});
