import { GaussianMixture } from '../../index.ts';
import type { CovarianceType } from '../../index.ts';

/** Types with one covariance for all components. */
const COMMON = new Set<CovarianceType>(['tied', 'fixed', 'tied-diag', 'tied-spherical']);

export function isCommon(covarianceType: CovarianceType): boolean {
  return COMMON.has(covarianceType);
}

/** A component's covariance as D x D, whatever its type stores. */
export function covarianceOf(mixture: GaussianMixture, component: number): Float64Array {
  const { covarianceType, covariances, nFeatures } = mixture;
  const stored = isCommon(covarianceType)
    ? covariances
    : slice(covariances, component, covariances.length / mixture.nComponents);
  return wholeOf(stored, nFeatures);
}

/** What a type stores of one covariance: the matrix, its diagonal, or one number. */
export function wholeOf(stored: Float64Array, nFeatures: number): Float64Array {
  if (stored.length === nFeatures * nFeatures) return stored.slice();
  const whole = new Float64Array(nFeatures * nFeatures);
  for (let d = 0; d < nFeatures; d++) {
    whole[d * nFeatures + d] = stored.length === 1 ? stored[0] : stored[d];
  }
  return whole;
}

/** What a type stores of a covariance D x D: of 'diag' its diagonal, of 'spherical' the mean of that. */
export function storedOf(whole: Float64Array, type: CovarianceType): Float64Array {
  const nFeatures = Math.round(Math.sqrt(whole.length));
  if (type === 'full' || type === 'tied' || type === 'fixed') return whole.slice();
  const diagonal = Float64Array.from({ length: nFeatures }, (_, d) => whole[d * nFeatures + d]);
  if (type === 'diag' || type === 'tied-diag') return diagonal;
  return Float64Array.of(diagonal.reduce((sum, variance) => sum + variance, 0) / nFeatures);
}

/** The arrays of a Gaussian mixture, row-major, K first; covariances as the type stores them. */
export interface Parameters {
  readonly weights: Float64Array;
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** A mixture of the same type with other parameters, and so without a bound. @throws MixtureError INVALID_MODEL */
export function withParameters(
  { covarianceType, nFeatures }: GaussianMixture,
  parameters: Parameters,
): GaussianMixture {
  return mixtureOf(covarianceType, nFeatures, parameters);
}

/** @param nIter that it says it had. @throws MixtureError INVALID_MODEL */
export function mixtureOf(
  covarianceType: CovarianceType,
  nFeatures: number,
  { weights, means, covariances }: Parameters,
  nIter = 0,
): GaussianMixture {
  return GaussianMixture.fromJSON({
    format: FORMAT,
    version: 1,
    covarianceType,
    weights: Array.from(weights),
    means: Array.from(weights, (_, k) => Array.from(slice(means, k, nFeatures))),
    covariances,
    nIter,
  });
}

/** Of what `GaussianMixture.toJSON` writes. */
const FORMAT = 'webgpu-em/gaussian-mixture';

/** Row k of a matrix with rows of that length, not copied. */
export function slice(values: Float64Array, k: number, length: number): Float64Array {
  return values.subarray(k * length, (k + 1) * length);
}
