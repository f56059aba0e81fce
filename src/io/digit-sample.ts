import { MixtureError } from '../errors.ts';
import type { BinaryImages } from './binarise.ts';
import { gunzip } from './gzip.ts';

/** The layout of src/app/digits/digits.bits.gz: see digits.md beside it. */
const LAYOUT = { nTrain: 2000, nTest: 500, rows: 28, columns: 28 };

export interface DigitSample {
  readonly rows: number;
  readonly columns: number;
  readonly train: BinaryImages & { readonly labels: Uint8Array };
  readonly test: BinaryImages & { readonly labels: Uint8Array };
}

/**
 * Reads the sample of MNIST that the repository holds: 2,000 digits to fit and 500 others, packed 32 pixels a word.
 * @throws MixtureError INVALID_SAMPLES where the bytes are not that file
 */
export async function readDigitSample(bytes: Uint8Array<ArrayBuffer>): Promise<DigitSample> {
  const unpacked = await gunzip(bytes);
  const { nTrain, nTest, rows, columns } = LAYOUT;
  const nFeatures = rows * columns;
  const words = Math.ceil(nFeatures / 32);
  const nDigits = nTrain + nTest;
  if (unpacked.length !== nDigits * (words * 4 + 1)) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The sample of digits holds ${unpacked.length} bytes after decompression, not ${nDigits * (words * 4 + 1)}.`,
      'Make it again with src/app/digits/make-digits.mjs.',
      { bytes: unpacked.length },
    );
  }
  const bits = new Uint32Array(unpacked.buffer, unpacked.byteOffset, nDigits * words);
  const labels = unpacked.subarray(nDigits * words * 4);
  const part = (begin: number, end: number) => ({
    bits: bits.subarray(begin * words, end * words),
    nSamples: end - begin,
    nFeatures,
    labels: labels.subarray(begin, end),
  });
  return { rows, columns, train: part(0, nTrain), test: part(nTrain, nDigits) };
}
