import type { MixtureError } from '../errors.ts';
import type { CovarianceType } from '../families/gaussian-types.ts';
import type { Criteria } from './criteria.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import type { GaussianMixtureOptions } from './gaussian-options.ts';
import type { Mixture } from './mixture.ts';
import type { MixtureOptions } from './options.ts';
import type { Warning } from './warnings.ts';

/** Lower is better for each: see `Criteria`. */
export type Criterion = 'bic' | 'aic' | 'icl';

/** What tells one candidate from another. */
export interface CandidateKind {
  /** K. */
  readonly nComponents: number;
  /** Undefined where the selection is by `family`. */
  readonly covarianceType: CovarianceType | undefined;
}

/** A row of the table: a mixture that was fitted, and its criteria on the samples it was fitted to. */
export interface FittedCandidate<M extends FittedMixture = FittedMixture>
  extends CandidateKind, Criteria {
  /** The best of its restarts. */
  readonly mixture: M;
  /** Free parameters, p of the criteria. */
  readonly nParameters: number;
  /** The mixture's own, per sample: of the parameters that entered its last iteration (`logLikelihood` here: of the last ones). */
  readonly lowerBound: number;
  /** Whether the last change of its bound was below `tol`. */
  readonly converged: boolean;
  /** Iterations of the restart that was kept. */
  readonly nIter: number;
  /** All restarts and the criteria. */
  readonly milliseconds: number;
  /** Undefined: it could be fitted. */
  readonly error: undefined;
}

/** A row of the table that could not be fitted, and why. */
export interface FailedCandidate extends CandidateKind, Record<keyof Criteria, undefined> {
  /** There is none. */
  readonly mixture: undefined;
  /** Not known. */
  readonly nParameters: undefined;
  /** Not known. */
  readonly lowerBound: undefined;
  /** Never. */
  readonly converged: false;
  /** Not known. */
  readonly nIter: undefined;
  /** What it took until it failed. */
  readonly milliseconds: number;
  /** COLLAPSED_COMPONENT, NO_MODE, TOO_FEW_SAMPLES, LIMIT_EXCEEDED, ... */
  readonly error: MixtureError;
}

/** A row of the table, fitted or not: `error` tells which. */
export type Candidate<M extends FittedMixture = FittedMixture> =
  | FittedCandidate<M>
  | FailedCandidate;

/** What is reported after each candidate. */
export interface SelectionStep<M extends FittedMixture = FittedMixture> {
  /** 1, 2, ... total. */
  readonly done: number;
  /** Candidates in all. */
  readonly total: number;
  /** The row that was just finished. */
  readonly candidate: Candidate<M>;
  /** The best row so far; undefined while all failed. */
  readonly best: FittedCandidate<M> | undefined;
}

/** What `selectComponents` gives. */
export interface Selection<M extends FittedMixture = FittedMixture> {
  /** What was compared. */
  readonly criterion: Criterion;
  /** The best row's mixture. */
  readonly mixture: M;
  /** The row with the lowest criterion; of equal ones that with fewer parameters. */
  readonly best: FittedCandidate<M>;
  /** All rows: for each covariance type in its order, each number of components in its order. */
  readonly candidates: readonly Candidate<M>[];
  /** K_AT_EDGE, CANDIDATES_FAILED, CANDIDATES_NOT_CONVERGED; each mixture has its own beside. */
  readonly warnings: readonly Warning[];
}

/** What a selection has beside the options of a fit. */
export interface SelectionChoices<M extends FittedMixture> {
  /** Numbers of components to try, each once: `[1, 2, 3, 4]`. */
  readonly nComponents: readonly number[];
  /** Default `'bic'`. */
  readonly criterion?: Criterion | undefined;
  /**
   * Called after each candidate; what it throws ends the selection.
   * @param step the row that was just finished, and the best so far
   */
  readonly onProgress?: ((step: SelectionStep<M>) => void) | undefined;
}

/** Options of a fit that fit one number of components only. */
type OfOneSize =
  | 'nComponents'
  | 'weightsInit'
  | 'labelsInit'
  | 'componentPriors'
  | 'responsibilitiesInit'
  | 'warmStart'
  | 'covarianceType'
  | 'meansInit'
  | 'covariancesInit'
  | 'precisionsInit'
  | 'parametersInit';

/** Gaussian mixtures: the options of `GaussianMixture.fit`, for all candidates alike. */
export interface GaussianSelectionOptions
  extends Omit<GaussianMixtureOptions, OfOneSize>, SelectionChoices<GaussianMixture> {
  /** Default `['full']`. `fixedCovariance` goes to `'fixed'` alone. */
  readonly covarianceTypes?: readonly CovarianceType[] | undefined;
  /** Left out: Gaussian mixtures. */
  readonly family?: undefined;
}

/** Mixtures of any other family: the options of `Mixture.fit`, for all candidates alike. */
export interface FamilySelectionOptions
  extends Omit<MixtureOptions, OfOneSize>, SelectionChoices<Mixture> {
  /** Left out: these are of Gaussian mixtures. */
  readonly covarianceTypes?: undefined;
}
