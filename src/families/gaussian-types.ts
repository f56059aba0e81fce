import type { GaussianFamily } from './gaussian-common.ts';
import { gaussianDiag } from './gaussian-diag.ts';
import { gaussianFixed } from './gaussian-fixed.ts';
import { gaussianFull } from './gaussian-full.ts';
import { gaussianSpherical } from './gaussian-spherical.ts';
import { gaussianTied } from './gaussian-tied.ts';
import { gaussianTiedDiag } from './gaussian-tied-diag.ts';
import { gaussianTiedSpherical } from './gaussian-tied-spherical.ts';

/** How a Gaussian mixture's covariances are constrained; the first four are scikit-learn's words. */
export type CovarianceType =
  | 'full'
  | 'tied'
  | 'diag'
  | 'spherical'
  | 'tied-diag'
  | 'tied-spherical'
  | 'fixed';

/** Every Gaussian family by covariance type; the fixed one with the unit matrix. */
export const gaussianFamilies: Readonly<Record<CovarianceType, GaussianFamily>> = {
  full: gaussianFull,
  tied: gaussianTied,
  diag: gaussianDiag,
  spherical: gaussianSpherical,
  'tied-diag': gaussianTiedDiag,
  'tied-spherical': gaussianTiedSpherical,
  fixed: gaussianFixed('identity'),
};

export const COVARIANCE_TYPES = Object.keys(gaussianFamilies) as readonly CovarianceType[];

/**
 * The family of a covariance type.
 * @param fixedCovariance for 'fixed' alone: 'identity', or D x D numbers in the user's units (`FixedCovariance`)
 * @throws MixtureError INVALID_OPTION
 */
export function gaussianFamily(
  covarianceType: CovarianceType,
  fixedCovariance: unknown = 'identity',
): GaussianFamily {
  return covarianceType === 'fixed' && fixedCovariance !== 'identity'
    ? gaussianFixed(fixedCovariance)
    : gaussianFamilies[covarianceType];
}
