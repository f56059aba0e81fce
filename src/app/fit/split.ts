import type { GaussianMixture } from '../../index.ts';
import { dot, multiply } from './linear.ts';
import { covarianceOf, slice } from './parameters.ts';

/** Complete samples, N x D, and their responsibilities, N x K. */
export interface Seen {
  readonly data: Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly responsibilities: Float32Array;
}

/** One of the two that a component becomes; `covariance` D x D. */
export interface Half {
  readonly weight: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** Two components on a line t = w'(x - mu), in place of one. */
interface Pair {
  /** Of the first. */
  readonly share: number;
  readonly places: readonly [number, number];
  readonly variances: readonly [number, number];
  /** Nats that two are better than one, all samples together. */
  readonly gain: number;
}

/** Responsibilities below this are left out. */
const LEAST = 0.01;
const POWER_STEPS = 40;
const LINE_STEPS = 25;
/** A half narrower than this share of the whole's variance has found a few samples, not a cluster. */
const LEAST_VARIANCE = 0.02;
/** The halves of a Gaussian: their means, in its standard deviations, and their variances. */
const HALF = { place: 0.8, variance: 0.36 };

/**
 * The component whose samples two Gaussians along their first principal axis fit best in place of one, in nats of all its samples, so
 * that mass counts; and the two.
 */
export function bestSplit(
  mixture: GaussianMixture,
  seen: Seen,
): { component: number; halves: [Half, Half] } {
  const { nComponents, weights } = mixture;
  const scales = scalesOf(seen);
  let best: { component: number; direction: Float64Array; pair: Pair } | undefined;
  for (let component = 0; component < nComponents; component++) {
    const own = ownSamples(seen, component, nComponents);
    // fewer cannot be two components
    if (own.members.length < 2 * (seen.nFeatures + 1)) continue;
    const direction = principalAxis(seen, own, scales);
    const pair = onLine(seen, own, direction, slice(mixture.means, component, seen.nFeatures));
    if (pair && (!best || pair.gain > best.pair.gain)) best = { component, direction, pair };
  }
  const heaviest = weights.indexOf(Math.max(...weights));
  const { component, direction, pair } = best ?? plainSplit(mixture, heaviest, scales);
  return { component, halves: halvesOf(mixture, component, direction, pair) };
}

/** For a component that shows nothing to split: its halves. */
function plainSplit(
  mixture: GaussianMixture,
  component: number,
  scales: Float64Array,
): { component: number; direction: Float64Array; pair: Pair } {
  const direction = scales.map((scale) => 1 / scale);
  const covariance = covarianceOf(mixture, component);
  return { component, direction, pair: halved(dot(direction, multiply(covariance, direction))) };
}

function halved(variance: number): Pair {
  const apart = HALF.place * Math.sqrt(variance);
  const own = HALF.variance * variance;
  return { share: 0.5, places: [-apart, apart], variances: [own, own], gain: 0 };
}

interface Own {
  readonly members: Int32Array;
  readonly shares: Float64Array;
  readonly mass: number;
  readonly mean: Float64Array;
}

function ownSamples(seen: Seen, component: number, nComponents: number): Own {
  const { data, nSamples, nFeatures, responsibilities } = seen;
  const members: number[] = [];
  const mean = new Float64Array(nFeatures);
  let mass = 0;
  for (let n = 0; n < nSamples; n++) {
    const share = responsibilities[n * nComponents + component];
    if (share < LEAST) continue;
    members.push(n);
    mass += share;
    for (let d = 0; d < nFeatures; d++) mean[d] += share * data[n * nFeatures + d];
  }
  const shares = Float64Array.from(members, (n) => responsibilities[n * nComponents + component]);
  return { members: Int32Array.from(members), shares, mass, mean: mean.map((sum) => sum / mass) };
}

/** Standard deviations of the columns, so that an axis does not depend on their units; 1 for a constant one. */
function scalesOf({ data, nSamples, nFeatures }: Seen): Float64Array {
  const scales = new Float64Array(nFeatures);
  for (let d = 0; d < nFeatures; d++) {
    let [sum, squares] = [0, 0];
    const first = data[d] ?? 0;
    for (let n = 0; n < nSamples; n++) {
      const value = data[n * nFeatures + d] - first;
      sum += value;
      squares += value * value;
    }
    const variance = (squares - (sum * sum) / nSamples) / nSamples;
    scales[d] = variance > 0 ? Math.sqrt(variance) : 1;
  }
  return scales;
}

/** The direction in which the samples spread most, features in their scales: w of t = sum_d w_d (x_d - m_d). By the power method. */
function principalAxis({ data, nFeatures }: Seen, own: Own, scales: Float64Array): Float64Array {
  // not at right angles to the axis, whatever that is (or never quite)
  let axis = Float64Array.from({ length: nFeatures }, (_, d) => 1 + 0.3 * Math.sin(1 + 7 * d));
  for (let step = 0; step < POWER_STEPS; step++) {
    const next = new Float64Array(nFeatures);
    own.members.forEach((n, i) => {
      let along = 0;
      for (let d = 0; d < nFeatures; d++) {
        along += (axis[d] * (data[n * nFeatures + d] - own.mean[d])) / scales[d];
      }
      for (let d = 0; d < nFeatures; d++) {
        next[d] += (own.shares[i] * along * (data[n * nFeatures + d] - own.mean[d])) / scales[d];
      }
    });
    const length = Math.sqrt(dot(next, next));
    if (!(length > 0)) break;
    axis = next.map((value) => value / length);
  }
  return axis.map((value, d) => value / scales[d]);
}

/** A mixture of two along the direction, by EM on the line, against one; undefined where all samples are at one place. */
function onLine(
  { data, nFeatures }: Seen,
  own: Own,
  direction: Float64Array,
  at: Float64Array,
): Pair | undefined {
  const places = Float64Array.from(own.members, (n) => {
    let along = 0;
    for (let d = 0; d < nFeatures; d++) along += direction[d] * (data[n * nFeatures + d] - at[d]);
    return along;
  });
  const moments = (weigh: (i: number) => number) => {
    let [mass, sum, squares] = [0, 0, 0];
    for (let i = 0; i < places.length; i++) {
      const weight = weigh(i);
      mass += weight;
      sum += weight * places[i];
      squares += weight * places[i] * places[i];
    }
    return { mass, mean: sum / mass, variance: squares / mass - (sum / mass) ** 2 };
  };
  const one = moments((i) => own.shares[i]);
  if (!(one.variance > 0)) return;
  const least = LEAST_VARIANCE * one.variance;
  const logDensity = (x: number, { mean, variance }: { mean: number; variance: number }) =>
    -0.5 * (Math.log(2 * Math.PI * variance) + (x - mean) ** 2 / variance);
  const apart = HALF.place * Math.sqrt(one.variance);
  let two = [-1, 1].map((side) => ({
    mass: one.mass / 2,
    mean: one.mean + side * apart,
    variance: HALF.variance * one.variance,
  }));
  let gain = 0;
  for (let step = 0; step < LINE_STEPS; step++) {
    gain = 0;
    const first = places.map((x, i) => {
      const [a, b] = two.map((half) => Math.log(half.mass / one.mass) + logDensity(x, half));
      const most = Math.max(a, b);
      const both = most + Math.log(Math.exp(a - most) + Math.exp(b - most));
      gain += own.shares[i] * (both - logDensity(x, one));
      return Math.exp(a - both);
    });
    const next = [
      moments((i) => own.shares[i] * first[i]),
      moments((i) => own.shares[i] * (1 - first[i])),
    ];
    if (next.some(({ mass }) => !(mass > 1e-3 * one.mass))) return halved(one.variance);
    two = next.map(({ mass, mean, variance }) => ({
      mass,
      mean,
      variance: Math.max(least, variance),
    }));
  }
  const [a, b] = two;
  return {
    share: a.mass / (a.mass + b.mass),
    places: [a.mean, b.mean],
    variances: [a.variance, b.variance],
    gain,
  };
}

/**
 * The halves of a component N(mu, S) whose places along w are given: each is N(mu, S) told another mean and variance of w'x, so that
 * everything that goes with w'x goes along, and S' = S - (1 - v / (w' S w)) (S w)(S w)' / (w' S w) stays positive definite for a variance v > 0.
 */
function halvesOf(
  mixture: GaussianMixture,
  component: number,
  direction: Float64Array,
  { share, places, variances }: Pair,
): [Half, Half] {
  const { nFeatures } = mixture;
  const covariance = covarianceOf(mixture, component);
  const mean = slice(mixture.means, component, nFeatures);
  const along = multiply(covariance, direction);
  const variance = dot(direction, along);
  const weight = mixture.weights[component];
  const half = (of: 0 | 1): Half => ({
    weight: weight * (of === 0 ? share : 1 - share),
    mean: mean.map((value, d) => value + (along[d] / variance) * places[of]),
    covariance: covariance.map((value, at) => {
      const [i, j] = [Math.floor(at / nFeatures), at % nFeatures];
      return value - ((1 - variances[of] / variance) * along[i] * along[j]) / variance;
    }),
  });
  return [half(0), half(1)];
}
