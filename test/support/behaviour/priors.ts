import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  ExponentialMixture,
  gaussian,
  GaussianMixture,
  Mixture,
  PoissonMixture,
  type FittedMixture,
} from '../../../src/index.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

/** Maximum a posteriori: what a prior changes, what it reports, and when it has no mode. */
export function describePriors(backend: 'cpu' | 'webgpu'): void {
  describe(`priors, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const plain = { nSamples: 300, nFeatures: 2 };
    const binary = { ...plain, data: samples.data.map((x) => (x > 0 ? 1 : 0)) };
    const counts = { ...plain, data: samples.data.map((x) => Math.abs(Math.round(x))) };
    const waits = { ...plain, data: samples.data.map((x) => Math.abs(x) + 0.1) };
    const common = { nComponents: 3, tol: 0, maxIter: 30, seed: 4 };

    const fits: Record<string, (weights?: Float64Array) => Promise<FittedMixture>> = {
      Bernoulli: (sampleWeights) =>
        BernoulliMixture.fit(binary, {
          ...common,
          sampleWeights,
          context: side.context,
          prior: { alpha: [2, 1.5, 3], a: [2, 1.2], b: 3 },
        }),
      Poisson: (sampleWeights) =>
        PoissonMixture.fit(counts, {
          ...common,
          sampleWeights,
          context: side.context,
          prior: { alpha: 1.5, a: 2, b: 0.5 },
        }),
      exponential: (sampleWeights) =>
        ExponentialMixture.fit(waits, {
          ...common,
          sampleWeights,
          context: side.context,
          prior: { a: 3, b: [1, 2] },
        }),
      Gaussian: (sampleWeights) =>
        GaussianMixture.fit(samples, {
          ...common,
          sampleWeights,
          context: side.context,
          prior: { alpha: 2, kappa: 1, dof: 6 },
        }),
      "Gaussian, 'mclust'": (sampleWeights) =>
        GaussianMixture.fit(samples, {
          ...common,
          sampleWeights,
          covarianceType: 'diag',
          context: side.context,
          prior: 'mclust',
        }),
    };

    test.each(Object.keys(fits))(
      '%s: the penalised bound never falls, and is the sum of its two terms',
      async (name) => {
        const weights = Float64Array.from({ length: 300 }, (_, n) => 1 + (n % 3));
        for (const sampleWeights of [undefined, weights]) {
          const mixture = await fits[name](sampleWeights);
          const { lowerBounds, lowerBound, logLikelihood, logPrior } = mixture;
          const total = sampleWeights?.reduce((sum, weight) => sum + weight, 0) ?? 300;
          expect(logPrior).not.toBe(0);
          expect(lowerBound).toBeCloseTo((logLikelihood + logPrior) / total, 10);
          for (let t = 1; t < lowerBounds.length; t++) {
            const slack = side.near * Math.max(1, Math.abs(lowerBounds[t]));
            expect(lowerBounds[t]).toBeGreaterThan(lowerBounds[t - 1] - slack);
          }
        }
      },
    );

    test('a sample of weight 2 is the sample twice, under a prior too', async () => {
      const twice = new Float64Array(1200);
      twice.set(counts.data);
      twice.set(counts.data, 600);
      const options = {
        ...common,
        maxIter: 5,
        weightsInit: [0.2, 0.3, 0.5],
        ratesInit: [1, 2, 3, 4, 5, 6],
        prior: { alpha: 3, a: 20, b: 5 },
        context: side.context,
      };
      const weighted = await PoissonMixture.fit(counts, {
        ...options,
        sampleWeights: new Float64Array(300).fill(2),
      });
      const doubled = await PoissonMixture.fit(
        { data: twice, nSamples: 600, nFeatures: 2 },
        options,
      );
      weighted.rates.forEach((rate, i) => expect(rate).toBeCloseTo(doubled.rates[i], 5));
      expect(weighted.lowerBound).toBeCloseTo(doubled.lowerBound, 5);
      expect(weighted.logLikelihood / doubled.logLikelihood).toBeCloseTo(1, 6);
      // mclust's defaults come from the samples as often as their weights say
      for (const covarianceType of ['full', 'diag'] as const) {
        const gaussian = { ...common, covarianceType, prior: 'mclust', maxIter: 3 } as const;
        const both = { ...gaussian, context: side.context };
        const labelsInit = Int32Array.from({ length: 300 }, (_, n) => n % 3);
        const heavy = await GaussianMixture.fit(samples, {
          ...both,
          labelsInit,
          sampleWeights: new Float64Array(300).fill(2),
        });
        const repeated = await GaussianMixture.fit(
          {
            data: Float64Array.from({ length: 1200 }, (_, i) => samples.data[i % 600]),
            nSamples: 600,
            nFeatures: 2,
          },
          { ...both, labelsInit: Int32Array.from({ length: 600 }, (_, n) => labelsInit[n % 300]) },
        );
        expect(heavy.lowerBound).toBeCloseTo(repeated.lowerBound, 5);
        expect(heavy.logPrior).toBeCloseTo(repeated.logPrior, 4);
      }
    });

    test('a prior on the weights alone leaves regCovar as it is; one on the covariances takes its place', async () => {
      const twice = [1, 1, 1, 5, 5, 5].map((x) => [x, x]);
      const options = { nComponents: 2, context: side.context, labelsInit: [0, 0, 0, 1, 1, 1] };
      const weights = await GaussianMixture.fit(twice, { ...options, prior: { alpha: 2 } });
      expect(weights.covariances[0]).toBeCloseTo(1e-6, 9);
      const own = await Mixture.fit(twice, { ...options, family: gaussian({ prior: 'mclust' }) });
      const given = await GaussianMixture.fit(twice, {
        ...options,
        covarianceType: 'diag',
        prior: 'mclust',
      });
      expect(own.parameters['covariances']).toEqual(given.covariances);
      expect(own.logPrior).toBe(given.logPrior);
      expect(given.covariances[0]).toBeGreaterThan(1e-3);
    });

    test('one step by hand: the formulas of Beta, Gamma and Dirichlet', async () => {
      const four = { data: Uint8Array.of(1, 1, 0, 1), nSamples: 4, nFeatures: 1 };
      const bernoulli = await BernoulliMixture.fit(four, {
        nComponents: 1,
        maxIter: 1,
        weightsInit: [1],
        probabilitiesInit: [[0.5]],
        prior: { a: 2, b: 5 },
        context: side.context,
      });
      // (3 + 2 - 1) / (4 + 2 + 5 - 2)
      expect(bernoulli.probabilities[0]).toBeCloseTo(4 / 9, 6);
      expect(bernoulli.logLikelihood).toBeCloseTo(4 * Math.log(0.5), 6);
      expect(bernoulli.logPrior).toBeCloseTo(5 * Math.log(0.5), 9);
      const poisson = await PoissonMixture.fit(
        { data: Uint8Array.of(3, 1, 4, 2), nSamples: 4, nFeatures: 1 },
        {
          nComponents: 2,
          maxIter: 1,
          weightsInit: [0.5, 0.5],
          ratesInit: [[2], [2]],
          prior: { alpha: [3, 1], a: 3, b: 1 },
          context: side.context,
        },
      );
      // each has mass 2 and count 5: (5 + 3 - 1) / (2 + 1); weights (2 + 3 - 1, 2 + 1 - 1) / (4 + 4 - 2)
      expect(poisson.rates[0]).toBeCloseTo(7 / 3, 6);
      expect(poisson.weights[0]).toBeCloseTo(4 / 6, 6);
    });

    test('a prior without a mode inside the parameter space says so', async () => {
      const zeros = { data: new Uint8Array(8), nSamples: 4, nFeatures: 2 };
      const error = await expectRefusal(
        BernoulliMixture.fit(zeros, {
          nComponents: 1,
          prior: { a: 0.5, b: 2 },
          context: side.context,
        }),
        'NO_MODE',
        /./,
        { component: 0 },
      );
      expect(error.details).toHaveProperty('feature');
      await expectRefusal(
        PoissonMixture.fit(zeros, {
          nComponents: 1,
          prior: { a: 0.5, b: 1 },
          context: side.context,
        }),
        'NO_MODE',
        /./,
      );
      await expectRefusal(
        PoissonMixture.fit(counts, {
          nComponents: 2,
          weightsInit: [1, 0],
          ratesInit: [1, 1, 900, 900],
          prior: { alpha: 0.5 },
          context: side.context,
        }),
        'NO_MODE',
        /Dirichlet.*component 1/,
        { component: 1 },
      );
    });

    test.each([
      [{ alpha: -1 }, /alpha is -1/],
      [{ alpha: [1, 2] }, /alpha has 2 numbers/],
      [{ alpha: null }, /alpha has 0 numbers/],
      [{ alpha: '2' }, /alpha has 0 numbers/],
      [{ a: 0 }, /a/],
      [{ a: [1, 2, 3] }, /a/],
      [{ beta: 2 }, /beta/],
      ['mclust', /mclust/],
      [7, /prior is 7/],
    ])('%j is no prior of a Bernoulli mixture', async (prior, message) => {
      const fit = BernoulliMixture.fit(binary, {
        nComponents: 3,
        prior: prior as never,
        context: side.context,
      });
      await expectRefusal(fit, 'INVALID_OPTION', message);
    });
  });
}
