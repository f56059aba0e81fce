import type { Dataset } from '../em/dataset.ts';
import { MixtureError } from '../errors.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import { readArray, type NumberArray } from './arrays.ts';
import {
  requireKnown,
  requireNumber,
  requireOneOf,
  requireScope,
  requireSeed,
} from './option-checks.ts';
import type { Warning } from './warnings.ts';

/** Options of `KMeans.fit`; names and defaults are scikit-learn's, in camelCase. */
export interface KMeansOptions {
  /** K >= 1. */
  readonly nClusters: number;
  /** `'k-means++'` (default), `'random'` (K samples), or K x D centres in the user's units. */
  readonly init?: 'k-means++' | 'random' | NumberArray | undefined;
  /** Starts to try. Default 1, or 10 for `init: 'random'`; given centres are tried once. */
  readonly nInit?: number | undefined;
  /** Default 300. */
  readonly maxIter?: number | undefined;
  /** Stops when the centres' squared moves sum to no more than `tol` times the mean column variance. Default 1e-4. */
  readonly tol?: number | undefined;
  /** The same seed, data and device give the same centres. Default 0. */
  readonly seed?: number | undefined;
  /** One weight >= 0 a sample; a weight of 2 is the sample twice. Default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /** Where to compute. Default: `createContext()` for the time of the fit. */
  readonly context?: Context | undefined;
  /** Aborting it ends the fit with its reason, after the iteration that runs. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every iteration; what it throws ends the fit.
   * @param step the iteration, with the centres that it made
   */
  readonly onIteration?: ((step: KMeansStep) => void) | undefined;
}

/** What an iteration of a fit reports. */
export interface KMeansStep {
  /** 0, 1, ... nInit - 1. */
  readonly restart: number;
  /** 1, 2, ... */
  readonly iteration: number;
  /** Of the centres that entered the iteration. */
  readonly inertia: number;
  /** The sum of the centres' squared moves. */
  readonly shift: number;
  /** Whether the centres came to rest, within `tol`. */
  readonly converged: boolean;
  /** After the iteration: K x D, in the user's units. */
  readonly clusterCenters: Float64Array;
  /** What the iteration took, by the clock. */
  readonly milliseconds: number;
}

/** One start of a fit, kept whether it won or not. */
export interface KMeansRestart {
  /** Seed of its start. */
  readonly seed: number;
  /** sum_n s_n |x_n - c|^2 where it ended, in the user's units squared. */
  readonly inertia: number;
  /** Iterations that it ran. */
  readonly nIter: number;
  /** Whether its centres came to rest before `maxIter`. */
  readonly converged: boolean;
}

/** How a k-means came about. */
export interface KMeansRecord {
  readonly labels: Int32Array;
  readonly inertia: number;
  readonly nIter: number;
  readonly converged: boolean;
  readonly restarts: readonly KMeansRestart[];
  readonly warnings: readonly Warning[];
  readonly contextInfo: ContextInfo | undefined;
  readonly columnNames: readonly string[] | undefined;
}

/** The record of centres that no fit found. */
export const UNFITTED_K_MEANS: KMeansRecord = {
  labels: new Int32Array(0),
  inertia: Infinity,
  nIter: 0,
  converged: false,
  restarts: [],
  warnings: [],
  contextInfo: undefined,
  columnNames: undefined,
};

/** Options with their defaults, checked. */
export interface CheckedKMeans {
  readonly nClusters: number;
  readonly init: 'k-means++' | 'random' | NumberArray;
  readonly nInit: number;
  readonly maxIter: number;
  readonly tol: number;
  readonly seed: number;
}

const KNOWN: readonly (keyof KMeansOptions)[] = [
  'nClusters',
  'init',
  'nInit',
  'maxIter',
  'tol',
  'seed',
  'sampleWeights',
  'context',
  'signal',
  'onIteration',
];

/** @throws MixtureError INVALID_OPTION naming option, range and value */
export function checkKMeansOptions(options: KMeansOptions): CheckedKMeans {
  requireKnown(options, KNOWN, 'nClusters');
  requireScope(options);
  const init = options.init ?? 'k-means++';
  const checked = {
    nClusters: options.nClusters,
    nInit: options.nInit ?? (init === 'random' ? 10 : 1),
    maxIter: options.maxIter ?? 300,
    tol: options.tol ?? 1e-4,
    seed: options.seed ?? 0,
    init,
  };
  requireNumber('nClusters', checked.nClusters, 1, true);
  requireNumber('nInit', checked.nInit, 1, true);
  requireNumber('maxIter', checked.maxIter, 1, true);
  requireNumber('tol', checked.tol, 0, false);
  requireSeed(checked.seed, checked.nInit);
  if (typeof init === 'string') requireOneOf('init', init, ['k-means++', 'random']);
  return checked;
}

/** Given centres, K x D in the user's units; undefined where they are to be found. @throws MixtureError INVALID_OPTION */
export function readCentres(
  { init, nClusters }: CheckedKMeans,
  { nFeatures }: Dataset,
): Float64Array | undefined {
  return typeof init === 'string'
    ? undefined
    : readArray(init, [nClusters, nFeatures], 'init', 'INVALID_OPTION');
}

/** @throws MixtureError TOO_FEW_SAMPLES */
export function checkClusterCount(dataset: Dataset, nClusters: number): void {
  const { nSamples, relativeWeights } = dataset;
  const weighted =
    relativeWeights?.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0) ?? nSamples;
  if (weighted >= nClusters) return;
  throw new MixtureError(
    'TOO_FEW_SAMPLES',
    `There are ${weighted} samples${weighted < nSamples ? ' of weight above 0' : ''} for ${nClusters} clusters.`,
    'Give at least one sample a cluster, or use fewer clusters.',
    { nSamples: weighted, nClusters },
  );
}
