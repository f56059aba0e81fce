import { cholesky, invertLower, packedLength } from './cholesky.ts';
import { collapsed } from './collapse.ts';
import type { Prior } from './family.ts';
import type { GaussianParameters } from './gaussian.ts';
import { gaussianPrior } from './gaussian-prior.ts';

/**
 * ln p(means, covariances) without its constant, in the user's units: over the covariances S that differ,
 * -(dof + D + K' + 1) / 2 ln|S| - tr(scale S^-1) / 2 - kappa / 2 sum (mu - mean)' S^-1 (mu - mean), K' the components that share S.
 * One each (full): the normal-inverse-Wishart density, whose joint mode is the M-step.
 */
export const triangularLogPrior =
  (tied: boolean) =>
  ({ weights, means, covariances }: GaussianParameters, of: Prior): number => {
    const prior = gaussianPrior(of)!;
    const nFeatures = prior.mean.length;
    const nComponents = weights.length;
    const sharers = tied ? nComponents : 1;
    let sum = 0;
    for (let k = 0; k < nComponents; k += sharers) {
      const { logDeterminant, w } = whiten(
        covariances,
        (k / sharers) * nFeatures ** 2,
        nFeatures,
        k,
      );
      sum -= (prior.dof + nFeatures + sharers + 1) * logDeterminant;
      sum -= trace(w, prior.scale, nFeatures);
      for (let j = k; j < k + sharers; j++) {
        sum -= prior.kappa * squaredDistance(w, means, j * nFeatures, prior.mean);
      }
    }
    return 0.5 * sum;
  };

/** -kappa / 2 sum_k (mu_k - mean)' S^-1 (mu_k - mean) for a fixed S: -ln of the normal prior of the means. */
export function fixedLogPrior(
  { weights, means, covariances }: GaussianParameters,
  of: Prior,
): number {
  const { kappa, mean } = gaussianPrior(of)!;
  const { w } = whiten(covariances, 0, mean.length, 0);
  let sum = 0;
  for (let k = 0; k < weights.length; k++) {
    sum -= kappa * squaredDistance(w, means, k * mean.length, mean);
  }
  return 0.5 * sum;
}

/** W with W'W = S^-1, packed, and ln|S|. */
function whiten(
  covariances: Float64Array,
  at: number,
  nFeatures: number,
  component: number,
): { w: Float64Array; logDeterminant: number } {
  const c = cholesky(covariances, at, nFeatures, new Float64Array(nFeatures));
  if (!(c instanceof Float64Array)) throw collapsed(component, c.pivot, c.row);
  let logDeterminant = 0;
  for (let i = 0; i < nFeatures; i++) logDeterminant += 2 * Math.log(c[packedLength(i) + i]);
  return { w: invertLower(c, nFeatures), logDeterminant };
}

/** tr(A W'W) = sum_i w_i A w_i' over the rows of W. */
function trace(w: Float64Array, a: Float64Array, nFeatures: number): number {
  let sum = 0;
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    for (let j = 0; j <= i; j++) {
      for (let l = 0; l <= i; l++) sum += w[row + j] * a[j * nFeatures + l] * w[row + l];
    }
  }
  return sum;
}

/** |W (mu - mean)|^2. */
function squaredDistance(
  w: Float64Array,
  means: Float64Array,
  at: number,
  mean: Float64Array,
): number {
  let sum = 0;
  for (let i = 0; i < mean.length; i++) {
    let y = 0;
    for (let j = 0; j <= i; j++) y += w[packedLength(i) + j] * (means[at + j] - mean[j]);
    sum += y * y;
  }
  return sum;
}
