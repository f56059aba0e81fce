import type { Move } from '../em/split-merge.ts';
import type { MixtureError } from '../errors.ts';
import type { Statistics } from '../families/statistics.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import type { FitTimings } from './fit-timings.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { Warning } from './warnings.ts';

/** One restart of a fit, kept whether it won or not. */
export interface Restart {
  /** Seed of its start: `seed` + its number. */
  readonly seed: number;
  /** One per iteration, per sample. */
  readonly lowerBounds: Float64Array;
  /** Iterations that it ran. */
  readonly nIter: number;
  /** Whether its bound's last change was below `tol`. */
  readonly converged: boolean;
  /** Whether it ended early because it was behind the others (option `dropRestarts`). */
  readonly dropped: boolean;
  /** Split-and-merge moves that were tried, in order (option `escape`). */
  readonly moves: readonly Move[];
  /** Why the restart ended early (a collapsed component, a prior without a mode), while another one succeeded. */
  readonly error: MixtureError | undefined;
}

/** What an iteration of a fit reports. */
export interface FitStep<M extends FittedMixture = FittedMixture> {
  /** 0, 1, ... nInit - 1. */
  readonly restart: number;
  /** 0 is the start, whose bound is not known before its first E-step (-Infinity), and every step of annealing. */
  readonly iteration: number;
  /** Below 1 in a step of annealing: the temperature of its responsibilities. */
  readonly inverseTemperature: number;
  /** Per sample, of the parameters that entered this iteration: (logLikelihood + logPrior) / W. */
  readonly lowerBound: number;
  /** The bound's two terms, totals: l, and ln p(theta) without its normalising constant (0 without a prior). */
  readonly logLikelihood: number;
  /** ln p(theta), without its normalising constant; 0 without a prior. */
  readonly logPrior: number;
  /** How far `lowerBound` is from that of the iteration before, per sample: compared with `tol`. Infinity where there is none before. */
  readonly change: number;
  /** What the iteration took, by the clock. */
  readonly milliseconds: number;
  /** Whether `change` is below `tol`: the last iteration of its restart, but for `escape`. */
  readonly converged: boolean;
  /** The parameters after this iteration. */
  readonly mixture: M;
}

/** How a mixture came about; all of it optional for one made from given parameters. */
export interface FitRecord {
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBound: number;
  readonly logLikelihood: number;
  readonly logPrior: number;
  readonly lowerBounds: Float64Array;
  readonly restarts: readonly Restart[];
  /** What a careful user should know: not converged, a component of one sample, a bound that fell, ... */
  readonly warnings: readonly Warning[];
  readonly contextInfo: ContextInfo | undefined;
  /** Names of the columns that it was fitted to, where the samples had names. */
  readonly columnNames: readonly string[] | undefined;
  /** Weight of all samples that it was fitted to (each once, however many passes); 0 where that is not known. */
  readonly nSamplesSeen: number;
  /** Where the time until the first iteration went; undefined for a mixture that no fit made. */
  readonly timings?: FitTimings | undefined;
  /** What `partialFit` goes on from, in the user's units; undefined before the first. */
  readonly running: Statistics | undefined;
}

/** Options of what a fitted mixture is asked. */
export interface EvaluationOptions {
  /** Where to compute. Default: the fit's context while it lives, else the CPU. */
  readonly context?: Context | undefined;
  /** Aborting it ends the computation with its reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Told where it computes, and why there: covariances with missing entries do so on the CPU, whatever the context.
   * @param info the side, and the sentence that says why
   */
  readonly onContextInfo?: ((info: ContextInfo) => void) | undefined;
}

/** Their names, and those of `evidence` and `diagnose`. */
export const EVALUATION_OPTIONS = [
  'context',
  'signal',
  'onContextInfo',
  'responsibilities',
  'ambiguousBelow',
];

/** For what is left on the device. */
export interface BufferOptions {
  /** Aborting it ends the computation with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What `sample` draws. */
export interface DrawnSamples {
  /** Rows ordered by component, in the user's units. */
  samples: {
    /** N x D, row-major. */
    data: Float64Array;
    /** N. */
    nSamples: number;
    /** D. */
    nFeatures: number;
  };
  /** The component that each was drawn from, N. */
  labels: Int32Array;
}

/** A number a sample on the device, see `predictBuffers`, `responsibilityBuffers` and `entropyBuffers`. */
export interface SampleBuffers {
  /** u32 (labels) or f32 a sample, one buffer for each of `dataset.chunks`; usable as storage and as a source of copies. */
  readonly buffers: readonly GPUBuffer[];
  /** Frees them; may be called twice. */
  dispose(): void;
}

/** Labels on the device, u32 a sample. */
export type LabelBuffers = SampleBuffers;

/** The record of a mixture made from given parameters. */
export const UNFITTED: FitRecord = {
  converged: false,
  nIter: 0,
  lowerBound: -Infinity,
  logLikelihood: -Infinity,
  logPrior: 0,
  lowerBounds: new Float64Array(0),
  restarts: [],
  warnings: [],
  contextInfo: undefined,
  columnNames: undefined,
  nSamplesSeen: 0,
  running: undefined,
};
