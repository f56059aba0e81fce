import type { Standardisation } from '../data/standardisation.ts';
import type { Random } from '../data/random.ts';
import type { Statistics } from './statistics.ts';

/** Mixing proportions (K), means (K x D) and covariances (shape by family) of a Gaussian mixture. */
export interface Parameters {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/**
 * What an E-step needs of the parameters, in float64 and standardised units, made once an iteration:
 * ln(pi_k p(x | theta_k)) = logConstants[k] - |whitening_k (z - means_k)|^2 / 2.
 */
export interface Density {
  readonly nComponents: number;
  readonly nFeatures: number;
  /** ln pi_k - D/2 ln 2 pi + ln |whitening_k| - sum ln scales: K; -Infinity where a weight is 0. */
  readonly logConstants: Float64Array;
  /** K x D, the point about which the statistics are taken. */
  readonly means: Float64Array;
  /** Whitening numbers (family's own layout), `whiteningStride` a component; a stride of 0 means that all share one. */
  readonly whitening: Float64Array;
  readonly whiteningStride: number;
}

/** What the M-step needs beside the statistics. */
export interface MStepOptions {
  /** Added to the diagonal of each covariance, per feature, in standardised units. */
  readonly regCovar: Float64Array;
  readonly standardisation: Standardisation;
}

/** The twin of a Density on the device: what the kernels bind as their model. */
export interface PackedDensity {
  /** vec4s per component: (constant, 0, 0, 0), then means and their low parts, four features a vec4. */
  readonly components: Float32Array<ArrayBuffer>;
  /** Whitening numbers in vec4s. */
  readonly whitening: Float32Array<ArrayBuffer>;
  /** Subtracted from every constant in float64; add it to each sample's log-likelihood. */
  readonly shift: number;
  /** What was packed, in float64. */
  readonly density: Density;
  /** The float64 density that the float32 numbers stand for exactly: statistics are about these means, under this whitening. */
  readonly rounded: Density;
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
 * One family of component densities. To add one:
 *  1. `src/families/<name>.ts` exporting a `Family`, and its twin `shaders/families/<name>.wgsl`, which declares
 *     `Sums`, `add_sums`, BLOCK_COUNT, `block_at`, `log_density`, `prepare_tile` and `accumulate` (see shaders/statistics.wgsl);
 *  2. one line in `registry.ts`.
 * Everything here is float64 and in standardised units unless it says otherwise; nothing knows about the device.
 */
export interface Family {
  readonly name: string;
  /** WGSL text of the twin. */
  readonly shader: string;
  /** Shape of `covariances` for K components of D features, and how many free numbers they hold. */
  covarianceShape(nComponents: number, nFeatures: number): number[];
  covarianceParameters(nComponents: number, nFeatures: number): number;
  /** How many sums a component has beyond its mass. */
  statisticsLength(nFeatures: number): number;

  /** User's units to standardised ones, and back. */
  standardise(parameters: Parameters, standardisation: Standardisation): Parameters;
  restore(parameters: Parameters, standardisation: Standardisation): Parameters;
  /** Inverse of covariances given in the user's units (and of precisions: it is its own inverse). */
  invert(covariances: Float64Array, nComponents: number, nFeatures: number): Float64Array;
  /** precisions_cholesky_ in scikit-learn's layout from covariances in the user's units. */
  precisionsCholesky(
    covariances: Float64Array,
    nComponents: number,
    nFeatures: number,
  ): Float64Array;

  /** @throws MixtureError COLLAPSED_COMPONENT where a covariance is not positive definite */
  density(parameters: Parameters, standardisation: Standardisation): Density;
  /** Marginal variances: a row of D for each component, or one row where they are shared. */
  variances(parameters: Parameters): Float64Array;
  /** ln(pi_k p(x | theta_k)) of one standardised sample; `residual` (D) is scratch and holds z - means_k afterwards. */
  logDensity(
    density: Density,
    component: number,
    sample: Float64Array,
    residual: Float64Array,
  ): number;
  /** Adds weight * T(sample) to the component's sums. */
  accumulate(
    density: Density,
    component: number,
    weight: number,
    residual: Float64Array,
    sums: Float64Array,
  ): void;
  /** The closed form: parameters that maximise the expected complete log-likelihood. */
  mStep(statistics: Statistics, previous: Parameters, options: MStepOptions): Parameters;
  /** Narrow spherical components at the given standardised means, for turning seeds into a soft partition. */
  narrow(
    means: Float64Array,
    nComponents: number,
    nFeatures: number,
    standardDeviation: number,
  ): Parameters;

  /** @param split whether samples and means go to the device as pairs of float32 (shaders/residuals-split.wgsl) */
  pack(density: Density, split: boolean): PackedDensity;
  /** vec4s that a quad of samples takes in workgroup memory while statistics are summed. */
  tileRows(nFeatures: number): number;
  /** vec4s of sums that a component has on the device. */
  deviceVectors(nFeatures: number): number;
  /** Sums of the device (K x deviceVectors x 4, totalled in float64) as statistics about `packed.rounded.means`. */
  unpack(sums: Float64Array, packed: PackedDensity): UnpackedStatistics;
  /**
   * Coordinates (new means, whitening to about the new spread) for a second pass over the same responsibilities, where some
   * component's spread would be lost in float32 sums about its old mean; else undefined.
   */
  closerCoordinates(sums: Float64Array, packed: PackedDensity, ridge: Ridge): Density | undefined;

  /** One draw from component k; `parameters` in the user's units, `factors` from `samplingFactors`. */
  samplingFactors(covariances: Float64Array, nComponents: number, nFeatures: number): Float64Array;
  draw(
    parameters: Parameters,
    factors: Float64Array,
    component: number,
    random: Random,
    out: Float64Array,
    offset: number,
  ): void;
}
