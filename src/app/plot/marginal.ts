import type { GaussianMixture } from '../../index.ts';
import type { Projection } from './projection.ts';

/** As much of a mixture as its ellipses need: a fitted one, or one that is being changed by hand. */
export type Components = Pick<
  GaussianMixture,
  'covarianceType' | 'covariances' | 'means' | 'weights' | 'nComponents' | 'nFeatures'
>;

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
export function marginals(mixture: Components, projection: Projection): Marginal[] {
  return Array.from({ length: mixture.nComponents }, (_, k) => marginal(mixture, k, projection));
}

function marginal(mixture: Components, component: number, projection: Projection): Marginal {
  const { x, origin } = projection;
  // one feature: the same direction twice
  const y = projection.y ?? x;
  const { nFeatures, means } = mixture;
  const place = (direction: Float64Array) => {
    let sum = 0;
    for (let d = 0; d < nFeatures; d++) {
      if (direction[d] !== 0) sum += direction[d] * (means[component * nFeatures + d] - origin[d]);
    }
    return sum;
  };
  const alongX = timesCovariance(mixture, component, x);
  const alongY = y === x ? alongX : timesCovariance(mixture, component, y);
  return {
    component,
    weight: mixture.weights[component],
    mean: [place(x), place(y)],
    covariance: [dot(x, alongX), dot(x, alongY), dot(y, alongY)],
  };
}

/** Sigma v of one component, D numbers. */
function timesCovariance(mixture: Components, component: number, v: Float64Array): Float64Array {
  const { nFeatures } = mixture;
  const result = new Float64Array(nFeatures);
  // (an axis has one direction that counts, principal components have all)
  for (let j = 0; j < nFeatures; j++) {
    if (v[j] === 0) continue;
    for (let i = 0; i < nFeatures; i++) {
      result[i] += covarianceEntry(mixture, component, i, j) * v[j];
    }
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) {
    if (a[d] !== 0) sum += a[d] * b[d];
  }
  return sum;
}

/** One entry of a component's covariance matrix, whatever the covariance type stores. */
export function covarianceEntry(
  {
    covarianceType,
    covariances,
    nFeatures,
  }: Pick<Components, 'covarianceType' | 'covariances' | 'nFeatures'>,
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

/** What an ellipse needs of a plot's map. */
export interface Scaling {
  x(value: number): number;
  y(value: number): number;
  readonly scaleX: number;
  readonly scaleY: number;
}

/**
 * The ellipse of all points at `sigmas` standard deviations, after the axes are scaled by (scaleX, scaleY):
 * the eigenvectors of the scaled 2 x 2 covariance, in closed form.
 */
export function ellipse({ mean, covariance }: Marginal, sigmas: number, map: Scaling): Ellipse {
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
