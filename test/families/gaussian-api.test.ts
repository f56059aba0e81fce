import { expect, test } from 'vitest';
import { GaussianMixture, type CovarianceType } from '../../src/index.ts';
import { gaussianFamilies } from '../../src/families/gaussian-types.ts';
import { FULL_FIXED, makeData } from './gaussian-problems.ts';

const TYPES = Object.keys(gaussianFamilies) as CovarianceType[];
const fixedCovariance = (type: CovarianceType): { fixedCovariance?: number[] } =>
  type === 'fixed' ? { fixedCovariance: FULL_FIXED } : {};
const matrix = (data: Float64Array) => ({ data, nSamples: data.length / 3, nFeatures: 3 });

test.each(TYPES)('%s: a fit with missing entries, by both kinds of start', async (type) => {
  const data = makeData(300, 0.25);
  // a sample without entries
  data.fill(Number.NaN, 9, 12);
  const samples = matrix(data);
  const labelsInit = Array.from({ length: 300 }, (_, n) => n % 2);
  for (const start of [{}, { labelsInit }, { prior: 'mclust' as const }]) {
    const fitted = await GaussianMixture.fit(samples, {
      nComponents: 2,
      covarianceType: type,
      ...fixedCovariance(type),
      ...start,
      regCovar: 0,
      tol: 0,
      maxIter: 30,
    });
    const { lowerBounds } = fitted;
    for (let i = 1; i < lowerBounds.length; i++) {
      expect(lowerBounds[i]).toBeGreaterThan(lowerBounds[i - 1] - 1e-11);
    }
    const scores = await fitted.scoreSamples(samples);
    expect(scores.every(Number.isFinite)).toBe(true);
    expect(scores[3]).toBeCloseTo(0, 12);
    const gamma = await fitted.predictProba(samples);
    expect(gamma[6]).toBeCloseTo(fitted.weights[0], 6);
    const imputed = await fitted.impute(samples);
    expect(imputed.data.every(Number.isFinite)).toBe(true);
    expect(imputed.data.every((value, i) => Number.isNaN(data[i]) || value === data[i])).toBe(true);
    // a sample without entries gets the mixture's mean
    const mean = fitted.weights[0] * fitted.means[1] + fitted.weights[1] * fitted.means[4];
    expect(imputed.data[10] / mean).toBeCloseTo(1, 10);
  }
});

test.each(TYPES)('%s: a column without entries', async (type) => {
  const data = makeData(200, 0);
  for (let n = 0; n < 200; n++) data[n * 3 + 1] = Number.NaN;
  for (const prior of [undefined, 'mclust' as const]) {
    const fitted = await GaussianMixture.fit(matrix(data), {
      nComponents: 2,
      covarianceType: type,
      ...fixedCovariance(type),
      ...(prior && { prior }),
    });
    expect([...fitted.means, ...fitted.covariances].every(Number.isFinite)).toBe(true);
  }
});

test.each(TYPES.filter((type) => type !== 'fixed'))(
  '%s: a column without entries changes nothing for the others',
  async (covarianceType) => {
    const data = makeData(200, 0);
    for (let n = 0; n < 200; n++) data[n * 3 + 1] = Number.NaN;
    const observed = data.filter((value) => !Number.isNaN(value));
    const options = { nComponents: 2, covarianceType };
    const fitted = await GaussianMixture.fit(matrix(data), options);
    const without = await GaussianMixture.fit(
      { data: observed, nSamples: 200, nFeatures: 2 },
      options,
    );
    expect(fitted.lowerBound).toBeCloseTo(without.lowerBound, 9);
    [0, 1, 2, 3].forEach((i) =>
      expect(fitted.means[[0, 2, 3, 5][i]]).toBeCloseTo(without.means[i], 6),
    );
  },
);

test.each(TYPES)('%s: JSON and back', async (type) => {
  const samples = matrix(makeData(100, 0));
  const fitted = await GaussianMixture.fit(samples, {
    nComponents: 2,
    covarianceType: type,
    ...fixedCovariance(type),
  });
  const back = GaussianMixture.fromJSON(JSON.parse(JSON.stringify(fitted.toJSON())));
  expect(back.covarianceType).toBe(type);
  expect(Array.from(back.covariances)).toEqual(Array.from(fitted.covariances));
  expect(await back.score(samples)).toBe(await fitted.score(samples));
  const drawn = fitted.sample(50, { seed: 1 });
  expect(drawn.samples.data.every(Number.isFinite)).toBe(true);
});
