import { MixtureError } from '../errors.ts';
import type {
  VariationalCovarianceType,
  VariationalPriorOptions,
} from '../families/variational-prior.ts';
import {
  variationalGaussian,
  type VariationalGaussianFamily,
} from '../families/variational-gaussian.ts';
import {
  weightPosteriors,
  type WeightConcentrationPriorType,
} from '../families/variational-weights.ts';
import type { BayesianGaussianMixture } from './bayesian-gaussian-mixture.ts';
import { requireOneOf } from './option-checks.ts';
import type { CommonOptions } from './options.ts';

/**
 * Options of `BayesianGaussianMixture.fit` and `fitSteps`; names and defaults are scikit-learn's, in camelCase. `nComponents` is the
 * most that there may be. `tol` is compared with the change of the whole bound, a total and not per sample, as in scikit-learn.
 */
export interface BayesianGaussianMixtureOptions
  extends Omit<CommonOptions<BayesianGaussianMixture>, 'weightsInit'>, VariationalPriorOptions {
  /** Default `'full'`. */
  readonly covarianceType?: VariationalCovarianceType | undefined;
  /** Default `'dirichlet_process'`. */
  readonly weightConcentrationPriorType?: WeightConcentrationPriorType | undefined;
  /** Added to every covariance's diagonal in the M-step, in the user's units squared. Default 1e-6. */
  readonly regCovar?: number | undefined;
}

export const COVARIANCE_TYPES: readonly VariationalCovarianceType[] = [
  'full',
  'tied',
  'diag',
  'spherical',
];
export const PRIOR_TYPES = Object.keys(weightPosteriors) as readonly WeightConcentrationPriorType[];

const PRIORS: readonly (keyof VariationalPriorOptions)[] = [
  'weightConcentrationPrior',
  'meanPrecisionPrior',
  'meanPrior',
  'degreesOfFreedomPrior',
  'covariancePrior',
];

/** Names of the options beside the common ones. */
export const OWN_OPTIONS: readonly string[] = [
  'covarianceType',
  'weightConcentrationPriorType',
  'regCovar',
  ...PRIORS,
];

/** Options of other mixtures that would be as good as none here, and what to give in their place. */
const REFUSED: Readonly<Record<string, string>> = {
  prior: `The priors are options of their own: ${PRIORS.join(', ')}.`,
  weightsInit: 'A start is a partition: labelsInit, responsibilitiesInit or initParams.',
};

/** The family that the options name, its priors open. @throws MixtureError INVALID_OPTION */
export function readBayesianFamily(
  options: BayesianGaussianMixtureOptions,
): VariationalGaussianFamily {
  const given = options as unknown as Readonly<Record<string, unknown>>;
  for (const [name, hint] of Object.entries(REFUSED)) {
    if (given[name] === undefined) continue;
    throw new MixtureError(
      'INVALID_OPTION',
      `A Bayesian Gaussian mixture has no option ${name}.`,
      hint,
      { option: name },
    );
  }
  const covarianceType = options.covarianceType ?? 'full';
  const weightConcentrationPriorType = options.weightConcentrationPriorType ?? 'dirichlet_process';
  requireOneOf('covarianceType', covarianceType, COVARIANCE_TYPES);
  requireOneOf('weightConcentrationPriorType', weightConcentrationPriorType, PRIOR_TYPES);
  const priors = Object.fromEntries(PRIORS.map((name) => [name, options[name]]));
  const { nComponents } = options;
  return variationalGaussian({ covarianceType, weightConcentrationPriorType, nComponents }, priors);
}
