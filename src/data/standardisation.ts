import { MixtureError } from '../errors.ts';
import { readRow, type Samples } from './samples.ts';

/**
 * The affine map between the user's units and standardised ones, z = (x - means) / scales, found in float64.
 * A float32 device gets z: centred data loses no digits to an offset, scaled data none to a unit.
 */
export interface Standardisation {
  /** Column means, D. */
  readonly means: Float64Array;
  /** Column standard deviations (divisor N), D; 1 for a constant column. */
  readonly scales: Float64Array;
  /** Which columns hold one value only (or none at all: wholly missing, mean 0). */
  readonly constantColumns: readonly number[];
  /** Which of those have no observed entry. */
  readonly emptyColumns: readonly number[];
  /** The largest |z|. */
  readonly largest: number;
  /** sum_d ln scales[d]: the log-density per sample in the user's units is that of z minus this. */
  readonly logScale: number;
}

/** Changes nothing: what families in the user's own units get. */
export function identityStandardisation(nFeatures: number): Standardisation {
  return {
    means: new Float64Array(nFeatures),
    scales: new Float64Array(nFeatures).fill(1),
    constantColumns: [],
    emptyColumns: [],
    largest: Infinity,
    logScale: 0,
  };
}

/**
 * Two passes in float64 over the samples, missing entries and samples of weight 0 left out. The second divides by the column's largest deviation, so
 * that squares neither overflow (values to 1e300) nor underflow (spreads down to 1e-300).
 * @throws MixtureError INVALID_SAMPLES where a spread is beyond float64
 */
export function standardise(samples: Samples, weights?: Float64Array): Standardisation {
  const { nSamples, nFeatures } = samples;
  const means = new Float64Array(nFeatures);
  const scales = new Float64Array(nFeatures).fill(1);
  const low = new Float64Array(nFeatures).fill(Infinity);
  const high = new Float64Array(nFeatures).fill(-Infinity);
  const counts = new Float64Array(nFeatures);
  const row = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    if (weights && weights[n] === 0) continue;
    readRow(samples, n, row);
    for (let d = 0; d < nFeatures; d++) {
      const value = row[d];
      if (value !== value) continue;
      // running mean: never larger than the values themselves, exact for a constant column
      means[d] += (value - means[d]) / ++counts[d];
      if (value < low[d]) low[d] = value;
      if (value > high[d]) high[d] = value;
    }
  }
  const reach = means.map((mean, d) => Math.max(high[d] - mean, mean - low[d]));
  const squares = new Float64Array(nFeatures);
  const inverse = reach.map((r) => (r > 0 ? 1 / r : 0));
  for (let n = 0; n < nSamples; n++) {
    if (weights && weights[n] === 0) continue;
    readRow(samples, n, row);
    for (let d = 0; d < nFeatures; d++) {
      if (row[d] !== row[d]) continue;
      const deviation = (row[d] - means[d]) * inverse[d];
      squares[d] += deviation * deviation;
    }
  }
  const constantColumns: number[] = [];
  let largest = 0;
  let logScale = 0;
  for (let d = 0; d < nFeatures; d++) {
    if (!(low[d] < high[d])) {
      means[d] = counts[d] > 0 ? low[d] : 0;
      constantColumns.push(d);
      continue;
    }
    scales[d] = reach[d] * Math.sqrt(squares[d] / counts[d]);
    if (!Number.isFinite(scales[d] + means[d])) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `The spread of column ${d} is beyond what float64 holds.`,
        'Divide the column by a power of ten.',
        { column: d },
      );
    }
    largest = Math.max(largest, reach[d] / scales[d]);
    logScale += Math.log(scales[d]);
  }
  const emptyColumns = constantColumns.filter((d) => counts[d] === 0);
  return { means, scales, constantColumns, emptyColumns, largest, logScale };
}
