import { MixtureError } from '../errors.ts';
import { allObserved, countBits, wordsOf, type BitMatrix } from './bits.ts';
import { inTurns, type Steps } from './pause.ts';
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
export async function readSamples(
  input: Exclude<SamplesInput, SampleStream>,
  signal?: AbortSignal,
): Promise<Samples> {
  if (typeof input === 'object' && input !== null && 'bits' in input) {
    return inTurns(readBits(input), signal);
  }
  return checkMatrix(await toMatrix(input, signal), signal);
}

/** Numbers in memory, their shape checked, as samples. @throws MixtureError NON_FINITE */
export async function checkMatrix(
  { data, nSamples, nFeatures, mask, columnNames }: NamedMatrix & { mask?: Uint8Array | undefined },
  signal?: AbortSignal,
): Promise<Samples> {
  const missing = await inTurns(countMissing(data, mask, nFeatures), signal);
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

/** Numbers that are handled between two looks at the clock, and that a core's own cache holds as float64. */
const SLAB = 16384;

/** Samples of so many features in a slab. */
export const slabRows = (nFeatures: number): number => Math.max(1, Math.floor(SLAB / nFeatures));

/** Writes samples first .. first + count - 1 to `out` (count x D), NaN where they are missing. */
export function readRows(samples: Samples, first: number, count: number, out: Float64Array): void {
  const { data, nFeatures, mask, packed } = samples;
  if (packed) {
    for (let i = 0; i < count; i++) {
      readBitRow(packed, first + i, out.subarray(i * nFeatures, (i + 1) * nFeatures));
    }
    return;
  }
  const from = first * nFeatures;
  const length = count * nFeatures;
  out.set(data!.subarray(from, from + length));
  if (mask) for (let i = 0; i < length; i++) if (mask[from + i] === 0) out[i] = Number.NaN;
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

function* readBits({ bits, nSamples, nFeatures, mask }: BitMatrix): Steps<Samples> {
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
    if (n % 4096 === 4095) yield;
    if (((bits[at] | (mask?.[at] ?? 0)) & beyond) === 0) continue;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Sample ${n} has bits set beyond its ${nFeatures} features.`,
      'Leave the unused bits of the last word 0.',
      { sample: n, nFeatures },
    );
  }
  let missing = 0;
  if (mask) {
    missing = nSamples * nFeatures;
    for (let at = 0; at < length; at += SLAB, yield) {
      missing -= countBits(mask.subarray(at, at + SLAB));
    }
  }
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
export function* asBits(samples: Samples): Steps<BitMatrix> {
  if (samples.packed) return samples.packed;
  const { nSamples, nFeatures } = samples;
  const bits = new Uint32Array(nSamples * wordsOf(nFeatures));
  const mask = samples.missing > 0 ? allObserved(nSamples, nFeatures) : undefined;
  const rows = new Float64Array(slabRows(nFeatures) * nFeatures);
  const step = rows.length / nFeatures;
  for (let first = 0; first < nSamples; first += step, yield) {
    const count = Math.min(step, nSamples - first);
    readRows(samples, first, count, rows);
    packRows(rows, first, count, nFeatures, bits, mask);
  }
  return { bits, nSamples, nFeatures, mask };
}

function packRows(
  rows: Float64Array,
  first: number,
  count: number,
  nFeatures: number,
  bits: Uint32Array,
  mask: Uint32Array | undefined,
): void {
  const words = wordsOf(nFeatures);
  for (let n = first, i = 0; n < first + count; n++) {
    for (let d = 0; d < nFeatures; d++, i++) {
      const at = n * words + (d >> 5);
      if (rows[i] === 1) bits[at] |= 1 << (d & 31);
      else if (mask && Number.isNaN(rows[i])) mask[at] &= ~(1 << (d & 31));
    }
  }
}

/** Counts NaN and masked entries; refuses infinities. @param firstSample the number that an error gives the first of them */
export function* countMissing(
  data: NumericArray,
  mask: Uint8Array | undefined,
  nFeatures: number,
  firstSample = 0,
): Steps<number> {
  let missing = 0;
  for (let from = 0; from < data.length; from += SLAB, yield) {
    missing += countMissingIn(
      data,
      mask,
      nFeatures,
      from,
      Math.min(data.length, from + SLAB),
      firstSample,
    );
  }
  return missing;
}

function countMissingIn(
  data: NumericArray,
  mask: Uint8Array | undefined,
  nFeatures: number,
  from: number,
  end: number,
  firstSample: number,
): number {
  let missing = 0;
  for (let i = from; i < end; i++) {
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
