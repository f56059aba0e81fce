import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';

/** ln h(x_n), the part of the log-density that no parameter changes: found once, in float64, the same for both sides. */
export class BaseMeasures {
  readonly #dataset: Dataset;
  readonly #family: Family;
  #values: Float64Array | undefined;
  #total: number | undefined;

  constructor(dataset: Dataset, family: Family) {
    this.#dataset = dataset;
    this.#family = family;
  }

  /** ln h(x_n). */
  of(sample: number): number {
    if (!this.#family.logBaseMeasure) return 0;
    this.#values ??= this.#find();
    return this.#values[sample];
  }

  /** sum_n s_n ln h(x_n), s_n scaled to sum N. */
  total(): number {
    if (this.#total !== undefined) return this.#total;
    const { nSamples, relativeWeights } = this.#dataset;
    let total = 0;
    if (this.#family.logBaseMeasure) {
      for (let n = 0; n < nSamples; n++) {
        const weight = relativeWeights ? relativeWeights[n] : 1;
        if (weight > 0) total += weight * this.of(n);
      }
    }
    this.#total = total;
    return total;
  }

  #find(): Float64Array {
    const dataset = this.#dataset;
    const sample = new Float64Array(dataset.nFeatures);
    const standardisation = dataset.standardisationFor(this.#family);
    const values = new Float64Array(dataset.nSamples);
    for (let n = 0; n < values.length; n++) {
      dataset.read(n, standardisation, sample);
      values[n] = this.#family.logBaseMeasure!(sample);
    }
    return values;
  }
}
