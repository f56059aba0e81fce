import { MixtureError } from '../errors.ts';
import { gaussianFamilies, type CovarianceType } from '../families/gaussian-types.ts';
import { nest, readArray } from './arrays.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import { readParameters, type ReadGaussianMixture } from './gaussian-json.ts';

/**
 * The attributes of a fitted `sklearn.mixture.GaussianMixture`, arrays as nested lists (`.tolist()`), together with the
 * constructor's `covariance_type`. `precisions_cholesky_` is the upper-triangular U with U U' = precision (full, tied), or
 * 1 / standard deviation (diag, spherical).
 */
export interface ScikitLearnAttributes {
  /** The constructor's: 'full', 'tied', 'diag' or 'spherical'. */
  readonly covariance_type?: string;
  /** K numbers that sum to 1. */
  readonly weights_: unknown[];
  /** K x D. */
  readonly means_: unknown[];
  /** May be missing where `precisions_cholesky_` is given. */
  readonly covariances_?: unknown[];
  /** Inverse covariances, shaped likewise; written, not read. */
  readonly precisions_?: unknown[];
  /** Shaped as the covariances. */
  readonly precisions_cholesky_?: unknown[];
  /** Whether the fit converged. */
  readonly converged_?: boolean;
  /** Iterations of the fit. */
  readonly n_iter_?: number;
  /** Per sample; null where it is not known. */
  readonly lower_bound_?: number | null;
  /** D. */
  readonly n_features_in_?: number;
  /** K. */
  readonly n_components?: number;
}

const SCIKIT_LEARN: readonly string[] = ['full', 'tied', 'diag', 'spherical'];

export function isScikitLearn(value: unknown): value is ScikitLearnAttributes {
  return typeof value === 'object' && value !== null && 'weights_' in value;
}

export function toScikitLearn(mixture: GaussianMixture): ScikitLearnAttributes {
  const { covarianceType, covariances, nComponents, nFeatures, lowerBound } = mixture;
  if (!SCIKIT_LEARN.includes(covarianceType)) {
    throw new MixtureError(
      'INVALID_MODEL',
      `scikit-learn has no covariance_type '${covarianceType}'.`,
      `It has ${SCIKIT_LEARN.join(', ')}.`,
      { covarianceType },
    );
  }
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

export function fromScikitLearn(attributes: ScikitLearnAttributes): ReadGaussianMixture {
  const { weights_, means_, converged_, n_iter_, lower_bound_ } = attributes;
  const covarianceType = attributes.covariance_type;
  if (covarianceType === undefined) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The scikit-learn attributes lack covariance_type.',
      'Add it beside the fitted attributes: { covariance_type: gm.covariance_type, weights_: ..., ... }.',
    );
  }
  return {
    ...readParameters(covarianceType, weights_, means_, covariancesOf(attributes)),
    record: {
      converged: converged_ === true,
      nIter: n_iter_ ?? 0,
      lowerBound: lower_bound_ ?? -Infinity,
    },
  };
}

/** The covariances, from the Cholesky factors of the precisions where they alone are given. */
function covariancesOf({
  covariance_type,
  means_,
  covariances_,
  precisions_cholesky_,
}: ScikitLearnAttributes): unknown {
  const first = Array.isArray(means_) ? means_[0] : undefined;
  if (covariances_ !== undefined || precisions_cholesky_ === undefined || !Array.isArray(first)) {
    return covariances_;
  }
  if (!Object.hasOwn(gaussianFamilies, covariance_type ?? '')) return covariances_;
  const family = gaussianFamilies[covariance_type as CovarianceType];
  const nComponents = means_.length;
  const nFeatures = first.length;
  const shape = family.covarianceShape(nComponents, nFeatures);
  const name = 'precisions_cholesky_';
  const factors = readArray(precisions_cholesky_, shape, name, 'INVALID_MODEL');
  const matrices = covariance_type === 'full' || covariance_type === 'tied';
  const precisions = matrices
    ? upperSquares(factors, nFeatures)
    : factors.map((factor) => factor * factor);
  return nest(family.invert(precisions, nComponents, nFeatures), shape);
}

/** U U' for each n x n matrix U. */
function upperSquares(factors: Float64Array, n: number): Float64Array {
  return factors.map((_, index) => {
    const at = index - (index % (n * n));
    const i = Math.floor((index - at) / n);
    const j = index % n;
    let sum = 0;
    for (let m = Math.max(i, j); m < n; m++)
      sum += factors[at + i * n + m] * factors[at + j * n + m];
    return sum;
  });
}
