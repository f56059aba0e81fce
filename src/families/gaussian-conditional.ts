import { cholesky, packedLength } from './cholesky.ts';
import { collapsed } from './collapse.ts';

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
 * From one Cholesky factor, with the observed features first: S = [L_oo 0; L_mo L_mm] [...]' gives
 * regression = L_mo L_oo^-1 (S_mo S_oo^-1) and covariance = L_mm L_mm' (the Schur complement).
 * @param covariances row-major D x D, from `at` on
 * @param component whose they are: named where they are singular
 * @throws MixtureError COLLAPSED_COMPONENT
 */
export function conditional(
  covariances: Float64Array,
  at: number,
  missing: Int32Array,
  observed: Int32Array,
  component: number,
): Conditional {
  const m = missing.length;
  const o = observed.length;
  const n = m + o;
  const covariance = new Float64Array(m * m);
  const regression = new Float64Array(m * o);
  if (m === 0) return { regression, covariance, logDeterminant: 0 };
  const order = new Int32Array(n);
  order.set(observed);
  order.set(missing, o);
  const ordered = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) ordered[i * n + j] = covariances[at + order[i] * n + order[j]]!;
  }
  const l = cholesky(ordered, 0, n, new Float64Array(n));
  if (!(l instanceof Float64Array)) throw collapsed(component, l.pivot, order[l.row]);

  let logDeterminant = 0;
  for (let i = 0; i < m; i++) {
    const row = packedLength(o + i);
    logDeterminant += 2 * Math.log(l[row + o + i]);
    // x L_oo = l_i from the last column on, along L_oo's rows
    for (let j = 0; j < o; j++) regression[i * o + j] = l[row + j]!;
    for (let j = o - 1, start = packedLength(o - 1); j >= 0; start -= j, j--) {
      const x = regression[i * o + j] / l[start + j];
      regression[i * o + j] = x;
      for (let q = 0; q < j; q++) regression[i * o + q] -= x * l[start + q];
    }
    for (let j = 0; j <= i; j++) {
      const other = packedLength(o + j);
      let sum = 0;
      for (let q = 0; q <= j; q++) sum += l[row + o + q] * l[other + o + q];
      covariance[i * m + j] = sum;
      covariance[j * m + i] = sum;
    }
  }
  return { regression, covariance, logDeterminant };
}
