import { atOnce, type Steps } from '../data/pause.ts';
import { readRow, type Samples } from '../data/samples.ts';

/**
 * Moments of the columns, in the user's units, by two passes in float64: what mclust's default prior is made of. Every sample
 * counts as often as its weight says, as if it were repeated. Missing entries are left out: each column's mean and variance are its own.
 */
export interface Columns {
  /** D. */
  readonly means: Float64Array;
  /** Weight of the observed entries, D: how many they are without weights. */
  readonly counts: Float64Array;
}

/** Means of the columns (0 where nothing is observed). */
export function columnMeans(samples: Samples, weights?: Float64Array): Columns {
  return atOnce(findColumnMeans(samples, weights));
}

/** `columnMeans` in steps. */
export function* findColumnMeans(samples: Samples, weights?: Float64Array): Steps<Columns> {
  const means = new Float64Array(samples.nFeatures);
  const counts = new Float64Array(samples.nFeatures);
  yield* forEachRow(samples, weights, (row, weight) => {
    for (let d = 0; d < row.length; d++) {
      if (row[d] !== row[d]) continue;
      counts[d] += weight;
      means[d] += (row[d] - means[d]) * (weight / counts[d]);
    }
  });
  return { means, counts };
}

/**
 * Variances of the columns, D, divisor n - 1. A column with fewer than two observed entries has none (NaN).
 */
export function* findColumnVariances(
  samples: Samples,
  weights?: Float64Array,
): Steps<Float64Array> {
  const { means, counts } = yield* findColumnMeans(samples, weights);
  const squares = new Float64Array(samples.nFeatures);
  yield* forEachRow(samples, weights, (row, weight) => {
    for (let d = 0; d < row.length; d++) {
      if (row[d] === row[d]) squares[d] += weight * (row[d] - means[d]) ** 2;
    }
  });
  return squares.map((square, d) => (counts[d] > 1 ? square / (counts[d] - 1) : Number.NaN));
}

/**
 * Covariances of the columns, D x D, divisor n - 1. With missing entries: those of the complete samples where there are at
 * least 2 D, else the columns' own variances without covariances; pairwise ones need not be positive definite.
 * A column with fewer than two observed entries has variance 1, the scale that standardisation gives it.
 */
export function columnCovariances(samples: Samples, weights?: Float64Array): Float64Array {
  return atOnce(findColumnCovariances(samples, weights));
}

/** `columnCovariances` in steps. */
export function* findColumnCovariances(
  samples: Samples,
  weights?: Float64Array,
): Steps<Float64Array> {
  const { nFeatures } = samples;
  const means = new Float64Array(nFeatures);
  let count = 0;
  const forEachComplete = (visit: RowVisitor): Steps<void> =>
    forEachRow(samples, weights, (row, weight) => {
      if (row.every((value) => value === value)) visit(row, weight);
    });
  yield* forEachComplete((row, weight) => {
    count += weight;
    for (let d = 0; d < nFeatures; d++) means[d] += (row[d] - means[d]) * (weight / count);
  });
  const covariances = new Float64Array(nFeatures * nFeatures);
  if (samples.missing > 0 && count < 2 * nFeatures) {
    (yield* findColumnVariances(samples, weights)).forEach((variance, d) => {
      covariances[d * (nFeatures + 1)] = variance === variance ? variance : 1;
    });
    return covariances;
  }
  yield* forEachComplete((row, weight) => {
    for (let i = 0; i < nFeatures; i++) {
      const difference = (weight * (row[i] - means[i])) / (count - 1);
      for (let j = 0; j <= i; j++)
        covariances[i * nFeatures + j] += difference * (row[j] - means[j]);
    }
  });
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j < i; j++) covariances[j * nFeatures + i] = covariances[i * nFeatures + j];
  }
  return covariances;
}

/** Mean of the columns' variances, over the columns that have one; 1 where none has. */
export function meanColumnVariance(samples: Samples, weights?: Float64Array): number {
  return atOnce(findMeanColumnVariance(samples, weights));
}

/** `meanColumnVariance` in steps. */
export function* findMeanColumnVariance(samples: Samples, weights?: Float64Array): Steps<number> {
  const all = yield* findColumnVariances(samples, weights);
  const variances = all.filter((variance) => variance === variance);
  if (variances.length === 0) return 1;
  return variances.reduce((sum, variance) => sum + variance, 0) / variances.length;
}

type RowVisitor = (row: Float64Array, weight: number) => void;

/** Rows of weight above 0. */
function* forEachRow(
  samples: Samples,
  weights: Float64Array | undefined,
  visit: RowVisitor,
): Steps<void> {
  const row = new Float64Array(samples.nFeatures);
  for (let n = 0; n < samples.nSamples; n++) {
    const weight = weights ? weights[n] : 1;
    if (weight === 0) continue;
    readRow(samples, n, row);
    visit(row, weight);
    yield;
  }
}
