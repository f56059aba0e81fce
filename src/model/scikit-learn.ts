import { MixtureError } from '../errors.ts';
import { gaussianFamilies } from '../families/registry.ts';
import { nest } from './arrays.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import { readParameters, type ReadMixture } from './json.ts';

/**
 * The attributes of a fitted `sklearn.mixture.GaussianMixture`, arrays as nested lists (`.tolist()`), together with the
 * constructor's `covariance_type`. `precisions_cholesky_` is the upper-triangular U with U U' = precision (full, tied), or
 * 1 / standard deviation (diag, spherical).
 */
export interface ScikitLearnAttributes {
  readonly covariance_type?: string;
  readonly weights_: unknown[];
  readonly means_: unknown[];
  readonly covariances_: unknown[];
  readonly precisions_?: unknown[];
  readonly precisions_cholesky_?: unknown[];
  readonly converged_?: boolean;
  readonly n_iter_?: number;
  readonly lower_bound_?: number | null;
  readonly n_features_in_?: number;
  readonly n_components?: number;
}

export function isScikitLearn(value: unknown): value is ScikitLearnAttributes {
  return typeof value === 'object' && value !== null && 'weights_' in value;
}

export function toScikitLearn(mixture: GaussianMixture): ScikitLearnAttributes {
  const { covarianceType, covariances, nComponents, nFeatures, lowerBound } = mixture;
  const family = gaussianFamilies[covarianceType];
  const shape = family.covarianceShape(nComponents, nFeatures);
  return {
    covariance_type: covarianceType,
    n_components: nComponents,
    n_features_in_: nFeatures,
    weights_: Array.from(mixture.weights),
    means_: nest(mixture.means, [nComponents, nFeatures]),
    covariances_: nest(covariances, shape),
    precisions_: nest(family.invert(covariances, nComponents, nFeatures), shape),
    precisions_cholesky_: nest(
      family.precisionsCholesky(covariances, nComponents, nFeatures),
      shape,
    ),
    converged_: mixture.converged,
    n_iter_: mixture.nIter,
    lower_bound_: Number.isFinite(lowerBound) ? lowerBound : null,
  };
}

export function fromScikitLearn(attributes: ScikitLearnAttributes): ReadMixture {
  const { weights_, means_, covariances_, converged_, n_iter_, lower_bound_ } = attributes;
  const covarianceType = attributes.covariance_type;
  if (covarianceType === undefined) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The scikit-learn attributes lack covariance_type.',
      'Add it beside the fitted attributes: { covariance_type: gm.covariance_type, weights_: ..., ... }.',
    );
  }
  return {
    ...readParameters(covarianceType, weights_, means_, covariances_),
    record: {
      converged: converged_ === true,
      nIter: n_iter_ ?? 0,
      lowerBound: lower_bound_ ?? -Infinity,
    },
  };
}
