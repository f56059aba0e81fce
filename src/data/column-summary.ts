import { MixtureError } from '../errors.ts';
import type { Standardisation } from './standardisation.ts';
import type { StreamPart } from './stream-parts.ts';

/** Rows whose moments are found in two passes before they are added to the rest. */
const BLOCK = 256;

/**
 * What `standardise` finds of samples in memory, of samples that come by once: blocks in two passes, added up by Chan, Golub and
 * LeVeque's rule (1979). Moments are about each column's first value, so that a column far from zero loses nothing; squares are kept in units of a power of two near each column's reach, so that values to 1e300 and
 * spreads down to 1e-300 keep theirs.
 */
export class ColumnSummary {
  readonly nFeatures: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  readonly #counts: Float64Array;
  /** The first observed value. */
  readonly #shifts: Float64Array;
  /** Less the shift. */
  readonly #means: Float64Array;
  /** sum ((x - mean) / unit)^2. */
  readonly #squares: Float64Array;
  readonly #units: Float64Array;
  readonly #block: Readonly<Record<'counts' | 'means' | 'squares' | 'inverse', Float64Array>>;

  constructor(nFeatures: number) {
    const column = (value = 0): Float64Array => new Float64Array(nFeatures).fill(value);
    this.nFeatures = nFeatures;
    this.low = column(Infinity);
    this.high = column(-Infinity);
    this.#counts = column();
    this.#shifts = column(Number.NaN);
    this.#means = column();
    this.#squares = column();
    this.#units = column(1);
    this.#block = { counts: column(), means: column(), squares: column(), inverse: column(1) };
  }

  /** Samples of weight 0 are left out. */
  add({ data, nSamples, sampleWeights }: StreamPart): void {
    for (let first = 0; first < nSamples; first += BLOCK) {
      this.#addBlock(data, sampleWeights, first, Math.min(nSamples, first + BLOCK));
    }
  }

  #addBlock(
    data: StreamPart['data'],
    weights: ArrayLike<number> | undefined,
    first: number,
    end: number,
  ): void {
    const { nFeatures, low, high } = this;
    const { counts, means, squares, inverse } = this.#block;
    const units = this.#units;
    const shifts = this.#shifts;
    counts.fill(0);
    means.fill(0);
    squares.fill(0);
    for (let n = first; n < end; n++) {
      if (weights && weights[n] === 0) continue;
      for (let d = 0, i = n * nFeatures; d < nFeatures; d++, i++) {
        const value = data[i];
        if (value !== value) continue;
        if (shifts[d] !== shifts[d]) shifts[d] = value;
        counts[d]++;
        // in parts of a block: a sum of values near 1e308 would be none
        means[d] += (value - shifts[d]) / BLOCK;
        if (value < low[d]) low[d] = value;
        if (value > high[d]) high[d] = value;
      }
    }
    for (let d = 0; d < nFeatures; d++) {
      if (counts[d] === 0) continue;
      means[d] *= BLOCK / counts[d];
      this.#widen(d);
      // exact: units are powers of two
      inverse[d] = 1 / units[d];
    }
    for (let n = first; n < end; n++) {
      if (weights && weights[n] === 0) continue;
      for (let d = 0, i = n * nFeatures; d < nFeatures; d++, i++) {
        const deviation = (data[i] - shifts[d] - means[d]) * inverse[d];
        if (deviation === deviation) squares[d] += deviation * deviation;
      }
    }
    for (let d = 0; d < nFeatures; d++) {
      if (counts[d] === 0) continue;
      const before = this.#counts[d];
      const total = (this.#counts[d] += counts[d]);
      this.#squares[d] += squares[d];
      if (before === 0) {
        this.#means[d] = means[d];
        continue;
      }
      const difference = means[d] - this.#means[d];
      const scaled = difference * inverse[d];
      this.#means[d] += difference * (counts[d] / total);
      this.#squares[d] += scaled * scaled * before * (counts[d] / total);
    }
  }

  /** Lets the column's unit be of the size of its range. */
  #widen(d: number): void {
    const range = this.high[d] / 2 - this.low[d] / 2;
    const unit = this.#units[d];
    if (range === 0 || (this.#counts[d] > 0 && range <= unit * 2 ** 20 && this.#squares[d] > 0)) {
      return;
    }
    const next = 2 ** Math.max(-1020, Math.min(1020, Math.round(Math.log2(range))));
    // (only a unit without squares shrinks)
    if (this.#squares[d] > 0) this.#squares[d] *= (unit / next) ** 2;
    this.#units[d] = next;
  }

  /**
   * The standardisation of everything added.
   * @throws MixtureError INVALID_SAMPLES where a spread is beyond float64
   */
  standardisation(): Standardisation {
    const { nFeatures, low, high } = this;
    const means = this.#means.map((mean, d) => this.#shifts[d] + mean);
    const scales = new Float64Array(nFeatures).fill(1);
    const constantColumns: number[] = [];
    let largest = 0;
    let logScale = 0;
    for (let d = 0; d < nFeatures; d++) {
      if (!(low[d] < high[d])) {
        means[d] = this.#counts[d] > 0 ? low[d] : 0;
        constantColumns.push(d);
        continue;
      }
      scales[d] = this.#units[d] * Math.sqrt(this.#squares[d] / this.#counts[d]);
      if (!Number.isFinite(scales[d] + means[d])) {
        throw new MixtureError(
          'INVALID_SAMPLES',
          `The spread of column ${d} is beyond what float64 holds.`,
          'Divide the column by a power of ten.',
          { column: d },
        );
      }
      largest = Math.max(largest, Math.max(high[d] - means[d], means[d] - low[d]) / scales[d]);
      logScale += Math.log(scales[d]);
    }
    const emptyColumns = constantColumns.filter((d) => this.#counts[d] === 0);
    return { means, scales, constantColumns, emptyColumns, largest, logScale };
  }
}
