import { readRow, type Samples } from '../data/samples.ts';
import type { Steps } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';

/** Categories of every feature, or of each. */
export type NCategories = number | readonly number[];

/** More are taken for a mistake: an identifier, or a measurement. Tables are K x D x C. */
const MOST_CATEGORIES = 65_536;

/** C, the most categories of any feature. */
export const mostCategories = (nCategories: NCategories): number =>
  typeof nCategories === 'number' ? nCategories : Math.max(...nCategories);

/**
 * D numbers.
 * @throws MixtureError INVALID_OPTION where they are not known, or given for another number of features
 */
export function categoriesOf(nCategories: NCategories | undefined, nFeatures: number): Int32Array {
  if (typeof nCategories === 'number') return new Int32Array(nFeatures).fill(nCategories);
  if (nCategories?.length === nFeatures) return Int32Array.from(nCategories);
  throw new MixtureError(
    'INVALID_OPTION',
    nCategories
      ? `nCategories has ${nCategories.length} numbers, but there are ${nFeatures} features.`
      : 'The numbers of categories are not known.',
    'Give one number for all features, one for each, or none: then the samples show how many there are.',
    { option: 'nCategories', length: nCategories?.length, nFeatures },
  );
}

/** The largest value of each column + 1; 1 where nothing is observed. Values outside the support are left to its check. */
export function* categoryCounts(samples: Samples): Steps<number[]> {
  const { nSamples, nFeatures } = samples;
  const counts = new Array<number>(nFeatures).fill(1);
  const row = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    yield;
    for (let d = 0; d < nFeatures; d++) {
      if (!(row[d] >= counts[d] && Number.isInteger(row[d]))) continue;
      if (row[d] >= MOST_CATEGORIES) throw tooMany(n, d, row[d]);
      counts[d] = row[d] + 1;
    }
  }
  return counts;
}

const tooMany = (sample: number, column: number, value: number): MixtureError =>
  new MixtureError(
    'LIMIT_EXCEEDED',
    `Sample ${sample}, column ${column} is ${value}: more than the ${MOST_CATEGORIES} categories a column may have.`,
    'Number the categories from 0; leave out columns that are identifiers or measurements.',
    { sample, column, value, limit: MOST_CATEGORIES },
  );

/** @throws MixtureError INVALID_OPTION */
export function checkNCategories(nCategories: NCategories | undefined): void {
  if (nCategories === undefined) return;
  const counts = typeof nCategories === 'number' ? [nCategories] : Array.from(nCategories);
  const wrong = counts.find((c) => !(Number.isInteger(c) && c >= 1 && c <= MOST_CATEGORIES));
  if (counts.length > 0 && wrong === undefined) return;
  throw new MixtureError(
    'INVALID_OPTION',
    counts.length > 0
      ? `nCategories must be whole numbers from 1 to ${MOST_CATEGORIES}, but one is ${String(wrong)}.`
      : 'nCategories is empty.',
    'Give one number for all features, one for each, or none: then the samples show how many there are.',
    { option: 'nCategories', value: wrong },
  );
}

/** Rows may sum to 1 within what float32 or a text file leaves of them. */
const SUM_TOLERANCE = 1e-6;

/** `Family.checkParameters` of K x D x C probabilities. */
export function checkCategories(
  probabilities: Float64Array,
  nCategories: Int32Array,
): string | undefined {
  const most = nCategories.reduce((a, b) => Math.max(a, b), 0);
  const nFeatures = nCategories.length;
  for (let row = 0; row * most < probabilities.length; row++) {
    const [k, d] = [Math.floor(row / nFeatures), row % nFeatures];
    let sum = 0;
    for (let c = 0; c < most; c++) {
      const p = probabilities[row * most + c];
      const where = `of component ${k}, feature ${d}, category ${c}`;
      if (!(p >= 0 && p <= 1))
        return `probabilities must be between 0 and 1, but that ${where} is ${p}`;
      if (c >= nCategories[d] && p > 0) {
        return `probabilities must be 0 beyond a feature's ${nCategories[d]} categories, but that ${where} is ${p}`;
      }
      sum += p;
    }
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      return `the probabilities of a feature must sum to 1, but those of component ${k}, feature ${d} sum to ${sum}`;
    }
  }
  return undefined;
}
