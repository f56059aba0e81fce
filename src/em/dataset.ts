import type { BitMatrix } from '../data/bits.ts';
import { asBits, checkMatrix, readRow, readSamples, type Samples } from '../data/samples.ts';
import { isStream, type SamplesInput, type SampleStream } from '../data/sample-forms.ts';
import { scanStream } from '../data/scan-stream.ts';
import { readSampleWeights } from '../data/sample-weights.ts';
import {
  identityStandardisation,
  standardise,
  type Standardisation,
} from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import { findDecorrelation } from './decorrelation.ts';
import { cutChunks, type DeviceChunk } from './device-chunks.ts';
import { uploadPlanes, type PlaneRequest } from './device-samples.ts';
import { pacer } from './pause.ts';
import {
  chunkSamplesOf,
  MEMORY_LIMIT,
  ofStream,
  partOf,
  requireLimit,
  wholeOf,
  type PartOfStream,
  type Streamed,
} from './streamed.ts';

export interface DatasetOptions {
  /** Where the samples go. Default: the CPU. */
  readonly context?: Context | undefined;
  /** One weight >= 0 a sample; default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
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

/** The part of a chunk that a caller's own pipelines may read; see `Dataset.chunks`. */
export interface DatasetChunk {
  readonly values: GPUBuffer;
  readonly firstSample: number;
  readonly nSamples: number;
  readonly stride: number;
}

/**
 * Samples checked, standardised and, on WebGPU, uploaded: made once, used by any number of fits and predictions.
 * The caller's array is kept by reference and only read; do not change it while the dataset is in use.
 */
export class Dataset {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly context: Context | undefined;
  /** Sum of the sample weights: N without weights. */
  readonly totalWeight: number;
  /** How many entries are missing. */
  readonly missing: number;
  /** @internal */
  readonly samples: Samples;
  /** @internal as given; undefined where each is 1 */
  readonly sampleWeights: Float64Array | undefined;
  /** @internal scaled to sum N; undefined where all are equal */
  readonly relativeWeights: Float64Array | undefined;
  /** @internal */
  readonly deviceChunks: readonly DeviceChunk[];
  /** @internal what is known of the stream that the samples are of; undefined where they are no stream's */
  readonly of: PartOfStream | undefined;
  #disposed = false;
  #standardisation: Standardisation | undefined;
  #decorrelation: { readonly factor: Float64Array | undefined } | undefined;
  #bits: BitMatrix | undefined;
  readonly #identity: Standardisation;

  /** @internal use `createDataset` */
  constructor(
    samples: Samples,
    sampleWeights: Float64Array | undefined,
    relativeWeights: Float64Array | undefined,
    context: Context | undefined,
    deviceChunks: readonly DeviceChunk[],
    of?: PartOfStream,
  ) {
    this.of = of;
    this.samples = samples;
    this.sampleWeights = sampleWeights;
    this.nSamples = samples.nSamples;
    this.nFeatures = samples.nFeatures;
    this.missing = of?.missing ?? samples.missing;
    this.totalWeight = sampleWeights?.reduce((sum, weight) => sum + weight, 0) ?? samples.nSamples;
    this.relativeWeights = relativeWeights;
    this.context = context;
    this.deviceChunks = deviceChunks;
    this.#identity = identityStandardisation(samples.nFeatures);
  }

  /** @internal found once, in float64 */
  get standardisation(): Standardisation {
    this.#standardisation ??=
      this.of?.standardisation ?? standardise(this.samples, this.relativeWeights);
    return this.#standardisation;
  }

  /** @internal set where the samples are not in memory but come by a chunk at a time */
  get streamed(): Streamed | undefined {
    return this.of?.streamed;
  }

  /** @internal N, of all samples of the stream where these are a part of one */
  get wholeSamples(): number {
    return this.of?.nSamples ?? this.nSamples;
  }

  /** @internal what families look at before a fit: of a stream, its sketch and the samples at the ends of its columns */
  get forFamilies(): Samples {
    return this.streamed?.seen ?? this.samples;
  }

  /** @internal samples to begin from, at most 65,536 of a stream: all others where they are in memory */
  get forStarts(): Dataset {
    return this.of?.sketch && this.streamed ? this.of.sketch : this;
  }

  /** @internal the samples, all 0, 1 or missing, packed 32 to a word: made once */
  get bits(): BitMatrix {
    this.#bits ??= asBits(this.samples);
    return this.#bits;
  }

  /** Column means, D, in the user's units; 0 for a column without observed entries. */
  get columnMeans(): Float64Array {
    return this.standardisation.means;
  }

  /** Column standard deviations (divisor N), D; 1 for a constant column. */
  get columnScales(): Float64Array {
    return this.standardisation.scales;
  }

  /** Columns that hold one value only: allowed, and a Gaussian's variance there is `regCovar` alone. */
  get constantColumns(): readonly number[] {
    return this.standardisation.constantColumns;
  }

  /**
   * On WebGPU, the samples as the Gaussian kernels read them (else empty): float32 (x - columnMeans) / columnScales,
   * feature-major within a chunk; feature d of sample firstSample + i is `values[d * stride + i]`, -3e38 where it is missing.
   * For a caller's own pipelines, read-only.
   */
  get chunks(): readonly DatasetChunk[] {
    return this.deviceChunks.map((chunk) => ({
      values: this.planes(chunk, { layout: 'standardised', split: false })[0],
      firstSample: chunk.firstSample,
      nSamples: chunk.nSamples,
      stride: chunk.stride,
    }));
  }

  /** @internal the map into a family's coordinates */
  standardisationFor({ coordinates }: Pick<Family, 'coordinates'>): Standardisation {
    return coordinates === 'raw' ? this.#identity : this.standardisation;
  }

  /** Writes one sample in a family's coordinates to `out` (D), NaN where it is missing. @internal */
  read(sample: number, standardisation: Standardisation, out: Float64Array): void {
    readRow(this.samples, sample, out);
    if (standardisation === this.#identity) return;
    const { means, scales } = standardisation;
    for (let d = 0; d < out.length; d++) out[d] = (out[d] - means[d]) / scales[d];
  }

  /** Writes one sample in standardised float64 to `out` (D). @internal */
  readStandardised(sample: number, out: Float64Array): void {
    this.read(sample, this.standardisation, out);
  }

  /** @internal a chunk's samples in a layout, uploaded when first asked for */
  planes(chunk: DeviceChunk, request: PlaneRequest): GPUBuffer[] {
    this.of?.slot?.note(request);
    return uploadPlanes(this, chunk, request);
  }

  /** @internal uploads a layout, a chunk at a time. @throws MixtureError OUT_OF_MEMORY, LIMIT_EXCEEDED */
  async prepare(request: PlaneRequest, signal?: AbortSignal): Promise<void> {
    const { context, nSamples, nFeatures } = this;
    if (context?.backend !== 'webgpu') return;
    const { device } = context.gpu();
    const pause = pacer(signal);
    device.pushErrorScope('out-of-memory');
    let failure: GPUError | null = null;
    try {
      for (const chunk of this.deviceChunks) {
        this.planes(chunk, request);
        await pause();
      }
    } finally {
      failure = await context.settle(device.popErrorScope());
    }
    if (failure) {
      throw new MixtureError(
        'OUT_OF_MEMORY',
        `The device has no room for ${nSamples} samples of ${nFeatures} features (${nSamples * nFeatures * 4} bytes).`,
        'Fit a random part of the samples, or use the CPU (backend: "cpu").',
        { bytes: nSamples * nFeatures * 4, message: failure.message },
      );
    }
  }

  /** @internal see decorrelation.ts; looked for once */
  get decorrelation(): Float64Array | undefined {
    this.#decorrelation ??= {
      factor: this.of?.sketch ? this.of.sketch.decorrelation : findDecorrelation(this),
    };
    return this.#decorrelation.factor;
  }

  /** @internal @throws MixtureError DISPOSED */
  assertUsable(): void {
    if (this.#disposed) {
      throw new MixtureError(
        'DISPOSED',
        'This dataset has been disposed.',
        'Make a new one with createDataset().',
      );
    }
    this.context?.assertUsable();
  }

  /**
   * @internal A dataset is computed on where it was made: another context beside it would be ignored.
   * @throws MixtureError INVALID_OPTION, DISPOSED
   */
  assertMadeFor(context: Context | undefined): void {
    this.assertUsable();
    const bothCpu = context?.backend === 'cpu' && (this.context?.backend ?? 'cpu') === 'cpu';
    if (context === undefined || context === this.context || bothCpu) return;
    const made = this.context?.backend ?? 'cpu';
    throw new MixtureError(
      'INVALID_OPTION',
      `The dataset was made for another context (${made}) than the one given (${context.backend}).`,
      'Leave the context out, or make the dataset with createDataset(samples, { context }).',
      { made, given: context.backend },
    );
  }

  /** Frees the device's copy. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const chunk of this.deviceChunks) chunk.dispose();
    if (this.streamed) this.of?.sketch?.dispose();
  }
}

/**
 * Checks, standardises and uploads samples once, so that several fits and predictions can share them.
 * @param samples any accepted form, see `SamplesInput`
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
  return matrixDataset(await readSamples(samples), sampleWeights, options);
}

async function matrixDataset(
  checked: Samples,
  sampleWeights: ArrayLike<number> | undefined,
  { context, signal, upload, maxChunkSamples }: DatasetOptions,
): Promise<Dataset> {
  const { weights, relative } = readWeights(sampleWeights, checked.nSamples);
  signal?.throwIfAborted();
  // bits, counts and codes stay what they are until somebody asks for standardised float32
  const floats = checked.data instanceof Float32Array || checked.data instanceof Float64Array;
  const eager = (upload ?? 'standardised') === 'standardised' && floats;
  const chunks =
    context?.backend === 'webgpu' ? cutChunks(checked, relative, context, maxChunkSamples) : [];
  const dataset = new Dataset(checked, weights, relative, context, chunks);
  if (!eager) return dataset;
  try {
    void dataset.standardisation;
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
  const found = await scanStream(stream, {
    memoryLimit,
    sampleWeights: given,
    signal,
    pause: pacer(signal),
  });
  if (given && found.sampleWeights) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      'Sample weights were given beside a stream whose chunks have their own.',
      'Give one of the two.',
    );
  }
  if (!('identity' in found)) {
    return matrixDataset(checkMatrix(found), beside ?? found.sampleWeights, options);
  }
  const { weights, relative } = readWeights(beside ?? found.sampleWeights, found.identity.nSamples);
  const { sketch } = found;
  const ownWeights = relative && Float64Array.from(sketch.samples, (n) => relative[n]);
  const samples = partOf(found, sketch);
  const chunks =
    context?.backend === 'webgpu' ? cutChunks(samples, ownWeights, context, maxChunkSamples) : [];
  const part = new Dataset(samples, undefined, ownWeights, context, chunks, ofStream(found));
  return new Dataset(wholeOf(found, samples), weights, relative, context, [], {
    ...ofStream(found),
    sketch: part,
    streamed: {
      found,
      chunkSamples: maxChunkSamples ?? chunkSamplesOf(found),
      seen: partOf(found, found.withEnds),
    },
  });
}

/** Weights as given, and scaled to sum N. */
function readWeights(
  sampleWeights: ArrayLike<number> | null | undefined,
  nSamples: number,
): { weights: Float64Array | undefined; relative: Float64Array | undefined } {
  if (sampleWeights === undefined || sampleWeights === null) {
    return { weights: undefined, relative: undefined };
  }
  const weights = readSampleWeights(sampleWeights, nSamples);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / nSamples;
  return { weights, relative: weights.map((weight) => weight / mean) };
}
