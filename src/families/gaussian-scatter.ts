import { cholesky, packedLength } from './cholesky.ts';
import type { NewMeans } from './gaussian-means.ts';
import { noMode } from './prior-numbers.ts';
import type { Statistics } from './statistics.ts';

/**
 * Statistics of samples whose missing entries were filled in by their conditional moments (em/reference-missing.ts): every
 * entry counts, so that the masses of observed ones are no divisors.
 */
export const wholeMasses = (statistics: Statistics): Statistics =>
  statistics.observed ? { ...statistics, observed: undefined } : statistics;

/**
 * Adds scale * (sum s gamma (x - mu)(x - mu)' + kappa (mu - m0)(mu - m0)') of one component to a row-major matrix: scatter
 * about its new mean and, under a prior, the mean's distance from the prior's.
 */
export function addScatter(
  statistics: Statistics,
  component: number,
  { steps, fromPrior }: NewMeans,
  kappa: number,
  scale: number,
  out: Float64Array,
  at: number,
): void {
  const { sums, componentMass, nComponents } = statistics;
  const nFeatures = steps.length / nComponents;
  const own = component * nFeatures;
  const first = (component * sums.length) / nComponents;
  const mass = componentMass[component];
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) {
      let scatter =
        sums[first + nFeatures + packedLength(i) + j] -
        steps[own + i] * sums[first + j] -
        (sums[first + i] - mass * steps[own + i]) * steps[own + j];
      if (fromPrior) scatter += kappa * fromPrior[own + i] * fromPrior[own + j];
      out[at + i * nFeatures + j] += scale * scatter;
      if (j < i) out[at + j * nFeatures + i] += scale * scatter;
    }
  }
}

/**
 * Adds regCovar to a diagonal; not where nothing is observed: exact EM keeps the variance of such a feature, and it would grow
 * with every iteration.
 */
export function addRidge(
  covariances: Float64Array,
  at: number,
  regCovar: Float64Array,
  unseen: (feature: number) => boolean,
): void {
  for (let d = 0; d < regCovar.length; d++) {
    if (!unseen(d)) covariances[at + d * (regCovar.length + 1)] += regCovar[d];
  }
}

/** @throws MixtureError NO_MODE where a covariance found under a prior is singular, as far as float64 can tell */
export function checkMode(
  covariances: Float64Array,
  at: number,
  nFeatures: number,
  component: number,
): void {
  const factor = cholesky(covariances, at, nFeatures, new Float64Array(nFeatures));
  if (factor instanceof Float64Array) return;
  throw noMode(
    'the covariance',
    component,
    factor.row,
    `its smallest pivot is ${factor.pivot.toPrecision(3)} (standardised units), for neither the samples nor prior.scale are positive definite`,
    'Give a positive definite prior.scale, or regCovar above 0.',
  );
}
