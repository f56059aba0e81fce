import { MixtureError } from '../errors.ts';
import type { Steps } from './pause.ts';

/** Sample weights, checked, with what is asked of all of them. */
export interface SampleWeights {
  /** As given, N. */
  readonly given: Float64Array;
  /** Scaled to sum N. */
  readonly relative: Float64Array;
  readonly total: number;
  /** The largest of the relative ones. */
  readonly largest: number;
  /** How many are above 0. */
  readonly positive: number;
}

/** The weights of some of the samples; the relative ones keep their scale. */
export function partOfWeights(relative: Float64Array): SampleWeights {
  let total = 0;
  let largest = 0;
  let positive = 0;
  for (const weight of relative) {
    total += weight;
    if (weight > largest) largest = weight;
    if (weight > 0) positive++;
  }
  return { given: relative, relative, total, largest, positive };
}

/**
 * Checks sample weights (>= 0, finite, not all zero, one a sample) and copies them to float64.
 * @throws MixtureError INVALID_SAMPLES
 */
export function* readSampleWeights(
  weights: ArrayLike<number>,
  nSamples: number,
): Steps<SampleWeights> {
  if (
    typeof (weights as { length?: unknown } | null)?.length !== 'number' ||
    weights.length !== nSamples
  ) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `There are ${(weights as ArrayLike<number> | null)?.length ?? 0} sample weights for ${nSamples} samples.`,
      'Give one weight a sample.',
      { length: weights?.length, nSamples },
    );
  }
  const given = new Float64Array(nSamples);
  let total = 0;
  let largest = 0;
  for (let n = 0; n < nSamples; n++) {
    if (n % 4096 === 4095) yield;
    const weight = Number(weights[n]);
    given[n] = weight;
    if (weight > largest) largest = weight;
    if (!(typeof weights[n] === 'number' && weight >= 0 && weight < Infinity)) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `The weight of sample ${n} is ${weight}.`,
        'Sample weights must be finite and not negative.',
        { sample: n, weight },
      );
    }
    total += weight;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The sample weights sum to ${total}.`,
      'At least one sample weight must be greater than zero, and their sum finite.',
      { total },
    );
  }
  const mean = total / nSamples;
  const relative = new Float64Array(nSamples);
  let positive = 0;
  for (let n = 0; n < nSamples; n++) {
    if (n % 4096 === 4095) yield;
    relative[n] = given[n] / mean;
    if (relative[n] > 0) positive++;
  }
  return { given, relative, total, largest: largest / mean, positive };
}
