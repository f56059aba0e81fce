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
  /** Of rows with a missing value, where there were any. */
  readonly missing?: 'fitted' | 'left out';
}

type ModelSource = Pick<SourceData, 'featureNames' | 'standardised' | 'nMissing' | 'nIncomplete'>;

/**
 * The model as `GaussianMixture.fromJSON` and load_model.py read it, with the features' names and, where the samples are z-scores,
 * what they were made by.
 */
export function modelJson(
  mixture: GaussianMixture,
  { featureNames, standardised, nMissing, nIncomplete = 0 }: ModelSource,
): string {
  const addition: Addition = {
    features: featureNames,
    ...(nMissing > 0 && { missing: 'fitted' }),
    ...(nIncomplete > 0 && { missing: 'left out' }),
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
  {
    samples,
    featureNames,
    standardised,
  }: Pick<SourceData, 'samples' | 'featureNames' | 'standardised'>,
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
  const { features, standardised: ofModel } = JSON.parse(text) as Addition;
  checkNames(features, featureNames);
  if ((ofModel === undefined) !== (standardised === undefined)) {
    throw new MixtureError(
      'FEATURE_MISMATCH',
      ofModel === undefined
        ? 'The model is of columns as they are, but the samples are standardised.'
        : 'The model is of standardised columns, but the samples are not standardised.',
      ofModel === undefined ? 'Switch "Standardise" off.' : 'Switch "Standardise" on.',
    );
  }
  if (standardised) checkScaling(ofModel, standardised, featureNames);
  return mixture;
}

/** A model that the library itself wrote has no names. @throws MixtureError FEATURE_MISMATCH */
function checkNames(features: unknown, featureNames: readonly string[]): void {
  if (features === undefined) return;
  const names: unknown[] = Array.isArray(features) ? features : [];
  const d = featureNames.findIndex((name, i) => names[i] !== name);
  if (d < 0) return;
  const of = typeof names[d] === 'string' ? `"${names[d]}"` : 'without a name';
  throw new MixtureError(
    'FEATURE_MISMATCH',
    `Feature ${d + 1} of the model is ${of}, of the samples it is "${featureNames[d]}".`,
    `Choose the columns that the model was fitted to, in their order: ${names.join(', ')}. Where they only go by other names here, change "features" in the model's file.`,
    { expected: names, found: featureNames },
  );
}

/** Relative differences of means and scales up to which they are of the same samples: what sums in another order leave. */
const SAME = 1e-9;

/** @throws MixtureError FEATURE_MISMATCH where the model's z-scores are others than the samples' */
function checkScaling(
  ofModel: unknown,
  { means, scales }: NonNullable<SourceData['standardised']>,
  featureNames: readonly string[],
): void {
  const { means: m, scales: s } = (ofModel ?? {}) as { means?: unknown; scales?: unknown };
  const isSame = (given: number, own: number, size: number) => Math.abs(given - own) <= SAME * size;
  const [givenMeans, givenScales] = [m, s].map((list) =>
    Array.isArray(list) ? list.map(Number) : [],
  );
  const d = featureNames.findIndex((_, i) => {
    // (a mean near 0 is known as well as its spread)
    const size = Math.max(Math.abs(means[i]), scales[i]);
    return !isSame(givenMeans[i], means[i], size) || !isSame(givenScales[i], scales[i], scales[i]);
  });
  if (d < 0) return;
  throw new MixtureError(
    'FEATURE_MISMATCH',
    `The model's "${featureNames[d]}" is standardised by mean ${givenMeans[d]} and scale ${givenScales[d]}, the samples' by ${means[d]} and ${scales[d]}.`,
    'Open the samples that the model was fitted to, with the same rows left out; or fit both without "Standardise".',
    { feature: featureNames[d] },
  );
}
