import { MixtureError } from '../errors.ts';
import type { DeviceTwin } from '../families/device-twin.ts';
import type { Family } from '../families/family.ts';
import { BindGroups } from '../gpu/bind-groups.ts';
import { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Kernel } from '../gpu/kernel.ts';
import { runWorks, type ReadSource } from '../gpu/run-works.ts';
import type { Work } from '../gpu/work-queue.ts';
import type { Dataset } from './dataset.ts';
import { planeRequest, type Model } from './device-model.ts';
import { tilesOf, type DeviceChunk } from './device-chunks.ts';
import { guidedWeights } from './device-guidance.ts';
import { dispatchWords, type DispatchPart } from './dispatch-words.ts';
import type { Guidance } from './guidance.ts';
import {
  impossibleBelow,
  MAX_ITERATIONS,
  TILE_BYTES,
  TILE_SAMPLES,
  tileQuads,
} from './kernel-shape.ts';
import { kernelSource, type EntryPoint, type KernelShape } from './kernels.ts';
import { ModelUploads } from './model-uploads.ts';
import { atOnce, inTurns } from '../data/pause.ts';
import { isHard, type Responsibilities } from './responsibilities.ts';

const { STORAGE, COPY_SRC } = BufferUsage;

/**
 * The works that the WebGPU side of the seam is made of: each method says what one kernel does to one chunk of samples, and
 * `run` does them. Owns the seam's buffers.
 */
export class DeviceWorks {
  readonly #dataset: Dataset;
  readonly #context: Context;
  readonly #device: GPUDevice;
  readonly #owned: BufferSet;
  readonly #bindGroups: BindGroups;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  /** A stream's, which outlives the chunk. */
  readonly #shared: BufferSet | undefined;
  readonly #twin: DeviceTwin;
  /** The model buffers. */
  readonly models: ModelUploads;
  readonly #missing: boolean;
  readonly #guidance: Guidance | undefined;

  constructor(dataset: Dataset, family: Family, context: Context, guidance?: Guidance) {
    const { device, buffers } = context.gpu();
    this.#dataset = dataset;
    this.#context = context;
    this.#device = device;
    // (guidance lies in buffers that are written once: chunks of a stream have each their own)
    this.#shared = guidance ? undefined : dataset.of?.slot?.workspace;
    this.#owned = this.#shared ?? new BufferSet(buffers, 'Device');
    this.#bindGroups = new BindGroups(device);
    this.#missing = dataset.missing > 0;
    this.#guidance = guidance;
    this.#twin = family.device(dataset.nFeatures, this.#missing);
    const { tileRows } = this.#twin.sums;
    if (tileRows !== undefined && tileQuads(tileRows) === 0) {
      throw new MixtureError(
        'LIMIT_EXCEEDED',
        `${dataset.nFeatures} features with a full covariance need ${tileRows * 16} bytes of workgroup memory; the kernel has ${TILE_BYTES}.`,
        "Use covarianceType 'diag' or 'spherical', fewer features, or the CPU (backend: \"cpu\").",
        { nFeatures: dataset.nFeatures, bytes: tileRows * 16, limit: TILE_BYTES },
      );
    }
    this.models = new ModelUploads(dataset, family, this.#twin, this.#owned, device);
  }

  dispose(): void {
    if (!this.#shared) this.#owned.dispose();
  }

  /** Brings to the device what the works of a model bind and is not there yet, with turns of the event loop. */
  async ready(model: Pick<Model, 'split' | 'decorrelation'>, signal?: AbortSignal): Promise<void> {
    await this.#dataset.prepare(planeRequest(this.#twin, model), signal);
    const guidance = this.#guidance;
    if (!guidance) return;
    for (const chunk of this.#dataset.deviceChunks) {
      await inTurns(guidedWeights(this.#owned, this.#dataset, chunk, guidance), signal);
    }
  }

  /** Bytes that one binding may have. */
  get bindingLimit(): number {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.#device.limits;
    return Math.min(maxStorageBufferBindingSize, maxBufferSize);
  }

  /** gamma_nk of a range of a chunk's tiles, from the sample `first` of the chunk on, into `posterior`. */
  async responsibilities(
    chunk: DeviceChunk,
    model: Model,
    posterior: GPUBuffer,
    first: number,
    tiles: number,
    logarithms: boolean,
  ): Promise<Work> {
    const kernel = await this.kernel('responsibilities', model);
    const { nComponents } = model;
    return {
      kernel,
      bindGroups: this.groups(kernel, chunk, model, [...this.logLikelihoods(), posterior]),
      units: tiles,
      workgroupsPerUnit: nComponents,
      costPerUnit: TILE_SAMPLES * nComponents * this.#twin.densityCost,
      uniforms: this.uniforms(model, chunk, {
        rangeFirstTile: first / TILE_SAMPLES,
        rangeTiles: tiles,
        logarithms,
      }),
    };
  }

  /** ln p(x_n) of a chunk into `logLikelihoods`, and its sums a tile into the chunk's partials. */
  async likelihood(chunk: DeviceChunk, index: number, model: Model): Promise<Work[]> {
    const kernel = await this.kernel('e_step', model);
    const workspace = [...this.logLikelihoods(), this.likelihoodPartials(chunk, index)];
    return this.#componentBlockWorks(kernel, chunk, model, workspace);
  }

  /** After `likelihood`: the entropy of the chunk's assignments, a sum a tile, into `partials`. */
  async entropy(chunk: DeviceChunk, model: Model, partials: GPUBuffer): Promise<Work[]> {
    const workspace = [...this.logLikelihoods(), partials];
    return this.#componentBlockWorks(await this.kernel('entropy', model), chunk, model, workspace);
  }

  /**
   * After `likelihood`: of every sample of the chunk gamma of one component, or without one the entropy of all, into `values`.
   * @param impossibleValue of a sample that no component can have made
   */
  async posterior(
    chunk: DeviceChunk,
    model: Model,
    values: GPUBuffer,
    component: number | undefined,
    impossibleValue: number,
  ): Promise<Work[]> {
    const workspace = [...this.logLikelihoods(), values];
    const kernel = await this.kernel('posterior', model);
    const more = { impossibleValue, logarithms: component === undefined };
    return this.#componentBlockWorks(kernel, chunk, model, workspace, more, component);
  }

  async assign(chunk: DeviceChunk, model: Model, labels: GPUBuffer): Promise<Work[]> {
    const workspace = [this.logLikelihoods()[0], labels];
    return this.#componentBlockWorks(await this.kernel('assign', model), chunk, model, workspace);
  }

  /** One work a block of components (or of one component alone), over the tiles of a chunk. */
  #componentBlockWorks(
    kernel: Kernel,
    chunk: DeviceChunk,
    model: Model,
    workspace: readonly GPUBuffer[],
    more: DispatchPart = {},
    only?: number,
  ): Work[] {
    const from = only ?? 0;
    const to = only === undefined ? model.nComponents : only + 1;
    const perBlock = Math.max(1, Math.floor(MAX_ITERATIONS / this.#twin.densityIterations));
    const works: Work[] = [];
    for (let first = from; first < to; first += perBlock) {
      const count = Math.min(perBlock, to - first);
      works.push({
        kernel,
        bindGroups: this.groups(kernel, chunk, model, workspace),
        units: tilesOf(chunk),
        workgroupsPerUnit: 1,
        costPerUnit: TILE_SAMPLES * count * this.#twin.densityCost,
        uniforms: this.uniforms(model, chunk, {
          ...more,
          firstComponent: first,
          componentCount: count,
        }),
      });
    }
    return works;
  }

  /** A sample's log-density below this is one that no component can have made; -Infinity where there can be none. */
  get impossible(): number {
    return impossibleBelow(this.#twin, this.#guidance !== undefined);
  }

  /** A workgroup's log-likelihood: -Infinity where a sample of it is impossible. */
  possible(logLikelihood: number): number {
    return logLikelihood < this.impossible ? -Infinity : logLikelihood;
  }

  get nSamples(): number {
    return this.#dataset.nSamples;
  }

  get nFeatures(): number {
    return this.#dataset.nFeatures;
  }

  get twin(): DeviceTwin {
    return this.#twin;
  }

  /** A kernel as the dataset and the model need it. */
  kernel(
    entryPoint: EntryPoint,
    { tableVectors, split }: Model,
    {
      how = {},
      ...more
    }: Pick<KernelShape, 'lanes' | 'sums'> & {
      readonly twin?: DeviceTwin;
      readonly how?: Responsibilities;
    } = {},
  ): Promise<Kernel> {
    const { twin = this.#twin, sums, lanes } = more;
    const hard = isHard(how);
    // a kernel's text is long: it is put together, and looked up, once for what it depends on
    const key = [entryPoint, twin.name, tableVectors, split, hard, lanes, sums?.name].join();
    let kernel = this.#kernels.get(key);
    if (!kernel) {
      kernel = this.#context.kernel(
        kernelSource(entryPoint, {
          twin,
          nFeatures: this.#dataset.nFeatures,
          tableVectors,
          split,
          missing: this.#missing,
          guidance: this.#guidance?.kind,
          hard,
          lanes,
          sums,
        }),
      );
      this.#kernels.set(key, kernel);
      kernel.catch(() => this.#kernels.delete(key));
    }
    return kernel;
  }

  /** Groups 0 data, 1 model, 2 workspace. @param values read in place of the chunk's own samples */
  groups(
    kernel: Kernel,
    chunk: DeviceChunk,
    model: Model,
    workspace: readonly GPUBuffer[],
    values?: GPUBuffer,
  ): GPUBindGroup[] {
    const whole = chunk.within?.chunk ?? chunk;
    const [plane, ...more] = values
      ? [values]
      : this.#dataset.planes(whole, planeRequest(this.#twin, model));
    const weights = this.#guidance
      ? atOnce(guidedWeights(this.#owned, this.#dataset, whole, this.#guidance))
      : chunk.weights;
    const data = [plane, weights, ...more];
    // planes are feature-major with four bytes a sample: bound from a part's first sample on, they are the part's
    // (a range is never whitened)
    const offset = values ? 0 : 4 * (chunk.within?.offset ?? 0);
    return [data, model.buffers, workspace].map((buffers, group) =>
      this.#bindGroups.get(kernel.layouts[group], buffers, group === 0 ? offset : 0),
    );
  }

  uniforms(model: Model, chunk: DeviceChunk, part: DispatchPart): number[] {
    return dispatchWords(model, chunk, part);
  }

  /** A buffer of the seam's own, made on first use and again when it must grow. */
  buffer(name: string, bytes: number, usage: number): GPUBuffer {
    return this.#owned.get(name, bytes, usage);
  }

  /**
   * ln p(x_n) of one chunk in two parts, the largest a_nk and the rest: their sum is ln p(x_n) less the model's shift.
   */
  logLikelihoods(): [GPUBuffer, GPUBuffer] {
    const bytes = this.largestStride * 4;
    return [
      this.buffer('logMaxima', bytes, STORAGE | COPY_SRC),
      this.buffer('logSums', bytes, STORAGE | COPY_SRC),
    ];
  }

  likelihoodPartials(chunk: DeviceChunk, index: number): GPUBuffer {
    return this.buffer(`likelihoodPartials${index}`, tilesOf(chunk) * 4, STORAGE | COPY_SRC);
  }

  get largestStride(): number {
    return this.#dataset.deviceChunks[0].stride; // only the last chunk is shorter
  }

  /** Runs the works, copies the sources to one readback buffer in the same submit, and gives each back. */
  run(
    works: readonly Work[],
    sources: readonly ReadSource[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    return runWorks(this.#context, this.#owned, works, sources, signal);
  }
}
