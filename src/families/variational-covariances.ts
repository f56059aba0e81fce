import type { Standardisation } from '../data/standardisation.ts';
import { addScatter } from './gaussian-scatter.ts';
import { isEmpty, MASS_FLOOR, type Statistics } from './statistics.ts';
import type { VariationalCovarianceType, VariationalPrior } from './variational-prior.ts';

/** What an M-step finds of the means before it comes to the covariances; standardised units. */
export interface VariationalMeans {
  /** N_k, K, with the guard of ten epsilons that scikit-learn adds. */
  readonly mass: Float64Array;
  /** beta_k = beta_0 + N_k, K. */
  readonly meanPrecision: Float64Array;
  /** m_k = (beta_0 m_0 + N_k xbar_k) / beta_k, K x D. */
  readonly means: Float64Array;
  /** xbar_k less the statistics' origin, K x D. */
  readonly steps: Float64Array;
  /** xbar_k - m_0, K x D. */
  readonly fromPrior: Float64Array;
}

/** The means' part of the M-step (Bishop 2006, 10.60 and 10.61). @param statistics in the user's sample weights */
export function variationalMeans(
  { nComponents, componentMass, sums, origin }: Statistics,
  prior: VariationalPrior,
  { means: centre, scales }: Standardisation,
): VariationalMeans {
  const nFeatures = scales.length;
  const length = sums.length / nComponents;
  const mass = componentMass.map((n) => n + MASS_FLOOR);
  const meanPrecision = mass.map((n) => prior.meanPrecision + n);
  const steps = new Float64Array(nComponents * nFeatures);
  const fromPrior = new Float64Array(nComponents * nFeatures);
  const means = origin.map((at, i) => {
    const k = Math.floor(i / nFeatures);
    const d = i % nFeatures;
    const toPrior = (prior.mean[d] - centre[d]) / scales[d] - at;
    // (no pull of the guard towards the user's zero, which would give a constant column a spread)
    steps[i] = isEmpty(componentMass[k]) ? toPrior : sums[k * length + d] / componentMass[k];
    fromPrior[i] = steps[i] - toPrior;
    return at + (prior.meanPrecision * toPrior + mass[k] * steps[i]) / meanPrecision[k];
  });
  return { mass, meanPrecision, means, steps, fromPrior };
}

/**
 * nu_k: nu_0 + N_k, K; tied: nu_0 + N / K, 1 (each component has a precision of its own with a posterior that all share, which
 * weighs each by 1 / K: scikit-learn's reading of "tied").
 */
export function degreesOfFreedom(
  mass: Float64Array,
  type: VariationalCovarianceType,
  prior: number,
): Float64Array {
  if (type !== 'tied') return mass.map((n) => prior + n);
  return Float64Array.of(prior + mass.reduce((sum, n) => sum + n, 0) / mass.length);
}

/**
 * S_k = (P + N_k (sk + regCovar) + N_k beta_0 / beta_k (xbar - m_0)(xbar - m_0)') / nu_k, scikit-learn's `covariances_` (Bishop 2006,
 * 10.62, divided by nu_k), in standardised units, with sk the scatter about xbar over N_k. diag: its diagonal; spherical: the
 * mean of that, in the user's units; tied: the sums over k divided by K.
 */
export function variationalCovariances(
  statistics: Statistics,
  moves: VariationalMeans,
  dof: Float64Array,
  type: VariationalCovarianceType,
  prior: VariationalPrior,
  regCovar: Float64Array,
  { scales }: Standardisation,
): Float64Array {
  return type === 'full' || type === 'tied'
    ? matrices(statistics, moves, dof, type === 'tied', prior, regCovar, scales)
    : variances(statistics, moves, dof, type === 'spherical', prior, regCovar, scales);
}

function matrices(
  statistics: Statistics,
  { mass, meanPrecision, means, steps, fromPrior }: VariationalMeans,
  dof: Float64Array,
  tied: boolean,
  prior: VariationalPrior,
  regCovar: Float64Array,
  scales: Float64Array,
): Float64Array {
  const { nComponents } = statistics;
  const nFeatures = scales.length;
  const size = nFeatures * nFeatures;
  const start = prior.covariance.map(
    (value, i) => value / scales[Math.floor(i / nFeatures)] / scales[i % nFeatures],
  );
  const out = new Float64Array((tied ? 1 : nComponents) * size);
  for (let at = 0; at < out.length; at += size) {
    out.set(
      start.map((value) => value / dof[at / size]),
      at,
    );
  }
  for (let k = 0; k < nComponents; k++) {
    const at = tied ? 0 : k * size;
    const share = tied ? 1 / (nComponents * dof[0]) : 1 / dof[k];
    const pull = (mass[k] * prior.meanPrecision) / meanPrecision[k];
    addScatter(statistics, k, { means, steps, fromPrior }, pull, share, out, at);
    for (let d = 0; d < nFeatures; d++) {
      out[at + d * (nFeatures + 1)] += share * mass[k] * regCovar[d];
    }
  }
  return out;
}

function variances(
  { nComponents, componentMass, sums }: Statistics,
  { mass, meanPrecision, steps, fromPrior }: VariationalMeans,
  dof: Float64Array,
  spherical: boolean,
  prior: VariationalPrior,
  regCovar: Float64Array,
  scales: Float64Array,
): Float64Array {
  const nFeatures = scales.length;
  const own = new Float64Array(nComponents * nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const pull = (mass[k] * prior.meanPrecision) / meanPrecision[k];
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const first = sums[k * 2 * nFeatures + d];
      const second = sums[k * 2 * nFeatures + nFeatures + d];
      const scatter = second - steps[i] * first - (first - componentMass[k] * steps[i]) * steps[i];
      own[i] = Math.max(0, scatter) + mass[k] * regCovar[d] + pull * fromPrior[i] ** 2;
    }
  }
  if (!spherical) {
    return own.map((sum, i) => {
      const scale = scales[i % nFeatures];
      return (
        (prior.covariance[i % nFeatures] / scale / scale + sum) / dof[Math.floor(i / nFeatures)]
      );
    });
  }
  // one factor at a time, for scales near float64's ends
  for (let k = 0; k < nComponents; k++) {
    let mean = 0;
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      mean += (own[i] * scales[d] * scales[d]) / nFeatures;
    }
    const variance = (prior.covariance[0] + mean) / dof[k];
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      own[i] = variance / scales[d] / scales[d];
    }
  }
  return own;
}
