import { GaussianMixture, MixtureError } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { plural } from '../shared/format.ts';

/** A model larger than this is none: 64 components of 784 features, full, take 0.9 GB as text, and nobody looks at those. */
const MOST_BYTES = 2 ** 30;

/** What the page adds to the library's JSON, which reads over it. */
interface Addition {
  /** Names, D. */
  readonly features?: unknown;
  /** Where the samples were z-scores: what was subtracted and divided by, D each. */
  readonly standardised?: unknown;
}

/**
 * The model as `GaussianMixture.fromJSON` and load_model.py read it, with the features' names and, where the samples are z-scores,
 * what they were made by.
 */
export function modelJson(
  mixture: GaussianMixture,
  { featureNames, standardised }: Pick<SourceData, 'featureNames' | 'standardised'>,
): string {
  const addition: Addition = {
    features: featureNames,
    ...(standardised && {
      standardised: {
        means: Array.from(standardised.means),
        scales: Array.from(standardised.scales),
      },
    }),
  };
  return `${JSON.stringify({ ...mixture.toJSON(), ...addition }, null, 2)}\n`;
}

/**
 * A model to be shown on these samples.
 * @throws MixtureError INVALID_MODEL, FEATURE_MISMATCH
 */
export async function readModelFile(file: File, data: SourceData): Promise<GaussianMixture> {
  if (file.size > MOST_BYTES) {
    throw new MixtureError(
      'INVALID_MODEL',
      `${file.name} has ${file.size} bytes: too many for a model.`,
      'Choose a file that this page or toJSON() of the library wrote.',
      { bytes: file.size },
    );
  }
  return readModel(await file.text(), data);
}

/** @throws MixtureError INVALID_MODEL, FEATURE_MISMATCH */
export function readModel(
  text: string,
  { samples, standardised }: Pick<SourceData, 'samples' | 'standardised'>,
): GaussianMixture {
  const mixture = GaussianMixture.fromJSON(text);
  const { nFeatures } = samples;
  if (mixture.nFeatures !== nFeatures) {
    throw new MixtureError(
      'FEATURE_MISMATCH',
      `The model has ${plural(mixture.nFeatures, 'feature')}, the samples have ${nFeatures}.`,
      'Choose the columns that the model was fitted to, in their order.',
      { expected: mixture.nFeatures, found: nFeatures },
    );
  }
  const { standardised: ofModel } = JSON.parse(text) as Addition;
  if ((ofModel === undefined) !== (standardised === undefined)) {
    throw new MixtureError(
      'FEATURE_MISMATCH',
      ofModel === undefined
        ? 'The model is of columns as they are, but the samples are standardised.'
        : 'The model is of standardised columns, but the samples are not standardised.',
      ofModel === undefined ? 'Switch "Standardise" off.' : 'Switch "Standardise" on.',
    );
  }
  return mixture;
}
