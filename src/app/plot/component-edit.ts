import { covarianceEntry } from './marginal.ts';
import type { Components } from './marginal.ts';
import type { Point } from './plot-map.ts';
import type { Projection } from './projection.ts';

/** A component's parameters changed by hand, all in the user's units. */
export interface ComponentEdit {
  readonly component: number;
  /** D; undefined where it stays. */
  readonly mean?: Float64Array;
  /** D x D, positive definite; undefined where it stays. */
  readonly covariance?: Float64Array;
}

/** A linear map of the plane, row-major: what a drag does to the ellipse. */
export type PlaneMap = readonly [xx: number, xy: number, yx: number, yy: number];

/** What a covariance type lets a hand do to an ellipse in this view. */
export interface Freedom {
  /** Its axes may be stretched one by one. */
  readonly stretch: boolean;
  readonly rotate: boolean;
  /** It may grow and shrink as a whole. */
  readonly scale: boolean;
}

/** D numbers that the projection maps to `by` and that change nothing beside the plane: P^T (P P^T)^-1 by. */
export function liftedMove({ x, y }: Projection, by: Point): Float64Array {
  const xx = inner(x, x);
  if (y === undefined) return x.map((entry) => (entry / xx) * by.x);
  const xy = inner(x, y);
  const yy = inner(y, y);
  const determinant = xx * yy - xy * xy;
  const alongX = (yy * by.x - xy * by.y) / determinant;
  const alongY = (xx * by.y - xy * by.x) / determinant;
  return x.map((entry, d) => entry * alongX + y[d] * alongY);
}

/** A component's mean moved within the plane, D numbers. */
export function movedMean(
  { means, nFeatures }: Components,
  component: number,
  projection: Projection,
  by: Point,
): Float64Array {
  const move = liftedMove(projection, by);
  return move.map((entry, d) => means[component * nFeatures + d] + entry);
}

/**
 * A component's covariance after the plane was mapped by B: A Sigma A^T with A = I + P^+ (B - I) P, which acts in
 * the plane alone. So the projection of the result is B (P Sigma P^T) B^T, and it is positive definite whenever
 * B is invertible. D x D.
 */
export function reshapedCovariance(
  mixture: Components,
  component: number,
  projection: Projection,
  map: PlaneMap,
): Float64Array {
  const { nFeatures } = mixture;
  const { x, y } = projection;
  const sigma = Float64Array.from({ length: nFeatures * nFeatures }, (_, i) =>
    covarianceEntry(mixture, component, Math.floor(i / nFeatures), i % nFeatures),
  );
  const [xx, xy, yx, yy] = map;
  // A v = v + left (x . v) + right (y . v), with the columns of P^+ (B - I)
  const left = liftedMove(projection, { x: xx - 1, y: yx });
  const right = liftedMove(projection, { x: xy, y: yy - 1 });
  const inPlace = (first: number, stride: number) => {
    let alongX = 0;
    let alongY = 0;
    for (let d = 0; d < nFeatures; d++) {
      alongX += x[d] * sigma[first + d * stride];
      if (y) alongY += y[d] * sigma[first + d * stride];
    }
    for (let d = 0; d < nFeatures; d++) {
      sigma[first + d * stride] += left[d] * alongX + (y ? right[d] * alongY : 0);
    }
  };
  for (let column = 0; column < nFeatures; column++) inPlace(column, nFeatures);
  for (let row = 0; row < nFeatures; row++) inPlace(row * nFeatures, 1);
  // what rounding left unequal
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j < i; j++) {
      const both = (sigma[i * nFeatures + j] + sigma[j * nFeatures + i]) / 2;
      sigma[i * nFeatures + j] = sigma[j * nFeatures + i] = both;
    }
  }
  return sigma;
}

/**
 * Of a diagonal covariance the variances, such that the component is `factor` times as wide along a direction of the plane: each feature
 * is stretched by as much of the direction as lies along it, g^(u_d^2 / max u^2), which of the features themselves is the
 * stretch that was asked for. In a slanting plane the ellipse turns a little with it. D x D.
 */
export function stretchedVariances(
  mixture: Components,
  component: number,
  { x, y }: Projection,
  along: Point,
  factor: number,
): Float64Array {
  const { nFeatures } = mixture;
  const u = x.map((entry, d) => entry * along.x + (y ? y[d] * along.y : 0));
  const most = u.reduce((max, entry) => Math.max(max, entry * entry), 0);
  const share = u.map((entry) => (entry * entry) / most);
  const variances = share.map((_, d) => covarianceEntry(mixture, component, d, d));
  const spread = (log: number) =>
    variances.reduce((sum, one, d) => sum + share[d] * one * Math.exp(log * share[d]), 0);
  const wanted = factor * factor * spread(0);
  // it grows with the exponent, from 0 without end
  let [low, high] = [-1, 1];
  while (spread(high) < wanted) high *= 2;
  while (spread(low) > wanted) low *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (spread(middle) < wanted) low = middle;
    else high = middle;
  }
  const whole = new Float64Array(nFeatures * nFeatures);
  variances.forEach((one, d) => (whole[d * (nFeatures + 1)] = one * Math.exp(low * share[d])));
  return whole;
}

/** A component's covariance, all of it, made `factor` times as wide. D x D. */
export function scaledCovariance(
  mixture: Components,
  component: number,
  factor: number,
): Float64Array {
  const { nFeatures } = mixture;
  return Float64Array.from(
    { length: nFeatures * nFeatures },
    (_, i) =>
      factor *
      factor *
      covarianceEntry(mixture, component, Math.floor(i / nFeatures), i % nFeatures),
  );
}

/** What may be done to the ellipses of a mixture as they are seen. */
export function freedomOf({ covarianceType }: Components, projection: Projection): Freedom {
  const all = { stretch: true, rotate: projection.y !== undefined, scale: true };
  switch (covarianceType) {
    case 'full':
    case 'tied':
      return all;
    case 'diag':
    case 'tied-diag':
      return { ...all, rotate: false };
    case 'spherical':
    case 'tied-spherical':
      return { stretch: false, rotate: false, scale: true };
    case 'fixed':
      return { stretch: false, rotate: false, scale: false };
  }
}

/** The mixture with one component changed, kept to its covariance type: what is drawn while a hand drags. */
export function edited(mixture: Components, edit: ComponentEdit): Components {
  const { covarianceType, nComponents, nFeatures, weights } = mixture;
  const means = Float64Array.from(mixture.means);
  if (edit.mean) means.set(edit.mean, edit.component * nFeatures);
  const covariances = Float64Array.from(mixture.covariances);
  if (edit.covariance)
    store(covariances, covarianceType, nFeatures, edit.component, edit.covariance);
  return { covarianceType, nComponents, nFeatures, weights, means, covariances };
}

/** Writes as much of a D x D covariance as the type keeps: diagonal types the variances, spherical ones their mean. */
function store(
  covariances: Float64Array,
  type: Components['covarianceType'],
  nFeatures: number,
  component: number,
  covariance: Float64Array,
): void {
  const variances = Float64Array.from(
    { length: nFeatures },
    (_, d) => covariance[d * (nFeatures + 1)],
  );
  const mean = variances.reduce((sum, variance) => sum + variance, 0) / nFeatures;
  switch (type) {
    case 'full':
      return covariances.set(covariance, component * nFeatures * nFeatures);
    case 'tied':
      return covariances.set(covariance);
    case 'diag':
      return covariances.set(variances, component * nFeatures);
    case 'tied-diag':
      return covariances.set(variances);
    case 'spherical':
      covariances[component] = mean;
      return;
    case 'tied-spherical':
      covariances[0] = mean;
      return;
    case 'fixed':
      return;
  }
}

function inner(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let d = 0; d < a.length; d++) sum += a[d] * b[d];
  return sum;
}
