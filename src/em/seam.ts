import type { Parameters } from '../families/family.ts';
import type { Statistics } from '../families/statistics.ts';
import type { Responsibilities } from './responsibilities.ts';

/** What the E-step gives: everything that an M-step and a stopping rule need. */
export interface EStepResult {
  /**
   * sum_n s_n ln p(x_n | theta) over the samples asked for, in the user's units; s_n scaled to sum N over all samples. See
   * `Responsibilities` for its other forms.
   */
  readonly logLikelihood: number;
  readonly statistics: Statistics;
}

/** Sums over the samples; s_n scaled to sum N. */
export interface Measures {
  /** sum_n s_n ln p(x_n | theta), in the user's units. */
  readonly logLikelihood: number;
  /** -sum_n s_n sum_k gamma_nk ln gamma_nk: how undecided the assignments are. */
  readonly entropy: number;
}

/** Consecutive samples. */
export interface SampleRange {
  readonly firstSample: number;
  readonly nSamples: number;
}

/** Sum of a range's sample weights, scaled to sum N over all samples; undefined where each is 1. */
export function weightOf(
  { firstSample, nSamples }: SampleRange,
  weights: Float64Array | undefined,
): number {
  if (!weights) return nSamples;
  return weights
    .subarray(firstSample, firstSample + nSamples)
    .reduce((sum, weight) => sum + weight, 0);
}

/**
 * The one seam. Initialisation, M-step, convergence, restarts and the fitted mixture stand above it and do not know which
 * side runs: `reference.ts` (float64, CPU), `threaded.ts` (the same by WebAssembly on worker threads) or `device.ts` (WGSL
 * kernels). Parameters are in the family's coordinates. Every method rejects with `signal.reason` soon after an abort, and with COLLAPSED_COMPONENT where a covariance is not
 * positive definite.
 */
export interface Seam {
  /** Of the numbers it computes with: 2^-53, or 2^-24 on a device. */
  readonly unitRoundoff: number;
  /** @param range the samples that it is over, all by default; see `rangeUnit` */
  eStep(
    parameters: Parameters,
    signal?: AbortSignal,
    how?: Responsibilities,
    range?: SampleRange,
  ): Promise<EStepResult>;
  /** The `range` of an E-step begins at a multiple of this, and ends at one or with the last sample. */
  readonly rangeUnit: number;
  /**
   * E-steps of several sets of parameters, K components each, over the same samples: what `eStep` gives of each, in their order.
   * On a device they run together, stacked along K.
   */
  eSteps(
    list: readonly Parameters[],
    signal?: AbortSignal,
    how?: Responsibilities,
  ): Promise<EStepResult[]>;
  /** What criteria for choosing a mixture need, in one pass over the samples. */
  measure(parameters: Parameters, signal?: AbortSignal): Promise<Measures>;
  /** ln p(x_n | theta) in the user's units, N. */
  scoreSamples(parameters: Parameters, signal?: AbortSignal): Promise<Float64Array>;
  /** argmax_k gamma_nk, N. */
  predict(parameters: Parameters, signal?: AbortSignal): Promise<Int32Array>;
  /**
   * gamma_nk, a range of samples at a time, so that nothing N x K need exist: `responsibilities` is count x K, row-major,
   * and is reused by the next call.
   * @param logarithms ln gamma_nk in place of gamma_nk: not lost where gamma itself underflows
   */
  forEachResponsibilities(
    parameters: Parameters,
    visit: (
      firstSample: number,
      count: number,
      responsibilities: Float32Array | Float64Array,
    ) => void,
    signal?: AbortSignal,
    logarithms?: boolean,
  ): Promise<void>;
  /** Brings the samples to where it computes, where they are not there yet; else the first call does. */
  prepare?(signal?: AbortSignal): Promise<void>;
  /** Frees what the seam allocated; not the dataset. */
  dispose(): void;
}

/** `eSteps` of a side that has nothing to gain from several models at once. */
export async function oneByOne(
  seam: Pick<Seam, 'eStep'>,
  list: readonly Parameters[],
  signal?: AbortSignal,
  how?: Responsibilities,
): Promise<EStepResult[]> {
  const results: EStepResult[] = [];
  for (const parameters of list) results.push(await seam.eStep(parameters, signal, how));
  return results;
}
