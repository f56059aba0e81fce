import type { Family } from '../families/family.ts';
import { FittedMixture } from './fitted-mixture.ts';
import type { PlainGaussianMixture } from './gaussian-json.ts';
import type { PlainMixture } from './json.ts';
import type { ScikitLearnAttributes } from './scikit-learn.ts';

/** A mixture as JSON, object or text: what `toJSON` of any class gave, or scikit-learn's attributes. */
export type SavedMixture = PlainMixture | PlainGaussianMixture | ScikitLearnAttributes | string;

/**
 * The option `warmStart` as a mixture.
 * @param family the fit's: where it is the user's own, or has blocks that are, a saved mixture may be of those
 * @throws MixtureError INVALID_MODEL
 */
export async function readWarmStart(
  given: FittedMixture | SavedMixture | undefined,
  family: Family,
): Promise<FittedMixture | undefined> {
  if (given === undefined || given === null) return undefined;
  const mixture =
    given instanceof FittedMixture
      ? given
      : (await import('./saved-mixture.ts')).fromSaved(given, family);
  // the bound of a stream's last chunk is no bound of these samples
  return mixture.running
    ? new FittedMixture(mixture.family, mixture.given, mixture.nFeatures)
    : mixture;
}
