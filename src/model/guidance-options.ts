import { guideByLabels, guideByPriors, type Guidance } from '../em/guidance.ts';
import type { Steps } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';
import { readingArray } from './arrays.ts';
import type { CommonOptions } from './options.ts';

/**
 * What the options say of the samples' components, copied and checked; undefined where they say nothing.
 * @throws MixtureError INVALID_OPTION
 */
export function* readGuidance(
  { labels, componentPriors }: Pick<CommonOptions, 'labels' | 'componentPriors'>,
  nComponents: number,
  nSamples: number,
): Steps<Guidance | undefined> {
  if (labels !== undefined && componentPriors !== undefined) {
    throw new MixtureError(
      'INVALID_OPTION',
      'Both labels and componentPriors are given.',
      'Give one of the two: a label is a row of componentPriors with a single 1.',
    );
  }
  if (labels !== undefined) return guideByLabels(yield* readLabels(labels, nComponents, nSamples));
  if (componentPriors === undefined) return undefined;
  const shape = [nSamples, nComponents];
  const tau = yield* readingArray(componentPriors, shape, 'componentPriors', 'INVALID_OPTION');
  for (let n = 0; n < nSamples; n++) {
    yield;
    const row = tau.subarray(n * nComponents, (n + 1) * nComponents);
    const largest = Math.max(...row);
    const negative = row.findIndex((value) => value < 0);
    if (negative >= 0 || !(largest > 0)) {
      const what = negative >= 0 ? `a negative number, ${row[negative]},` : 'only zeros';
      throw new MixtureError(
        'INVALID_OPTION',
        `componentPriors has ${what} for sample ${n}.`,
        'Give numbers >= 0, at least one above 0 in each row; ones where nothing is known.',
        { sample: n, component: Math.max(0, negative) },
      );
    }
    // ln(tau / largest), whatever the scale of the row
    for (let k = 0; k < nComponents; k++) row[k] = Math.log(row[k]) - Math.log(largest);
  }
  return guideByPriors(tau, nComponents);
}

/** @throws MixtureError INVALID_OPTION */
function* readLabels(
  labels: ArrayLike<number>,
  nComponents: number,
  nSamples: number,
): Steps<Int32Array> {
  const length = (labels as ArrayLike<number> | null)?.length;
  if (length !== nSamples) {
    throw new MixtureError(
      'INVALID_OPTION',
      length === undefined
        ? 'labels is no array.'
        : `labels has ${length} numbers for ${nSamples} samples.`,
      'Give one label a sample, -1 where it is unknown.',
      { length, nSamples },
    );
  }
  const read = new Int32Array(nSamples);
  for (let n = 0; n < nSamples; n++) {
    if (n % 1024 === 1023) yield;
    const label = labels[n];
    read[n] = label;
    if (Number.isInteger(label) && label >= -1 && label < nComponents) continue;
    throw new MixtureError(
      'INVALID_OPTION',
      `labels gives sample ${n} the label ${label}.`,
      `Labels are whole numbers from 0 to ${nComponents - 1}, or -1 where unknown.`,
      { sample: n, label },
    );
  }
  return read;
}
