import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataset, GaussianMixture, type Context } from '../src/index.ts';
import { hashgen } from './support/hashgen.ts';
import { largestDifference, relativeDifference } from './support/numbers.ts';
import { COVARIANCE_TYPES } from './support/problems.ts';
import { describeProperties } from './support/properties.ts';
import { contextOn } from './support/context.ts';

describeProperties({
  backend: 'webgpu',
  numRuns: 12,
  mostSamples: 2000,
  rounding: 1e-6,
  bound: 1e-5,
  parameters: 1e-3,
});

describe('large data on a device', () => {
  let context: Context;
  beforeAll(async () => {
    context = await contextOn('webgpu');
  });
  afterAll(() => context.dispose());

  const spec = { seed: 5, n: 20000, k: 3, d: 5, sep: 4, corr: 0.6, smin: 0.5, smax: 1.5 };
  const options = { nComponents: 3, tol: 0, maxIter: 6, seed: 3, initParams: 'random_from_data' };

  test.each(COVARIANCE_TYPES)(
    'the size of the chunks changes nothing, %s',
    async (covarianceType) => {
      const { data } = hashgen({ ...spec, kind: covarianceType });
      const samples = { data, nSamples: spec.n, nFeatures: spec.d };
      const fits = [];
      for (const maxChunkSamples of [undefined, 4096, 8192]) {
        const dataset = await createDataset(samples, {
          context,
          ...(maxChunkSamples && { maxChunkSamples }),
        });
        expect(dataset.chunks.length).toBe(Math.ceil(spec.n / (maxChunkSamples ?? Infinity)) || 1);
        const mixture = await GaussianMixture.fit(dataset, {
          ...options,
          initParams: 'random_from_data',
          covarianceType,
          context,
        });
        fits.push({
          mixture,
          labels: await mixture.predict(dataset, { context }),
          scores: await mixture.scoreSamples(dataset, { context }),
          responsibilities: await mixture.predictProba(dataset, { context }),
        });
        dataset.dispose();
      }
      const [whole, ...cut] = fits as [(typeof fits)[0], ...typeof fits];
      for (const other of cut) {
        other.mixture.lowerBounds.forEach((bound, t) => {
          expect(relativeDifference(bound, whole.mixture.lowerBounds[t])).toBeLessThan(1e-6);
        });
        expect(largestDifference(other.mixture.means, whole.mixture.means)).toBeLessThan(1e-5);
        expect(largestDifference(other.scores, whole.scores)).toBeLessThan(1e-4);
        expect(largestDifference(other.responsibilities, whole.responsibilities)).toBeLessThan(
          1e-4,
        );
        const moved = other.labels.reduce(
          (n, label, i) => n + (label === whole.labels[i] ? 0 : 1),
          0,
        );
        expect(moved).toBeLessThanOrEqual(2);
      }
    },
  );

  test.each(COVARIANCE_TYPES)(
    'the same run twice gives the same bits, %s',
    async (covarianceType) => {
      const { data } = hashgen({ ...spec, kind: covarianceType });
      const samples = { data, nSamples: spec.n, nFeatures: spec.d };
      const run = async () => {
        const mixture = await GaussianMixture.fit(samples, {
          ...options,
          initParams: 'k-means++',
          covarianceType,
          context,
        });
        return {
          json: JSON.stringify(mixture.toJSON()),
          scores: await mixture.scoreSamples(samples, { context }),
          responsibilities: await mixture.predictProba(samples, { context }),
        };
      };
      const first = await run();
      const second = await run();
      expect(second.json).toBe(first.json);
      expect(largestDifference(second.scores, first.scores)).toBe(0);
      expect(largestDifference(second.responsibilities, first.responsibilities)).toBe(0);
    },
  );
});
