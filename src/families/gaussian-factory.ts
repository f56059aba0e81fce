import type { GaussianFamily } from './gaussian-common.ts';
import type { FixedCovariance } from './gaussian-fixed.ts';
import { gaussianFamilies, gaussianFamily, type CovarianceType } from './gaussian-types.ts';
import { readSettings, type FeatureSettings } from './exponential-family.ts';
import { MixtureError } from '../errors.ts';

/** Settings of `gaussian`; every one may be left out. */
export interface GaussianSettings extends Omit<FeatureSettings, 'prior'> {
  /** The prior where the fit gives none: see `GaussianPrior`. */
  readonly prior?: Readonly<Record<string, unknown>> | 'mclust';
  /** Default `'diag'`, whose columns go with those of other families. */
  readonly covarianceType?: CovarianceType;
  /** covarianceType 'fixed': `'identity'` (default) or D x D. */
  readonly fixedCovariance?: FixedCovariance;
}

/**
 * Gaussian columns for `independent({ height: gaussian() })` and `Mixture.fit(samples, { family: gaussian({ covarianceType }) })`.
 * @param options settings, or the number of columns in `independent`
 * @throws MixtureError INVALID_OPTION
 */
export function gaussian(options: GaussianSettings | number = {}): GaussianFamily {
  const given = typeof options === 'number' ? { nFeatures: options } : options;
  const covarianceType = given.covarianceType ?? 'diag';
  if (!Object.hasOwn(gaussianFamilies, covarianceType)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `covarianceType is ${String(covarianceType)}.`,
      `Use one of ${Object.keys(gaussianFamilies).join(', ')}.`,
      { option: 'covarianceType', value: covarianceType },
    );
  }
  const family = gaussianFamily(covarianceType, given.fixedCovariance);
  const { nFeatures, prior } = readSettings(given as FeatureSettings, [
    'covarianceType',
    'fixedCovariance',
  ]);
  if (nFeatures === undefined && !prior) return family;
  const made: GaussianFamily = {
    ...family,
    settings: {
      ...family.settings,
      ...(nFeatures !== undefined && { nFeatures }),
      ...(prior && { prior }),
    },
    *resolve(samples) {
      if (nFeatures !== undefined && nFeatures !== samples.nFeatures) {
        throw new MixtureError(
          'INVALID_OPTION',
          `The family ${family.name} was made for ${nFeatures} features, but the samples have ${samples.nFeatures}.`,
          'Leave nFeatures out.',
          { option: 'nFeatures', nFeatures: samples.nFeatures, expected: nFeatures },
        );
      }
      if (family.resolve) yield* family.resolve(samples);
      return made;
    },
  };
  return made;
}
