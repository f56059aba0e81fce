import { checkMatrix, readSamples, type Samples } from '../data/samples.ts';
import { isStream, type SamplesInput, type SampleStream } from '../data/sample-forms.ts';
import { partOfWeights, readSampleWeights, type SampleWeights } from '../data/sample-weights.ts';
import type { Context } from '../gpu/context.ts';
import { Dataset } from './dataset.ts';
import { cutChunks } from './device-chunks.ts';
import { inTurns, pacer } from '../data/pause.ts';
import {
  chunkSamplesOf,
  MEMORY_LIMIT,
  ofStream,
  partOf,
  requireLimit,
  wholeOf,
} from './streamed.ts';

/** What a dataset is made for; every option may be left out. */
export interface DatasetOptions {
  /** Where the samples go. Default: the CPU. */
  readonly context?: Context | undefined;
  /** One weight >= 0 a sample; default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /** Aborting it ends the checks and the upload with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** @internal cuts the device's chunks smaller than its limits ask; rounded up to whole slabs. A stream's: as they are */
  readonly maxChunkSamples?: number;
  /**
   * Streams only: bytes that its samples may take in memory, default 256 MiB. A larger stream is read anew for every pass, a chunk
   * at a time; see docs/beyond-memory.md.
   */
  readonly memoryLimit?: number | undefined;
  /**
   * What goes to the device at once; everything else does when a fit first asks for it. Default `'standardised'` (what Gaussian
   * mixtures read) for float samples, `'nothing'` for bits, counts and codes.
   */
  readonly upload?: 'standardised' | 'nothing';
}

/**
 * Checks, standardises and uploads samples once, so that several fits and predictions can share them.
 * @param samples any accepted form, see `SamplesInput`
 * @param options context, weights, and what to upload; see `DatasetOptions`
 * @throws MixtureError INVALID_SAMPLES, NON_FINITE, LIMIT_EXCEEDED, OUT_OF_MEMORY, DISPOSED
 */
export async function createDataset(
  samples: SamplesInput,
  options: DatasetOptions = {},
): Promise<Dataset> {
  const { context, sampleWeights, signal } = options;
  signal?.throwIfAborted();
  context?.assertUsable();
  if (isStream(samples)) return streamDataset(samples, options);
  return matrixDataset(await readSamples(samples, signal), sampleWeights, options);
}

async function matrixDataset(
  checked: Samples,
  sampleWeights: ArrayLike<number> | null | undefined,
  { context, signal, upload, maxChunkSamples }: DatasetOptions,
): Promise<Dataset> {
  const weights = await weightsOf(sampleWeights, checked.nSamples, signal);
  signal?.throwIfAborted();
  // bits, counts and codes stay what they are until somebody asks for standardised float32
  const floats = checked.data instanceof Float32Array || checked.data instanceof Float64Array;
  const eager = (upload ?? 'standardised') === 'standardised' && floats;
  const chunks =
    context?.backend === 'webgpu'
      ? await inTurns(cutChunks(checked, weights?.relative, context, maxChunkSamples), signal)
      : [];
  const dataset = new Dataset(checked, weights, context, chunks);
  if (!eager) return dataset;
  try {
    await dataset.findStandardisation(signal);
    await dataset.prepare({ layout: 'standardised', split: false }, signal);
    return dataset;
  } catch (error) {
    dataset.dispose();
    throw error;
  }
}

/** Samples of a stream: in memory where they fit there, else a chunk at a time; then its first reading is over. */
async function streamDataset(stream: SampleStream, options: DatasetOptions): Promise<Dataset> {
  const { context, signal, memoryLimit = MEMORY_LIMIT, maxChunkSamples } = options;
  const beside = options.sampleWeights as ArrayLike<number> | null | undefined;
  const given = beside === undefined || beside === null ? undefined : Float64Array.from(beside);
  requireLimit(memoryLimit);
  const { scanStream } = await import('../data/scan-stream.ts');
  const found = await scanStream(stream, {
    memoryLimit,
    sampleWeights: given,
    signal,
    pause: pacer(signal),
  });
  if (!('identity' in found)) {
    const matrix = await checkMatrix(found, signal);
    return matrixDataset(matrix, beside ?? found.sampleWeights, options);
  }
  const { nSamples } = found.identity;
  const weights = await weightsOf(beside ?? found.sampleWeights, nSamples, signal);
  const { sketch } = found;
  const own =
    weights && partOfWeights(Float64Array.from(sketch.samples, (n) => weights.relative[n]));
  const samples = partOf(found, sketch);
  const chunks =
    context?.backend === 'webgpu'
      ? await inTurns(cutChunks(samples, own?.relative, context, maxChunkSamples), signal)
      : [];
  const part = new Dataset(samples, own, context, chunks, ofStream(found));
  return new Dataset(wholeOf(found, samples), weights, context, [], {
    ...ofStream(found),
    sketch: part,
    streamed: {
      found,
      chunkSamples: maxChunkSamples ?? chunkSamplesOf(found),
      seen: partOf(found, found.withEnds),
    },
  });
}

const weightsOf = async (
  sampleWeights: ArrayLike<number> | null | undefined,
  nSamples: number,
  signal: AbortSignal | undefined,
): Promise<SampleWeights | undefined> =>
  sampleWeights === undefined || sampleWeights === null
    ? undefined
    : inTurns(readSampleWeights(sampleWeights, nSamples), signal);
