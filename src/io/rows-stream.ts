import type { NumericArray, SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { atSample, readBlocks, sourceFailed, type ByteSource } from './byte-source.ts';

/** Bytes read at a time. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** Little-endian numbers by NumPy's names, as machines that run JavaScript hold them. */
const ARRAYS = {
  f4: Float32Array,
  f8: Float64Array,
  u1: Uint8Array,
  b1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
} as const;

export type NumberType = keyof typeof ARRAYS;

export const isNumberType = (name: string): name is NumberType => name in ARRAYS;

/** Rows of numbers that lie one after another in a file. */
export interface RowLayout {
  readonly type: NumberType;
  /** Bytes before the first row. */
  readonly offset: number;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/**
 * Samples of a binary file: nothing is parsed, blocks of bytes are the numbers.
 * @throws MixtureError SOURCE_FAILED where the file is shorter than its layout says
 */
export function rowsStream(source: ByteSource, layout: RowLayout): SampleStream {
  const { type, offset, nSamples, nFeatures } = layout;
  const NumberArray = ARRAYS[type];
  const rowBytes = NumberArray.BYTES_PER_ELEMENT * nFeatures;
  const end = offset + nSamples * rowBytes;
  const sampleOf = (byte: number): number => Math.max(0, Math.floor((byte - offset) / rowBytes));
  if (source.size < end) {
    throw atSample(
      sourceFailed(
        source,
        source.size,
        `the file ends here, and has ${nSamples} samples by its header`,
      ),
      sampleOf,
    );
  }
  return {
    nSamples,
    nFeatures,
    async *chunks({ signal } = {}) {
      const block = Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)) * rowBytes;
      try {
        for await (const { bytes } of readBlocks(source, offset, end, block, signal)) {
          const data: NumericArray = new NumberArray(
            bytes.buffer as ArrayBuffer,
            bytes.byteOffset,
            bytes.byteLength / NumberArray.BYTES_PER_ELEMENT,
          );
          yield { data, nSamples: data.length / nFeatures, nFeatures };
        }
      } catch (error) {
        throw atSample(error, sampleOf);
      }
    },
  };
}

/** Rows without a header. @throws MixtureError INVALID_OPTION, INVALID_SAMPLES, SOURCE_FAILED */
export function rawStream(
  source: ByteSource,
  type: 'f4' | 'f8',
  nFeatures: number | undefined,
): SampleStream {
  if (nFeatures === undefined || !(Number.isInteger(nFeatures) && nFeatures > 0)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `How many features a sample of ${source.name} has is not given.`,
      'Give nFeatures: rows of plain numbers do not tell.',
      { option: 'nFeatures', value: nFeatures },
    );
  }
  const rowBytes = ARRAYS[type].BYTES_PER_ELEMENT * nFeatures;
  const nSamples = Math.floor(source.size / rowBytes);
  if (nSamples * rowBytes !== source.size) {
    const at = nSamples * rowBytes;
    throw new MixtureError(
      'SOURCE_FAILED',
      `${source.name}, byte ${at} (sample ${nSamples}): the last sample has ${source.size - at} of ${rowBytes} bytes.`,
      `Look whether the file is whole, and has ${nFeatures} features a sample.`,
      { source: source.name, byte: at, sample: nSamples },
    );
  }
  return rowsStream(source, { type, offset: 0, nSamples, nFeatures });
}
