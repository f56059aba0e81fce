/** Random small fitting problems for property tests: data of a known mixture and a start that depends on nothing else. */
import { constantFrom, integer, record, type Arbitrary } from 'fast-check';
import type { CovarianceType, GaussianMixtureOptions } from '../../src/index.ts';
import { hashgen, uniform } from './hashgen.ts';
import { columnDeviations } from './numbers.ts';

export interface Problem {
  readonly seed: number;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly covarianceType: CovarianceType;
  readonly data: Float64Array;
}

export const COVARIANCE_TYPES = ['full', 'tied', 'diag', 'spherical'] as const;

/** At least 12 samples a feature and component, so that collapses are rare. */
export function problems(mostSamples: number): Arbitrary<Problem> {
  return record({
    seed: integer({ min: 0, max: 2 ** 31 - 1 }),
    nFeatures: integer({ min: 1, max: 6 }),
    nComponents: integer({ min: 1, max: 4 }),
    covarianceType: constantFrom(...COVARIANCE_TYPES),
    extra: integer({ min: 0, max: mostSamples }),
  }).map(({ seed, nFeatures, nComponents, covarianceType, extra }) => {
    const nSamples = 12 * nComponents * (nFeatures + 1) + extra;
    const { data } = hashgen({
      seed,
      n: nSamples,
      k: nComponents,
      d: nFeatures,
      kind: covarianceType,
      sep: 4,
      corr: 0.6,
      smin: 0.5,
      smax: 1.5,
    });
    return { seed, nSamples, nFeatures, nComponents, covarianceType, data };
  });
}

/** Samples of the problem in the library's own form. */
export function samplesOf({ data, nSamples, nFeatures }: Problem): {
  data: Float64Array;
  nSamples: number;
  nFeatures: number;
} {
  return { data, nSamples, nFeatures };
}

/** Unequal weights, K of the samples as means, the columns' variances as covariances. */
export interface GivenStart {
  readonly weightsInit: Float64Array;
  readonly meansInit: Float64Array;
  readonly covariancesInit: Float64Array;
}

export function startOf(problem: Problem): GivenStart {
  const { seed, nSamples, nFeatures, nComponents, covarianceType, data } = problem;
  const raw = Array.from({ length: nComponents }, (_, k) => 1 + uniform(seed, 17, k));
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const first = Math.floor(uniform(seed, 18, 0) * nSamples);
  const step = Math.floor(nSamples / nComponents);
  const means = Float64Array.from({ length: nComponents * nFeatures }, (_, i) => {
    const n = (first + Math.floor(i / nFeatures) * step) % nSamples;
    return data[n * nFeatures + (i % nFeatures)];
  });
  const variances = columnDeviations(data, nSamples, nFeatures).map((deviation) => deviation ** 2);
  return {
    weightsInit: Float64Array.from(raw, (weight) => weight / total),
    meansInit: means,
    covariancesInit: diagonal(variances, covarianceType, nComponents),
  };
}

/** Model options of a problem without regularisation, its start included. */
export function optionsOf(problem: Problem): GaussianMixtureOptions {
  const { nComponents, covarianceType } = problem;
  return { nComponents, covarianceType, regCovar: 0, tol: 0, ...startOf(problem) };
}

/** Covariances of any type with these variances (spherical: their mean), the same for each component. */
export function diagonal(
  variances: Float64Array,
  type: CovarianceType,
  nComponents: number,
): Float64Array {
  const nFeatures = variances.length;
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / nFeatures;
  if (type === 'spherical') return new Float64Array(nComponents).fill(mean);
  const repeats = type === 'tied' ? 1 : nComponents;
  const size = type === 'diag' ? nFeatures : nFeatures * nFeatures;
  const out = new Float64Array(repeats * size);
  for (let k = 0; k < repeats; k++) {
    for (let d = 0; d < nFeatures; d++) {
      out[k * size + (type === 'diag' ? d : d * nFeatures + d)] = variances[d]!;
    }
  }
  return out;
}
