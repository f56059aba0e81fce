/** Small numeric helpers that tests on both sides of the seam share. */
import type { CovarianceType } from '../../src/index.ts';

/** Nested arrays of numbers as one flat array, row by row. */
export function flat(values: readonly unknown[]): Float64Array {
  return Float64Array.from(values.flat(Infinity) as number[]);
}

/** The largest |a - b|; NaN where any entry is. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) throw new Error(`Lengths differ: ${a.length} and ${b.length}.`);
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = difference;
  }
  return largest;
}

/** |a - b| as a share of |b|, or absolute where |b| < 1 (a log-density has no natural zero). */
export function relativeDifference(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1, Math.abs(b));
}

/** Column standard deviations (divisor N) in two passes; 1 for a constant column. */
export function columnDeviations(
  data: ArrayLike<number>,
  nSamples: number,
  nFeatures: number,
): Float64Array {
  const deviations = new Float64Array(nFeatures);
  for (let d = 0; d < nFeatures; d++) {
    const first = data[d];
    let sum = 0;
    for (let n = 0; n < nSamples; n++) sum += data[n * nFeatures + d] - first;
    const mean = sum / nSamples;
    let squares = 0;
    for (let n = 0; n < nSamples; n++) squares += (data[n * nFeatures + d] - first - mean) ** 2;
    deviations[d] = Math.sqrt(squares / nSamples) || 1;
  }
  return deviations;
}

/** Variances of every component and feature, K x D, from covariances of any type. */
export function variancesOf(
  covariances: ArrayLike<number>,
  type: CovarianceType,
  nComponents: number,
  nFeatures: number,
): Float64Array {
  return Float64Array.from({ length: nComponents * nFeatures }, (_, i) => {
    const k = Math.floor(i / nFeatures);
    const d = i % nFeatures;
    if (type === 'spherical') return covariances[k];
    if (type === 'diag') return covariances[i];
    const matrix = type === 'tied' ? 0 : k * nFeatures * nFeatures;
    return covariances[matrix + d * nFeatures + d];
  });
}

/** Index of the largest entry of each row; the first where rows tie. */
export function argmaxRows(values: ArrayLike<number>, nColumns: number): Int32Array {
  const labels = new Int32Array(values.length / nColumns);
  for (let n = 0; n < labels.length; n++) {
    let best = 0;
    for (let k = 1; k < nColumns; k++) {
      if (values[n * nColumns + k] > values[n * nColumns + best]) best = k;
    }
    labels[n] = best;
  }
  return labels;
}

/** How many of each label 0 ... K - 1. */
export function countLabels(labels: ArrayLike<number>, nComponents: number): number[] {
  const counts = new Array<number>(nComponents).fill(0);
  for (let n = 0; n < labels.length; n++) counts[labels[n]]++;
  return counts;
}
