import { packedLength } from './cholesky.ts';
import type { GaussianDensity } from './gaussian.ts';
import { logGamma } from './special-functions.ts';
import type { Statistics } from './statistics.ts';

/**
 * H(q) = -sum s gamma ln gamma of an E-step, from what it gave: with ln gamma_nk = a_nk - ln sum_j exp a_nj and a_nk quadratic in x_n,
 * it is the log-likelihood less sum s gamma a, a sum of the statistics.
 * @param density that the E-step was taken under. @param triangular whether its whitening is, or else diagonal
 */
export function assignmentEntropy(
  logLikelihood: number,
  statistics: Statistics,
  density: GaussianDensity,
  triangular: boolean,
): number {
  const squares = whitenedSquares(statistics, density, triangular);
  let expected = 0;
  statistics.componentMass.forEach((mass, k) => {
    // (0 ln 0 = 0: nothing was given to a component of weight 0)
    if (mass > 0) expected += mass * density.logConstants[k] - 0.5 * squares[k];
  });
  return logLikelihood - expected;
}

/**
 * ln of a Wishart density's normalising constant, D (D - 1) / 4 ln pi left out (Bishop 2006, B.79).
 * @param logDeterminant of the Cholesky factor of the scale matrix
 */
export function logWishartNormaliser(
  dof: number,
  logDeterminant: number,
  nFeatures: number,
): number {
  let sum = dof * logDeterminant + 0.5 * dof * nFeatures * Math.LN2;
  for (let d = 0; d < nFeatures; d++) sum += logGamma(0.5 * (dof - d));
  return -sum;
}

/** sum_n s gamma_nk |W_k (x_n - m_k)|^2, K, from statistics about any origin. */
function whitenedSquares(
  { nComponents, componentMass, sums, origin }: Statistics,
  { means, whitening, whiteningStride }: GaussianDensity,
  triangular: boolean,
): Float64Array {
  const nFeatures = means.length / nComponents;
  const length = sums.length / nComponents;
  return new Float64Array(nComponents).map((_, k) => {
    const own = k * nFeatures;
    const offset = Float64Array.from(
      { length: nFeatures },
      (_, d) => origin[own + d] - means[own + d],
    );
    const first = sums.subarray(k * length, k * length + nFeatures);
    const second = sums.subarray(k * length + nFeatures, (k + 1) * length);
    return triangular
      ? triangularSquares(first, second, offset, componentMass[k], whitening, k * whiteningStride)
      : diagonalSquares(first, second, offset, componentMass[k], whitening, k * whiteningStride);
  });
}

function diagonalSquares(
  first: Float64Array,
  second: Float64Array,
  offset: Float64Array,
  mass: number,
  whitening: Float64Array,
  at: number,
): number {
  let sum = 0;
  for (let d = 0; d < offset.length; d++) {
    const square = second[d] + offset[d] * (2 * first[d] + mass * offset[d]);
    sum += whitening[at + d] ** 2 * square;
  }
  return sum;
}

/** tr(W T W') with T = second + first offset' + offset first' + mass offset offset'. */
function triangularSquares(
  first: Float64Array,
  second: Float64Array,
  offset: Float64Array,
  mass: number,
  whitening: Float64Array,
  at: number,
): number {
  const n = offset.length;
  const t = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value =
        second[packedLength(i) + j] +
        first[i] * offset[j] +
        offset[i] * first[j] +
        mass * offset[i] * offset[j];
      t[i * n + j] = value;
      t[j * n + i] = value;
    }
  }
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const row = at + packedLength(i);
    for (let j = 0; j <= i; j++) {
      let product = 0;
      for (let l = 0; l <= i; l++) product += t[j * n + l] * whitening[row + l];
      sum += whitening[row + j] * product;
    }
  }
  return sum;
}
