import { MixtureError } from '../errors.ts';

/**
 * Binary samples packed 32 to a word: feature d of sample n is bit `d & 31` (1 = least significant first) of
 * `bits[n * wordsOf(nFeatures) + (d >> 5)]`. `mask` likewise: 1 = observed, 0 = missing.
 */
export interface BitMatrix {
  /** N times ceil(D / 32) words, laid out as above. */
  bits: Uint32Array;
  /** N >= 1. */
  nSamples: number;
  /** D >= 1. */
  nFeatures: number;
  /** Laid out as `bits`; left out where nothing is missing. */
  mask?: Uint32Array | undefined;
}

/** Words that one sample takes. */
export const wordsOf = (nFeatures: number): number => Math.ceil(nFeatures / 32);

/**
 * Packs row-major 0s and 1s (or booleans) to 32 a word; NaN, null and undefined become missing.
 * @param data N x D, row-major
 * @param nSamples N
 * @param nFeatures D
 * @throws MixtureError OUTSIDE_SUPPORT for anything else, naming sample and column; INVALID_SAMPLES for a wrong length
 */
export function packBits(
  data: ArrayLike<number | boolean | null | undefined>,
  nSamples: number,
  nFeatures: number,
): BitMatrix {
  if (data.length !== nSamples * nFeatures || !Number.isInteger(nFeatures)) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `data holds ${data.length} values, but ${nSamples} samples of ${nFeatures} features are ${nSamples * nFeatures}.`,
      'Give row-major values with their shape: packBits(data, nSamples, nFeatures), data.length = nSamples * nFeatures.',
      { length: data.length, nSamples, nFeatures },
    );
  }
  const words = wordsOf(nFeatures);
  const bits = new Uint32Array(nSamples * words);
  let mask: Uint32Array | undefined;
  for (let n = 0, i = 0; n < nSamples; n++) {
    for (let d = 0; d < nFeatures; d++, i++) {
      const value = data[i];
      const at = n * words + (d >> 5);
      if (value === 1 || value === true) bits[at] |= 1 << (d & 31);
      else if (value === undefined || value === null || Number.isNaN(value)) {
        mask ??= allObserved(nSamples, nFeatures);
        mask[at] &= ~(1 << (d & 31));
      } else if (value !== 0 && value !== false) {
        throw new MixtureError(
          'OUTSIDE_SUPPORT',
          `Sample ${n}, column ${d} is ${String(value)}; bits are 0 or 1.`,
          'Binarise the values first (pixel > 127 ? 1 : 0), or give NaN for a missing one.',
          { sample: n, column: d, value },
        );
      }
    }
  }
  return { bits, nSamples, nFeatures, mask };
}

/** A mask of ones, 0 beyond the last feature. */
export function allObserved(nSamples: number, nFeatures: number): Uint32Array {
  const words = wordsOf(nFeatures);
  const mask = new Uint32Array(nSamples * words).fill(0xffffffff);
  const rest = nFeatures & 31;
  if (rest > 0) {
    for (let at = words - 1; at < mask.length; at += words) mask[at] = 2 ** rest - 1;
  }
  return mask;
}

/** How many bits are set. */
export function countBits(words: Uint32Array): number {
  let count = 0;
  for (let i = 0; i < words.length; i++) {
    let word = words[i];
    word -= (word >>> 1) & 0x55555555;
    word = (word & 0x33333333) + ((word >>> 2) & 0x33333333);
    count += (((word + (word >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
  }
  return count;
}
