import type { GaussianMixture } from '../index.ts';

/** A component as a person reads it, in the units of the columns. */
export interface ComponentSummary {
  readonly weight: number;
  /** D. */
  readonly mean: number[];
  /** D: square roots of the covariance's diagonal. */
  readonly standardDeviation: number[];
}

export function summariseComponents(mixture: GaussianMixture): ComponentSummary[] {
  const { nComponents, nFeatures, weights, means } = mixture;
  return Array.from({ length: nComponents }, (_, component) => ({
    weight: weights[component],
    mean: Array.from(means.subarray(component * nFeatures, (component + 1) * nFeatures)),
    standardDeviation: Array.from({ length: nFeatures }, (_unused, feature) =>
      Math.sqrt(variance(mixture, component, feature)),
    ),
  }));
}

function variance(mixture: GaussianMixture, component: number, feature: number): number {
  const { covarianceType, covariances, nFeatures } = mixture;
  switch (covarianceType) {
    case 'full':
      return covariances[(component * nFeatures + feature) * nFeatures + feature];
    case 'tied':
    case 'fixed':
      return covariances[feature * nFeatures + feature];
    case 'diag':
      return covariances[component * nFeatures + feature];
    case 'spherical':
      return covariances[component];
    case 'tied-diag':
      return covariances[feature];
    case 'tied-spherical':
      return covariances[0];
  }
}
