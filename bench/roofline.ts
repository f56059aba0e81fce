import type { BenchShape } from './shapes.ts';

/** What an adapter can do at most, as bench/micro.ts measures it; undefined where that failed. */
export interface Peaks {
  /** Floating-point operations a second by fused multiply-add, each counted as two. */
  readonly flops: number | undefined;
  /** Exponentials a second. */
  readonly exps: number | undefined;
  /** Bytes a second from storage to storage, read and written. */
  readonly bytes: number | undefined;
  /** Seconds from submitting next to nothing to its result in memory. */
  readonly latency: number | undefined;
}

/** What one EM iteration has to do, whatever the program. */
export interface Work {
  /** Useful floating-point operations, a multiply-add counted as two; recomputation does not count. */
  readonly flops: number;
  /** One for each sample and component. */
  readonly exps: number;
  /** Read from and written to the device's memory, partial sums aside (they are small). */
  readonly bytes: number;
  /** Where the responsibilities go: nowhere, or through a scratch of bounded size, written once and read once. */
  readonly design: 'fused' | 'scratch';
}

/** Operations per sample and component: E-step and statistics. */
const FLOPS_PER_PAIR: Record<BenchShape['model'], (d: number) => number> = {
  // D^2 + 4D + 6 for a triangular whitening, D^2 + 4D + 2 for packed outer products
  full: (d) => 2 * d * d + 8 * d + 8,
  // 4D + 6 whitened, 4D + 2 for two moments
  diag: (d) => 8 * d + 8,
  // 2D + 6 by the inner product, 2D + 4 with the squared norm
  spherical: (d) => 4 * d + 10,
  // 2D + 6: scores linear in x, the total scatter constant; 2D + 2
  tied: (d) => 4 * d + 8,
  // 2D + 6 over logits, 2D + 2
  bernoulli: (d) => 4 * d + 8,
  // 2D + 2: the inner product with each centre, then the nearest; sums are per sample, below
  kmeans: (d) => 2 * d + 2,
};

/** Components up to which a kernel over few features keeps a tile's responsibilities in workgroup memory. */
const FUSED_FULL = { features: 4, components: 64 };
const FUSED_COMPONENTS = 32;

/**
 * The work of one iteration by textbook formulas with the constant-work tricks that are known (packed triangles, tied scores
 * linear in x), so that a program that does more than it has to shows a smaller share. The design follows from the shape alone:
 * fused where responsibilities of a tile fit workgroup memory, else two kernels with a scratch between them.
 */
export function workOf({ model, nSamples, nFeatures, nComponents }: BenchShape): Work {
  const pairs = nSamples * nComponents;
  // k-means adds each sample to one cluster
  const once = model === 'kmeans' ? nSamples * nFeatures : 0;
  const design = designOf(model, nFeatures, nComponents);
  const values = nSamples * nFeatures;
  // packed 32 to a word; a scratch design reads the samples in both kernels
  const samples = (model === 'bernoulli' ? values / 8 : 4 * values) * (design === 'fused' ? 1 : 2);
  const scratch = design === 'fused' ? 0 : 8 * pairs;
  return {
    flops: pairs * FLOPS_PER_PAIR[model](nFeatures) + once,
    exps: model === 'kmeans' ? 0 : pairs,
    bytes: samples + scratch,
    design,
  };
}

function designOf(
  model: BenchShape['model'],
  nFeatures: number,
  nComponents: number,
): Work['design'] {
  // a cluster's number is all that its kernels hand on: four bytes a sample, not counted
  if (model === 'kmeans') return 'fused';
  if (model === 'bernoulli') return 'scratch';
  const few = nFeatures <= FUSED_FULL.features && nComponents <= FUSED_FULL.components;
  return few || (model !== 'full' && nComponents <= FUSED_COMPONENTS) ? 'fused' : 'scratch';
}

/** How near an iteration came to what the adapter can do. */
export interface Share {
  /** The larger of `compute` and `bandwidth`. */
  readonly bound: 'compute' | 'bandwidth';
  /** Bound / time. */
  readonly share: number;
  /** Useful operations a second, in thousand millions. */
  readonly gflops: number;
  /** Milliseconds that each part alone would take at the adapter's best; undefined where that was not measured. */
  readonly compute: number;
  readonly bandwidth: number;
  readonly exponentials: number | undefined;
  readonly latency: number | undefined;
}

/** @param milliseconds of one iteration. Undefined where FMA peak or bandwidth is not known. */
export function shareOf(shape: BenchShape, milliseconds: number, peaks: Peaks): Share | undefined {
  if (peaks.flops === undefined || peaks.bytes === undefined) return undefined;
  const { flops, exps, bytes } = workOf(shape);
  const compute = (1000 * flops) / peaks.flops;
  const bandwidth = (1000 * bytes) / peaks.bytes;
  return {
    bound: compute >= bandwidth ? 'compute' : 'bandwidth',
    share: Math.max(compute, bandwidth) / milliseconds,
    gflops: gflopsOf(shape, milliseconds),
    compute,
    bandwidth,
    exponentials: peaks.exps === undefined ? undefined : (1000 * exps) / peaks.exps,
    latency: peaks.latency === undefined ? undefined : 1000 * peaks.latency,
  };
}

/** Useful operations a second, in thousand millions. */
export function gflopsOf(shape: BenchShape, milliseconds: number): number {
  return workOf(shape).flops / (milliseconds * 1e6);
}
