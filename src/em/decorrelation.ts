import { packedLength } from '../families/cholesky.ts';
import { congruence } from '../families/gaussian-full-device.ts';
import type { GaussianDensity } from '../families/gaussian.ts';
import type { Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import type { Steps } from '../data/pause.ts';

/** Samples looked at: the map need not be exact, only near. */
const LOOKED_AT = 16384;
/** Below this share of a column's variance left after the columns before it, float32 loses digits of the remainder. */
const DEPENDENT = 1e-3;
/** A duplicated column leaves rounding only; dividing by less would blow that up. */
const LEAST_DEVIATION = 1e-6;

/**
 * Columns that nearly depend on others (a copy, a sum, a smooth sequence) make every covariance ill-conditioned, and the
 * residual that matters is a small difference of large float32 products. So for families that couple features the device
 * gets u = C^-1 z instead, formed in float64, with C the Cholesky factor of the columns' correlation: then the remainder of
 * such a column is a coordinate of its own. Means, whitening and statistics are carried over in float64; nothing else knows.
 * @returns C, packed by rows, or undefined where no column depends much on the others
 */
export function* findDecorrelation(dataset: Dataset): Steps<Float64Array | undefined> {
  const { nSamples, nFeatures } = dataset;
  // so few samples depend on each other whatever the columns do
  if (nSamples <= nFeatures) return undefined;
  const step = Math.max(1, Math.floor(nSamples / LOOKED_AT));
  const z = new Float64Array(nFeatures);
  const mean = new Float64Array(nFeatures);
  const moments = new Float64Array(nFeatures * nFeatures);
  let count = 0;
  for (let n = 0; n < nSamples; n += step, count++) {
    dataset.readStandardised(n, z);
    for (let i = 0; i < nFeatures; i++) {
      mean[i] += z[i];
      for (let j = 0; j <= i; j++) moments[i * nFeatures + j] += z[i] * z[j];
    }
    yield;
  }
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) {
      moments[i * nFeatures + j] =
        moments[i * nFeatures + j] / count - (mean[i] / count) * (mean[j] / count);
    }
  }
  const c = new Float64Array(packedLength(nFeatures));
  const own: boolean[] = [];
  let dependent = false;
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    const variance = moments[i * nFeatures + i];
    let left = variance;
    for (let j = 0; j < i; j++) {
      let sum = moments[i * nFeatures + j];
      for (let m = 0; m < j; m++) sum -= c[row + m] * c[packedLength(j) + m];
      // a column with nothing of its own left explains no later one: noise over noise would grow from row to row
      c[row + j] = own[j] ? sum / c[packedLength(j) + j] : 0;
      left -= c[row + j] ** 2;
    }
    yield;
    own.push(left > LEAST_DEVIATION ** 2 * variance);
    dependent ||= left < DEPENDENT * variance;
    c[row + i] = own[i] ? Math.sqrt(left) : variance === 0 ? 1 : LEAST_DEVIATION;
  }
  return dependent ? c : undefined;
}

/** Replaces z by C^-1 z, in place, from `at` on. */
export function decorrelate(c: Float64Array, z: Float64Array, nFeatures: number, at = 0): void {
  for (let i = 0; i < nFeatures; i++) {
    const row = packedLength(i);
    let sum = z[at + i];
    for (let j = 0; j < i; j++) sum -= c[row + j] * z[at + j];
    z[at + i] = sum / c[row + i];
  }
}

/** The same density of u = C^-1 z: means C^-1 m, whitening W C. The Jacobian stays in the constants, which are z's. */
export function decorrelateDensity(density: GaussianDensity, c: Float64Array): GaussianDensity {
  const { nComponents, nFeatures } = density;
  const means = density.means.slice();
  for (let k = 0; k < nComponents; k++) decorrelate(c, means, nFeatures, k * nFeatures);
  const stride = packedLength(nFeatures);
  const whitening = new Float64Array(density.whitening.length);
  for (let at = 0; at < whitening.length; at += stride) {
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; j <= i; j++) {
        let sum = 0;
        for (let l = j; l <= i; l++) {
          sum += density.whitening[at + packedLength(i) + l] * c[packedLength(l) + j];
        }
        whitening[at + packedLength(i) + j] = sum;
      }
    }
  }
  return { ...density, means, whitening };
}

/** Statistics of u as those of z = C u: first moments and origins C v, second moments C S C'. Without C, as they are. */
export function recorrelateStatistics(
  statistics: Statistics,
  c: Float64Array | undefined,
): Statistics {
  if (!c) return statistics;
  const { nComponents, sums } = statistics;
  const nFeatures = statistics.origin.length / nComponents;
  const length = nFeatures + packedLength(nFeatures);
  const out = new Float64Array(sums.length);
  const origin = new Float64Array(statistics.origin.length);
  const second = new Float64Array(nFeatures * nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const at = k * length;
    for (let i = 0; i < nFeatures; i++) {
      for (let j = 0; j <= i; j++) {
        const value = sums[at + nFeatures + packedLength(i) + j];
        second[i * nFeatures + j] = value;
        second[j * nFeatures + i] = value;
      }
      for (let j = 0; j <= i; j++) {
        origin[k * nFeatures + i] += c[packedLength(i) + j] * statistics.origin[k * nFeatures + j];
      }
    }
    congruence(c, sums.subarray(at, at + nFeatures), second, nFeatures, out, at);
  }
  return { ...statistics, sums: out, origin };
}
