import type { Family } from './family.ts';
import { gaussianDiag } from './gaussian-diag.ts';
import { gaussianFull } from './gaussian-full.ts';
import { gaussianSpherical } from './gaussian-spherical.ts';
import { gaussianTied } from './gaussian-tied.ts';

/** How a Gaussian mixture's covariances are constrained, in scikit-learn's words. */
export type CovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

/** Every family, by covariance type: one line each. */
export const gaussianFamilies: Readonly<Record<CovarianceType, Family>> = {
  full: gaussianFull,
  tied: gaussianTied,
  diag: gaussianDiag,
  spherical: gaussianSpherical,
};
