import { describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { createDataset } from '../../src/em/create-dataset.ts';
import { Reference } from '../../src/em/reference.ts';
import { GaussianMixture } from '../../src/index.ts';
import { gaussianFixed } from '../../src/families/gaussian-fixed.ts';
import { gaussianFamilies } from '../../src/families/gaussian-types.ts';
import { atOnce } from '../../src/data/pause.ts';
import {
  asSamples,
  families,
  FULL_FIXED,
  independentFamilies,
  makeData,
  makeRows,
  someParameters,
  standardise,
  statisticsOf,
} from './gaussian-problems.ts';

const K = 2;
const { diag, spherical } = gaussianFamilies;
const tiedDiag = gaussianFamilies['tied-diag'];
const tiedSpherical = gaussianFamilies['tied-spherical'];

describe.each(families)('%s', (_, family) => {
  test('goes to standardised units and back', async () => {
    const standardisation = standardise(await asSamples(makeData(40, 0)));
    const given = family.restore(someParameters(family, K), standardisation);
    expect(given.covariances.length).toBe(
      family.covarianceShape(K, 3).reduce((product, size) => product * size, 1),
    );
    expect(family.checkParameters(given, 3)).toBeUndefined();
    const back = family.restore(family.standardise(given, standardisation), standardisation);
    back.means.forEach((mean, i) => expect(mean / given.means[i]).toBeCloseTo(1, 12));
    back.covariances.forEach((value, i) => expect(value).toBeCloseTo(given.covariances[i], 10));
  });

  test('has as many free parameters as its covariances say', () => {
    const expected: Record<string, number> = {
      full: 2 * 6,
      tied: 6,
      diag: 2 * 3,
      spherical: 2,
      'tied-diag': 3,
      'tied-spherical': 1,
      fixed: 0,
      'fixed, with covariances': 0,
    };
    expect(family.freeParameters(K, 3)).toBe(6 + expected[_]);
  });

  test('draws have its means and covariances', async () => {
    const standardisation = standardise(await asSamples(makeData(40, 0)));
    const given = family.restore(someParameters(family, K), standardisation);
    const prepared = family.prepareDraws(given, 3);
    const random = new Random(4);
    const count = 20_000;
    const standard = family.standardise(
      { ...given, weights: Float64Array.of(1, 1) },
      standardisation,
    );
    const density = family.density(standard, standardisation);
    const draw = new Float64Array(3);
    const residual = new Float64Array(3);
    for (let k = 0; k < K; k++) {
      const sums = new Float64Array(3);
      let logDensity = 0;
      for (let n = 0; n < count; n++) {
        family.draw(given, prepared, k, random, draw, 0);
        for (let d = 0; d < 3; d++) sums[d] += draw[d] / count;
        const z = draw.map((x, d) => (x - standardisation.means[d]) / standardisation.scales[d]);
        logDensity += family.logDensity(density, k, z, residual) / count;
      }
      const spread = standardisation.scales;
      sums.forEach((mean, d) =>
        expect(Math.abs(mean - given.means[k * 3 + d]) / Math.max(spread[d], 1)).toBeLessThan(0.1),
      );
      // minus the entropy: the constant less D / 2, within its deviation sqrt(D / 2 / count)
      const entropy = density.logConstants[k] - 1.5;
      expect(Math.abs(logDensity - entropy)).toBeLessThan(5 * Math.sqrt(1.5 / count));
    }
  });
});

describe('with one component, sharing changes nothing', () => {
  test.each([
    ['tied-diag', 'diag'],
    ['tied-spherical', 'spherical'],
    ['tied', 'full'],
  ] as const)('%s is %s', async (tied, own) => {
    const samples = { data: makeData(80, 0), nSamples: 80, nFeatures: 3 };
    const options = { nComponents: 1, maxIter: 2 };
    const [a, b] = await Promise.all([
      GaussianMixture.fit(samples, { ...options, covarianceType: tied }),
      GaussianMixture.fit(samples, { ...options, covarianceType: own }),
    ]);
    a.covariances.forEach((value, i) => expect(value / b.covariances[i]).toBeCloseTo(1, 12));
    expect(a.logLikelihood).toBeCloseTo(b.logLikelihood, 9);
  });
});

test('tied variances are the means of the own ones, weighted by mass', async () => {
  const data = makeData(60, 0.3);
  const standardisation = standardise(await asSamples(data));
  const rows = makeRows(60, K);
  const options = { regCovar: new Float64Array(3), standardisation };
  const variances = (family: typeof diag): Float64Array => {
    const start = someParameters(family, K);
    const statistics = statisticsOf(family, start, data, standardisation, rows);
    return family.restore(family.mStep(statistics, start, options), standardisation).covariances;
  };
  const own = variances(diag);
  const start = someParameters(diag, K);
  const { observed } = statisticsOf(diag, start, data, standardisation, rows);
  const mean = (pairs: number[]): number =>
    pairs.reduce((sum, i) => sum + observed![i] * own[i], 0) /
    pairs.reduce((sum, i) => sum + observed![i], 0);
  variances(tiedDiag).forEach((v, d) => expect(v / mean([d, d + 3])).toBeCloseTo(1, 12));
  variances(spherical).forEach((v, k) =>
    expect(v / mean([3 * k, 3 * k + 1, 3 * k + 2])).toBeCloseTo(1, 12),
  );
  expect(variances(tiedSpherical)[0] / mean([0, 1, 2, 3, 4, 5])).toBeCloseTo(1, 12);
});

describe('the fixed family', () => {
  test('keeps its covariance through a fit, and fits means', async () => {
    const samples = { data: makeData(300, 0), nSamples: 300, nFeatures: 3 };
    const fitted = await GaussianMixture.fit(samples, {
      nComponents: 2,
      covarianceType: 'fixed',
      fixedCovariance: FULL_FIXED,
      tol: 1e-9,
      maxIter: 500,
    });
    expect(Array.from(fitted.covariances)).toEqual(FULL_FIXED);
    expect(fitted.nParameters).toBe(7);
    // the tied family, given that covariance, says the same
    const tied = await GaussianMixture.fit(samples, {
      nComponents: 2,
      covarianceType: 'tied',
      weightsInit: fitted.weights,
      meansInit: fitted.means,
      covariancesInit: FULL_FIXED,
      maxIter: 0,
    });
    expect(await fitted.score(samples)).toBeCloseTo(await tied.score(samples), 10);
  });

  test('a diagonal one computes as the triangular one would', async () => {
    const dataset = await createDataset({ data: makeData(50, 0), nSamples: 50, nFeatures: 3 });
    const fixed = gaussianFixed([
      [4, 0, 0],
      [0, 900, 0],
      [0, 0, 0.05],
    ]);
    expect(fixed.missing).toBe('observed');
    const at = fixed.standardise(
      {
        weights: Float64Array.of(0.3, 0.7),
        means: Float64Array.of(5, -300, 0, 8, -330, 0.1),
        covariances: new Float64Array(0),
      },
      dataset.standardisation,
    );
    const tied = gaussianFamilies.tied;
    const asTied = tied.standardise(
      fixed.restore(at, dataset.standardisation),
      dataset.standardisation,
    );
    const [a, b] = await Promise.all([
      new Reference(dataset, fixed).eStep(at),
      new Reference(dataset, tied).eStep(asTied),
    ]);
    expect(a.logLikelihood).toBeCloseTo(b.logLikelihood, 9);
  });

  test.each([
    ['no matrix', 3],
    ['another word', 'unit'],
    ['numbers that make no square', [1, 0, 0, 1, 1]],
    ['an indefinite one', [1, 2, 2, 1]],
    ['one that is not symmetric', [1, 0.5, 0, 1]],
    ['one with a hole', [1, 0, 0, Number.NaN]],
    ['nothing', []],
  ])('refuses %s', (_, covariance) => {
    expect(() => gaussianFixed(covariance)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  test('refuses samples of another size', async () => {
    const samples = await asSamples(makeData(10, 0));
    expect(() =>
      atOnce(
        gaussianFixed([
          [1, 0],
          [0, 1],
        ]).resolve!(samples),
      ),
    ).toThrow(/2 x 2/);
    expect(() => atOnce(gaussianFixed('identity').resolve!(samples))).not.toThrow();
  });
});

describe.each(independentFamilies)('%s with missing entries', (_, family) => {
  test('the density is that of the observed entries', async () => {
    const data = makeData(50, 0.4);
    data.fill(Number.NaN, 0, 3);
    const dataset = await createDataset({ data, nSamples: 50, nFeatures: 3 });
    const { standardisation } = dataset;
    const at = family.standardise(
      family.restore(someParameters(family, K), standardisation),
      standardisation,
    );
    const given = diag.restore(
      {
        ...at,
        covariances: Float64Array.from(
          { length: 6 },
          (__, i) => at.covariances[i % at.covariances.length],
        ),
      },
      standardisation,
    );
    const scores = await new Reference(dataset, family).scoreSamples(at);
    for (let n = 0; n < 50; n++) {
      const logs = Array.from({ length: K }, (__, k) => {
        let log = Math.log(given.weights[k]);
        for (let d = 0; d < 3; d++) {
          const x = data[n * 3 + d];
          if (Number.isNaN(x)) continue;
          const variance = given.covariances[k * 3 + d];
          const square = (x - given.means[k * 3 + d]) ** 2 / variance;
          log -= 0.5 * (square + Math.log(2 * Math.PI * variance));
        }
        return log;
      });
      const most = Math.max(...logs);
      const expected = most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0));
      expect(Math.abs(scores[n] - expected)).toBeLessThan(1e-12 * Math.max(1, Math.abs(expected)));
    }
    // a sample without entries has likelihood 1 and the weights as responsibilities
    expect(scores[0]).toBeCloseTo(0, 12);
  });

  test('the log-likelihood never falls', async () => {
    const dataset = await createDataset({ data: makeData(400, 0.35), nSamples: 400, nFeatures: 3 });
    const { standardisation } = dataset;
    const seam = new Reference(dataset, family);
    let at = family.standardise(
      family.restore(someParameters(family, 3), standardisation),
      standardisation,
    );
    let previous = -Infinity;
    for (let iteration = 0; iteration < 40; iteration++) {
      const { logLikelihood, statistics } = await seam.eStep(at);
      expect(logLikelihood).toBeGreaterThan(previous - 1e-10 * Math.abs(logLikelihood));
      previous = logLikelihood;
      at = family.mStep(statistics, at, { regCovar: new Float64Array(3), standardisation });
    }
  });

  test('a column without any keeps mean and variance', async () => {
    const data = makeData(40, 0.1);
    for (let n = 0; n < 40; n++) data[n * 3 + 1] = Number.NaN;
    const dataset = await createDataset({ data, nSamples: 40, nFeatures: 3 });
    const { standardisation } = dataset;
    const start = family.standardise(
      family.restore(someParameters(family, K), standardisation),
      standardisation,
    );
    const { statistics } = await new Reference(dataset, family).eStep(start);
    const regCovar = new Float64Array(3).fill(0.1);
    const at = family.mStep(statistics, start, { regCovar, standardisation });
    expect([at.means[1], at.means[4]]).toEqual([start.means[1], start.means[4]]);
    for (let i = 1; i < at.covariances.length; i += 3) {
      // one variance for all features is told by the others
      const kept = at.covariances[i] === start.covariances[i];
      expect(kept).toBe(!family.name.endsWith('spherical'));
    }
  });
});
