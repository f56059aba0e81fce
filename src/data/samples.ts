import { MixtureError } from '../errors.ts';
import { allObserved, countBits, wordsOf, type BitMatrix } from './bits.ts';
import {
  toMatrix,
  type NamedMatrix,
  type NumericArray,
  type SamplesInput,
  type SampleStream,
} from './sample-forms.ts';

/** Samples as given, checked; every array may be the caller's own and is only read. */
export interface Samples {
  readonly nSamples: number;
  readonly nFeatures: number;
  /** N x D, row-major, each finite or NaN (missing); undefined where the samples are packed bits. */
  readonly data: NumericArray | undefined;
  /** N x D, 1 = observed, 0 = missing whatever `data` says there; undefined without a mask. */
  readonly mask: Uint8Array | undefined;
  readonly packed: BitMatrix | undefined;
  /** How many entries are missing. */
  readonly missing: number;
  /** Names of the columns where the form had them. */
  readonly columnNames: readonly string[] | undefined;
}

/**
 * Brings any accepted form to `Samples` and checks it at the door. Typed arrays that are row-major already, and packed bits,
 * are used as they are, without a copy.
 * @throws MixtureError INVALID_SAMPLES (empty, ragged, wrong length, unknown form) or NON_FINITE (an infinity or a word; names
 *   sample and column)
 */
export async function readSamples(input: Exclude<SamplesInput, SampleStream>): Promise<Samples> {
  if (typeof input === 'object' && input !== null && 'bits' in input) return readBits(input);
  return checkMatrix(toMatrix(input));
}

/** Numbers in memory, their shape checked, as samples. @throws MixtureError NON_FINITE */
export function checkMatrix({
  data,
  nSamples,
  nFeatures,
  mask,
  columnNames,
}: NamedMatrix & { mask?: Uint8Array | undefined }): Samples {
  const missing = countMissing(data, mask, nFeatures);
  return { data, nSamples, nFeatures, mask, packed: undefined, missing, columnNames };
}

/** Writes sample n to `out` (D), NaN where it is missing. */
export function readRow(samples: Samples, n: number, out: Float64Array): void {
  const { data, nFeatures, mask } = samples;
  if (!data) {
    readBitRow(samples.packed!, n, out);
    return;
  }
  for (let d = 0, i = n * nFeatures; d < nFeatures; d++, i++) {
    out[d] = mask && mask[i] === 0 ? Number.NaN : data[i];
  }
}

function readBitRow({ bits, mask, nFeatures }: BitMatrix, n: number, out: Float64Array): void {
  const first = n * wordsOf(nFeatures);
  for (let d = 0; d < nFeatures;) {
    let word = bits[first + (d >> 5)];
    let seen = mask ? mask[first + (d >> 5)] : -1;
    for (const end = Math.min(nFeatures, d + 32); d < end; d++, word >>>= 1, seen >>>= 1) {
      out[d] = (seen & 1) === 1 ? word & 1 : Number.NaN;
    }
  }
}

function readBits({ bits, nSamples, nFeatures, mask }: BitMatrix): Samples {
  const length = nSamples * wordsOf(nFeatures);
  const planes = { bits, ...(mask && { mask }) };
  for (const [name, plane] of Object.entries(planes)) {
    if (plane instanceof Uint32Array && plane.length === length && length > 0) continue;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${name} should be a Uint32Array of ${length} words (${nSamples} samples of ${nFeatures} features), but has ${(plane as ArrayLike<number> | undefined)?.length ?? 'none'}.`,
      'Give ceil(nFeatures / 32) words a sample, or use packBits().',
      { name, length },
    );
  }
  const rest = nFeatures & 31;
  const words = wordsOf(nFeatures);
  const beyond = rest === 0 ? 0 : ~(2 ** rest - 1) >>> 0;
  for (let n = 0, at = words - 1; n < nSamples; n++, at += words) {
    if (((bits[at] | (mask?.[at] ?? 0)) & beyond) === 0) continue;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Sample ${n} has bits set beyond its ${nFeatures} features.`,
      'Leave the unused bits of the last word 0.',
      { sample: n, nFeatures },
    );
  }
  const missing = mask ? nSamples * nFeatures - countBits(mask) : 0;
  const packed = { bits, nSamples, nFeatures, mask: missing > 0 ? mask : undefined };
  return {
    data: undefined,
    nSamples,
    nFeatures,
    mask: undefined,
    packed,
    missing,
    columnNames: undefined,
  };
}

/** The samples as bits, packed if they are not yet; values are 0, 1 or missing (checked before). */
export function asBits(samples: Samples): BitMatrix {
  if (samples.packed) return samples.packed;
  const { nSamples, nFeatures } = samples;
  const words = wordsOf(nFeatures);
  const bits = new Uint32Array(nSamples * words);
  const mask = samples.missing > 0 ? allObserved(nSamples, nFeatures) : undefined;
  const row = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    for (let d = 0; d < nFeatures; d++) {
      const at = n * words + (d >> 5);
      if (row[d] === 1) bits[at] |= 1 << (d & 31);
      else if (mask && Number.isNaN(row[d])) mask[at] &= ~(1 << (d & 31));
    }
  }
  return { bits, nSamples, nFeatures, mask };
}

/** Counts NaN and masked entries; refuses infinities. @param firstSample the number that an error gives the first of them */
export function countMissing(
  data: NumericArray,
  mask: Uint8Array | undefined,
  nFeatures: number,
  firstSample = 0,
): number {
  let missing = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (mask && mask[i] === 0) missing++;
    // x - x is 0 for every finite x and NaN for NaN and infinities: one test, no call
    else if (value - value !== 0) {
      if (Number.isNaN(value)) {
        missing++;
        continue;
      }
      const sample = firstSample + Math.floor(i / nFeatures);
      const column = i % nFeatures;
      throw new MixtureError(
        'NON_FINITE',
        `Sample ${sample}, column ${column} is ${value}.`,
        'Remove infinite values before the fit, or give NaN for a missing one.',
        { sample, column, value },
      );
    }
  }
  return missing;
}
