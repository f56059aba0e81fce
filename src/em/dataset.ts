import type { BitMatrix } from '../data/bits.ts';
import { asBits, readRow, type Samples } from '../data/samples.ts';
import type { SampleWeights } from '../data/sample-weights.ts';
import {
  identityStandardisation,
  standardise,
  standardising,
  type Standardisation,
} from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import { Clock } from '../gpu/clock.ts';
import type { Context } from '../gpu/context.ts';
import { findDecorrelation } from './decorrelation.ts';
import type { DeviceChunk } from './device-chunks.ts';
import { hasPlanes, uploadPlanes, type PlaneRequest } from './device-samples.ts';
import { atOnce, inTurns } from '../data/pause.ts';
import type { PartOfStream, Streamed } from './streamed.ts';

/** The part of a chunk that a caller's own pipelines may read; see `Dataset.chunks`. */
export interface DatasetChunk {
  /** Standardised samples, f32; see `Dataset.chunks` for their layout. */
  readonly values: GPUBuffer;
  /** Number of its first sample in the dataset. */
  readonly firstSample: number;
  /** Samples in it. */
  readonly nSamples: number;
  /** Elements from one feature to the next. */
  readonly stride: number;
}

/**
 * Samples checked, standardised and, on WebGPU, uploaded: made once, used by any number of fits and predictions.
 * The caller's array is kept by reference and only read; do not change it while the dataset is in use.
 */
export class Dataset {
  /** N. */
  readonly nSamples: number;
  /** D. */
  readonly nFeatures: number;
  /** What it was made for; undefined: the CPU. */
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
  /** @internal the largest of those; 1 without */
  readonly largestWeight: number;
  /** @internal samples of weight above 0 */
  readonly weighing: number;
  /** @internal */
  readonly deviceChunks: readonly DeviceChunk[];
  /** @internal what is known of the stream that the samples are of; undefined where they are no stream's */
  readonly of: PartOfStream | undefined;
  /** @internal runs while the columns' moments are found */
  readonly checking = new Clock();
  /** @internal runs while samples are brought to the device */
  readonly uploading = new Clock();
  #turn: Promise<unknown> = Promise.resolve();
  #disposed = false;
  #standardisation: Standardisation | undefined;
  #decorrelation: { readonly factor: Float64Array | undefined } | undefined;
  #bits: BitMatrix | undefined;
  readonly #owned: { dispose(): void }[] = [];
  readonly #identity: Standardisation;

  /** @internal use `createDataset` */
  constructor(
    samples: Samples,
    weights: SampleWeights | undefined,
    context: Context | undefined,
    deviceChunks: readonly DeviceChunk[],
    of?: PartOfStream,
  ) {
    this.of = of;
    this.samples = samples;
    this.sampleWeights = weights?.given;
    this.relativeWeights = weights?.relative;
    this.largestWeight = weights?.largest ?? 1;
    this.weighing = weights?.positive ?? samples.nSamples;
    this.nSamples = samples.nSamples;
    this.nFeatures = samples.nFeatures;
    this.missing = of?.missing ?? samples.missing;
    this.totalWeight = weights?.total ?? samples.nSamples;
    this.context = context;
    this.deviceChunks = deviceChunks;
    this.#identity = identityStandardisation(samples.nFeatures);
  }

  /** @internal found once, in float64; at one go where `findStandardisation` did not find it before */
  get standardisation(): Standardisation {
    this.#standardisation ??=
      this.of?.standardisation ?? standardise(this.samples, this.relativeWeights);
    return this.#standardisation;
  }

  /** @internal the same with turns of the event loop */
  async findStandardisation(signal?: AbortSignal): Promise<Standardisation> {
    this.#standardisation ??=
      this.of?.standardisation ??
      (await this.checking.during(() =>
        inTurns(standardising(this.samples, this.relativeWeights), signal),
      ));
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
    this.#bits ??= atOnce(asBits(this.samples));
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

  /** @internal a chunk's samples in a layout, uploaded at one go where `prepare` has not done it */
  planes(chunk: DeviceChunk, request: PlaneRequest): GPUBuffer[] {
    this.of?.slot?.note(request);
    return atOnce(uploadPlanes(this, chunk, request));
  }

  /**
   * @internal Uploads a layout where it is not there yet, with turns of the event loop; one layout after another.
   * @throws MixtureError OUT_OF_MEMORY, LIMIT_EXCEEDED, DISPOSED
   */
  async prepare(request: PlaneRequest, signal?: AbortSignal): Promise<void> {
    if (this.context?.backend !== 'webgpu') return;
    if (this.deviceChunks.every((chunk) => hasPlanes(this, chunk, request))) return;
    const work = this.#turn.then(() => this.uploading.during(() => this.#upload(request, signal)));
    this.#turn = work.catch(() => {});
    await work;
  }

  async #upload(request: PlaneRequest, signal?: AbortSignal): Promise<void> {
    if (request.layout === 'standardised') await this.findStandardisation(signal);
    if (request.layout === 'bits') this.#bits ??= await inTurns(asBits(this.samples), signal);
    for (const chunk of this.deviceChunks) {
      await inTurns(uploadPlanes(this, chunk, request), signal);
      const refused = await chunk.refused();
      this.assertUsable();
      if (!refused) continue;
      const { nSamples, nFeatures } = this;
      throw new MixtureError(
        'OUT_OF_MEMORY',
        `The device has no room for ${nSamples} samples of ${nFeatures} features (${nSamples * nFeatures * 4} bytes).`,
        'Fit a random part of the samples, or use the CPU (backend: "cpu").',
        { bytes: nSamples * nFeatures * 4, message: refused.message },
      );
    }
  }

  /** @internal see decorrelation.ts; looked for once, at one go where `findDecorrelation` did not before */
  get decorrelation(): Float64Array | undefined {
    this.#decorrelation ??= {
      factor: this.of?.sketch ? this.of.sketch.decorrelation : atOnce(findDecorrelation(this)),
    };
    return this.#decorrelation.factor;
  }

  /** @internal the same with turns of the event loop */
  async findDecorrelation(signal?: AbortSignal): Promise<void> {
    await this.findStandardisation(signal);
    const { sketch } = this.of ?? {};
    await sketch?.findDecorrelation(signal);
    this.#decorrelation ??= {
      factor: sketch ? sketch.decorrelation : await inTurns(findDecorrelation(this), signal),
    };
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

  /** @internal something to be freed with the dataset; at once where that is gone */
  own(item: { dispose(): void }): void {
    if (this.#disposed) item.dispose();
    else this.#owned.push(item);
  }

  /** Frees the copies on the device or on worker threads. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const chunk of this.deviceChunks) chunk.dispose();
    if (this.streamed) this.of?.sketch?.dispose();
    for (const item of this.#owned.splice(0)) item.dispose();
  }
}
