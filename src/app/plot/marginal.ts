import type { GaussianMixture } from '../../index.ts';

/** A component seen along two features (the same one twice where there is one feature), in the user's units. */
export interface Marginal {
  component: number;
  weight: number;
  mean: readonly [x: number, y: number];
  /** xx, xy, yy */
  covariance: readonly [number, number, number];
}

/** An ellipse by its centre, half axes and the angle of the first axis in radians. */
export interface Ellipse {
  cx: number;
  cy: number;
  rx: number;
  ry: number;
  angle: number;
}

/** Every component's marginal over the features x and y: the mean and covariance entries of those two. */
export function marginals(mixture: GaussianMixture, x: number, y: number): Marginal[] {
  const { nComponents, nFeatures, means, weights } = mixture;
  return Array.from({ length: nComponents }, (_, component) => ({
    component,
    weight: weights[component],
    mean: [means[component * nFeatures + x], means[component * nFeatures + y]],
    covariance: [
      covarianceEntry(mixture, component, x, x),
      covarianceEntry(mixture, component, x, y),
      covarianceEntry(mixture, component, y, y),
    ],
  }));
}

/** One entry of a component's covariance matrix, whatever the covariance type stores. */
export function covarianceEntry(
  { covarianceType, covariances, nFeatures }: GaussianMixture,
  component: number,
  row: number,
  column: number,
): number {
  switch (covarianceType) {
    case 'full':
      return covariances[(component * nFeatures + row) * nFeatures + column];
    case 'tied':
    case 'fixed':
      return covariances[row * nFeatures + column];
    case 'diag':
      return row === column ? covariances[component * nFeatures + row] : 0;
    case 'spherical':
      return row === column ? covariances[component] : 0;
    case 'tied-diag':
      return row === column ? covariances[row] : 0;
    case 'tied-spherical':
      return row === column ? covariances[0] : 0;
  }
}

/**
 * The ellipse of all points at `sigmas` standard deviations, after the axes are scaled by (scaleX, scaleY):
 * the eigenvectors of the scaled 2 x 2 covariance, in closed form.
 */
export function ellipse(
  { mean, covariance }: Marginal,
  sigmas: number,
  map: {
    x: (value: number) => number;
    y: (value: number) => number;
    scaleX: number;
    scaleY: number;
  },
): Ellipse {
  const xx = covariance[0] * map.scaleX * map.scaleX;
  const xy = covariance[1] * map.scaleX * map.scaleY;
  const yy = covariance[2] * map.scaleY * map.scaleY;
  const middle = (xx + yy) / 2;
  const spread = Math.hypot((xx - yy) / 2, xy);
  return {
    cx: map.x(mean[0]),
    cy: map.y(mean[1]),
    rx: sigmas * Math.sqrt(middle + spread),
    ry: sigmas * Math.sqrt(Math.max(0, middle - spread)),
    angle: Math.atan2(2 * xy, xx - yy) / 2,
  };
}
