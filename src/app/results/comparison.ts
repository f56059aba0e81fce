import type { Candidate, FittedCandidate, GaussianMixture } from '../../index.ts';

export type Criterion = 'bic' | 'aic' | 'icl';
export const CRITERIA: readonly Criterion[] = ['bic', 'aic', 'icl'];

/** Mixtures of several sizes to fit and compare. */
export interface Comparison {
  /** Numbers of components, both ends included. */
  from: number;
  to: number;
  /** Starts of each, of which the best is kept. */
  nInit: number;
  criterion: Criterion;
}

/** A mixture that was fitted, or an attempt that failed. */
export type Trial = Candidate<GaussianMixture>;
export type FittedTrial = FittedCandidate<GaussianMixture>;

/** The fitted one with the lowest criterion; undefined where there is none. */
export function bestTrial(trials: readonly Trial[], criterion: Criterion): FittedTrial | undefined {
  return fittedTrials(trials).reduce<FittedTrial | undefined>(
    (best, trial) => (best && best[criterion] <= trial[criterion] ? best : trial),
    undefined,
  );
}

/** Those that were fitted, by their size. */
export function fittedTrials(trials: readonly Trial[]): FittedTrial[] {
  return trials.flatMap((trial) => (trial.error === undefined ? [trial] : []));
}

/** Which way mixtures that were not tried may be better still; undefined where the best has a neighbour on both sides. */
export function edgeOf(
  { nComponents }: FittedTrial,
  { from, to }: Comparison,
): 'smallest' | 'largest' | undefined {
  if (nComponents === to) return 'largest';
  return nComponents === from && from > 1 ? 'smallest' : undefined;
}

const oneDecimal = new Intl.NumberFormat('en-US', {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** A criterion to one decimal, "2,322.2": differences of 2 count. */
export function criterionText(value: number): string {
  return oneDecimal.format(value).replace('-', '−');
}
