import { describe, expect, test } from 'vitest';
import {
  BayesianGaussianMixture,
  createDataset,
  readMixture,
  type BayesianGaussianMixtureOptions,
  type InitParams,
} from '../../../src/index.ts';
import { loadSamples } from '../fixtures.ts';
import { argmaxRows, largestDifference, relativeDifference } from '../numbers.ts';
import { COVARIANCE_TYPES } from '../problems.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

const { samples, labels } = threeClusters();
const PRIOR_TYPES = ['dirichlet_process', 'dirichlet_distribution'] as const;
const INIT_PARAMS: readonly InitParams[] = ['k-means++', 'random_from_data', 'random'];

/** Bayesian mixtures on one side of the seam. */
export function describeBayesian(backend: 'cpu' | 'webgpu'): void {
  describe(`a Bayesian Gaussian mixture, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (
      options: Partial<BayesianGaussianMixtureOptions> = {},
    ): Promise<BayesianGaussianMixture> =>
      BayesianGaussianMixture.fit(samples, {
        nComponents: 4,
        seed: 1,
        context: side.context,
        ...options,
      });

    test('three clusters need three of ten components, the others empty out', async () => {
      const mixture = await fit({ nComponents: 10, maxIter: 500 });
      expect(mixture.converged).toBe(true);
      const used = mixture.effectiveComponents();
      expect(used).toHaveLength(3);
      const share = used.reduce((sum, k) => sum + mixture.weights[k], 0);
      // (each empty component keeps the prior's piece of the stick, about a sample in all)
      expect(share).toBeGreaterThan(0.98);
      const predicted = await mixture.predict(samples, { context: side.context });
      const pairs = new Set(Array.from(predicted, (component, n) => `${component} ${labels[n]}`));
      expect(pairs.size).toBe(3);
      const empty = mixture.componentMass.filter((_, k) => !used.includes(k));
      expect(Math.max(...empty)).toBeLessThan(0.5);
    });

    test('a small concentration leaves fewer components than a large one', async () => {
      const counts = [1e-3, 1e5].map(async (weightConcentrationPrior) => {
        const mixture = await fit({
          nComponents: 8,
          weightConcentrationPriorType: 'dirichlet_distribution',
          weightConcentrationPrior,
          maxIter: 100,
        });
        return mixture.effectiveComponents().length;
      });
      expect(await counts[0]).toBe(3);
      expect(await counts[1]).toBe(8);
    });

    test.each(COVARIANCE_TYPES)('its bound never falls without regCovar, %s', async (type) => {
      const rounding = backend === 'cpu' ? 1e-12 : 1e-6;
      const names = ['iris', 'hard-offset1e6-o'];
      if (backend === 'cpu') names.push('faithful', 'wine');
      for (const name of names) {
        const dataset = await createDataset(await loadSamples(name), { context: side.context });
        for (const weightConcentrationPriorType of PRIOR_TYPES) {
          const { lowerBounds } = await BayesianGaussianMixture.fit(dataset, {
            nComponents: 5,
            covarianceType: type,
            weightConcentrationPriorType,
            regCovar: 0,
            tol: 0,
            seed: 3,
            maxIter: backend === 'cpu' ? 60 : 12,
          });
          for (let t = 1; t < lowerBounds.length; t++) {
            const size = Math.max(dataset.nSamples, Math.abs(lowerBounds[t]));
            expect((lowerBounds[t - 1] - lowerBounds[t]) / size).toBeLessThan(rounding);
          }
        }
        dataset.dispose();
      }
    });

    // (k-means on a device has kernels of its own, which take longer to compile than all else here)
    test.each(backend === 'cpu' ? ['kmeans' as const, ...INIT_PARAMS] : INIT_PARAMS)(
      "initParams '%s' finds a start of its own, repeatably",
      async (init) => {
        const options = { initParams: init, maxIter: 3, nInit: 2 };
        const [first, again] = [await fit(options), await fit(options)];
        expect(first.lowerBounds).toEqual(again.lowerBounds);
        expect(first.restarts.map(({ seed }) => seed)).toEqual([1, 2]);
        expect(first.lowerBound).toBe(
          Math.max(...first.restarts.map((r) => r.lowerBounds.at(-1)!)),
        );
        expect(first.lowerBounds.every(Number.isFinite)).toBe(true);
      },
    );

    test('a weight is a repetition: of samples, and in the defaults of the priors', async () => {
      const { data, nSamples, nFeatures } = samples;
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => n % 3);
      const rows: number[][] = [];
      const repeatedLabels: number[] = [];
      sampleWeights.forEach((weight, n) => {
        for (let i = 0; i < weight; i++) {
          rows.push(Array.from(data.subarray(n * nFeatures, (n + 1) * nFeatures)));
          repeatedLabels.push(labels[n]);
        }
      });
      for (const covarianceType of COVARIANCE_TYPES) {
        const options = {
          nComponents: 3,
          covarianceType,
          tol: 0,
          maxIter: 4,
          context: side.context,
        };
        const weighted = await BayesianGaussianMixture.fit(samples, {
          ...options,
          labelsInit: labels,
          sampleWeights,
        });
        const repeated = await BayesianGaussianMixture.fit(rows, {
          ...options,
          labelsInit: repeatedLabels,
        });
        for (const name of [
          'weights',
          'means',
          'covariances',
          'meanPrecision',
          'covariancePrior',
        ] as const) {
          expect(largestDifference(weighted[name], repeated[name])).toBeLessThan(100 * side.near);
        }
        weighted.lowerBounds.forEach((bound, t) =>
          expect(relativeDifference(bound, repeated.lowerBounds[t])).toBeLessThan(side.near),
        );
      }
    });

    test('a warm start goes on where the fit ended', async () => {
      const whole = await fit({ maxIter: 8, tol: 0 });
      const half = await fit({ maxIter: 5, tol: 0 });
      const rest = await fit({ maxIter: 3, tol: 0, warmStart: half });
      const near = 100 * side.near;
      expect(largestDifference(rest.lowerBounds, whole.lowerBounds.subarray(5))).toBeLessThan(near);
      expect(largestDifference(rest.means, whole.means)).toBeLessThan(near);
    });

    test('a tolerance finer than the arithmetic still ends a fit', async () => {
      const mixture = await fit({ nComponents: 3, labelsInit: labels, tol: 1e-9, maxIter: 200 });
      expect(mixture.converged).toBe(true);
    });

    test('steps report the bound that the posterior in them has', async () => {
      const bounds: number[] = [];
      const steps = BayesianGaussianMixture.fitSteps(samples, {
        nComponents: 3,
        labelsInit: labels,
        maxIter: 3,
        tol: 0,
        context: side.context,
      });
      for await (const { iteration, lowerBound, mixture } of steps) {
        expect(mixture).toBeInstanceOf(BayesianGaussianMixture);
        if (iteration > 0) bounds.push(lowerBound);
        expect(mixture.lowerBound).toBe(lowerBound);
      }
      expect(bounds).toHaveLength(3);
    });

    test('predict is the largest responsibility; scores lie below the density of the centre', async () => {
      const mixture = await fit();
      const { context } = side;
      const probabilities = await mixture.predictProba(samples, { context });
      expect(await mixture.predict(samples, { context })).toEqual(argmaxRows(probabilities, 4));
      const scores = await mixture.scoreSamples(samples, { context });
      const score = await mixture.score(samples, { context });
      const mean = scores.reduce((sum, value) => sum + value, 0) / scores.length;
      expect(relativeDifference(score, mean)).toBeLessThan(1e-12);
      const densities = await mixture.toGaussianMixture().scoreSamples(samples, { context });
      scores.forEach((value, n) => expect(value).toBeLessThan(densities[n]));
    });

    test('missing entries are refused where they are', async () => {
      const data = samples.data.slice();
      data[7] = Number.NaN;
      await expectRefusal(
        BayesianGaussianMixture.fit(
          { ...samples, data },
          { nComponents: 2, context: side.context },
        ),
        'NON_FINITE',
        /Sample 3, column 1 is missing/,
        { sample: 3, column: 1 },
      );
    });

    test.each(PRIOR_TYPES)('JSON keeps every number, priors among them, %s', async (type) => {
      for (const covarianceType of COVARIANCE_TYPES) {
        const mixture = await fit({
          covarianceType,
          weightConcentrationPriorType: type,
          maxIter: 2,
        });
        for (const read of [
          BayesianGaussianMixture.fromJSON(JSON.stringify(mixture)),
          readMixture(JSON.parse(JSON.stringify(mixture.toScikitLearn()))),
          readMixture(JSON.stringify(mixture)),
        ]) {
          expect(read).toBeInstanceOf(BayesianGaussianMixture);
          const same = read as BayesianGaussianMixture;
          expect(same.parameters).toEqual(mixture.parameters);
          expect(same.family.prior).toEqual(mixture.family.prior);
          expect(same.lowerBounds).toEqual(mixture.lowerBounds);
          expect(same).toMatchObject({
            covarianceType,
            weightConcentrationPriorType: type,
            lowerBound: mixture.lowerBound,
            nIter: mixture.nIter,
            converged: mixture.converged,
          });
          const { context } = side;
          expect(await same.scoreSamples(samples, { context })).toEqual(
            await mixture.scoreSamples(samples, { context }),
          );
        }
      }
    });
  });
}
