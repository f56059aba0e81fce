import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BayesianGaussianMixture, createDataset, type Context } from '../../src/index.ts';
import type { BayesianDifferences } from './bayesian-compare.ts';
import { compareBayesianRun } from './bayesian-compare.ts';
import {
  BAYESIAN_FILES,
  bayesianOptions,
  loadBayesianExchange,
  loadBayesianRuns,
  scikitLearnAttributes,
} from './bayesian-fixtures.ts';
import { loadSamples } from './fixtures.ts';
import { flat, relativeDifference } from './numbers.ts';
import { contextOn } from './context.ts';

/** What the library promises of either side: see REFERENCE_TOLERANCES and DEVICE_TOLERANCES. */
export const BAYESIAN_TOLERANCES: Readonly<Record<'cpu' | 'webgpu', BayesianDifferences>> = {
  cpu: {
    lowerBound: 1e-9,
    weights: 1e-7,
    means: 1e-7,
    meansInSigma: 1e-7,
    covariances: 1e-7,
    counts: 1e-7,
    scoreSamples: 1e-9,
    probabilities: 1e-7,
  },
  webgpu: {
    lowerBound: 1e-5,
    weights: 1e-3,
    means: 1e-3,
    meansInSigma: 1e-3,
    covariances: 1e-3,
    counts: 1e-3,
    scoreSamples: 1e-5,
    probabilities: 1e-4,
  },
};

/** Every run of test/fixtures/bayesian. @param most iterations that are compared */
export function describeBayesianFixtures(backend: 'cpu' | 'webgpu', most = Infinity): void {
  describe(`scikit-learn's BayesianGaussianMixture, iteration by iteration, on the ${backend} backend`, () => {
    let context: Context;
    beforeAll(async () => {
      context = await contextOn(backend);
    });
    afterAll(() => {
      const left = context.liveBuffers;
      context.dispose();
      expect(left).toBe(0);
    });

    test.each(BAYESIAN_FILES)('%s: bounds, posteriors, scores', async (name) => {
      const runs = await loadBayesianRuns(name);
      const dataset = await createDataset(await loadSamples(runs[0].data), { context });
      const failures: string[] = [];
      for (const run of runs) {
        const found = await compareBayesianRun(run, context, dataset, most);
        for (const [part, limit] of Object.entries(BAYESIAN_TOLERANCES[backend])) {
          const difference = found[part as keyof BayesianDifferences];
          if (!(difference <= limit)) failures.push(`${run.id} ${part}: ${difference} > ${limit}`);
        }
      }
      dataset.dispose();
      expect(failures).toEqual([]);
    });
  });
}

/** What needs no device: when a fit ends, its priors, and the attributes exchanged with Python. */
export function describeBayesianRuns(): void {
  describe.each(BAYESIAN_FILES)('what scikit-learn did with %s', (name) => {
    test('a fit ends at the same iteration, with the same priors and labels', async () => {
      for (const run of await loadBayesianRuns(name)) {
        const samples = await loadSamples(run.data);
        const mixture = await BayesianGaussianMixture.fit(samples, bayesianOptions(run));
        expect([run.id, mixture.nIter, mixture.converged]).toEqual([
          run.id,
          run.n_iter,
          run.converged,
        ]);
        for (const [prior, expected] of Object.entries(run.priors)) {
          const value = mixture[prior as keyof typeof run.priors];
          const found = typeof value === 'number' ? [value] : value;
          flat([expected]).forEach((number, i) =>
            expect(relativeDifference(found[i], number)).toBeLessThan(1e-12),
          );
        }
        expect(Array.from(await mixture.predict(samples))).toEqual(run.predict);
      }
    });

    test('its attributes make a mixture that scores as it did, and come back as they were', async () => {
      for (const run of await loadBayesianRuns(name)) {
        const samples = await loadSamples(run.data);
        const attributes = scikitLearnAttributes(run);
        const mixture = BayesianGaussianMixture.fromScikitLearn(attributes);
        const scores = await mixture.scoreSamples(samples);
        run.score_samples.forEach((score, n) =>
          // (at the offset the stored means are rounded to 1e-10)
          expect(relativeDifference(scores[n], score)).toBeLessThan(1e-9),
        );
        expect(mixture.toScikitLearn()).toMatchObject(attributes);
      }
    });
  });

  test('mixtures fitted here score, and go on, in Python as here', async () => {
    const samples = await loadSamples('faithful');
    for (const { attributes, said } of await loadBayesianExchange()) {
      const mixture = BayesianGaussianMixture.fromScikitLearn(attributes);
      const scores = await mixture.scoreSamples(samples);
      scores.forEach((score, n) =>
        expect(relativeDifference(score, said.score_samples[n])).toBeLessThan(1e-9),
      );
      expect(Array.from(await mixture.predict(samples))).toEqual(said.predict);
      const { lowerBound } = await BayesianGaussianMixture.fit(samples, {
        nComponents: mixture.nComponents,
        covarianceType: mixture.covarianceType,
        weightConcentrationPriorType: mixture.weightConcentrationPriorType,
        warmStart: mixture,
        maxIter: 1,
      });
      expect(relativeDifference(lowerBound, said.next_lower_bound)).toBeLessThan(1e-9);
    }
  });
}
