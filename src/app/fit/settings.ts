import type { CovarianceType, InitParams } from '../../index.ts';

/** What the user chooses about the model. */
export interface FitSettings {
  nComponents: number;
  covarianceType: CovarianceType;
  initParams: InitParams;
  seed: number;
  /** Restarts, seeds `seed`, `seed` + 1, ... */
  nInit: number;
  /** Added to every variance, in the samples' units squared. */
  regCovar: number;
  /** A fit has converged when the lower bound of a sample changes by less. */
  tol: number;
  /** Iterations of a restart, counted anew after a change by hand. */
  maxIter: number;
}

/** The most of each that the form takes, and so an address. */
export const MOST = {
  components: 64,
  restarts: 64,
  seed: 2 ** 32 - 1,
  iterations: 100_000,
} as const;

/** The forms of covariances that the page fits, of the library's. */
export const COVARIANCES = [
  'full',
  'tied',
  'diag',
  'spherical',
] as const satisfies readonly CovarianceType[];
/** Finer than the library's, as the eye sees it. */
export const TOLERANCE = 1e-5;
export const MOST_ITERATIONS = 500;
/** The settings that the form keeps out of sight until they are asked for. */
export const DEFAULTS = {
  nInit: 1,
  regCovar: 1e-6,
  tol: TOLERANCE,
  maxIter: MOST_ITERATIONS,
} as const;
