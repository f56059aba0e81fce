import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';

/**
 * The smallest conditional variance, in standardised units, that counts as spread: (1e-13)^2. float64 samples of
 * standard deviation 1 are about 1e-16 apart, so identical samples stay well below it and real spread well above.
 * A constant column has no spread but what regCovar gives, so only zero is refused there.
 */
export function varianceFloors(nFeatures: number, standardisation: Standardisation): Float64Array {
  const floors = new Float64Array(nFeatures).fill(1e-26);
  for (const d of standardisation.constantColumns) floors[d] = 0;
  return floors;
}

/** The error for a covariance that is not positive definite; the loop adds mass, restart and the last good mixture. */
export function collapsed(
  component: number,
  pivot: number,
  feature: number,
  of = `component ${component}`,
): MixtureError {
  return new MixtureError(
    'COLLAPSED_COMPONENT',
    `The covariance of ${of} is not positive definite: its smallest pivot is ${pivot.toPrecision(3)} (standardised units, feature ${feature}).`,
    'Use fewer components, a larger regCovar, or scaled data without duplicated or linearly dependent columns.',
    { component, smallestPivot: pivot, feature },
  );
}
