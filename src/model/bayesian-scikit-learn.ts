import { MixtureError } from '../errors.ts';
import { gaussianFamilies } from '../families/gaussian-types.ts';
import { plainPrior, type VariationalParameters } from '../families/variational-gaussian.ts';
import type { VariationalPriorOptions } from '../families/variational-prior.ts';
import { nest, readArray } from './arrays.ts';
import type { BayesianGaussianMixture } from './bayesian-gaussian-mixture.ts';
import { savedFamily, type ReadBayesianMixture } from './bayesian-json.ts';
import { checkWeights } from './json.ts';
import type { ScikitLearnAttributes } from './scikit-learn.ts';

/**
 * The attributes of a fitted `sklearn.mixture.BayesianGaussianMixture`, arrays as nested lists (`.tolist()`), together with the
 * constructor's `covariance_type` and `weight_concentration_prior_type`.
 */
export interface ScikitLearnBayesianAttributes extends ScikitLearnAttributes {
  /** As in `covarianceType`: full K x D x D, tied D x D, diag K x D, spherical K. */
  readonly covariances_: unknown[];
  /** The constructor's: 'dirichlet_process' or 'dirichlet_distribution'. */
  readonly weight_concentration_prior_type: string;
  /** gamma, or alpha_0. */
  readonly weight_concentration_prior_: number;
  /** dirichlet_process: the tuple's two arrays. */
  readonly weight_concentration_: unknown[];
  /** beta_0. */
  readonly mean_precision_prior_: number;
  /** beta_k, K. */
  readonly mean_precision_: unknown[];
  /** m_0, D. */
  readonly mean_prior_: number[];
  /** nu_0. */
  readonly degrees_of_freedom_prior_: number;
  /** covariance_type tied: a number. */
  readonly degrees_of_freedom_: number | unknown[];
  /** full and tied D x D, diag D, spherical a number. */
  readonly covariance_prior_: number | unknown[];
  /** One an iteration, totals; newer versions have it. */
  readonly lower_bounds_?: unknown[];
}

/** Whether these are the attributes of the Bayesian estimator. */
export const isScikitLearnBayesian = (plain: object): plain is ScikitLearnBayesianAttributes =>
  'weights_' in plain && 'weight_concentration_' in plain;

export function toScikitLearnBayesian(
  mixture: BayesianGaussianMixture,
): ScikitLearnBayesianAttributes {
  const { covarianceType, covariances, nComponents, nFeatures, lowerBound, family } = mixture;
  const gaussian = gaussianFamilies[covarianceType];
  const shapes = family.parameterShapes(nComponents, nFeatures);
  const shape = shapes['covariances'];
  const priors = plainPrior(family.prior!, covarianceType);
  const dof = Array.from(mixture.degreesOfFreedom);
  return {
    covariance_type: covarianceType,
    weight_concentration_prior_type: mixture.weightConcentrationPriorType,
    n_components: nComponents,
    n_features_in_: nFeatures,
    weights_: Array.from(mixture.weights),
    means_: nest(mixture.means, [nComponents, nFeatures]),
    covariances_: nest(covariances, shape),
    precisions_: nest(mixture.precisions, shape),
    precisions_cholesky_: nest(
      gaussian.precisionsCholesky(covariances, nComponents, nFeatures),
      shape,
    ),
    weight_concentration_: nest(mixture.weightConcentration, shapes['weightConcentration']),
    mean_precision_: Array.from(mixture.meanPrecision),
    degrees_of_freedom_: covarianceType === 'tied' ? dof[0] : dof,
    weight_concentration_prior_: priors.weightConcentrationPrior!,
    mean_precision_prior_: priors.meanPrecisionPrior!,
    mean_prior_: Array.from(mixture.meanPrior),
    degrees_of_freedom_prior_: priors.degreesOfFreedomPrior!,
    covariance_prior_: priors.covariancePrior as number | unknown[],
    converged_: mixture.converged,
    n_iter_: mixture.nIter,
    lower_bound_: Number.isFinite(lowerBound) ? lowerBound : null,
    lower_bounds_: Array.from(mixture.lowerBounds),
  };
}

/** @throws MixtureError INVALID_MODEL naming the attribute */
export function fromScikitLearnBayesian(
  attributes: ScikitLearnBayesianAttributes,
): ReadBayesianMixture {
  const { means_, degrees_of_freedom_: dof, lower_bounds_: bounds = [] } = attributes;
  const { converged_: converged, n_iter_: nIter = 0, lower_bound_: lowerBound } = attributes;
  const first = Array.isArray(means_) ? means_[0] : undefined;
  if (!Array.isArray(first) || first.length === 0) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The scikit-learn attributes have no means_.',
      'means_ must be K lists of D numbers.',
    );
  }
  const nComponents = means_.length;
  const nFeatures = first.length;
  const family = savedFamily(
    attributes.covariance_type,
    attributes.weight_concentration_prior_type,
    nComponents,
    nFeatures,
    {
      weightConcentrationPrior: required(attributes, 'weight_concentration_prior_'),
      meanPrecisionPrior: required(attributes, 'mean_precision_prior_'),
      meanPrior: required(attributes, 'mean_prior_'),
      degreesOfFreedomPrior: required(attributes, 'degrees_of_freedom_prior_'),
      covariancePrior: required(
        attributes,
        'covariance_prior_',
      ) as VariationalPriorOptions['covariancePrior'],
    },
  );
  const shapes = family.parameterShapes(nComponents, nFeatures);
  const read = (name: keyof ScikitLearnBayesianAttributes, shape: readonly number[]) =>
    readArray(required(attributes, name), shape, name, 'INVALID_MODEL');
  const parameters: VariationalParameters = {
    weights: read('weights_', [nComponents]),
    means: read('means_', shapes['means']),
    covariances: read('covariances_', shapes['covariances']),
    meanPrecision: read('mean_precision_', shapes['meanPrecision']),
    degreesOfFreedom:
      typeof dof === 'number'
        ? Float64Array.of(dof)
        : read('degrees_of_freedom_', shapes['degreesOfFreedom']),
    weightConcentration: read('weight_concentration_', shapes['weightConcentration']),
  };
  checkWeights(parameters.weights);
  const wrong = family.checkParameters(parameters, nFeatures);
  if (wrong !== undefined) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The scikit-learn attributes are no Bayesian mixture: ${wrong}.`,
      'Check how they were saved.',
    );
  }
  return {
    family,
    parameters,
    nFeatures,
    record: {
      converged: converged === true,
      nIter,
      lowerBound: lowerBound ?? -Infinity,
      lowerBounds: readArray(bounds, [bounds.length], 'lower_bounds_', 'INVALID_MODEL'),
    },
  };
}

function required<N extends keyof ScikitLearnBayesianAttributes>(
  attributes: ScikitLearnBayesianAttributes,
  name: N,
): NonNullable<ScikitLearnBayesianAttributes[N]> {
  const value = attributes[name];
  if (value !== undefined && value !== null) return value;
  throw new MixtureError(
    'INVALID_MODEL',
    `The scikit-learn attributes lack ${name}.`,
    'Write all fitted attributes of the BayesianGaussianMixture, with covariance_type and weight_concentration_prior_type.',
    { name },
  );
}
