import { wordsOf } from '../data/bits.ts';
import { numbersOf, type Guide, type Job, type ShardSpec, type Tables } from './job.ts';
import { setGlobal, type Kernels } from './kernels.ts';
import { LARGEST_TILE } from './segments.ts';

const KINDS = { triangular: 0, shared: 1, diagonal: 2, bits: 3 } as const;
const PAGE = 65_536;
/** Bytes that a tile's samples and joint densities may take: a part of a core's second-level cache. */
const TILE_BYTES = 2 ** 19;
/** See PENDING in kernels/outer-products.as.ts. */
const PENDING = 64;

/** Samples in a tile: a power of two, 32 to 256. */
export function tileFor(nFeatures: number, nComponents: number): number {
  let tile = LARGEST_TILE;
  while (tile > 32 && tile * (nFeatures + nComponents) * 8 > TILE_BYTES) tile /= 2;
  return tile;
}

/** Hands out one instance's memory from front to back: first the samples, which stay, then what a job needs. */
export class Memory {
  readonly #kernels: Kernels;
  #next: number;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
    this.#next = kernels.heapBase();
  }

  /** @returns where `bytes` bytes are, at a multiple of 64. Views of the memory made before may be detached. */
  take(bytes: number): number {
    const at = Math.ceil(this.#next / 64) * 64;
    this.#next = at + bytes;
    const { memory } = this.#kernels;
    const lacking = this.#next - memory.buffer.byteLength;
    if (lacking > 0) memory.grow(Math.ceil(lacking / PAGE));
    return at;
  }

  /** What comes next is taken again from here. */
  mark(): number {
    return this.#next;
  }

  rewind(mark: number): void {
    this.#next = mark;
  }

  put(values: Float64Array | Uint32Array): number {
    const at = this.take(values.byteLength);
    const { buffer } = this.#kernels.memory;
    if (values instanceof Float64Array) new Float64Array(buffer, at, values.length).set(values);
    else new Uint32Array(buffer, at, values.length).set(values);
    return at;
  }
}

/** Where a job's sums and results are. */
export interface Places {
  readonly tile: number;
  readonly mass: number;
  readonly sums: number;
  readonly pendingCounts: number;
  readonly output: number;
}

/** Tiles whose results lie in `output` at once. */
export const OUTPUT_TILES = 16;

/** Lays out what a job needs behind the samples, and tells the kernels. */
export function layOut(kernels: Kernels, memory: Memory, spec: ShardSpec, job: Job): Places {
  const { tables } = job;
  const { nComponents, sumsLength } = tables;
  const { nFeatures } = spec;
  const tile = tileFor(spec.form === 'bits' ? wordsOf(nFeatures) : nFeatures, nComponents);
  const padded = tables.paddedComponents ?? nComponents;
  const numbers = (count: number): number => memory.take(count * 8);
  const lines = (nFeatures + 1) & ~1;
  const places = {
    tile,
    mass: numbers(nComponents),
    sums: numbers(nComponents * sumsLength),
    pendingCounts: memory.take(nComponents * 4),
    output: numbers(OUTPUT_TILES * tile * numbersOf(job.what, nComponents)),
  };
  const all: Record<string, number> = {
    ...places,
    ...putTables(memory, tables, nFeatures),
    kind: KINDS[tables.kind],
    nFeatures,
    nComponents,
    sumsLength,
    cutoff: tables.cutoff,
    hard: job.hard ? 1 : 0,
    inverseTemperature: job.inverseTemperature ?? 1,
    logarithms: job.logarithms ? 1 : 0,
    joint: numbers(padded * tile),
    laneWeights: numbers(tile),
    inverse: numbers(tile),
    // a tile's listed pairs with their responsibilities, or the features of one sample
    list: memory.take(Math.max(tile * 12, nFeatures * 4) + 64),
  };
  if (tables.kind !== 'bits') {
    all['z'] = numbers(tile * nFeatures);
    all['residuals'] = numbers(8 * nFeatures);
    if (tables.kind === 'shared') all['y'] = numbers(tile * nFeatures);
    if (tables.kind !== 'diagonal') {
      all['pending'] = numbers(nComponents * (lines + 1) * PENDING);
    }
  }
  for (const [name, value] of Object.entries(all)) setGlobal(kernels, name, value);
  return places;
}

/** Behind what `layOut` laid out: `count` samples, padded as they are. */
export function layOutGuide(
  kernels: Kernels,
  memory: Memory,
  guide: Guide | undefined,
  count: number,
): void {
  const labels = guide instanceof Int32Array;
  setGlobal(kernels, 'guideKind', guide ? (labels ? 1 : 2) : 0);
  if (!guide) return;
  const padded = Math.ceil(count / LARGEST_TILE) * LARGEST_TILE;
  const at = memory.take((guide.byteLength / count) * padded);
  const { buffer } = kernels.memory;
  new (labels ? Int32Array : Float64Array)(buffer, at, guide.length).set(guide);
  setGlobal(kernels, 'guide', at);
}

function putTables(memory: Memory, tables: Tables, nFeatures: number): Record<string, number> {
  const all: Record<string, number> = {
    constants: memory.put(tables.constants),
    whiteningStride: (tables.whiteningStride ?? 0) * 8,
    paddedComponents: tables.paddedComponents ?? 0,
    anyCertain: tables.certain ? 1 : 0,
  };
  const { origins, whitening, whitenedMeans, slopes, certain, likely } = tables;
  for (const [name, values] of Object.entries({
    origins,
    whitening,
    whitenedMeans,
    slopes,
    certain,
    likely,
  })) {
    if (values) all[name] = memory.put(values);
  }
  if (whitenedMeans) all['ones'] = memory.put(new Float64Array(nFeatures).fill(1));
  return all;
}
