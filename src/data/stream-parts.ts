import { MixtureError } from '../errors.ts';
import { readMask } from './mask.ts';
import { inTurns, type Steps } from './pause.ts';
import {
  checkShape,
  fromMatrix,
  type NamedMatrix,
  type NumericArray,
  type SampleStream,
  type StreamChunk,
} from './sample-forms.ts';
import { countMissing } from './samples.ts';

/** A chunk of a stream, checked. Its arrays are the source's: to be read before the next part is asked for. */
export interface StreamPart {
  readonly firstSample: number;
  readonly nSamples: number;
  readonly nFeatures: number;
  /** Row-major, NaN where missing. */
  readonly data: NumericArray;
  readonly sampleWeights: ArrayLike<number> | undefined;
  readonly missing: number;
}

/** Whether float32 holds every number of a typed array. */
export const fitsFloat32 = (data: NumericArray): boolean =>
  !(data instanceof Float64Array || data instanceof Int32Array || data instanceof Uint32Array);

/**
 * The chunks of a stream, from the first sample on, each checked as samples in memory are.
 * @param checkNumbers whether to look for infinities and count what is missing: a second reading need not
 * @throws MixtureError INVALID_SAMPLES, NON_FINITE (with the sample's number in the stream); SOURCE_FAILED with `details.sample`, the
 *   first that could not be read, where the source throws; the signal's reason
 */
export async function* readParts(
  stream: SampleStream,
  signal?: AbortSignal,
  checkNumbers = true,
): AsyncGenerator<StreamPart, void> {
  let firstSample = 0;
  let nFeatures = stream.nFeatures;
  const iterator = openChunks(stream, signal);
  let ended = false;
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { done, value } = await nextChunk(iterator, firstSample, signal).catch(
        (error: unknown) => {
          ended = true;
          throw error;
        },
      );
      if (done === true) {
        ended = true;
        return;
      }
      const steps = checkPart(value, firstSample, nFeatures, checkNumbers);
      const part = await inTurns(steps, signal);
      nFeatures = part.nFeatures;
      yield part;
      firstSample += part.nSamples;
    }
  } finally {
    // (a source that has ended or thrown has closed itself)
    if (!ended) await iterator.return?.();
  }
}

type Chunks = Iterator<StreamChunk> | AsyncIterator<StreamChunk>;

function openChunks(stream: SampleStream, signal: AbortSignal | undefined): Chunks {
  const chunks = stream.chunks({ signal });
  return Symbol.asyncIterator in chunks
    ? chunks[Symbol.asyncIterator]()
    : chunks[Symbol.iterator]();
}

async function nextChunk(
  iterator: Chunks,
  sample: number,
  signal: AbortSignal | undefined,
): Promise<IteratorResult<StreamChunk>> {
  try {
    return await iterator.next();
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MixtureError) throw error;
    const cause = error instanceof Error ? error.message : String(error);
    throw new MixtureError(
      'SOURCE_FAILED',
      `The source of the samples failed at sample ${sample}: ${cause}`,
      'Mend the source and go on from details.mixture (warmStart), where there is one.',
      { sample },
      error,
    );
  }
}

function* checkPart(
  chunk: StreamChunk,
  firstSample: number,
  expected: number | undefined,
  checkNumbers: boolean,
): Steps<StreamPart> {
  const matrix = yield* fromMatrix(chunk);
  checkShape(matrix, firstSample);
  const { nSamples, nFeatures } = matrix;
  if (expected !== undefined && nFeatures !== expected) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The chunk at sample ${firstSample} has ${nFeatures} features where the first has ${expected}.`,
      'Give every chunk the same number of features.',
      { sample: firstSample, nFeatures },
    );
  }
  const mask = yield* readMask(matrix.mask, matrix.data.length);
  const missing = checkNumbers ? yield* countMissing(matrix.data, mask, nFeatures, firstSample) : 0;
  const data = mask ? withoutMasked(matrix.data, mask) : matrix.data;
  const { sampleWeights } = chunk;
  if (sampleWeights && sampleWeights.length !== nSamples) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The chunk at sample ${firstSample} has ${sampleWeights.length} sample weights for ${nSamples} samples.`,
      'Give one weight a sample.',
      { sample: firstSample, length: sampleWeights.length, nSamples },
    );
  }
  return { firstSample, nSamples, nFeatures, data, sampleWeights, missing };
}

/** A copy that can hold NaN, with NaN where the mask says missing. */
function withoutMasked(data: NumericArray, mask: Uint8Array): NumericArray {
  const copy = fitsFloat32(data) ? Float32Array.from(data) : Float64Array.from(data);
  for (let i = 0; i < mask.length; i++) if (mask[i] === 0) copy[i] = Number.NaN;
  return copy;
}

/** Parts one after another in one array: float32 where that holds every number. The parts' arrays are left alone. */
export function joinParts(
  parts: readonly Pick<StreamPart, 'data' | 'nSamples' | 'nFeatures' | 'sampleWeights'>[],
  columnNames: readonly string[] | undefined,
): NamedMatrix & { mask: undefined; sampleWeights: Float64Array | undefined } {
  const nFeatures = parts[0]?.nFeatures ?? 0;
  const nSamples = parts.reduce((sum, part) => sum + part.nSamples, 0);
  const length = nSamples * nFeatures;
  const single = parts.every(({ data }) => fitsFloat32(data));
  const data = single ? new Float32Array(length) : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return {
    data,
    nSamples,
    nFeatures,
    mask: undefined,
    columnNames,
    sampleWeights: joinWeights(parts, nSamples),
  };
}

/** Weights of all chunks; undefined where none has any. @throws MixtureError INVALID_SAMPLES where only some have */
export function joinWeights(
  parts: readonly Pick<StreamPart, 'nSamples' | 'sampleWeights'>[],
  nSamples: number,
): Float64Array | undefined {
  const weighted = parts.filter(({ sampleWeights }) => sampleWeights);
  if (weighted.length === 0) return undefined;
  if (weighted.length < parts.length) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${weighted.length} of ${parts.length} chunks have sample weights.`,
      'Give sample weights with every chunk, or with none.',
      { weighted: weighted.length, chunks: parts.length },
    );
  }
  const weights = new Float64Array(nSamples);
  let at = 0;
  for (const part of parts) {
    weights.set(part.sampleWeights!, at);
    at += part.nSamples;
  }
  return weights;
}
