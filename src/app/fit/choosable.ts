import { MixtureError } from '../../index.ts';
import type { GaussianMixture } from '../../index.ts';
import { COVARIANCES, MOST } from './settings.ts';
import type { FitSettings } from './settings.ts';

/**
 * The settings with which a fit goes on from a mixture that was not fitted with these.
 * @throws MixtureError INVALID_MODEL where the page fits no such model
 */
export function settingsOf(
  { nComponents, covarianceType }: GaussianMixture,
  settings: FitSettings,
): FitSettings {
  if (!(COVARIANCES as readonly string[]).includes(covarianceType)) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's covariances are ${covarianceType}, which this page does not fit.`,
      `The page takes models whose covariances are ${COVARIANCES.join(', ')}.`,
      { covarianceType },
    );
  }
  if (nComponents > MOST.components) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model has ${nComponents} components.`,
      `The page takes models of at most ${MOST.components} components.`,
      { nComponents, most: MOST.components },
    );
  }
  return { ...settings, nComponents, covarianceType };
}
