import type { Density, Parameters } from './family.ts';
import type { Statistics } from './statistics.ts';

/** The twin of a Density on the device: what the kernels bind as their model. */
export interface PackedDensity<D extends Density = Density> {
  /** Bound as `components`: `DeviceTwin.componentVectors` vec4s a component, the first number the component's constant. */
  readonly components: Float32Array<ArrayBuffer>;
  /** Bound as `whitening`: the family's tables in vec4s, `tableVectors` a component. */
  readonly whitening: Float32Array<ArrayBuffer>;
  /** vec4s of `whitening` a component; 0 where all components share them. */
  readonly tableVectors: number;
  /** Subtracted from every constant in float64; add it to each sample's log-likelihood. */
  readonly shift: number;
  /** What was packed, in float64. */
  readonly density: D;
  /** The float64 density that the float32 numbers stand for exactly: the device's sums are about it. */
  readonly rounded: D;
}

/** What the M-step will add to every covariance, whatever the samples say: regCovar, seen through a density's whitening. */
export interface Ridge {
  /** D, standardised units. */
  readonly regCovar: Float64Array;
  /** The whitening of standardised (not decorrelated) samples. */
  readonly whitening: Float64Array;
}

/** What the device's sums mean. */
export interface UnpackedStatistics {
  readonly statistics: Statistics;
  /**
   * To first order, what rounding the parameters to float32 took from the log-likelihood: the statistics give it in
   * float64, since d l / d theta = sum gamma d ln p / d theta (Fisher's identity).
   */
  readonly logLikelihoodCorrection: number;
}

/**
 * How samples lie on the device, feature-major, four samples a vec4 (shaders/samples*.wgsl):
 * 'standardised' float32 z, or pairs of float32; 'values' float32 of the user's own numbers; 'bits' 32 features a u32, with a
 * second plane of observed bits where entries are missing; 'encoded' float32 of what the twin's `encode` makes of a sample.
 * In the float32 layouts a missing entry is MISSING.
 */
export type SampleLayout = 'standardised' | 'values' | 'bits' | 'encoded';

/** Stands for a missing entry in float32 samples: WGSL may assume that there is no NaN. No checked value comes near it. */
export const MISSING = -3e38;

/** How a family's sums are computed and laid out (shaders/moments.wgsl, shaders/statistics.wgsl, shaders/fused.wgsl). */
export interface SumsForm {
  /** Tells the forms of one family apart in kernel names; '' where there is one. */
  readonly name: string;
  /** Declares `Sums` and what goes with it; '' where the twin's own `shader` does. */
  readonly shader: string;
  /**
   * 'moments': sums in registers, over samples as they lie. 'statistics': over a tile that invocations prepare together.
   * 'fused': with the responsibilities, in one kernel.
   */
  readonly kernel: 'moments' | 'statistics' | 'fused';
  /**
   * 1: `quad_sums`, of one component. 'own': the shader's own `accumulate`. 4: the shader's own `accumulate`, of four components; its
   * `Sums` are matrices with a column a component, then a vec4 of masses.
   */
  readonly components: 1 | 'own' | 4;
  /** Blocks of sums a component has: BLOCK_COUNT. */
  readonly blockCount: number;
  /** vec4s of one block of one component's sums as they are read: as `Sums` has them, or a column of each matrix and the mass. */
  readonly blockVectors: number;
  /** Whether `moments` reads a_nk itself too: log_joint keeps it beside what becomes gamma. */
  readonly keepsLogJoint?: boolean;
  /** 'statistics': vec4s that a quad of samples takes in workgroup memory. */
  readonly tileRows?: number;
  /** 'fused': the totals as the family's own form has them, of the same meaning and accuracy. */
  arrange?(totals: Float64Array, nComponents: number): Float64Array;
}

/** Sums that cost less than a family's own, where they are accurate enough. */
export interface ShortForm<D extends Density = Density> extends SumsForm {
  /**
   * Whether they are, as far as the density tells.
   * @param variances as the twin's `variances` gives them
   * @param split whether samples go as pairs of float32
   */
  suits(density: D, variances: Float64Array, split: boolean): boolean;
  /** Whether they were, now that they are there; undefined where they were not: then the family's own form is asked for. */
  unpack(
    sums: Float64Array,
    packed: PackedDensity<D>,
    ridge: Ridge,
  ): UnpackedStatistics | undefined;
}

/**
 * Components that share a whitening, in whitened samples: a pass over them is the inner twin's, and the second moments follow from
 * those of all samples.
 */
export interface LinearForm<D extends Density = Density> {
  /** Whose kernels run over whitened samples, with its short sums. */
  readonly inner: DeviceTwin;
  /** As `ShortForm.suits`. */
  suits(density: D, variances: Float64Array, split: boolean): boolean;
  /** The components among whitened samples. */
  pack(packed: PackedDensity<D>): PackedDensity<D>;
  /** sum_n s x x', packed, from the short sums of a single component about 0. */
  readScatter(sums: Float64Array): Float64Array;
  /**
   * @param inside what `pack` gave
   * @param scatter sum_n s x x', packed, standardised units
   * @returns undefined where float32 was not enough: then the family's own form is asked for
   */
  unpack(
    sums: Float64Array,
    packed: PackedDensity<D>,
    inside: PackedDensity<D>,
    scatter: Float64Array,
    ridge: Ridge,
  ): UnpackedStatistics | undefined;
}

/**
 * A family on the device, for D features, with or without missing entries. Its `shader` declares, beside what
 * shaders/samples*.wgsl, shaders/residuals*.wgsl and the header declare:
 *   `log_density(component, quad) -> vec4f`   a_nk of four samples, less the shift
 *   `log_densities(first, quad, last) -> mat4x4f`   of four components, where `densityComponents` is 4
 *   `Sums` (a struct, multiple of 16 bytes), `add_sums`, `BLOCK_COUNT` (blocks of Sums a component), `block_at(index) -> vec2u`
 *   `quad_sums(component, block, quad, responsibility) -> Sums`   one quad's share of one block; see SumsForm for other ways
 * Numbers in the header: D, BLOCKS = ceil(D / 4), COMPONENT_VECTORS, WHITENING_STRIDE =
 * tableVectors, HAS_MISSING (bool), MISSING, and `numbers`.
 */
export interface DeviceTwin<P extends Parameters = Parameters, D extends Density = Density> {
  /** In kernel names: kernels of one name, shape and `numbers` have one text. */
  readonly name: string;
  readonly shader: string;
  readonly layout: SampleLayout;
  /** 'encoded' layout: twins of one name encode alike, so that a dataset uploads what they read once. */
  readonly encodingName?: string;
  /** 'encoded' layout: how many numbers a sample has on the device, in place of D. */
  readonly encodedColumns?: number;
  /**
   * 'encoded' layout: writes the device's numbers (`encodedColumns`) of one sample (D, in the family's coordinates, NaN where
   * missing) to `out`: in float64, to be rounded; NaN becomes MISSING.
   */
  encode?(sample: Float64Array, out: Float64Array): void;
  /** Further constants of the header, u32 (or f32 where not whole, written with a decimal point). */
  readonly numbers?: Readonly<Record<string, number>>;
  /** vec4s of `components` a component. */
  readonly componentVectors: number;
  /** Whether features have covariances: the whitening is a triangle, and the samples may be decorrelated. */
  readonly couples: boolean;
  /** Components that log_joint takes at a time; 1 by default. */
  readonly densityComponents?: 1 | 4;
  readonly sums: SumsForm;
  readonly shortSums?: ShortForm<D>;
  readonly linear?: LinearForm<D>;
  /** Families of few features: the own sums as shaders/fused.wgsl finds them, which needs no a_nk or gamma_nk in memory. */
  readonly fusedSums?: SumsForm;
  /** Operations, and loop iterations, of log_density for one sample and component, roughly: they size dispatches. */
  readonly densityCost: number;
  readonly densityIterations: number;
  /** 'standardised' layout: marginal variances, a row of D for each component or one shared row, which say whether samples go as pairs. */
  variances?(parameters: P): Float64Array;
  /** @param split whether samples and means go to the device as pairs of float32 ('standardised' layout only) */
  pack(density: D, split: boolean): PackedDensity<D>;
  /** Sums of the device (K x blockCount x blockVectors x 4 of `sums`, totalled in float64) as the family's statistics. */
  unpack(sums: Float64Array, packed: PackedDensity<D>): UnpackedStatistics;
  /**
   * Coordinates (new means, whitening to about the new spread) for a second pass over the same responsibilities, where some
   * component's spread would be lost in float32 sums about its old mean; else undefined.
   */
  closerCoordinates?(sums: Float64Array, packed: PackedDensity<D>, ridge: Ridge): D | undefined;
}

/** The form of sums that most families have: one component at a time, in the twin's own shader. */
export function ownSums(blockCount: number, blockVectors: number): SumsForm {
  return { name: '', shader: '', kernel: 'moments', components: 1, blockCount, blockVectors };
}
