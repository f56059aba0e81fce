import { describe, expect, test } from 'vitest';
import { identityStandardisation } from '../../src/data/standardisation.ts';
import { Reference } from '../../src/em/reference.ts';
import { packedLength } from '../../src/families/cholesky.ts';
import { conditional } from '../../src/families/gaussian-conditional.ts';
import { gaussianFamilies, gaussianFamily } from '../../src/families/gaussian-types.ts';
import { FULL_FIXED, makeData } from './gaussian-problems.ts';
import { open, TWO } from './gaussian-two.ts';

const { full, tied, diag } = gaussianFamilies;
const fixed = gaussianFamily('fixed', FULL_FIXED);
const NO_REG = new Float64Array(3);

describe('the conditional of a Gaussian', () => {
  // S = L L'
  const l = [2, 0.3, 1.5, -1, 0.4, 0.7, 0.2, 0.9, -0.6, 1.1];
  const D = 4;
  const S = Array.from({ length: D * D }, (_, at) => {
    const [i, j] = [Math.floor(at / D), at % D];
    let sum = 0;
    for (let m = 0; m <= Math.min(i, j); m++)
      sum += l[packedLength(i) + m] * l[packedLength(j) + m];
    return sum;
  });

  test.each([[[0]], [[3]], [[1, 2]], [[0, 3]], [[0, 1, 2]], [[0, 1, 2, 3]], [[]]])(
    'of features %j given the rest: S_mo S_oo^-1 and the Schur complement',
    (missing) => {
      const observed = [0, 1, 2, 3].filter((d) => !missing.includes(d));
      const { regression, covariance, logDeterminant } = conditional(
        Float64Array.from(S),
        0,
        Int32Array.from(missing),
        Int32Array.from(observed),
        0,
      );
      const m = missing.length;
      const o = observed.length;
      const at = (i: number, j: number): number => S[i * D + j];
      // regression S_oo = S_mo
      missing.forEach((row, i) =>
        observed.forEach((column, _j) => {
          let sum = 0;
          observed.forEach((inner, q) => (sum += regression[i * o + q] * at(inner, column)));
          expect(sum).toBeCloseTo(at(row, column), 12);
        }),
      );
      missing.forEach((row, i) =>
        missing.forEach((column, j) => {
          let sum = at(row, column);
          observed.forEach((inner, q) => (sum -= regression[i * o + q] * at(inner, column)));
          expect(covariance[i * m + j]).toBeCloseTo(sum, 12);
        }),
      );
      const determinant = determinantOf(covariance, m);
      expect(logDeterminant).toBeCloseTo(Math.log(determinant), 12);
    },
  );
});

test('ln p(x_o) is the integral of the complete density over what is missing', async () => {
  // one sample a pattern: an observed pair, a single, complete
  const { NaN: gone } = Number;
  const data = Float64Array.of(6, gone, 0.1, gone, -310, 0.02, 6, gone, gone, 6, -310, 0.1);
  const { dataset, seam } = await open(data);
  const standard = full.standardise(TWO, dataset.standardisation);
  const scores = await seam.scoreSamples(standard);
  const density = (x: readonly number[]): number => {
    let p = 0;
    for (let k = 0; k < 2; k++) {
      const plain = full.density(
        {
          weights: TWO.weights.slice(k, k + 1),
          means: TWO.means.slice(k * 3, k * 3 + 3),
          covariances: TWO.covariances.slice(k * 9, k * 9 + 9),
        },
        identityStandardisation(3),
      );
      p += Math.exp(full.logDensity(plain, 0, Float64Array.from(x), new Float64Array(3)));
    }
    return p;
  };
  // the trapezoid rule on smooth decaying functions converges faster than any power: 400 points, 12 deviations
  const grid = (middle: number, reach: number): number[] =>
    Array.from({ length: 400 }, (_, i) => middle + reach * ((2 * i) / 399 - 1));
  const seconds = grid(-305, 450);
  const firsts = grid(6, 30);
  const thirds = grid(0, 3);
  const step = (points: number[]): number => points[1] - points[0];
  const over = (points: number[], p: (x: number) => number): number =>
    step(points) * points.reduce((sum, x) => sum + p(x), 0);
  expect(scores[0]).toBeCloseTo(Math.log(over(seconds, (x) => density([6, x, 0.1]))), 9);
  expect(scores[1]).toBeCloseTo(Math.log(over(firsts, (x) => density([x, -310, 0.02]))), 9);
  const both = over(seconds, (x) => over(thirds, (y) => density([6, x, y])));
  expect(scores[2]).toBeCloseTo(Math.log(both), 9);
  expect(scores[3]).toBeCloseTo(Math.log(density([6, -310, 0.1])), 10);
});

test('without missing entries it is the plain reference', async () => {
  for (const family of [full, tied, fixed]) {
    const { dataset, seam } = await open(makeData(500, 0), family);
    const start = family.standardise(
      { ...TWO, covariances: TWO.covariances.slice(0, family === full ? 18 : 9) },
      dataset.standardisation,
    );
    const plain = new Reference(dataset, family);
    const [a, b] = await Promise.all([seam.eStep(start), plain.eStep(start)]);
    expect(a.logLikelihood / b.logLikelihood).toBeCloseTo(1, 13);
    a.statistics.sums.forEach((sum, i) => expect(sum).toBeCloseTo(b.statistics.sums[i], 8));
    a.statistics.componentMass.forEach((mass, k) =>
      expect(mass).toBeCloseTo(b.statistics.componentMass[k], 9),
    );
    expect(Array.from(await seam.predict(start))).toEqual(Array.from(await plain.predict(start)));
  }
});

test('with diagonal covariances it is the diagonal family', async () => {
  const data = makeData(400, 0.4);
  const { dataset, seam } = await open(data);
  const covariances = Float64Array.from(TWO.covariances, (v, i) => ((i % 9) % 4 === 0 ? v : 0));
  const variances = covariances.filter((v) => v !== 0);
  const asFull = full.standardise({ ...TWO, covariances }, dataset.standardisation);
  const asDiag = diag.standardise({ ...TWO, covariances: variances }, dataset.standardisation);
  const plain = new Reference(dataset, diag);
  const [a, b] = await Promise.all([seam.eStep(asFull), plain.eStep(asDiag)]);
  expect(a.logLikelihood / b.logLikelihood).toBeCloseTo(1, 13);
  for (let k = 0; k < 2; k++) {
    for (let d = 0; d < 3; d++) {
      const seen = b.statistics.observed![k * 3 + d];
      expect(a.statistics.observed![k * 3 + d]).toBeCloseTo(seen, 9);
      const mass = b.statistics.componentMass[k];
      expect(a.statistics.sums[k * 9 + d]).toBeCloseTo(b.statistics.sums[k * 6 + d], 9);
      // what is missing counts with its variance
      const unseen = (mass - seen) * asDiag.covariances[k * 3 + d];
      const second = a.statistics.sums[k * 9 + 3 + packedLength(d) + d];
      expect(second).toBeCloseTo(b.statistics.sums[k * 6 + 3 + d] + unseen, 9);
    }
  }
  const rows: number[] = [];
  await seam.forEachResponsibilities(asFull, (first, count, gamma) => {
    expect(first).toBe(rows.length / 2);
    rows.push(...gamma.subarray(0, 2 * count));
  });
  const expected: number[] = [];
  await plain.forEachResponsibilities(asDiag, (_, count, gamma) =>
    expected.push(...gamma.subarray(0, 2 * count)),
  );
  expect(rows).toEqual(expected.map((gamma) => expect.closeTo(gamma, 11)));
});

test('K = 1, monotone pattern: the maximum is known in closed form (Anderson 1957)', async () => {
  // column 0 always seen, 1 in the first 70, 2 in the first 40: the likelihood factors into regressions
  const N = 120;
  const data = makeData(N, 0, 7);
  for (let n = 70; n < N; n++) data[n * 3 + 1] = Number.NaN;
  for (let n = 40; n < N; n++) data[n * 3 + 2] = Number.NaN;
  const column = (d: number, count: number): number[] =>
    Array.from({ length: count }, (_, n) => data[n * 3 + d]);
  const mean = (x: number[]): number => x.reduce((a, b) => a + b, 0) / x.length;
  const cov = (x: number[], y: number[]): number =>
    mean(x.map((value, i) => (value - mean(x)) * (y[i] - mean(y))));
  const x0 = column(0, N);
  const mu0 = mean(x0);
  const s00 = cov(x0, x0);
  // x1 on x0 over 70
  const [a0, a1] = [column(0, 70), column(1, 70)];
  const b10 = cov(a0, a1) / cov(a0, a0);
  const r1 = cov(a1, a1) - b10 * cov(a0, a1);
  const mu1 = mean(a1) + b10 * (mu0 - mean(a0));
  const s10 = b10 * s00;
  const s11 = r1 + b10 * s10;
  // x2 on x0, x1 over 40
  const [c0, c1, c2] = [column(0, 40), column(1, 40), column(2, 40)];
  const det = cov(c0, c0) * cov(c1, c1) - cov(c0, c1) ** 2;
  const b20 = (cov(c1, c1) * cov(c0, c2) - cov(c0, c1) * cov(c1, c2)) / det;
  const b21 = (cov(c0, c0) * cov(c1, c2) - cov(c0, c1) * cov(c0, c2)) / det;
  const r2 = cov(c2, c2) - b20 * cov(c0, c2) - b21 * cov(c1, c2);
  const mu2 = mean(c2) + b20 * (mu0 - mean(c0)) + b21 * (mu1 - mean(c1));
  const s20 = b20 * s00 + b21 * s10;
  const s21 = b20 * s10 + b21 * s11;
  const s22 = r2 + b20 * s20 + b21 * s21;

  const { dataset, seam } = await open(data);
  const { standardisation } = dataset;
  const options = { regCovar: NO_REG, standardisation };
  let at = full.neutral(1, 3);
  for (let iteration = 0; iteration < 400; iteration++) {
    at = full.mStep((await seam.eStep(at)).statistics, at, options);
  }
  const { means, covariances } = full.restore(at, standardisation);
  [mu0, mu1, mu2].forEach((mu, d) => expect(means[d] / mu).toBeCloseTo(1, 11));
  [s00, s10, s20, s10, s11, s21, s20, s21, s22].forEach((s, i) =>
    expect(covariances[i] / s).toBeCloseTo(1, 11),
  );
});

function determinantOf(matrix: Float64Array, n: number): number {
  const a = matrix.slice();
  let determinant = 1;
  for (let c = 0; c < n; c++) {
    determinant *= a[c * n + c];
    for (let i = c + 1; i < n; i++) {
      const factor = a[i * n + c] / a[c * n + c];
      for (let j = c; j < n; j++) a[i * n + j] -= factor * a[c * n + j];
    }
  }
  return determinant;
}
