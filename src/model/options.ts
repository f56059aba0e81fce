import type { InitParams } from '../em/start-problem.ts';
import type { Algorithm } from '../em/batches.ts';
import type { StepSize } from '../em/step-size.ts';
import type { Family } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { NumberArray } from './arrays.ts';
import { checkBatchOptions } from './batch-options.ts';
import {
  ESCAPE_OPTIONS,
  readEscape,
  type CheckedEscape,
  type EscapeOptions,
} from './escape-options.ts';
import type { FitStep } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import {
  requireBoolean,
  requireKnown,
  requireNumber,
  requireOneOf,
  requireScope,
  requireSeed,
} from './option-checks.ts';
import type { SavedMixture } from './warm-start.ts';

/** What a prior of any mixture may say of the weights. */
export interface WeightsPrior {
  /** Dirichlet(alpha) on the weights: one number, or K. Default 1, which changes nothing. */
  readonly alpha?: number | ArrayLike<number> | undefined;
}

/** Options of every fit; names and defaults are scikit-learn's, in camelCase. */
export interface CommonOptions<M extends FittedMixture = FittedMixture> extends EscapeOptions {
  /** K >= 1. */
  readonly nComponents: number;
  /** Converged when the lower bound per sample changes by less. Default 1e-3. */
  readonly tol?: number | undefined;
  /** Default 100; 0 returns the start. */
  readonly maxIter?: number | undefined;
  /**
   * Starts to try, seeds `seed`, `seed` + 1, ...; the one with the best lower bound is kept. They run in lockstep, on WebGPU in one
   * pass over the samples. Default 1.
   */
  readonly nInit?: number | undefined;
  /**
   * Successive halving: after 4, 8, 16, ... iterations the restarts whose lower bound is below the median of all end
   * (`restarts[].dropped`). Cheaper, and a restart that begins slowly may be lost. Default false.
   */
  readonly dropRestarts?: boolean | undefined;
  /**
   * 'hard': each sample counts wholly towards its most probable component (classification EM, Celeux and Govaert 1992); the
   * log-likelihood is then sum_n ln max_k pi_k p(x_n | k). Default 'soft'.
   */
  readonly assignment?: 'soft' | 'hard' | undefined;
  /**
   * Known components, N: 0 .. K - 1, or -1 where unknown. A labelled sample has responsibility 1 for its component throughout.
   */
  readonly labels?: ArrayLike<number> | undefined;
  /**
   * What is believed of each sample's component beforehand, N x K, each >= 0: multiplies the weights in that sample's E-step. Only
   * the ratios within a row matter (rows are divided by their largest number).
   */
  readonly componentPriors?: NumberArray | undefined;
  /** The same seed, data and device give the same mixture. Default 0. */
  readonly seed?: number | undefined;
  /** Default `'k-means++'`. */
  readonly initParams?: InitParams | undefined;
  /** K numbers in [0, 1] that sum to 1. */
  readonly weightsInit?: NumberArray | undefined;
  /** A component (0 .. K - 1) for each sample; the start is one M-step from it. */
  readonly labelsInit?: ArrayLike<number> | undefined;
  /** N x K, rows sum to 1; the start is one M-step from it. */
  readonly responsibilitiesInit?: NumberArray | undefined;
  /**
   * 'em' (default): an M-step after all samples. 'stepwise' (Cappe and Moulines 2009; Liang and Klein 2009): one after each batch,
   * from running statistics that move towards the batch's: few passes where samples are many. 'incremental' (Neal and Hinton
   * 1998): one after each batch, from the latest statistics of every batch: a bound that never falls. An iteration is a pass over
   * the samples in each of them, and the last one of EM; see docs/streams.md.
   */
  readonly algorithm?: Algorithm | undefined;
  /**
   * 'stepwise', 'incremental': samples in a batch, about (on WebGPU whole tiles of 256). Default: a 256th of the samples for
   * 'stepwise', a sixteenth for 'incremental', at least 256.
   */
  readonly batchSize?: number | undefined;
  /**
   * 'stepwise': eta_t = (t + offset)^-alpha for batch t = 0, 1, ..., `{ alpha: 0.6, offset: 2 }` by default; or a constant in
   * (0, 1].
   */
  readonly stepSize?: StepSize | undefined;
  /** One weight >= 0 a sample; a weight of 2 is the sample twice. Default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /**
   * Goes on from a fitted mixture, or a saved one (`toJSON`, scikit-learn's attributes; object or text), its lower bound included;
   * other starts and nInit are ignored.
   */
  readonly warmStart?: M | SavedMixture | undefined;
  /** Where to compute. Default: `createContext()` for the time of the fit. */
  readonly context?: Context | undefined;
  /** Aborting it ends the fit with its reason, after the iteration that runs. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Called after every iteration; what it throws ends the fit.
   * @param step the iteration, with the mixture that it made
   */
  readonly onIteration?: ((step: FitStep<M>) => void) | undefined;
}

/** Options of `Mixture.fit` and `fitSteps`, for a mixture of any family. */
export interface MixtureOptions extends CommonOptions {
  /** `poisson()`, `independent({ ... })`, what `defineFamily` gave, ... */
  readonly family: Family;
  /** The family's prior and `alpha`, flat: `{ alpha: 2, a: 2, b: 1 }`. Default: maximum likelihood. */
  readonly prior?: (WeightsPrior & Readonly<Record<string, unknown>>) | 'mclust' | undefined;
  /** Arrays to start from, by the names of `mixture.parameters`; what is left out is found. */
  readonly parametersInit?: Readonly<Record<string, NumberArray>> | undefined;
  /**
   * Gaussian columns: added to each variance, in the user's units squared. Default 1e-6; 0 for a Gaussian family under a prior on
   * its covariances.
   */
  readonly regCovar?: number | undefined;
}

/** Options with their defaults, checked. */
export interface CheckedOptions extends CheckedEscape {
  readonly nComponents: number;
  readonly tol: number;
  readonly maxIter: number;
  readonly regCovar: number;
  readonly nInit: number;
  readonly dropRestarts: boolean;
  readonly assignment: 'soft' | 'hard';
  readonly seed: number;
  readonly initParams: InitParams;
  readonly algorithm: Algorithm;
  readonly batchSize: number | undefined;
  readonly stepSize: StepSize | undefined;
}

/** What every kind of mixture takes. */
type Given = Omit<CommonOptions, 'onIteration' | 'warmStart'> & {
  readonly prior?: unknown;
  readonly regCovar?: number | undefined;
};

/** Names of the options that every fit takes. */
export const COMMON_OPTIONS: readonly (keyof CommonOptions | 'prior')[] = [
  'nComponents',
  'tol',
  'maxIter',
  'nInit',
  'dropRestarts',
  'assignment',
  'labels',
  'componentPriors',
  'seed',
  'initParams',
  'weightsInit',
  'labelsInit',
  'responsibilitiesInit',
  'algorithm',
  'batchSize',
  'stepSize',
  'sampleWeights',
  ...ESCAPE_OPTIONS,
  'prior',
  'warmStart',
  'context',
  'signal',
  'onIteration',
];
export const DEFAULT_REG_COVAR = 1e-6;
const INIT_PARAMS: readonly InitParams[] = ['kmeans', 'k-means++', 'random_from_data', 'random'];

/**
 * @param own names of the options that this kind of mixture has beside the common ones
 * @throws MixtureError INVALID_OPTION naming option, range and value
 */
export function checkOptions(options: Given, own: readonly string[]): CheckedOptions {
  requireKnown(options, [...COMMON_OPTIONS, ...own], 'nComponents');
  const checked: CheckedOptions = {
    nComponents: options.nComponents,
    tol: options.tol ?? 1e-3,
    maxIter: options.maxIter ?? 100,
    regCovar: options.regCovar ?? DEFAULT_REG_COVAR,
    nInit: options.nInit ?? 1,
    dropRestarts: options.dropRestarts ?? false,
    assignment: options.assignment ?? 'soft',
    seed: options.seed ?? 0,
    initParams: options.initParams ?? 'k-means++',
    algorithm: options.algorithm ?? 'em',
    batchSize: options.batchSize,
    stepSize: options.stepSize,
    ...readEscape(options),
  };
  requireNumber('nComponents', checked.nComponents, 1, true);
  requireNumber('tol', checked.tol, 0, false);
  requireNumber('maxIter', checked.maxIter, 0, true);
  requireNumber('regCovar', checked.regCovar, 0, false);
  requireNumber('nInit', checked.nInit, 1, true);
  requireSeed(checked.seed, checked.nInit);
  requireBoolean('dropRestarts', checked.dropRestarts);
  requireOneOf('assignment', checked.assignment, ['soft', 'hard']);
  requireOneOf('initParams', checked.initParams, INIT_PARAMS);
  checkBatchOptions(checked);
  requireScope(options);
  return checked;
}
