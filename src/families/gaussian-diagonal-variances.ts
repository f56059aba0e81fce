import type { MStepOptions, Prior } from './family.ts';
import type { GaussianParameters } from './gaussian.ts';
import type { NewMeans } from './gaussian-means.ts';
import { gaussianPrior } from './gaussian-prior.ts';
import { noMode } from './prior-numbers.ts';
import { isEmpty, MASS_FLOOR, observedMass, type Statistics } from './statistics.ts';

/** Which of the K x D variances of a Gaussian with independent features are one and the same. */
export interface Pool {
  /** All components share variances. */
  readonly components: boolean;
  /** All features share one variance, in the user's units. */
  readonly features: boolean;
}

/**
 * Variances, in standardised units, rows of D, one row where components share. With B_kd the scatter about the new mean and
 * n_kd the mass observed, and sums over the (component, feature) pairs that share a variance:
 *   maximum likelihood     sum B / sum n + regCovar
 *   under mclust's prior   (scale + sum B) / (dof + sum n + pairs + 2) + regCovar, B with the mean's shrinkage in it
 * The denominator is mixtures.md's in each case: nu + N_k + 3 (diagonal), nu + (N_k + 1) D + 2 (spherical), nu + W + K + 2
 * (tied diagonal: the tied one of a single feature), nu + (W + K) D + 2 (tied spherical).
 * Without a prior, a variance that no observed entry speaks of stays as it was.
 */
export function pooledVariances(
  statistics: Statistics,
  moves: NewMeans,
  previous: Float64Array,
  { regCovar, standardisation: { scales }, ...options }: MStepOptions,
  pool: Pool,
): Float64Array {
  const { nComponents } = statistics;
  const nFeatures = scales.length;
  const prior = gaussianPrior(options.prior);
  const pools = makePools(pool, nComponents, nFeatures);
  const scatter = new Float64Array(pools.count);
  const mass = new Float64Array(pools.count);
  const ridge = new Float64Array(pools.count);
  // features that share a variance share it in the user's units: one factor at a time, for scales near float64's ends
  const inUnits = (value: number, d: number): number =>
    pool.features ? value * scales[d] * scales[d] : value;
  const inStandardUnits = (value: number, d: number): number =>
    pool.features ? value / scales[d] / scales[d] : value;
  for (let k = 0; k < nComponents; k++) {
    for (let d = 0; d < nFeatures; d++) {
      const at = pools.of(k, d);
      scatter[at] += inUnits(scatterOf(statistics, moves, prior?.kappa ?? 0, k, d), d);
      mass[at] += observedMass(statistics, k, d, nFeatures);
      ridge[at] += inUnits(regCovar[d], d) / pools.pairs;
    }
  }
  const variances = new Float64Array(pools.rows * nFeatures);
  for (let k = 0; k < pools.rows; k++) {
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const at = pools.of(k, d);
      if (prior) {
        const scale = pool.features ? prior.scale[0] : prior.scale[0] / scales[d] / scales[d];
        const pooled = (scale + scatter[at]) / (prior.dof + mass[at] + pools.pairs + 2);
        variances[i] = inStandardUnits(pooled + ridge[at], d);
        if (!(variances[i] > 0)) {
          throw noMode(
            'the variance',
            k,
            d,
            'neither the samples nor prior.scale give it any spread',
            'Give prior.scale above 0, or regCovar above 0.',
          );
        }
      } else if (isEmpty(mass[at])) {
        variances[i] = previous[i];
      } else {
        const pooled = scatter[at] / (mass[at] + pools.pairs * MASS_FLOOR);
        variances[i] = inStandardUnits(pooled + ridge[at], d);
      }
    }
  }
  return variances;
}

/**
 * ln p(means, covariances) without its constant, in the user's units: over the variances s2 that differ,
 * -(dof + pairs + 2) / 2 ln s2 - scale / (2 s2) - kappa / 2 sum (mu - mean)^2 / s2.
 */
export const diagonalLogPrior =
  (pool: Pool) =>
  ({ weights, means, covariances }: GaussianParameters, of: Prior): number => {
    const { kappa, mean, dof, scale } = gaussianPrior(of)!;
    const pools = makePools(pool, weights.length, mean.length);
    let sum = 0;
    for (const variance of covariances) {
      sum -= (dof + pools.pairs + 2) * Math.log(variance) + scale[0] / variance;
    }
    means.forEach((value, i) => {
      const d = i % mean.length;
      const variance = covariances[pools.of(Math.floor(i / mean.length), d)];
      sum -= (kappa * (value - mean[d]) ** 2) / variance;
    });
    return 0.5 * sum;
  };

/** sum s gamma (x - mu)^2 + kappa (mu - m0)^2; rounding is not let below 0. */
function scatterOf(
  statistics: Statistics,
  { steps, fromPrior }: NewMeans,
  kappa: number,
  k: number,
  d: number,
): number {
  const { sums, nComponents } = statistics;
  const nFeatures = steps.length / nComponents;
  const i = k * nFeatures + d;
  const step = steps[i];
  const first = sums[k * 2 * nFeatures + d];
  const second = sums[k * 2 * nFeatures + nFeatures + d];
  const mass = observedMass(statistics, k, d, nFeatures);
  const centred = second - step * first - (first - mass * step) * step;
  return Math.max(0, centred) + (fromPrior ? kappa * fromPrior[i] ** 2 : 0);
}

interface Pools {
  /** Variances that differ. */
  readonly count: number;
  /** (component, feature) pairs of each. */
  readonly pairs: number;
  /** Rows of D that differ. */
  readonly rows: number;
  /** Which one is component k's, feature d's: its index in the family's array in the user's units. */
  of(k: number, d: number): number;
}

function makePools(pool: Pool, nComponents: number, nFeatures: number): Pools {
  const rows = pool.components ? 1 : nComponents;
  const columns = pool.features ? 1 : nFeatures;
  return {
    rows,
    count: rows * columns,
    pairs: (nComponents * nFeatures) / (rows * columns),
    of: (k, d) => (pool.components ? 0 : k) * columns + (pool.features ? 0 : d),
  };
}
