import type { DeviceTwin, SumsForm } from '../families/device-twin.ts';

/**
 * The numbers that size both the dispatches and the shaders. All follow from family and features alone, never from the
 * adapter: so the order of every sum, and with it every bit of the result on one device, is fixed.
 */

/** Invocations in a workgroup: a multiple of every subgroup size in use, and within every device's limits. */
export const WORKGROUP = 64;
/** Samples that a workgroup of the E-step covers: four (a vec4) an invocation. */
export const TILE_SAMPLES = 4 * WORKGROUP;
/** Slabs added up by one invocation of `reduce`: a short float32 sum. */
export const GROUP_SLABS = 64;
/** Groups that so many slabs come in. */
export const groupsOf = (slabs: number): number => Math.ceil(slabs / GROUP_SLABS);
/** Chunks of samples are whole multiples of this, the longest slab, so that slabs do not depend on how data is cut. */
export const CHUNK_ALIGNMENT = 4096;
/** Quads in a slab of `moments`: an invocation sums 16 of them, a workgroup 64 times as many. */
export const SLAB_QUADS = CHUNK_ALIGNMENT / 4;
/** Iterations of all loops together in one invocation: half of what llvmpipe runs before it silently stops. */
export const MAX_ITERATIONS = 32768;
/** Workgroup memory for a statistics tile's whitened residuals: with the rest, below the 16 KiB that every device has. */
export const TILE_BYTES = 8192;

/**
 * Quads of samples in a statistics tile: as many as keep `rows` vec4s each within TILE_BYTES, at most one an invocation.
 * 0 where not even one quad fits.
 */
export function tileQuads(rows: number): number {
  const quads = Math.floor(TILE_BYTES / (16 * rows));
  return quads === 0 ? 0 : Math.min(WORKGROUP, 2 ** Math.floor(Math.log2(quads)));
}

/**
 * Samples whose statistics one workgroup sums: 512 to 4096, in short sums of a tile and then of at most 128 tiles. With 128
 * blocks of features (the most that fit in TILE_BYTES) its loops come to 60,000 iterations, under llvmpipe's 65,535.
 */
export function slabSamples(quads: number): number {
  return Math.min(CHUNK_ALIGNMENT, 512 * quads);
}

/**
 * Invocations that share a quad's components in `normalise`: enough that a part of a chunk keeps a large GPU busy where there are
 * many components and so few samples in a part (H200, K = 1024 and 8,192 samples: 16 are 10 times faster than 1; K = 16 and 64: 4
 * are best).
 */
export function normaliseLanes(nComponents: number): 1 | 4 | 16 {
  if (nComponents <= 4) return 1;
  return nComponents <= 128 ? 4 : 16;
}

/** Components that one task of `moments` or `statistics` sums. */
export const taskComponents = ({ components }: SumsForm): 1 | 4 => (components === 4 ? 4 : 1);

/** vec4s of one task's `Sums`. */
export const taskVectors = ({ components, blockVectors }: SumsForm): number =>
  components === 4 ? 4 * (blockVectors - 1) + 1 : blockVectors;

/** vec4s of the sums of so many components. */
export const sumVectors = (form: SumsForm, nComponents: number): number =>
  Math.ceil(nComponents / taskComponents(form)) * form.blockCount * taskVectors(form);

/** Numbers kept of a sample and component while its part is worked on. */
export const jointPlanes = ({ kernel, keepsLogJoint }: SumsForm): 0 | 1 | 2 =>
  kernel === 'fused' ? 0 : keepsLogJoint ? 2 : 1;

/** Samples in a slab: what one workgroup sums. */
export function slabOf(form: SumsForm): number {
  if (form.kernel === 'fused') return 4 * FUSED_QUADS;
  return form.kernel === 'moments' ? 4 * SLAB_QUADS : slabSamples(tileQuads(form.tileRows ?? 0));
}

/** Quads in a slab of `fused`: four an invocation, which it keeps in registers. */
export const FUSED_QUADS = 4 * WORKGROUP;

/**
 * Most components that `fused` takes. A workgroup goes through all of them for its slab, one after another: beyond, few samples
 * keep few workgroups of a large GPU busy (a thousand samples a workgroup). Within, against the other kernels on SwiftShader (loaded;
 * 20,000 to 200,000 samples, K from 2 to 64): 1.5 to 4.5 times faster with diagonal covariances, 8 to 50 with full and tied ones, whose
 * other sums are of eight features at least.
 */
export const FUSED_COMPONENTS = 64;

/** Whether `fused` does the E-step: where the family has sums for it, which depends on its features, and components are few. */
export const fuses = ({ fusedSums }: DeviceTwin, nComponents: number): boolean =>
  fusedSums !== undefined && nComponents <= FUSED_COMPONENTS;

/** Components that `fused` adds up over the workgroup at a time: eight vec4s an invocation, 8 KiB of workgroup memory. */
export const fusedBatch = ({ blockVectors }: SumsForm): number => Math.floor(8 / blockVectors);

/** How a workgroup's invocations share the blocks of sums of one component. */
export interface BlockSharing {
  /** Invocations that share a block, each taking every so-many-th quad. */
  readonly shared: number;
  /** Blocks that one invocation owns. */
  readonly owned: number;
  /** Workgroups that a component's blocks need. */
  readonly groups: number;
}

export function shareBlocks(blockCount: number, quads: number): BlockSharing {
  if (blockCount <= WORKGROUP) {
    const shared = Math.min(quads, 2 ** Math.floor(Math.log2(WORKGROUP / blockCount)));
    return { shared, owned: 1, groups: 1 };
  }
  // four blocks of a full covariance are 84 accumulators, about what a hardware invocation holds in registers
  const owned = Math.min(4, Math.ceil(blockCount / WORKGROUP));
  return { shared: 1, owned, groups: Math.ceil(blockCount / (WORKGROUP * owned)) };
}

/** Groups of slabs that a run of slabs is in. */
export const groupsTouched = (firstSlab: number, slabs: number): number =>
  groupsOf(firstSlab + slabs) - Math.floor(firstSlab / GROUP_SLABS);

/**
 * Impossible values (a count under rate 0, ...) have log-densities from -1e25 down to -1e30 (LOG_ZERO) on the device, possible
 * ones stay far above: a sample whose largest is below this is one that no component can have made. A Gaussian can make all, but for
 * what guidance leaves to components of weight 0: there it is -Infinity.
 */
export const impossibleBelow = ({ layout }: DeviceTwin, guided: boolean): number =>
  layout === 'standardised' && !guided ? -Infinity : -1e24;
