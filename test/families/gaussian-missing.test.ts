import { expect, test } from 'vitest';
import type { Standardisation } from '../../src/data/standardisation.ts';
import { createDataset } from '../../src/em/create-dataset.ts';
import { MissingReference } from '../../src/em/reference-missing.ts';
import { packedLength } from '../../src/families/cholesky.ts';
import type { GaussianParameters } from '../../src/families/gaussian.ts';
import type { GaussianFamily } from '../../src/families/gaussian-common.ts';
import { gaussianFamilies, gaussianFamily } from '../../src/families/gaussian-types.ts';
import { FULL_FIXED, makeData, someParameters } from './gaussian-problems.ts';
import { open, TWO } from './gaussian-two.ts';

const { full, tied } = gaussianFamilies;
const fixed = gaussianFamily('fixed', FULL_FIXED);
const NO_REG = new Float64Array(3);

/** Three components; through the user's units and back, so that a fixed covariance is what it is fixed at. */
function startOf(family: GaussianFamily, standardisation: Standardisation): GaussianParameters {
  const at = someParameters(family, 3);
  return family.standardise(family.restore(at, standardisation), standardisation);
}

test.each([
  ['full', full],
  ['tied', tied],
  ['fixed', fixed],
] as const)('%s: the log-likelihood never falls', async (_, family) => {
  const { dataset, seam } = await open(makeData(600, 0.3, 3), family);
  const options = { regCovar: NO_REG, standardisation: dataset.standardisation };
  let at = startOf(family, dataset.standardisation);
  let previous = -Infinity;
  for (let iteration = 0; iteration < 60; iteration++) {
    const { logLikelihood, statistics } = await seam.eStep(at);
    expect(logLikelihood).toBeGreaterThan(previous - 1e-10 * Math.abs(logLikelihood));
    previous = logLikelihood;
    at = family.mStep(statistics, at, options);
  }
});

test('the penalised log-likelihood never falls under a prior', async () => {
  for (const family of [full, tied, fixed]) {
    const { dataset, seam } = await open(makeData(200, 0.3, 3), family);
    const { samples, standardisation } = dataset;
    const prior = family.readPrior({ kappa: 2 }, { nComponents: 3, nFeatures: 3, samples });
    let at = startOf(family, standardisation);
    let previous = -Infinity;
    for (let iteration = 0; iteration < 40; iteration++) {
      const { logLikelihood, statistics } = await seam.eStep(at);
      const bound = logLikelihood + family.logPrior(family.restore(at, standardisation), prior);
      expect(bound).toBeGreaterThan(previous - 1e-10 * Math.abs(bound));
      previous = bound;
      at = family.mStep(statistics, at, { regCovar: NO_REG, standardisation, prior });
    }
  }
});

test('a wholly missing sample has the weights as responsibilities and changes no covariance', async () => {
  const data = makeData(51, 0.2);
  data.fill(Number.NaN, 150);
  const { dataset, seam } = await open(data);
  const at = full.standardise(TWO, dataset.standardisation);
  const scores = await seam.scoreSamples(at);
  expect(scores[50]).toBeCloseTo(0, 12);
  await seam.forEachResponsibilities(at, (_, count, gamma) => {
    expect(count).toBe(51);
    expect(gamma[100]).toBeCloseTo(0.45, 12);
    expect(gamma[101]).toBeCloseTo(0.55, 12);
  });
  const with51 = await seam.eStep(at);
  const without = await open(data.slice(0, 150));
  const with50 = await without.seam.eStep(full.standardise(TWO, without.dataset.standardisation));
  expect(with51.logLikelihood).toBeCloseTo(with50.logLikelihood, 9);
  with51.statistics.sums.forEach((sum, i) => {
    const k = Math.floor(i / 9);
    const packed = (i % 9) - 3;
    let expected = 0;
    if (packed >= 0) {
      const row = packed >= 3 ? 2 : packed >= 1 ? 1 : 0;
      expected = TWO.weights[k] * at.covariances[k * 9 + row * 3 + packed - packedLength(row)];
    }
    expect(sum).toBeCloseTo(with50.statistics.sums[i] + expected, 9);
  });
});

test('a wholly missing column keeps its mean and its variance, with regCovar or without', async () => {
  const data = makeData(80, 0.1);
  for (let n = 0; n < 80; n++) data[n * 3 + 2] = Number.NaN;
  for (const family of [full, tied]) {
    const { dataset, seam } = await open(data, family);
    const { standardisation } = dataset;
    let at = family.neutral(2, 3);
    at = { ...at, means: Float64Array.of(0.5, 0, 0, -0.5, 0, 0) };
    for (let iteration = 0; iteration < 30; iteration++) {
      const { statistics, logLikelihood } = await seam.eStep(at);
      expect(Number.isFinite(logLikelihood)).toBe(true);
      at = family.mStep(statistics, at, {
        regCovar: new Float64Array(3).fill(1e-2),
        standardisation,
      });
    }
    expect([at.means[2], at.means[5]]).toEqual([expect.closeTo(0, 12), expect.closeTo(0, 12)]);
    for (let k = 0; k * 9 < at.covariances.length; k++) {
      expect(at.covariances[k * 9 + 8]).toBeCloseTo(1, 12);
    }
  }
});

test('conditional means are sum_k gamma_k E_k[x_m | x_o], for missing entries alone', async () => {
  const data = makeData(30, 0.4, 5);
  const { dataset, seam } = await open(data);
  const at = full.standardise(TWO, dataset.standardisation);
  const responsibilities: number[] = [];
  await seam.forEachResponsibilities(at, (_, count, gamma) =>
    responsibilities.push(...gamma.subarray(0, 2 * count)),
  );
  const missing = new Set(Array.from(data.keys()).filter((i) => Number.isNaN(data[i])));
  await seam.forEachConditionalMean(at, (n, d, value) => {
    expect(missing.delete(n * 3 + d)).toBe(true);
    const observed = [0, 1, 2].filter((e) => !Number.isNaN(data[n * 3 + e]));
    let expected = 0;
    for (let k = 0; k < 2; k++) {
      const S = (i: number, j: number): number => TWO.covariances[k * 9 + i * 3 + j];
      const r = (e: number): number => data[n * 3 + e] - TWO.means[k * 3 + e];
      let mean = TWO.means[k * 3 + d];
      if (observed.length === 1) {
        const [o] = observed;
        mean += (S(d, o) / S(o, o)) * r(o);
      } else if (observed.length === 2) {
        const [o, p] = observed;
        const det = S(o, o) * S(p, p) - S(o, p) ** 2;
        mean += ((S(d, o) * S(p, p) - S(d, p) * S(o, p)) / det) * r(o);
        mean += ((S(d, p) * S(o, o) - S(d, o) * S(o, p)) / det) * r(p);
      }
      expected += responsibilities[n * 2 + k] * mean;
    }
    expect(value / expected).toBeCloseTo(1, 10);
  });
  expect(missing.size).toBe(0);
});

test('sample weights count as repetitions', async () => {
  const data = makeData(40, 0.3, 9);
  const twice = Float64Array.of(...data, ...data.subarray(0, 60));
  const weights = Float64Array.from({ length: 40 }, (_, n) => (n < 20 ? 2 : 1));
  const weighted = await createDataset(
    { data, nSamples: 40, nFeatures: 3 },
    { sampleWeights: weights },
  );
  const repeated = await createDataset({ data: twice, nSamples: 60, nFeatures: 3 });
  const a = await new MissingReference(weighted, full).eStep(
    full.standardise(TWO, weighted.standardisation),
  );
  const b = await new MissingReference(repeated, full).eStep(
    full.standardise(TWO, repeated.standardisation),
  );
  // weights are scaled to sum N
  expect((a.logLikelihood * 60) / 40).toBeCloseTo(b.logLikelihood, 9);
  a.statistics.componentMass.forEach((mass, k) =>
    expect((mass * 60) / 40).toBeCloseTo(b.statistics.componentMass[k], 9),
  );
});
