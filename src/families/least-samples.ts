import type { Family } from './family.ts';

/**
 * How many samples a component must have for its parameters to be more than its samples said again: as many as fill the rank of
 * a full covariance (D + 1), else as many numbers as it has parameters of its own. diag and spherical 2; tied, fixed and the
 * families of one number a feature 1; C categories C - 1.
 */
export function leastSamples(family: Family, nFeatures: number): number {
  if (family.leastSamples) return family.leastSamples(nFeatures);
  const own = family.freeParameters(2, nFeatures) - family.freeParameters(1, nFeatures);
  return Math.ceil(own / nFeatures);
}
