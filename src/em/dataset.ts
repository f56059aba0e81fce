import {
  readSamples,
  readSampleWeights,
  type Samples,
  type SamplesInput,
} from '../data/samples.ts';
import { standardise, type Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import type { Context } from '../gpu/context.ts';
import { findDecorrelation } from './decorrelation.ts';
import { uploadChunks, type DeviceChunk } from './device-samples.ts';

export interface DatasetOptions {
  /** Where the samples go. Default: the CPU. */
  readonly context?: Context | undefined;
  /** One weight >= 0 a sample; default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** @internal cuts the device's chunks smaller than its limits ask; rounded up to whole slabs */
  readonly maxChunkSamples?: number;
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
  /** Column means, D, in the user's units. */
  readonly columnMeans: Float64Array;
  /** Column standard deviations (divisor N), D; 1 for a constant column. */
  readonly columnScales: Float64Array;
  /** Columns that hold one value only: allowed, and their variance is `regCovar` alone. */
  readonly constantColumns: readonly number[];
  /** Sum of the sample weights: N without weights. */
  readonly totalWeight: number;
  /** @internal */
  readonly samples: Samples;
  /** @internal */
  readonly standardisation: Standardisation;
  /** @internal scaled to sum N; undefined where all are equal */
  readonly relativeWeights: Float64Array | undefined;
  /** @internal */
  readonly deviceChunks: readonly DeviceChunk[];
  #disposed = false;
  #decorrelation: { readonly factor: Float64Array | undefined } | undefined;

  /** @internal use `createDataset` */
  constructor(
    samples: Samples,
    standardisation: Standardisation,
    sampleWeights: Float64Array | undefined,
    relativeWeights: Float64Array | undefined,
    context: Context | undefined,
    deviceChunks: readonly DeviceChunk[],
  ) {
    this.samples = samples;
    this.nSamples = samples.nSamples;
    this.nFeatures = samples.nFeatures;
    this.standardisation = standardisation;
    this.columnMeans = standardisation.means;
    this.columnScales = standardisation.scales;
    this.constantColumns = standardisation.constantColumns;
    this.totalWeight = sampleWeights?.reduce((sum, weight) => sum + weight, 0) ?? samples.nSamples;
    this.relativeWeights = relativeWeights;
    this.context = context;
    this.deviceChunks = deviceChunks;
  }

  /**
   * On WebGPU, the samples as the kernels read them (else empty): float32 (x - columnMeans) / columnScales, feature-major
   * within a chunk; feature d of sample firstSample + i is `values[d * stride + i]`. For a caller's own pipelines, read-only.
   */
  get chunks(): readonly DatasetChunk[] {
    return this.deviceChunks.map(({ values, firstSample, nSamples, stride }) => ({
      values,
      firstSample,
      nSamples,
      stride,
    }));
  }

  /** Writes one sample in standardised float64 to `out` (D). @internal */
  readStandardised(sample: number, out: Float64Array): void {
    const { nFeatures } = this;
    const { data } = this.samples;
    const { means, scales } = this.standardisation;
    for (let d = 0, i = sample * nFeatures; d < nFeatures; d++, i++)
      out[d] = (data[i] - means[d]) / scales[d];
  }

  /** @internal see decorrelation.ts; looked for once */
  get decorrelation(): Float64Array | undefined {
    this.#decorrelation ??= { factor: findDecorrelation(this) };
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
  const checked = await readSamples(samples);
  const standardisation = standardise(checked);
  if (![...standardisation.means, ...standardisation.scales].every(Number.isFinite)) {
    const column = standardisation.scales.findIndex(
      (scale, d) => !Number.isFinite(scale + standardisation.means[d]),
    );
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The spread of column ${column} is beyond what float64 holds.`,
      'Divide the column by a power of ten.',
      { column },
    );
  }
  let weights: Float64Array | undefined;
  let relative: Float64Array | undefined;
  if (sampleWeights) {
    weights = readSampleWeights(sampleWeights, checked.nSamples);
    const mean = weights.reduce((sum, weight) => sum + weight, 0) / checked.nSamples;
    relative = weights.map((weight) => weight / mean);
  }
  signal?.throwIfAborted();
  const chunks =
    context?.backend === 'webgpu'
      ? await uploadChunks(
          checked,
          standardisation,
          relative,
          context,
          options.maxChunkSamples,
          signal,
        )
      : [];
  return new Dataset(checked, standardisation, weights, relative, context, chunks);
}
