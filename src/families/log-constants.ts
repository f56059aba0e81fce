import type { Standardisation } from '../data/standardisation.ts';

/** ln pi_k - D/2 ln 2 pi + ln |whitening_k| - sum ln scales: everything in ln(pi_k p(x)) that no sample changes. */
export function logConstants(
  weights: Float64Array,
  logDeterminants: ArrayLike<number>,
  nFeatures: number,
  standardisation: Standardisation,
): Float64Array {
  const common = -0.5 * nFeatures * Math.log(2 * Math.PI) - standardisation.logScale;
  return weights.map((weight, k) => Math.log(weight) + common + logDeterminants[k]);
}

/**
 * The constant that the device leaves out. Near convergence |whitening (x - m)|^2 is about D, so log-densities less
 * (max constant - D/2) lie around zero, where float32 has most absolute digits.
 */
export function deviceShift(constants: Float64Array, nFeatures: number): number {
  return Math.max(...constants) - nFeatures / 2;
}

/** Stands for ln 0 in float32: WGSL may assume that there are no infinities. */
export const LOG_ZERO = -1e30;
