import { MixtureError } from '../errors.ts';
import { atOnce, type Steps } from './pause.ts';
import { readRows, slabRows, type Samples } from './samples.ts';

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
  return atOnce(standardising(samples, weights));
}

/** `standardise` in steps. */
export function* standardising(samples: Samples, weights?: Float64Array): Steps<Standardisation> {
  const { nFeatures } = samples;
  const moments = new ColumnMoments(nFeatures);
  const slab = new Float64Array(slabRows(nFeatures) * nFeatures);
  for (const pass of ['means', 'squares'] as const) {
    for (const length of slabs(samples, weights, slab)) {
      if (pass === 'means') moments.addToMeans(slab, length);
      else moments.addToSquares(slab, length);
      yield;
    }
    if (pass === 'means') moments.endMeans();
  }
  const { means, scales, low, high, counts, reach, squares } = moments;
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

/** Writes samples of positive weight to `slab`, as many as it takes at a time, and gives how many numbers these are. */
function* slabs(
  samples: Samples,
  weights: Float64Array | undefined,
  slab: Float64Array,
): Generator<number, void> {
  const { nSamples, nFeatures } = samples;
  const step = slab.length / nFeatures;
  for (let first = 0; first < nSamples; first += step) {
    const count = Math.min(step, nSamples - first);
    readRows(samples, first, count, slab);
    let kept = count;
    if (weights) {
      kept = 0;
      for (let i = 0; i < count; i++) {
        if (weights[first + i] === 0) continue;
        if (kept < i) slab.copyWithin(kept * nFeatures, i * nFeatures, (i + 1) * nFeatures);
        kept++;
      }
    }
    yield kept * nFeatures;
  }
}

/** The sums of `standardise`, by column. */
class ColumnMoments {
  readonly means: Float64Array;
  readonly scales: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** Observed entries. */
  readonly counts: Float64Array;
  /** Sums of squared deviations, each deviation divided by `reach`. */
  readonly squares: Float64Array;
  /** The largest deviation. */
  reach: Float64Array;
  #inverse: Float64Array;

  constructor(nFeatures: number) {
    this.means = new Float64Array(nFeatures);
    this.scales = new Float64Array(nFeatures).fill(1);
    this.low = new Float64Array(nFeatures).fill(Infinity);
    this.high = new Float64Array(nFeatures).fill(-Infinity);
    this.counts = new Float64Array(nFeatures);
    this.squares = new Float64Array(nFeatures);
    this.reach = new Float64Array(nFeatures);
    this.#inverse = new Float64Array(nFeatures);
  }

  // (column by column, in a slab that a core's cache holds: sums stay in registers)
  addToMeans(slab: Float64Array, length: number): void {
    const { means, low, high, counts } = this;
    const nFeatures = means.length;
    for (let d = 0; d < nFeatures; d++) {
      let first = d;
      while (first < length && slab[first] !== slab[first]) first += nFeatures;
      if (first >= length) continue;
      // about the mean so far: no larger than the values themselves, exactly 0 in a constant column
      const about = counts[d] > 0 ? means[d] : slab[first];
      let sum = 0;
      let count = 0;
      let least = low[d];
      let most = high[d];
      for (let i = first; i < length; i += nFeatures) {
        const value = slab[i];
        if (value !== value) continue;
        sum += value - about;
        count++;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      counts[d] += count;
      means[d] = about + sum / counts[d];
      low[d] = least;
      high[d] = most;
    }
  }

  endMeans(): void {
    const { means, low, high } = this;
    this.reach = means.map((mean, d) => Math.max(high[d] - mean, mean - low[d]));
    this.#inverse = this.reach.map((r) => (r > 0 ? 1 / r : 0));
  }

  addToSquares(slab: Float64Array, length: number): void {
    const { means, squares } = this;
    const nFeatures = means.length;
    for (let d = 0; d < nFeatures; d++) {
      const mean = means[d];
      const inverse = this.#inverse[d];
      let sum = squares[d];
      for (let i = d; i < length; i += nFeatures) {
        const deviation = (slab[i] - mean) * inverse;
        // (NaN: missing)
        if (deviation === deviation) sum += deviation * deviation;
      }
      squares[d] = sum;
    }
  }
}
