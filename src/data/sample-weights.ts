import { MixtureError } from '../errors.ts';

/**
 * Checks sample weights (>= 0, finite, not all zero, one a sample) and copies them to float64.
 * @throws MixtureError INVALID_SAMPLES
 */
export function readSampleWeights(weights: ArrayLike<number>, nSamples: number): Float64Array {
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
  const checked = Float64Array.from(weights);
  let total = 0;
  for (let n = 0; n < nSamples; n++) {
    const weight = checked[n];
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
  return checked;
}
