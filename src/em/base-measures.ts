import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';
import { atOnce, inTurns, type Steps } from '../data/pause.ts';
import type { SampleRange } from './seam.ts';

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

  /** Finds them with turns of the event loop; else they are found at one go when first asked for. */
  async ready(signal?: AbortSignal): Promise<void> {
    if (!this.#family.logBaseMeasure || this.#total !== undefined) return;
    this.#values ??= await inTurns(this.#find(), signal);
    this.total();
  }

  /** ln h(x_n). */
  of(sample: number): number {
    if (!this.#family.logBaseMeasure) return 0;
    this.#values ??= atOnce(this.#find());
    return this.#values[sample];
  }

  /** sum_n s_n ln h(x_n), s_n scaled to sum N over all samples. */
  total(range?: SampleRange): number {
    if (range) return this.#sum(range);
    this.#total ??= this.#sum({ firstSample: 0, nSamples: this.#dataset.nSamples });
    return this.#total;
  }

  #sum({ firstSample, nSamples }: SampleRange): number {
    const { relativeWeights } = this.#dataset;
    let total = 0;
    if (!this.#family.logBaseMeasure) return total;
    for (let n = firstSample; n < firstSample + nSamples; n++) {
      const weight = relativeWeights ? relativeWeights[n] : 1;
      if (weight > 0) total += weight * this.of(n);
    }
    return total;
  }

  *#find(): Steps<Float64Array> {
    const dataset = this.#dataset;
    const sample = new Float64Array(dataset.nFeatures);
    const standardisation = dataset.standardisationFor(this.#family);
    const values = new Float64Array(dataset.nSamples);
    for (let n = 0; n < values.length; n++) {
      dataset.read(n, standardisation, sample);
      values[n] = this.#family.logBaseMeasure!(sample);
      yield;
    }
    return values;
  }
}
