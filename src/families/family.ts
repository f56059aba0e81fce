import type { Steps } from '../data/pause.ts';
import type { Random } from '../data/random.ts';
import type { Samples } from '../data/samples.ts';
import type { Standardisation } from '../data/standardisation.ts';
import type { Columns } from './columns.ts';
import type { DeviceTwin } from './device-twin.ts';
import type { Statistics } from './statistics.ts';

/** Mixing proportions (K); a family adds its own arrays, row-major, K first: see `Family.parameterShapes`. */
export interface Parameters {
  readonly weights: Float64Array;
}

/**
 * What an E-step needs of the parameters, in float64, made once an iteration; a family adds its own tables.
 * Every array is K x something.
 */
export interface Density {
  readonly nComponents: number;
  readonly nFeatures: number;
  /** ln pi_k and what else of ln(pi_k p(x | theta_k)) no sample changes: K; -Infinity where a weight is 0. */
  readonly logConstants: Float64Array;
}

/** Which values a family gives a density to. */
export interface Support {
  /** Completes the sentence "the support is ...". */
  readonly description: string;
  /**
   * Whether a value has density.
   * @param value as the samples have it
   * @param column 0 .. D - 1
   */
  has(value: number, column: number): boolean;
  /**
   * The support of one column, where columns differ.
   * @param column 0 .. D - 1
   */
  describe?(column: number): string;
  /** A value of the support: stands for missing entries and padding where a kernel must compute something. */
  readonly example: number;
}

/** Shape of an array by name, K first: `{ means: [K, D] }`. */
export type ParameterShapes = Readonly<Record<string, readonly number[]>>;

/** A prior as checked by `Family.readPrior`; only the family looks inside. */
export type Prior = unknown;

/** What a family may look at to check a prior and fill in its defaults. */
export interface PriorProblem {
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Undefined where there are no samples to take defaults from. */
  readonly samples: Samples;
  /** The user's sample weights, N; undefined where each is 1. */
  readonly weights?: Float64Array | undefined;
  /** What `findPriorColumns` found: the samples need not be looked at again. */
  readonly columns?: PriorColumns | undefined;
}

/** Moments of the columns that a prior's defaults are made of, in the user's units; left out where none asks for them. */
export interface PriorColumns {
  /** D. */
  readonly means?: Float64Array;
  /** D x D. */
  readonly covariances?: Float64Array;
  readonly meanVariance?: number;
}

/** What the M-step needs beside the statistics. */
export interface MStepOptions {
  /** Added to the diagonal of each covariance, per feature, in standardised units; 0 for families without covariances. */
  readonly regCovar: Float64Array;
  readonly standardisation: Standardisation;
  /** What `readPrior` gave; undefined for maximum likelihood. */
  readonly prior?: Prior;
}

/** An iteration between its two steps, in the user's sample weights. */
export interface BoundProblem<P extends Parameters = Parameters> {
  /** What the E-step gave under the parameters `before`. */
  readonly logLikelihood: number;
  readonly statistics: Statistics;
  readonly before: P;
  /** What the M-step made of it. */
  readonly after: P;
  readonly standardisation: Standardisation;
}

/**
 * One family of component densities. To add one:
 *  1. `src/families/<name>.ts` exporting a `Family` (or a function that makes one from its settings): parameter shapes and
 *     checks, support, float64 log-density and statistics, the M-step by maximum likelihood and under a prior, a sampler, the
 *     count of free parameters;
 *  2. its twin `shaders/families/<name>.wgsl`, described by `device` (see device-twin.ts for what the WGSL declares);
 *  3. one line in `registry.ts`.
 * test/families/contract.ts then holds it to everything said here. Many families need less: one whose features are independent
 * and of exponential-family form is an `ExponentialFamilyDefinition` (exponential-family.ts), a density and a dozen lines.
 *
 * Everything here is float64. `coordinates` says in which units: 'standardised' families see z = (x - mean) / scale,
 * 'raw' ones the user's own numbers (and an identity standardisation). Nothing knows about the device but `device`.
 * Sums of `Statistics` are the family's own layout, `statisticsLength` a component.
 *
 * Members with `@hidden` are what the library calls: they are left out of the reference, and may change.
 */
export interface Family<P extends Parameters = Parameters, D extends Density = Density> {
  /** As in `registry.ts` and saved models. */
  readonly name: string;
  /** What the family was made with, as JSON: the registry makes it again from this. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** @hidden */
  readonly coordinates: 'standardised' | 'raw';
  /**
   * What becomes of missing entries (NaN in a sample). 'observed': features are independent given the component, so
   * log-density and statistics take the observed ones only. 'conditional': exact EM with conditional moments, in float64 only
   * (em/reference-missing.ts). 'refused': an error.
   */
  readonly missing: 'observed' | 'conditional' | 'refused';
  /** Why missing entries are refused, in words. */
  readonly missingRefusal?: string | undefined;
  /** Which values it gives a density to. */
  readonly support: Support;
  /** The arrays beside `weights`, in the user's units. @hidden */
  parameterShapes(nComponents: number, nFeatures: number): ParameterShapes;
  /**
   * Checks arrays of the right shapes, in the user's units.
   * @returns undefined, or what is wrong, as the end of a sentence: "rates must be above 0, but that of component 2 is -1"
   * @hidden
   */
  checkParameters(parameters: P, nFeatures: number): string | undefined;
  /** Free numbers in the arrays beside `weights`. @hidden */
  freeParameters(nComponents: number, nFeatures: number): number;
  /** Where freeParameters does not say how many samples a component needs: see least-samples.ts. @hidden */
  leastSamples?(nFeatures: number): number;
  /** How many sums a component has beyond its mass (and `Statistics.observed`). @hidden */
  statisticsLength(nFeatures: number): number;

  /**
   * The family with what its settings left open taken from the samples (categories of a column, ...), checked against their
   * number of features; in steps, as it may look at all samples.
   * @param weights the user's sample weights, N; undefined where each is 1
   * @throws MixtureError INVALID_OPTION
   * @hidden
   */
  resolve?(samples: Samples, weights?: Float64Array): Steps<Family<P, D>>;

  /** User's units to the family's coordinates, and back. Identity for raw families. @hidden */
  standardise(parameters: P, standardisation: Standardisation): P;
  /** @hidden */
  restore(parameters: P, standardisation: Standardisation): P;

  /** @throws MixtureError COLLAPSED_COMPONENT where a component has no proper density @hidden */
  density(parameters: P, standardisation: Standardisation): D;
  /**
   * ln(pi_k p(x | theta_k)) of one sample, less `logBaseMeasure`; NaN in the sample means missing. `residual` (D) is scratch.
   * @hidden
   */
  logDensity(density: D, component: number, sample: Float64Array, residual: Float64Array): number;
  /** Called with each sample before its `logDensity` and `accumulate` under every component: finds what those share. @hidden */
  prepareSample?(density: D, sample: Float64Array): void;
  /** ln h(x): the part of the log-density that no parameter changes. Left out where it is 0. @hidden */
  logBaseMeasure?(sample: Float64Array): number;
  /** The origin of the statistics (see `Statistics.origin`). @hidden */
  origin(density: D): Float64Array;
  /** Adds weight * T(sample), missing entries left out, to the component's sums (not to its mass). `residual` (D) is scratch. @hidden */
  accumulate(
    density: D,
    component: number,
    weight: number,
    sample: Float64Array,
    residual: Float64Array,
    sums: Float64Array,
  ): void;

  /**
   * The statistics about another origin: what adding, replacing and interpolating those of different E-steps needs. Left out
   * where sums have no origin.
   * @hidden
   */
  recentre?(statistics: Statistics, origin: Float64Array): Statistics;
  /**
   * Statistics in the family's coordinates as ones in the user's units (`back`), and the other way: datasets differ in their
   * standardisation. Left out where the two are the same for all datasets.
   * @hidden
   */
  rescale?(statistics: Statistics, standardisation: Standardisation, back: boolean): Statistics;
  /**
   * The statistics of samples, `mass` of them together, that are just as the parameters say: what an M-step by maximum likelihood
   * gives the parameters back from. What stepwise EM and streams begin with.
   * @hidden
   */
  expectedStatistics(density: D, parameters: P, mass: number): Statistics;
  /**
   * sum_n s_n sum_k gamma_nk (ln(pi_k p(x_n | theta_k)) - ln h(x_n)) of the samples and responsibilities that the statistics come
   * from, under any parameters' density: linear in the statistics.
   * @hidden
   */
  expectedLogDensity(density: D, statistics: Statistics): number;

  /**
   * The closed form: arrays that maximise the expected complete log-likelihood, plus ln prior where there is one; `weights` by
   * maximum likelihood. What no observed entry speaks of stays as in `previous` (under a prior: goes to its mode).
   * @throws MixtureError NO_MODE where the prior leaves no maximum inside the parameter space
   * @hidden
   */
  mStep(statistics: Statistics, previous: P, options: MStepOptions): P;
  /**
   * Checks a prior (the option without `alpha`), and fills in defaults; undefined where it changes nothing.
   * @throws MixtureError INVALID_OPTION
   * @hidden
   */
  readPrior(prior: Readonly<Record<string, unknown>> | string, problem: PriorProblem): Prior;
  /** What `readPrior` would look at all samples for, in steps. @hidden */
  findPriorColumns?(
    prior: Readonly<Record<string, unknown>> | string,
    problem: PriorProblem,
  ): Steps<PriorColumns>;
  /** ln p(theta) without its normalising constant, of parameters in the user's units. @hidden */
  logPrior(parameters: P, prior: Prior): number;
  /**
   * Families whose parameters are a posterior: the bound that an iteration reaches, in place of (l + ln p(theta)) / W of the
   * parameters that entered it.
   * @hidden
   */
  evidenceBound?(iteration: BoundProblem<P>): number;

  /**
   * Where a column's values are unordered categories: their probabilities, K x C. Imputation then takes the most probable one.
   * @returns undefined for a column of numbers
   * @hidden
   */
  categoryProbabilities?(
    parameters: P,
    feature: number,
    nFeatures: number,
  ): Float64Array | undefined;
  /** E[x | component], K x D, in the user's units: what imputation uses. @hidden */
  expectation(parameters: P, nFeatures: number): Float64Array;
  /** Writes one draw from component k to `out` at `offset`; `parameters` in the user's units, `prepared` from `prepareDraws`. @hidden */
  prepareDraws(parameters: P, nFeatures: number): Float64Array;
  /** @hidden */
  draw(
    parameters: P,
    prepared: Float64Array,
    component: number,
    random: Random,
    out: Float64Array,
    offset: number,
  ): void;

  /**
   * Parameters spread narrowly (`standardDeviation`, standardised units) about K x D means: turns seeds into a soft partition.
   * Families without it start from statistics that blend each seed with all samples.
   * @hidden
   */
  narrow?(
    means: Float64Array,
    nComponents: number,
    nFeatures: number,
    standardDeviation: number,
  ): P;
  /**
   * Families without `narrow`: 'partition' where components have a spread of their own (Gaussian columns, two statistics), which
   * a blend with all samples would leave as wide as the data. Default: 'blend'.
   * @hidden
   */
  readonly start?: 'blend' | 'partition' | undefined;
  /** Neutral parameters (no samples seen): what the first M-step has as `previous`. @hidden */
  neutral(nComponents: number, nFeatures: number): P;

  /** The family's part in a mixture of several families; left out where features are not independent. @hidden */
  readonly columns?: Columns<D>;
  /** Why there are no kernels for these settings: the float64 side then serves on any context. @hidden */
  readonly deviceless?: string | undefined;
  /** Which of the float64 kernels of the CPU side (kernels/*.as.ts) read this density; without one the reference computes. @hidden */
  readonly threads?: 'triangular' | 'diagonal' | 'bits' | undefined;
  /** How the family computes on WebGPU. @param missing whether some entries are missing @hidden */
  device(nFeatures: number, missing: boolean): DeviceTwin<P, D>;
}
