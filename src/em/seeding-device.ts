import dispatch from '../../shaders/seeding.wgsl?raw';
import philox from '../../shaders/philox.wgsl?raw';
import samples from '../../shaders/samples.wgsl?raw';
import samplesLow from '../../shaders/samples-low.wgsl?raw';
import samplesWhole from '../../shaders/samples-whole.wgsl?raw';
import seedDistances from '../../shaders/seed-distances.wgsl?raw';
import seedDraws from '../../shaders/seed-draws.wgsl?raw';
import unitIndex from '../../shaders/unit-index.wgsl?raw';
import { PhiloxUse, type PhiloxKey } from '../data/philox.ts';
import { blocksOf } from '../families/device-layout.ts';
import { MISSING } from '../families/device-twin.ts';
import { splitFloat } from '../families/rounding.ts';
import { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Kernel, KernelSource } from '../gpu/kernel.ts';
import { runWorks, type ReadSource } from '../gpu/run-works.ts';
import type { Work } from '../gpu/work-queue.ts';
import type { Dataset } from './dataset.ts';
import type { DeviceChunk } from './device-chunks.ts';
import { floatBits } from './dispatch-words.ts';
import { MAX_ITERATIONS, TILE_SAMPLES, WORKGROUP } from './kernel-shape.ts';
import { addMasses, type Seeding } from './seeding.ts';

const { STORAGE, COPY_SRC, COPY_DST } = BufferUsage;

type SeedEntryPoint = 'seed_distances' | 'seed_draws';

/** The text of one of initialisation's kernels. @param split samples as pairs of float32 */
export function seedKernel(
  entryPoint: SeedEntryPoint,
  nFeatures: number,
  split: boolean,
  missing: boolean,
): KernelSource {
  const header = `const D = ${nFeatures}u;
const BLOCKS = ${blocksOf(nFeatures)}u;
const WORKGROUP = ${WORKGROUP}u;
const HAS_MISSING = ${missing};
const MISSING = ${MISSING.toExponential(1)}f;
`;
  const distances = entryPoint === 'seed_distances';
  const own = distances ? [split ? samplesLow : samplesWhole, seedDistances] : [philox, seedDraws];
  return {
    name: `${entryPoint}(D=${nFeatures}${split ? ', split' : ''}${missing ? ', missing' : ''})`,
    entryPoint,
    code: [header, dispatch, unitIndex, samples, ...own].join('\n'),
    groups: [
      distances && split ? ['read', 'read', 'read'] : ['read', 'read'],
      distances ? ['read'] : [],
      distances ? ['write', 'write', 'write'] : ['read', 'write'],
      ['uniform'],
    ],
  };
}

/** Begins to compile what `SeedingDevice` will need; what does not compile is reported by it. */
export function compileSeeding(
  { nFeatures, missing }: Dataset,
  split: boolean,
  context: Context,
): void {
  for (const entryPoint of ['seed_distances', 'seed_draws'] as const) {
    context.kernel(seedKernel(entryPoint, nFeatures, split, missing > 0)).catch(() => {});
  }
}

/** The WebGPU side of initialisation's passes: two kernels, a number a tile and a bit a sample read back. */
export class SeedingDevice implements Seeding {
  readonly #dataset: Dataset;
  readonly #metric: Float64Array;
  readonly #split: boolean;
  readonly #context: Context;
  readonly #owned: BufferSet;
  #count = 0;

  constructor(dataset: Dataset, metric: Float64Array, split: boolean, context: Context) {
    this.#dataset = dataset;
    this.#metric = metric;
    this.#split = split;
    this.#context = context;
    this.#owned = new BufferSet(context.gpu().buffers, 'Seeding');
  }

  async add(candidates: Float64Array, signal?: AbortSignal): Promise<number> {
    const dataset = this.#dataset;
    const { nFeatures } = dataset;
    const count = candidates.length / nFeatures;
    const blocks = blocksOf(nFeatures);
    const [kernel] = await Promise.all([
      this.#kernel('seed_distances'),
      this.#kernel('seed_draws'), // (asked for next, and compiled meanwhile)
      dataset.prepare({ layout: 'standardised', split: this.#split }, signal),
    ]);
    const packed = this.#pack(candidates, count);
    const uploaded = this.#owned.get('candidates', packed.byteLength, STORAGE | COPY_DST);
    this.#context.gpu().device.queue.writeBuffer(uploaded, 0, packed);
    const perWork = Math.max(1, Math.floor(MAX_ITERATIONS / (1 + blocks)));
    const works: Work[] = [];
    const sources: ReadSource[] = [];
    for (const [index, chunk] of dataset.deviceChunks.entries()) {
      const tiles = chunk.stride / TILE_SAMPLES;
      const workspace = [
        this.#buffer('nearestSquares', index, chunk.stride * 4),
        this.#buffer('nearest', index, chunk.stride * 4),
        this.#buffer('potentials', index, tiles * 4),
      ];
      for (let first = 0; first < count; first += perWork) {
        const part = Math.min(perWork, count - first);
        works.push({
          kernel,
          bindGroups: this.#groups(kernel, chunk, [uploaded], workspace),
          units: tiles,
          workgroupsPerUnit: 1,
          costPerUnit: TILE_SAMPLES * part * (4 * nFeatures + 4),
          uniforms: [chunk.stride / 4, first, part, this.#count + first],
        });
      }
      sources.push({ buffer: workspace[2], bytes: tiles * 4 });
    }
    const read = await this.#run(works, sources, signal);
    this.#count += count;
    let potential = 0;
    for (const part of read) for (const value of part) potential += value;
    return potential;
  }

  async draw(
    key: PhiloxKey,
    round: number,
    factor: number,
    signal?: AbortSignal,
  ): Promise<number[]> {
    const kernel = await this.#kernel('seed_draws');
    const works: Work[] = [];
    const sources: ReadSource[] = [];
    const { deviceChunks } = this.#dataset;
    for (const [index, chunk] of deviceChunks.entries()) {
      const tiles = chunk.stride / TILE_SAMPLES;
      const bytes = chunk.stride / 8;
      const workspace = [
        this.#buffer('nearestSquares', index, chunk.stride * 4),
        this.#buffer('draws', index, bytes),
      ];
      works.push({
        kernel,
        bindGroups: this.#groups(kernel, chunk, [], workspace),
        units: tiles,
        workgroupsPerUnit: 1,
        costPerUnit: TILE_SAMPLES * 64,
        uniforms: [
          chunk.stride / 4,
          0,
          0,
          0,
          chunk.firstSample / 4,
          key[0],
          key[1],
          round,
          PhiloxUse.SEEDING,
          floatBits(factor),
        ],
      });
      sources.push({ buffer: workspace[1], bytes });
    }
    const drawn: number[] = [];
    (await this.#run(works, sources, signal)).forEach(({ buffer }, index) =>
      new Uint32Array(buffer).forEach((word, at) => {
        for (let rest = word; rest !== 0; rest &= rest - 1) {
          const bit = 31 - Math.clz32(rest & -rest);
          drawn.push(deviceChunks[index].firstSample + 32 * at + bit);
        }
      }),
    );
    return drawn;
  }

  async masses(signal?: AbortSignal): Promise<Float64Array> {
    const masses = new Float64Array(this.#count);
    for (const [index, chunk] of this.#dataset.deviceChunks.entries()) {
      const bytes = chunk.nSamples * 4;
      const buffer = this.#buffer('nearest', index, chunk.stride * 4);
      const [values] = await this.#run([], [{ buffer, bytes }], signal);
      const nearest = new Uint32Array(values.buffer, 0, chunk.nSamples);
      addMasses(this.#dataset, chunk.firstSample, nearest, masses);
    }
    return masses;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  /** The metric, then pairs of float32 for each candidate, in blocks of four features. */
  #pack(candidates: Float64Array, count: number): Float32Array<ArrayBuffer> {
    const { nFeatures } = this.#dataset;
    const width = 4 * blocksOf(nFeatures);
    const packed = new Float32Array((1 + 2 * count) * width);
    packed.set(this.#metric);
    for (let c = 0; c < count; c++) {
      for (let d = 0; d < nFeatures; d++) {
        const { high, low } = splitFloat(candidates[c * nFeatures + d]);
        packed[(1 + 2 * c) * width + d] = high;
        // a sample that is one float32 lies on itself
        if (this.#split) packed[(2 + 2 * c) * width + d] = low;
      }
    }
    return packed;
  }

  #buffer(name: string, chunk: number, bytes: number): GPUBuffer {
    return this.#owned.get(`${name}${chunk}`, bytes, STORAGE | COPY_SRC);
  }

  #kernel(entryPoint: SeedEntryPoint): Promise<Kernel> {
    const { nFeatures, missing } = this.#dataset;
    return this.#context.kernel(seedKernel(entryPoint, nFeatures, this.#split, missing > 0));
  }

  #groups(
    kernel: Kernel,
    chunk: DeviceChunk,
    model: readonly GPUBuffer[],
    workspace: readonly GPUBuffer[],
  ): GPUBindGroup[] {
    const { device } = this.#context.gpu();
    const distances = model.length > 0;
    const split = this.#split && distances;
    const [values, ...low] = this.#dataset.planes(chunk, { layout: 'standardised', split });
    return [[values, chunk.weights, ...low], model, workspace].map((buffers, group) =>
      device.createBindGroup({
        layout: kernel.layouts[group],
        entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
      }),
    );
  }

  #run(
    works: readonly Work[],
    sources: readonly ReadSource[],
    signal?: AbortSignal,
  ): Promise<Float32Array[]> {
    this.#dataset.assertUsable();
    return runWorks(this.#context, this.#owned, works, sources, signal);
  }
}
