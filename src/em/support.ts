import { readRow } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';
import type { Steps } from '../data/pause.ts';

const checked = new WeakMap<Dataset, Set<string>>();

/**
 * Refuses samples that a family gives no density to; looked at once per dataset and family.
 * @param firstSample the number that an error gives the first sample
 * @throws MixtureError OUTSIDE_SUPPORT or NON_FINITE (missing where that is not allowed), naming sample, column and value
 */
export function* checkSupport(dataset: Dataset, family: Family, firstSample = 0): Steps<void> {
  const key = `${family.name} ${JSON.stringify(family.settings)}`;
  const done = checked.get(dataset) ?? new Set();
  if (done.has(key)) return;
  const { samples, nSamples, nFeatures } = dataset;
  if (dataset.missing > 0 && family.missing === 'refused')
    refuseMissing(dataset, family, firstSample);
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
          `Sample ${firstSample + n}, column ${d} is ${value}, but the support of ${family.name} is ${support.describe?.(d) ?? support.description}.`,
          'Correct the value, give NaN if it is missing, or choose another family.',
          {
            sample: firstSample + n,
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
  { samples, nSamples, nFeatures, streamed, missing }: Dataset,
  family: Pick<Family, 'name' | 'missingRefusal'>,
  firstSample = 0,
): void {
  if (streamed) throw missingIn(`${missing} entries are missing (NaN)`, family, { missing });
  const row = new Float64Array(nFeatures);
  let sample = 0;
  let column = -1;
  for (; sample < nSamples; sample++) {
    readRow(samples, sample, row);
    column = row.findIndex(Number.isNaN);
    if (column >= 0) break;
  }
  // (of a stream, the chunk with a missing entry may be another)
  if (column < 0) return;
  sample += firstSample;
  throw missingIn(`Sample ${sample}, column ${column} is missing (NaN)`, family, {
    sample,
    column,
    value: Number.NaN,
  });
}

function missingIn(
  what: string,
  { name, missingRefusal }: Pick<Family, 'name' | 'missingRefusal'>,
  details: Record<string, unknown>,
): MixtureError {
  return new MixtureError(
    'NON_FINITE',
    `${what}, which ${name} does not allow${missingRefusal ? `: ${missingRefusal}` : ''}.`,
    'Remove or fill in missing values before the fit.',
    { ...details, family: name },
  );
}
