import { readRow } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';
import type { Steps } from './pause.ts';

const checked = new WeakMap<Dataset, Set<string>>();

/**
 * Refuses samples that a family gives no density to; looked at once per dataset and family.
 * @throws MixtureError OUTSIDE_SUPPORT or NON_FINITE (missing where that is not allowed), naming sample, column and value
 */
export function* checkSupport(dataset: Dataset, family: Family): Steps<void> {
  const key = `${family.name} ${JSON.stringify(family.settings)}`;
  const done = checked.get(dataset) ?? new Set();
  if (done.has(key)) return;
  const { samples, nSamples, nFeatures } = dataset;
  if (dataset.missing > 0 && family.missing === 'refused') refuseMissing(dataset, family);
  const { support } = family;
  const binary = samples.packed && support.has(0, 0) && support.has(1, 0);
  if (family.coordinates === 'raw' && !binary) {
    const row = new Float64Array(nFeatures);
    for (let n = 0; n < nSamples; n++) {
      readRow(samples, n, row);
      yield;
      for (let d = 0; d < nFeatures; d++) {
        const value = row[d];
        if (value !== value || support.has(value, d)) continue;
        throw new MixtureError(
          'OUTSIDE_SUPPORT',
          `Sample ${n}, column ${d} is ${value}, but the support of ${family.name} is ${support.describe?.(d) ?? support.description}.`,
          'Correct the value, give NaN if it is missing, or choose another family.',
          {
            sample: n,
            column: d,
            value,
            support: support.describe?.(d) ?? support.description,
            family: family.name,
          },
        );
      }
    }
  }
  checked.set(dataset, done.add(key));
}

/** @throws MixtureError NON_FINITE naming the first missing entry */
export function refuseMissing(
  { samples, nSamples, nFeatures }: Dataset,
  family: Pick<Family, 'name' | 'missingRefusal'>,
): never {
  const row = new Float64Array(nFeatures);
  let sample = 0;
  let column = -1;
  for (; sample < nSamples; sample++) {
    readRow(samples, sample, row);
    column = row.findIndex(Number.isNaN);
    if (column >= 0) break;
  }
  throw new MixtureError(
    'NON_FINITE',
    `Sample ${sample}, column ${column} is missing (NaN), which ${family.name} does not allow${family.missingRefusal ? `: ${family.missingRefusal}` : ''}.`,
    'Remove or fill in missing values before the fit.',
    { sample, column, value: Number.NaN, family: family.name },
  );
}
