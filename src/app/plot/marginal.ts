import type { GaussianMixture } from '../../index.ts';
import type { Projection } from './projection.ts';

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

/** Every component's marginal in the plane: P (mu - origin) and P Sigma P^T, exact for any linear projection P. */
export function marginals(mixture: GaussianMixture, projection: Projection): Marginal[] {
  const { nComponents, nFeatures, means, weights } = mixture;
  const { x, origin } = projection;
  // one feature: the same direction twice
  const y = projection.y ?? x;
  const place = (component: number, direction: Float64Array) => {
    let sum = 0;
    for (let d = 0; d < nFeatures; d++) {
      if (direction[d] !== 0) sum += direction[d] * (means[component * nFeatures + d] - origin[d]);
    }
    return sum;
  };
  const quadratic = (component: number, left: Float64Array, right: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; left[i] !== 0 && j < nFeatures; j++) {
        if (right[j] !== 0) sum += left[i] * right[j] * covarianceEntry(mixture, component, i, j);
      }
    }
    return sum;
  };
  return Array.from({ length: nComponents }, (_, component) => ({
    component,
    weight: weights[component],
    mean: [place(component, x), place(component, y)],
    covariance: [
      quadratic(component, x, x),
      quadratic(component, x, y),
      quadratic(component, y, y),
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
