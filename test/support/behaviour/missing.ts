import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  CategoricalMixture,
  GaussianMixture,
  MultinomialMixture,
  PoissonMixture,
  type CovarianceType,
} from '../../../src/index.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

/** Missing entries: what is defined where a row, a column or a pattern is missing, and what imputation gives. */
export function describeMissing(backend: 'cpu' | 'webgpu'): void {
  describe(`missing entries, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const holes = samples.data.map((x, i) => (i % 7 === 3 ? Number.NaN : x));
    const spoilt = { data: holes, nSamples: 300, nFeatures: 2 };

    test.each<CovarianceType>([
      'full',
      'tied',
      'diag',
      'spherical',
      'tied-diag',
      'tied-spherical',
      'fixed',
    ])('a Gaussian mixture, %s, fits what is observed and says where it ran', async (type) => {
      const mixture = await GaussianMixture.fit(spoilt, {
        nComponents: 3,
        covarianceType: type,
        tol: 0,
        maxIter: 20,
        seed: 2,
        context: side.context,
      });
      const { contextInfo, lowerBounds } = mixture;
      const conditional = type === 'full' || type === 'tied';
      const moved = conditional && backend === 'webgpu';
      expect(contextInfo!.backend).toBe(conditional ? 'cpu' : backend);
      expect(contextInfo!.code === 'NOT_ON_DEVICE').toBe(moved);
      expect(contextInfo!.reason.includes('missing')).toBe(moved);
      for (let t = 1; t < lowerBounds.length; t++) {
        expect(lowerBounds[t]).toBeGreaterThan(lowerBounds[t - 1] - 1e-5);
      }
      // the clusters are far apart: what is missing at random moves no mean by much
      const whole = await GaussianMixture.fit(samples, {
        nComponents: 3,
        covarianceType: type,
        meansInit: mixture.means,
        maxIter: 50,
        context: side.context,
      });
      whole.means.forEach((mean, i) => expect(Math.abs(mean - mixture.means[i])).toBeLessThan(0.5));
    });

    test('imputation keeps what is observed and fills in posterior predictive means', async () => {
      const mixture = await GaussianMixture.fit(spoilt, {
        nComponents: 3,
        covarianceType: 'diag',
        seed: 2,
        context: side.context,
      });
      const { data, nSamples, nFeatures } = await mixture.impute(spoilt);
      expect([nSamples, nFeatures]).toEqual([300, 2]);
      const gamma = await mixture.predictProba(spoilt);
      const expected = holes.map((value, i) => {
        if (!Number.isNaN(value)) return value;
        const n = Math.floor(i / 2);
        let mean = 0;
        for (let k = 0; k < 3; k++) mean += gamma[n * 3 + k] * mixture.means[k * 2 + (i % 2)];
        return mean;
      });
      const missing = Array.from(holes.keys()).filter((i) => Number.isNaN(holes[i]));
      expect(missing.length).toBe(86);
      for (const i of missing) expect(data[i]).toBeCloseTo(expected[i], 5);
      for (const i of missing) expected[i] = data[i];
      expect(data).toEqual(expected);
      expect(spoilt.data).toBe(holes);
      const whole = await mixture.impute(samples);
      expect(whole.data).toEqual(Float64Array.from(samples.data));
      expect(whole.data).not.toBe(samples.data);
    });

    test('a Gaussian with covariances imputes by regression on what is observed', async () => {
      const mixture = GaussianMixture.fromScikitLearn({
        covariance_type: 'full',
        weights_: [1],
        means_: [[1, 10]],
        covariances_: [
          [
            [4, 3],
            [3, 9],
          ],
        ],
      });
      const input = [
        [3, null],
        [null, 16],
        [null, null],
      ];
      const told: string[] = [];
      const { data } = await mixture.impute(input, {
        context: side.context,
        onContextInfo: ({ backend, code }) => told.push(backend, code),
      });
      expect(told).toEqual(['cpu', backend === 'cpu' ? 'CPU_REQUESTED' : 'NOT_ON_DEVICE']);
      // 10 + 3/4 (3 - 1); 1 + 3/9 (16 - 10)
      expect(Array.from(data, (x) => Math.round(x * 1e9) / 1e9)).toEqual([3, 11.5, 3, 16, 1, 10]);
    });

    test('a sample without any observed entry gets the weights and likelihood 1', async () => {
      const rows = [
        [Number.NaN, Number.NaN],
        [1, 0],
      ];
      const options = { context: side.context };
      const bernoulli = await BernoulliMixture.fit(rows, {
        nComponents: 2,
        weightsInit: [0.25, 0.75],
        probabilitiesInit: [0.5, 0.2, 0.9, 0.4],
        maxIter: 0,
        ...options,
      });
      const gamma = await bernoulli.predictProba(rows, options);
      expect(gamma[0]).toBeCloseTo(0.25, 6);
      expect(gamma[1]).toBeCloseTo(0.75, 6);
      const scores = await bernoulli.scoreSamples(rows, options);
      expect(scores[0]).toBeCloseTo(0, 5);
      const { data } = await bernoulli.impute(rows, options);
      // 0.25 * 0.5 + 0.75 * 0.9
      expect(data[0]).toBeCloseTo(0.8, 5);
      const full = await GaussianMixture.fit([...rows, [0, 1], [2, 2], [5, 1]], {
        nComponents: 1,
        ...options,
      });
      expect(await full.predictProba(rows, options)).toEqual(Float32Array.of(1, 1));
      expect((await full.scoreSamples(rows, options))[0]).toBeCloseTo(0, 6);
    });

    test('a column without any observed entry is fitted as if it were not there', async () => {
      const widened = new Float64Array(900).fill(Number.NaN);
      for (let n = 0; n < 300; n++) {
        widened[3 * n] = samples.data[2 * n];
        widened[3 * n + 2] = samples.data[2 * n + 1];
      }
      const wide = { data: widened, nSamples: 300, nFeatures: 3 };
      const options = { nComponents: 3, seed: 2, context: side.context } as const;
      for (const covarianceType of ['diag', 'full'] as const) {
        const narrow = await GaussianMixture.fit(samples, { ...options, covarianceType });
        const mixture = await GaussianMixture.fit(wide, { ...options, covarianceType });
        expect(mixture.lowerBound).toBeCloseTo(narrow.lowerBound, 4);
        expect(mixture.means.every(Number.isFinite)).toBe(true);
        expect(mixture.covariances.every(Number.isFinite)).toBe(true);
        const stride = covarianceType === 'diag' ? 3 : 9;
        const at = covarianceType === 'diag' ? 1 : 4;
        for (let k = 0; k < 3; k++) {
          expect(mixture.means[3 * k + 1]).toBe(0);
          expect(mixture.covariances[k * stride + at]).toBeCloseTo(1, 5);
        }
        const { data } = await mixture.impute(wide, { context: side.context });
        expect(data.every(Number.isFinite)).toBe(true);
      }
      const counts = { ...wide, data: widened.map((x) => Math.abs(Math.round(x))) };
      const poisson = await PoissonMixture.fit(counts, options);
      expect(poisson.rates.every((rate) => rate >= 0 && rate < Infinity)).toBe(true);
      const prior = { a: 3, b: 2 };
      const believed = await PoissonMixture.fit(counts, { ...options, prior });
      // the mode of Gamma(3, 2)
      expect(believed.rates[1]).toBeCloseTo(1, 9);
    });

    test('categories: imputation takes the most probable one, imputeProba gives all', async () => {
      const rows = Array.from({ length: 200 }, (_, n) => {
        const kind = n % 2;
        return [kind, kind === 0 ? n % 3 : 2, n % 5 === 0 ? Number.NaN : kind * 2];
      });
      const options = { context: side.context };
      const mixture = await CategoricalMixture.fit(rows, {
        nComponents: 2,
        nInit: 3,
        prior: { concentration: 1.1 },
        ...options,
      });
      expect(Array.from(mixture.nCategories)).toEqual([2, 3, 3]);
      const probabilities = await mixture.imputeProba(rows, options);
      expect(probabilities.length).toBe(200 * 3 * 3);
      const { data } = await mixture.impute(rows, options);
      const entries = rows.flatMap((row, n) =>
        row.map((value, d) => {
          const at = (n * 3 + d) * 3;
          return {
            value,
            truth: (n % 2) * 2,
            filled: data[n * 3 + d],
            p: probabilities.subarray(at, at + 3),
          };
        }),
      );
      for (const { p } of entries) expect(p[0] + p[1] + p[2]).toBeCloseTo(1, 5);
      const gaps = entries.filter(({ value }) => Number.isNaN(value));
      expect(gaps.length).toBe(40);
      for (const { filled, truth } of gaps) expect(filled).toBe(truth);
      const seen = entries.filter(({ value }) => !Number.isNaN(value));
      for (const { value, filled, p } of seen) expect([filled, p[value]]).toEqual([value, 1]);
    });

    test('a sample that no component can have made scores -Infinity and gets the weights', async () => {
      const options = { context: side.context };
      const rows = [
        [0, 2],
        [0, 5],
        [0, 1],
        [0, 9],
      ];
      const poisson = await PoissonMixture.fit(rows, { nComponents: 2, ...options });
      const odd = [
        [1, 2],
        [0, 2],
      ];
      const scores = await poisson.scoreSamples(odd, options);
      expect(scores[0]).toBe(-Infinity);
      expect(scores[1]).toBeGreaterThan(-20);
      const gamma = await poisson.predictProba(odd, options);
      expect(gamma[0]).toBeCloseTo(poisson.weights[0], 6);
      expect(gamma[1]).toBeCloseTo(poisson.weights[1], 6);
      expect(await poisson.score(odd, options)).toBe(-Infinity);
      const evidence = await poisson.evidence(odd, options);
      expect(evidence.logLikelihood).toBe(-Infinity);
      expect(evidence.divergence).toBeCloseTo(0, 6);
    });

    test('a family without missing entries refuses them by sample and column', async () => {
      const rows = [
        [3, 1],
        [2, Number.NaN],
      ];
      await expectRefusal(
        MultinomialMixture.fit(rows, { nComponents: 1, context: side.context }),
        'NON_FINITE',
        /Sample 1, column 1.*multinomial/,
        { sample: 1, column: 1 },
      );
    });
  });
}
