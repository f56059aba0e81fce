import { describe, expect, test } from 'vitest';
import {
  BayesianGaussianMixture,
  GaussianMixture,
  MixtureError,
  type BayesianGaussianMixtureOptions,
} from '../src/index.ts';
import { expectRefusal, threeClusters } from './support/behaviour/side.ts';
import { largestDifference } from './support/numbers.ts';
import { COVARIANCE_TYPES } from './support/problems.ts';

const { samples, labels } = threeClusters();
const fit = (
  options: Partial<BayesianGaussianMixtureOptions> | Record<string, unknown> = {},
): Promise<BayesianGaussianMixture> =>
  BayesianGaussianMixture.fit(samples, {
    nComponents: 3,
    labelsInit: labels,
    maxIter: 5,
    ...options,
  });

describe('options of a Bayesian Gaussian mixture', () => {
  test.each<[Record<string, unknown>, string, RegExp]>([
    [{ weightConcentrationPrior: 0 }, 'weightConcentrationPrior', /above 0, but is 0/],
    [{ weightConcentrationPrior: Infinity }, 'weightConcentrationPrior', /but is Infinity/],
    [{ weightConcentrationPrior: '1' }, 'weightConcentrationPrior', /but is 1/],
    [{ meanPrecisionPrior: -1 }, 'meanPrecisionPrior', /above 0, but is -1/],
    [{ meanPrecisionPrior: Number.NaN }, 'meanPrecisionPrior', /but is NaN/],
    [{ meanPrior: [1] }, 'meanPrior', /must be 2 numbers, but has 1/],
    [{ meanPrior: [1, Number.NaN] }, 'meanPrior', /number 1 is NaN/],
    [{ meanPrior: 3 }, 'meanPrior', /but is 3/],
    [{ degreesOfFreedomPrior: 1 }, 'degreesOfFreedomPrior', /above 1, but is 1/],
    [{ covariancePrior: 3 }, 'covariancePrior', /must be 2 x 2 numbers, but is 3/],
    [
      {
        covariancePrior: [
          [1, 2],
          [0, 1],
        ],
      },
      'covariancePrior',
      /not symmetric/,
    ],
    [
      {
        covariancePrior: [
          [1, 2],
          [2, 1],
        ],
      },
      'covariancePrior',
      /not positive definite/,
    ],
    [{ covariancePrior: [1, 0], covarianceType: 'diag' }, 'covariancePrior', /is 0 for feature 1/],
    [{ covariancePrior: [1], covarianceType: 'diag' }, 'covariancePrior', /must be 2 numbers/],
    [{ covariancePrior: -1, covarianceType: 'spherical' }, 'covariancePrior', /above 0, but is -1/],
    [{ covarianceType: 'tied-diag' }, 'covarianceType', /is tied-diag/],
    [{ weightConcentrationPriorType: 'dirichlet' }, 'weightConcentrationPriorType', /is dirichlet/],
    [{ prior: { alpha: 2 } }, 'prior', /no option prior/],
    [{ weightsInit: [0.2, 0.3, 0.5] }, 'weightsInit', /no option weightsInit/],
    [{ meansInit: [[0, 0]] }, 'meansInit', /no option meansInit/],
    [{ weight_concentration_prior: 1 }, 'weight_concentration_prior', /no option weight_conc/],
  ])('%j is refused by name', async (options, option, message) => {
    await expectRefusal(
      Promise.resolve().then(() => fit(options)),
      'INVALID_OPTION',
      message,
      { option },
    );
  });

  test('weights that count no samples have no default covariancePrior', async () => {
    const sampleWeights = new Float64Array(300).fill(1 / 300);
    await expectRefusal(fit({ sampleWeights }), 'INVALID_OPTION', /divisor W - 1/, {
      option: 'covariancePrior',
    });
    const given = {
      covariancePrior: [
        [1, 0],
        [0, 1],
      ],
      sampleWeights,
    };
    expect((await fit(given)).lowerBounds).toHaveLength(5);
  });

  test('priors that are given come back, those left out are the samples own moments', async () => {
    const given = {
      weightConcentrationPrior: 0.1,
      meanPrecisionPrior: 2,
      meanPrior: [1, 2],
      degreesOfFreedomPrior: 3.5,
      covariancePrior: [
        [2, 0.5],
        [0.5, 1],
      ],
    };
    const mixture = await fit(given);
    expect(mixture).toMatchObject({
      weightConcentrationPrior: 0.1,
      meanPrecisionPrior: 2,
      degreesOfFreedomPrior: 3.5,
    });
    expect(Array.from(mixture.meanPrior)).toEqual([1, 2]);
    expect(Array.from(mixture.covariancePrior)).toEqual([2, 0.5, 0.5, 1]);
    const open = await fit();
    expect(open.weightConcentrationPrior).toBe(1 / 3);
    expect(open).toMatchObject({ meanPrecisionPrior: 1, degreesOfFreedomPrior: 2 });
  });
});

describe('a Bayesian Gaussian mixture', () => {
  test.each(COVARIANCE_TYPES)('precisions are the inverse of covariances, %s', async (type) => {
    const { precisions, covariances, degreesOfFreedom } = await fit({ covarianceType: type });
    expect(degreesOfFreedom).toHaveLength(type === 'tied' ? 1 : 3);
    const inverse = (i: number): number => {
      if (type === 'diag' || type === 'spherical') return 1 / covariances[i];
      const [a, b, , d] = covariances.subarray(i - (i % 4), i - (i % 4) + 4);
      return [d, -b, -b, a][i % 4] / (a * d - b * b);
    };
    const inverses = Float64Array.from(covariances, (_, i) => inverse(i));
    expect(largestDifference(precisions, inverses)).toBeLessThan(1e-10);
  });

  test('labels are held and hard assignment bounds too: neither lets the bound fall', async () => {
    const some = labels.map((label, n) => (n % 5 === 0 ? label : -1));
    const how = [{ labels: some }, { assignment: 'hard' as const }, { labels: some, nInit: 2 }];
    for (const options of how) {
      const mixture = await BayesianGaussianMixture.fit(samples, {
        nComponents: 5,
        seed: 1,
        regCovar: 0,
        tol: 0,
        maxIter: 12,
        ...options,
      });
      const { lowerBounds } = mixture;
      // (hard assignment comes to rest at a partition)
      expect(lowerBounds.length).toBeGreaterThan(5);
      for (let t = 1; t < lowerBounds.length; t++) {
        const fall = (lowerBounds[t - 1] - lowerBounds[t]) / samples.nSamples;
        expect(fall).toBeLessThan(1e-12);
      }
    }
  });

  test('draws come from the centre of the posterior', async () => {
    const mixture = await fit();
    const { samples: drawn, labels: from } = mixture.sample(30000, { seed: 2 });
    const sums = new Float64Array(6);
    const counts = new Float64Array(3);
    from.forEach((k, n) => {
      counts[k]++;
      for (let d = 0; d < 2; d++) sums[2 * k + d] += drawn.data[2 * n + d];
    });
    for (let k = 0; k < 3; k++) {
      expect(Math.abs(counts[k] / 30000 - mixture.weights[k])).toBeLessThan(0.02);
      for (let d = 0; d < 2; d++) {
        expect(Math.abs(sums[2 * k + d] / counts[k] - mixture.means[2 * k + d])).toBeLessThan(0.1);
      }
    }
  });

  test('has no information criteria, but its centre does', async () => {
    const mixture = await fit();
    for (const name of ['bic', 'aic', 'icl'] as const) {
      await expectRefusal(mixture[name](), 'INVALID_OPTION', new RegExp(`no ${name}`));
    }
    const centre = mixture.toGaussianMixture();
    expect(centre).toBeInstanceOf(GaussianMixture);
    expect(await centre.bic(samples)).toBeGreaterThan(0);
  });

  test('counts as used what has the mass of a sample, or what is asked for', async () => {
    const mixture = await fit();
    expect(Array.from(mixture.effectiveComponents())).toEqual([0, 1, 2]);
    expect(mixture.effectiveComponents({ leastMass: 1e6 })).toHaveLength(0);
    const mass = mixture.componentMass.reduce((sum, n) => sum + n, 0);
    expect(mass).toBeCloseTo(300, 9);
    expect(() => mixture.effectiveComponents({ leastMass: -1 })).toThrow(MixtureError);
  });

  test('does not change with the units and the origin of the columns', async () => {
    const scales = [1e3, 1e-4];
    const moved = samples.data.map((x, i) => scales[i % 2] * x + 7);
    const there = await BayesianGaussianMixture.fit(
      { ...samples, data: moved },
      { nComponents: 3, labelsInit: labels, maxIter: 5, regCovar: 0, tol: 0 },
    );
    const here = await fit({ regCovar: 0, tol: 0 });
    expect(largestDifference(there.weights, here.weights)).toBeLessThan(1e-10);
    here.means.forEach((mean, i) =>
      expect((there.means[i] - 7) / scales[i % 2]).toBeCloseTo(mean, 7),
    );
  });

  test.each(COVARIANCE_TYPES)(
    'a constant column has regCovar for a variance, wherever it lies, %s',
    async (covarianceType) => {
      const at = (value: number) =>
        Array.from({ length: 300 }, (_, n) => [...samples.data.subarray(2 * n, 2 * n + 2), value]);
      const options = { nComponents: 5, covarianceType, seed: 1, maxIter: 20, tol: 0 };
      const near = await BayesianGaussianMixture.fit(at(0), options);
      const far = await BayesianGaussianMixture.fit(at(1e5), options);
      expect(largestDifference(near.lowerBounds, far.lowerBounds)).toBeLessThan(1e-6);
      expect(near.warnings.map(({ code }) => code)).toContain('CONSTANT_COLUMNS');
    },
  );

  test.each([
    ['full', /^Component 0 .*collapsed at the start/],
    ['tied', /^The tied covariance collapsed at the start/],
    ['diag', /^Component 0 .*collapsed at the start/],
  ] as const)(
    'a singular default prior without regCovar ends in a typed error, %s',
    async (covarianceType, message) => {
      const rows = Array.from({ length: 300 }, (_, n) => [samples.data[2 * n], 3]);
      const options = { nComponents: 4, covarianceType, regCovar: 0, seed: 1 };
      const refusal = BayesianGaussianMixture.fit(rows, options);
      await expectRefusal(refusal, 'COLLAPSED_COMPONENT', message);
    },
  );

  test('a saved model that is none is refused', async () => {
    const plain = (await fit()).toJSON();
    const python = (await fit()).toScikitLearn();
    const { weight_concentration_: _left, ...lacking } = python;
    const broken: [unknown, RegExp][] = [
      [{}, /no Bayesian Gaussian mixture/],
      [{ ...plain, family: 'poisson' }, /its family is "poisson"/],
      [{ ...plain, family: 'bayesian-gaussian-round' }, /covariance type is "round"/],
      [
        { ...plain, settings: { ...plain.settings, weightConcentrationPriorType: 1 } },
        /prior type is 1/,
      ],
      [{ ...plain, settings: { ...plain.settings, prior: {} } }, /priors are wrong/],
      [
        { ...plain, parameters: { ...plain.parameters, meanPrecision: [1, 2, -1] } },
        /meanPrecision/,
      ],
      [{ ...plain, parameters: { ...plain.parameters, degreesOfFreedom: [1, 2, 1] } }, /degreesOf/],
      [
        { ...python, weight_concentration_: [1, 2, 3] },
        /weight_concentration_ should have the shape/,
      ],
      [{ ...python, mean_prior_: undefined }, /lack mean_prior_/],
      [{ ...python, covariance_type: undefined }, /covariance type is/],
    ];
    for (const [json, message] of broken) {
      await expectRefusal(
        Promise.resolve().then(() => BayesianGaussianMixture.fromJSON(json)),
        'INVALID_MODEL',
        message,
      );
    }
    expect(() => BayesianGaussianMixture.fromScikitLearn(lacking as never)).toThrow(
      /lack weight_concentration_/,
    );
  });
});
