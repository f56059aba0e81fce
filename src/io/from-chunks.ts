import type { NumericArray, SampleStream, StreamChunk } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';

type Rows = NumericArray | readonly ArrayLike<number | null | undefined>[] | StreamChunk;

/**
 * Begins a reading: whole rows of numbers one after another, arrays of rows, or chunks.
 * @param options `signal`: aborted where the reading is given up
 */
export type ChunkFactory = (options: {
  readonly signal?: AbortSignal | undefined;
}) => AsyncIterable<Rows> | Iterable<Rows>;

/** What is known of the samples before the first reading. */
export interface ChunkOptions {
  /** D. */
  readonly nFeatures: number;
  /** Where known. */
  readonly nSamples?: number | undefined;
  /** Names of the D columns. */
  readonly columnNames?: readonly string[] | undefined;
}

/**
 * A stream from a function that begins a reading each time it is called, with the same samples in the same order.
 * @param factory called at the start of every reading
 * @param options what is known of the samples beforehand
 * @throws (the readings) MixtureError INVALID_SAMPLES for a chunk that is not of whole samples
 */
export function fromChunks(factory: ChunkFactory, options: ChunkOptions): SampleStream {
  const { nFeatures } = options;
  return {
    ...options,
    async *chunks(scope = {}) {
      let sample = 0;
      for await (const rows of factory(scope)) {
        const chunk = chunkOf(rows, nFeatures, sample);
        sample += chunk.nSamples;
        if (chunk.nSamples > 0) yield chunk;
      }
    },
  };
}

function chunkOf(rows: Rows, nFeatures: number, firstSample: number): StreamChunk {
  if ('data' in rows) return rows;
  if (!Array.isArray(rows)) {
    const data = rows as NumericArray;
    if (data.length % nFeatures === 0) {
      return { data, nSamples: data.length / nFeatures, nFeatures };
    }
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The chunk at sample ${firstSample} has ${data.length} numbers, which are no whole samples of ${nFeatures} features.`,
      'Cut chunks between samples.',
      { sample: firstSample, length: data.length, nFeatures },
    );
  }
  const list = rows as readonly ArrayLike<number | null | undefined>[];
  const data = new Float64Array(list.length * nFeatures);
  list.forEach((row, n) => {
    if (row.length !== nFeatures) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `Sample ${firstSample + n} has ${row.length} features where ${nFeatures} were promised.`,
        'Give every sample the same number of features.',
        { sample: firstSample + n, length: row.length, nFeatures },
      );
    }
    for (let d = 0; d < nFeatures; d++) {
      const value: unknown = row[d] ?? Number.NaN;
      if (typeof value !== 'number') {
        throw new MixtureError(
          'INVALID_SAMPLES',
          `Sample ${firstSample + n} has ${typeof value} ${JSON.stringify(value)} in column ${d}.`,
          'Give numbers; null, undefined or NaN where an entry is missing.',
          { sample: firstSample + n, feature: d },
        );
      }
      data[n * nFeatures + d] = value;
    }
  });
  return { data, nSamples: list.length, nFeatures };
}
