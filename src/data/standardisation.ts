import type { Samples } from './samples.ts';

/**
 * The affine map between the user's units and standardised ones, z = (x - means) / scales, found in float64.
 * A float32 device gets z: centred data loses no digits to an offset, scaled data none to a unit.
 */
export interface Standardisation {
  /** Column means, D. */
  readonly means: Float64Array;
  /** Column standard deviations (divisor N), D; 1 for a constant column. */
  readonly scales: Float64Array;
  /** Which columns hold one value only. */
  readonly constantColumns: readonly number[];
  /** The largest |z|. */
  readonly largest: number;
  /** sum_d ln scales[d]: the log-density per sample in the user's units is that of z minus this. */
  readonly logScale: number;
}

/**
 * Two passes in float64 over the samples. The second divides by the column's largest deviation, so that squares neither
 * overflow (values to 1e300) nor underflow (spreads down to 1e-300).
 */
export function standardise({ data, nSamples, nFeatures }: Samples): Standardisation {
  const means = new Float64Array(nFeatures);
  const scales = new Float64Array(nFeatures).fill(1);
  const low = new Float64Array(nFeatures).fill(Infinity);
  const high = new Float64Array(nFeatures).fill(-Infinity);
  for (let n = 0, i = 0; n < nSamples; n++) {
    const share = 1 / (n + 1);
    for (let d = 0; d < nFeatures; d++, i++) {
      const value = data[i];
      // running mean: never larger than the values themselves, exact for a constant column
      means[d] += (value - means[d]) * share;
      if (value < low[d]) low[d] = value;
      if (value > high[d]) high[d] = value;
    }
  }
  const reach = means.map((mean, d) => Math.max(high[d] - mean, mean - low[d]));
  const squares = new Float64Array(nFeatures);
  const inverse = reach.map((r) => (r > 0 ? 1 / r : 0));
  for (let n = 0, i = 0; n < nSamples; n++) {
    for (let d = 0; d < nFeatures; d++, i++) {
      const deviation = (data[i] - means[d]) * inverse[d];
      squares[d] += deviation * deviation;
    }
  }
  const constantColumns: number[] = [];
  let largest = 0;
  let logScale = 0;
  for (let d = 0; d < nFeatures; d++) {
    if (low[d] === high[d]) {
      means[d] = low[d]!;
      constantColumns.push(d);
      continue;
    }
    scales[d] = reach[d] * Math.sqrt(squares[d] / nSamples);
    largest = Math.max(largest, reach[d] / scales[d]);
    logScale += Math.log(scales[d]);
  }
  return { means, scales, constantColumns, largest, logScale };
}
