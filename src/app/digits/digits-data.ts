import type { BinaryImages } from '../../io/binarise.ts';
import { readDigitSample } from '../../io/digit-sample.ts';
import packedDigits from './digits.bits.gz?url';
import { count } from '../shared/format.ts';

/** Black and white images with their labels, where these are known. */
export interface DigitSet extends BinaryImages {
  readonly labels: Uint8Array | undefined;
}

/** What the page works on: digits to fit, and others to complete. */
export interface DigitData {
  /** Named in the menu. */
  readonly name: string;
  /** Pixel (row r, column c) is feature r * columns + c. */
  readonly rows: number;
  readonly columns: number;
  readonly train: DigitSet;
  readonly test: DigitSet;
  /** Whether the test digits are the end of the training file, kept out of the fit. */
  readonly heldOut: boolean;
}

/** The digits that come with the page. */
export async function bundledDigits(): Promise<DigitData> {
  const response = await fetch(packedDigits);
  if (!response.ok) throw new Error(`${packedDigits}: ${response.status} ${response.statusText}`);
  const sample = await readDigitSample(new Uint8Array(await response.arrayBuffer()));
  return { name: 'MNIST, a sample', heldOut: false, ...sample };
}

/** The images from `begin` up to `end`, without a copy. */
export function slice(set: DigitSet, begin: number, end: number): DigitSet {
  const words = Math.ceil(set.nFeatures / 32);
  return {
    bits: set.bits.subarray(begin * words, end * words),
    nSamples: end - begin,
    nFeatures: set.nFeatures,
    labels: set.labels?.subarray(begin, end),
  };
}

/** One image, a byte a pixel: 0 or 1. */
export function pixelsOf({ bits, nFeatures }: BinaryImages, image: number): Uint8Array {
  const first = image * Math.ceil(nFeatures / 32);
  return Uint8Array.from(
    { length: nFeatures },
    (_, d) => (bits[first + (d >> 5)] >>> (d & 31)) & 1,
  );
}

/** "2,000 digits to fit, 500 others to complete." */
export function describeData({ train, test, heldOut, rows, columns }: DigitData): string {
  const size = rows === 28 && columns === 28 ? '' : ` of ${rows} x ${columns}`;
  const others = heldOut
    ? 'the last of the file, left out of the fit, to complete'
    : 'others to complete';
  return `${count(train.nSamples)} digits${size} to fit; ${count(test.nSamples)} ${others}.`;
}
