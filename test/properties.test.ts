import { assert, asyncProperty } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createDataset } from '../src/index.ts';
import { makeSeam } from '../src/em/make-seam.ts';
import { addStatistics, zeroStatistics } from '../src/families/statistics.ts';
import { gaussianFamilies } from '../src/families/gaussian-types.ts';
import { uniform } from './support/hashgen.ts';
import { largestDifference, relativeDifference } from './support/numbers.ts';
import { problems, samplesOf, startOf } from './support/problems.ts';
import { describeProperties } from './support/properties.ts';

describeProperties({
  backend: 'cpu',
  numRuns: 100,
  mostSamples: 200,
  rounding: 1e-12,
  bound: 1e-10,
  parameters: 1e-8,
});

describe('sufficient statistics', () => {
  test('those of two parts, added, are those of the whole; nothing added changes nothing', async () => {
    await assert(
      asyncProperty(problems(200), async (problem) => {
        const { nSamples, nFeatures, nComponents, covarianceType, seed, data } = problem;
        const family = gaussianFamilies[covarianceType];
        const whole = await createDataset(samplesOf(problem));
        const start = startOf(problem);
        const parameters = family.standardise(
          {
            weights: start.weightsInit,
            means: start.meansInit,
            covariances: start.covariancesInit,
          },
          whole.standardisation,
        );
        const cut = 1 + Math.floor(uniform(seed, 30, 0) * (nSamples - 1));
        // parts weighted 1 or next to nothing of the whole, so that all share one standardisation (a weight of 0 is not there)
        const part = (inside: (n: number) => boolean): number[] =>
          Array.from({ length: nSamples }, (_, n) => (inside(n) ? 1 : 2 ** -60));
        const inFirst = part((n) => n < cut);
        const inSecond = part((n) => n >= cut);
        const all = await (await makeSeam(whole, family)).eStep(parameters);
        const parts = await Promise.all(
          [inFirst, inSecond].map(async (sampleWeights) => {
            const dataset = await createDataset({ data, nSamples, nFeatures }, { sampleWeights });
            const { logLikelihood, statistics } = await (
              await makeSeam(dataset, family)
            ).eStep(parameters);
            // a dataset's weights are scaled to sum N: back to the caller's
            const scale = dataset.totalWeight / nSamples;
            return {
              logLikelihood: logLikelihood * scale,
              statistics: {
                ...statistics,
                componentMass: statistics.componentMass.map((mass) => mass * scale),
                sums: statistics.sums.map((sum) => sum * scale),
              },
            };
          }),
        );
        const [first, second] = parts as [(typeof parts)[0], (typeof parts)[0]];
        const merged = addStatistics(first.statistics, second.statistics);
        const size = nSamples * nFeatures;
        expect(largestDifference(merged.componentMass, all.statistics.componentMass)).toBeLessThan(
          1e-12 * size,
        );
        expect(largestDifference(merged.sums, all.statistics.sums)).toBeLessThan(1e-12 * size);
        const logLikelihood = first.logLikelihood + second.logLikelihood;
        expect(relativeDifference(logLikelihood, all.logLikelihood)).toBeLessThan(1e-12);
        const zero = zeroStatistics(
          nComponents,
          all.statistics.sums.length / nComponents,
          all.statistics.origin,
        );
        expect(addStatistics(zero, all.statistics)).toEqual(all.statistics);
      }),
      { numRuns: 60 },
    );
  });
});
