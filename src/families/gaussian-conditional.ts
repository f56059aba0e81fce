import { packedLength } from './cholesky.ts';

/** A Gaussian's missing features given its observed ones: what a pattern of missingness makes of one component. */
export interface Conditional {
  /** m x o, row-major: E[x_m | x_o] = mean_m + regression (x_o - mean_o). */
  readonly regression: Float64Array;
  /** m x m, row-major: cov(x_m | x_o). */
  readonly covariance: Float64Array;
  /** ln|covariance|. */
  readonly logDeterminant: number;
}

/**
 * From the whitening W (W'W = S^-1, lower triangular, packed, from `at` on), by Householder reflections of its columns
 * [W_m W_o] = Q [R B; 0 *]: |W r|^2 is least in r_m at -R^-1 B r_o, with curvature R'R; so regression = -R^-1 B and
 * covariance = (R'R)^-1. No S_oo is factored or inverted: 2 m D^2 multiply-adds, few where few are missing, and rounding as of
 * W, the square root of a precision.
 */
export function conditional(
  w: Float64Array,
  at: number,
  nFeatures: number,
  missing: Int32Array,
  observed: Int32Array,
): Conditional {
  const m = missing.length;
  const o = observed.length;
  const a = new Float64Array(nFeatures * nFeatures);
  const place = (column: number, feature: number): void => {
    for (let i = feature; i < nFeatures; i++) {
      a[i * nFeatures + column] = w[at + packedLength(i) + feature]!;
    }
  };
  missing.forEach((feature, column) => place(column, feature));
  observed.forEach((feature, column) => place(m + column, feature));
  reflect(a, nFeatures, m);

  const inverse = invertUpper(a, nFeatures, m);
  const regression = new Float64Array(m * o);
  const covariance = new Float64Array(m * m);
  let logDeterminant = 0;
  for (let i = 0; i < m; i++) {
    logDeterminant -= 2 * Math.log(Math.abs(a[i * nFeatures + i]));
    for (let l = i; l < m; l++) {
      const factor = inverse[i * m + l];
      for (let j = 0; j < o; j++) regression[i * o + j] -= factor * a[l * nFeatures + m + j];
    }
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let l = i; l < m; l++) sum += inverse[i * m + l] * inverse[j * m + l];
      covariance[i * m + j] = sum;
      covariance[j * m + i] = sum;
    }
  }
  return { regression, covariance, logDeterminant };
}

/** Makes the first `columns` columns of a row-major n x n matrix upper triangular by Householder reflections, in place. */
function reflect(a: Float64Array, n: number, columns: number): void {
  const v = new Float64Array(n);
  const products = new Float64Array(n);
  for (let c = 0; c < columns; c++) {
    let square = 0;
    for (let i = c; i < n; i++) square += a[i * n + c] ** 2;
    const head = a[c * n + c];
    const alpha = head > 0 ? -Math.sqrt(square) : Math.sqrt(square);
    for (let i = c; i < n; i++) v[i] = a[i * n + c]!;
    v[c] = head - alpha;
    // |v|^2 / 2
    const half = square - head * alpha;
    products.fill(0);
    for (let i = c; i < n; i++) {
      for (let j = c; j < n; j++) products[j] += v[i] * a[i * n + j];
    }
    for (let i = c; i < n; i++) {
      const factor = v[i] / half;
      for (let j = c; j < n; j++) a[i * n + j] -= factor * products[j];
    }
  }
}

/** Inverse of the upper triangle in the first m rows and columns of a row-major n x n matrix: m x m, row-major. */
function invertUpper(a: Float64Array, n: number, m: number): Float64Array {
  const inverse = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    inverse[j * m + j] = 1 / a[j * n + j];
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let l = i + 1; l <= j; l++) sum -= a[i * n + l] * inverse[l * m + j];
      inverse[i * m + j] = sum / a[i * n + i];
    }
  }
  return inverse;
}
