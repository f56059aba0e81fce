import { MixtureError } from '../errors.ts';
import type { DeviceTwin } from '../families/device-twin.ts';
import type { Family } from '../families/family.ts';
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
  GROUP_SLABS,
  MAX_ITERATIONS,
  shareBlocks,
  slabSamples,
  TILE_BYTES,
  TILE_SAMPLES,
  tileQuads,
  WORKGROUP,
} from './kernel-shape.ts';
import { kernelSource, type EntryPoint } from './kernels.ts';
import { ModelUploads } from './model-uploads.ts';
import { inverseTemperatureOf, isHard, type Responsibilities } from './responsibilities.ts';

/** Bytes of slab partials and of responsibilities held at a time. */
export const SCRATCH_BYTES = 32 * 2 ** 20;
/** Bytes of ln p(x_n) in its two parts, of all models of a pass together. */
const LOG_BYTES = 64 * 2 ** 20;

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
  readonly #twin: DeviceTwin;
  /** The model buffers. */
  readonly models: ModelUploads;
  readonly #missing: boolean;
  readonly #guidance: Guidance | undefined;
  readonly #quads: number;
  readonly #slab: number;

  constructor(dataset: Dataset, family: Family, context: Context, guidance?: Guidance) {
    const { device, buffers } = context.gpu();
    this.#dataset = dataset;
    this.#context = context;
    this.#device = device;
    this.#owned = new BufferSet(buffers, 'Device');
    this.#missing = dataset.missing > 0;
    this.#guidance = guidance;
    this.#twin = family.device(dataset.nFeatures, this.#missing);
    const rows = this.#twin.tileRows;
    this.#quads = tileQuads(rows);
    if (this.#quads === 0) {
      throw new MixtureError(
        'LIMIT_EXCEEDED',
        `${dataset.nFeatures} features with a full covariance need ${rows * 16} bytes of workgroup memory; the kernel has ${TILE_BYTES}.`,
        "Use covarianceType 'diag' or 'spherical', fewer features, or the CPU (backend: \"cpu\").",
        { nFeatures: dataset.nFeatures, bytes: rows * 16, limit: TILE_BYTES },
      );
    }
    this.#slab = slabSamples(this.#quads);
    this.models = new ModelUploads(dataset, family, this.#twin, this.#owned, device);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** How many models of K components one pass over the samples takes: as many as the working memory holds, at least one. */
  modelsInPass(nComponents: number): number {
    const { limits } = this.#device;
    const limit = Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize);
    const logs = Math.min(LOG_BYTES / 2, limit) / (4 * this.largestStride());
    const groups = this.#dataset.deviceChunks.reduce((sum, chunk) => sum + this.groupsOf(chunk), 0);
    const sums = Math.min(LOG_BYTES, limit) / (groups * nComponents * this.componentBytes);
    return Math.max(1, Math.floor(Math.min(logs, sums)));
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
    const kernel = await this.#kernel('responsibilities', model);
    const { nComponents } = model;
    return {
      kernel,
      bindGroups: this.#groups(kernel, chunk, model, [...this.logLikelihoods(), posterior]),
      units: tiles,
      workgroupsPerUnit: nComponents,
      costPerUnit: TILE_SAMPLES * nComponents * this.#twin.densityCost,
      uniforms: this.#uniforms(model, chunk, {
        rangeFirstTile: first / TILE_SAMPLES,
        rangeTiles: tiles,
        logarithms,
      }),
    };
  }

  /** ln p(x_n) of a chunk into `logLikelihoods`, and its sums a tile into the chunk's partials. */
  async likelihood(
    chunk: DeviceChunk,
    index: number,
    model: Model,
    how: Responsibilities = {},
  ): Promise<Work[]> {
    const kernel = await this.#kernel('e_step', model, how);
    const models = model.parts.length;
    const logs = this.logLikelihoods(models);
    const workspace = [...logs, this.likelihoodPartials(chunk, index, models)];
    return this.#componentBlockWorks(kernel, chunk, model, workspace, how);
  }

  /** After `likelihood`: the entropy of the chunk's assignments, a sum a tile, into `partials`. */
  async entropy(chunk: DeviceChunk, model: Model, partials: GPUBuffer): Promise<Work[]> {
    const workspace = [...this.logLikelihoods(), partials];
    return this.#componentBlockWorks(await this.#kernel('entropy', model), chunk, model, workspace);
  }

  async assign(chunk: DeviceChunk, model: Model, labels: GPUBuffer): Promise<Work[]> {
    const workspace = [this.logLikelihoods()[0], labels];
    return this.#componentBlockWorks(await this.#kernel('assign', model), chunk, model, workspace);
  }

  /** One work a block of components, over the tiles of a chunk, of all models. */
  #componentBlockWorks(
    kernel: Kernel,
    chunk: DeviceChunk,
    model: Model,
    workspace: readonly GPUBuffer[],
    how: Responsibilities = {},
  ): Work[] {
    const { nComponents } = model;
    const perBlock = Math.max(1, Math.floor(MAX_ITERATIONS / this.#twin.densityIterations));
    const works: Work[] = [];
    for (let first = 0; first < nComponents; first += perBlock) {
      const count = Math.min(perBlock, nComponents - first);
      works.push({
        kernel,
        bindGroups: this.#groups(kernel, chunk, model, workspace),
        units: tilesOf(chunk) * model.parts.length,
        workgroupsPerUnit: 1,
        costPerUnit: TILE_SAMPLES * count * this.#twin.densityCost,
        uniforms: this.#uniforms(model, chunk, {
          firstComponent: first,
          componentCount: count,
          inverseTemperature: inverseTemperatureOf(how),
        }),
      });
    }
    return works;
  }

  /** Statistics of a chunk, for as many components at a time as the partials' scratch holds, added up into `totals`. */
  async statistics(
    chunk: DeviceChunk,
    model: Model,
    totals: GPUBuffer,
    firstGroup: number,
    how: Responsibilities,
  ): Promise<Work[]> {
    const stacked = model.nComponents * model.parts.length;
    const { blockCount, blockVectors } = this.#twin;
    // compiled side by side the first time
    const [statistics, reduce] = await Promise.all([
      this.#kernel('statistics', model, how),
      this.#kernel('reduce', model),
    ]);
    const slabs = this.slabsOf(chunk);
    // by the largest chunk, so that the scratch never grows while works that bind it wait
    const bytes = this.slabsOf(this.#dataset.deviceChunks[0]) * this.componentBytes;
    const perBlock = Math.max(1, Math.min(stacked, Math.floor(SCRATCH_BYTES / bytes)));
    const partials = this.buffer('partials', bytes * perBlock, STORAGE);
    const { groups } = shareBlocks(blockCount, this.#quads);
    const works: Work[] = [];
    const logs = this.logLikelihoods(model.parts.length);
    for (let first = 0; first < stacked; first += perBlock) {
      const count = Math.min(perBlock, stacked - first);
      const uniforms = this.#uniforms(model, chunk, {
        firstComponent: first,
        componentCount: count,
        firstGroup,
        inverseTemperature: inverseTemperatureOf(how),
      });
      works.push({
        kernel: statistics,
        bindGroups: this.#groups(statistics, chunk, model, [...logs, partials]),
        units: slabs * count,
        workgroupsPerUnit: groups,
        costPerUnit: this.#slab * 2 * groups * this.#twin.densityCost,
        uniforms,
      });
      const cells = this.groupsOf(chunk) * count * blockCount;
      works.push({
        kernel: reduce,
        bindGroups: this.#groups(reduce, chunk, model, [partials, totals]),
        units: Math.ceil(cells / WORKGROUP),
        workgroupsPerUnit: 1,
        costPerUnit: WORKGROUP * Math.min(slabs, GROUP_SLABS) * blockVectors * 4,
        uniforms,
      });
    }
    return works;
  }

  /** Bytes of one component's sums. */
  get componentBytes(): number {
    return this.#twin.blockCount * this.#twin.blockVectors * 16;
  }

  get guided(): boolean {
    return this.#guidance !== undefined;
  }

  get twin(): DeviceTwin {
    return this.#twin;
  }

  #kernel(
    entryPoint: EntryPoint,
    { tableVectors, split }: Model,
    how: Responsibilities = {},
  ): Promise<Kernel> {
    return this.#context.kernel(
      kernelSource(entryPoint, {
        twin: this.#twin,
        nFeatures: this.#dataset.nFeatures,
        tableVectors,
        split,
        missing: this.#missing,
        guidance: this.#guidance?.kind,
        hard: isHard(how),
      }),
    );
  }

  /** Groups 0 data, 1 model, 2 workspace. */
  #groups(
    kernel: Kernel,
    chunk: DeviceChunk,
    model: Model,
    workspace: readonly GPUBuffer[],
  ): GPUBindGroup[] {
    const whole = chunk.within?.chunk ?? chunk;
    const [values, ...more] = this.#dataset.planes(whole, planeRequest(this.#twin, model));
    const weights = this.#guidance
      ? guidedWeights(this.#owned, this.#dataset, whole, this.#guidance)
      : chunk.weights;
    const data = [values, weights, ...more];
    // planes are feature-major with four bytes a sample: bound from a part's first sample on, they are the part's
    const offset = 4 * (chunk.within?.offset ?? 0);
    return [data, model.buffers, workspace].map((buffers, group) =>
      this.#device.createBindGroup({
        layout: kernel.layouts[group],
        entries: buffers.map((buffer, binding) => ({
          binding,
          resource: { buffer, offset: group === 0 ? offset : 0 },
        })),
      }),
    );
  }

  #uniforms(model: Model, chunk: DeviceChunk, part: DispatchPart): number[] {
    const tiles = Math.ceil(chunk.nSamples / (4 * this.#quads));
    return dispatchWords(model, chunk, tiles, this.slabsOf(chunk), part);
  }

  /** A buffer of the seam's own, made on first use and again when it must grow. */
  buffer(name: string, bytes: number, usage: number): GPUBuffer {
    return this.#owned.get(name, bytes, usage);
  }

  /**
   * ln p(x_n) of one chunk in two parts, the largest a_nk and the rest: their sum is ln p(x_n) less the model's shift. A row of
   * the largest chunk's samples for each model.
   */
  logLikelihoods(models = 1): [GPUBuffer, GPUBuffer] {
    const bytes = this.largestStride() * 4 * models;
    return [
      this.buffer('logMaxima', bytes, STORAGE | COPY_SRC),
      this.buffer('logSums', bytes, STORAGE | COPY_SRC),
    ];
  }

  likelihoodPartials(chunk: DeviceChunk, index: number, models = 1): GPUBuffer {
    return this.buffer(
      `likelihoodPartials${index}`,
      tilesOf(chunk) * 4 * models,
      STORAGE | COPY_SRC,
    );
  }

  largestStride(): number {
    return this.#dataset.deviceChunks[0].stride; // only the last chunk is shorter
  }

  slabsOf(chunk: DeviceChunk): number {
    return Math.ceil(chunk.nSamples / this.#slab);
  }

  groupsOf(chunk: DeviceChunk): number {
    return Math.ceil(this.slabsOf(chunk) / GROUP_SLABS);
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
