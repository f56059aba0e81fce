import type { Context, GaussianMixture } from '../../index.ts';
import { columnEntries } from '../colour/column-scale.ts';
import type { SourceData } from '../data/source-data.ts';
import { thinnedSample } from '../shared/thinned.ts';
import type { Colouring } from './colouring.ts';
import { entropiesOf, responsibilitiesOf } from './known-entries.ts';

/** What is known of the samples that are drawn, in memory. */
export interface KnownRows {
  readonly colouring: Colouring;
  readonly nComponents: number;
  /** Slots or shares, see colour-table.ts. */
  readonly values: ArrayLike<number>;
  readonly labels: Int32Array;
}

/** Finds what a colouring says of the rows that are drawn, and of no others. */
export class CpuColours {
  readonly #context: Context;
  readonly #samples: Uint32Array;
  readonly #rows: { data: Float64Array; nSamples: number; nFeatures: number };
  #newest = 0;
  known: KnownRows | undefined;

  /** @param every one of so many rows is drawn */
  constructor(context: Context, data: SourceData, every: number) {
    this.#context = context;
    const { nSamples, nFeatures, data: all } = data.samples;
    const count = Math.ceil(nSamples / every);
    this.#samples = Uint32Array.from({ length: count }, (_, i) =>
      thinnedSample(i, every, nSamples),
    );
    const rows = new Float64Array(count * nFeatures);
    this.#samples.forEach((sample, i) => {
      const from = sample * nFeatures;
      rows.set(all.subarray(from, from + nFeatures), i * nFeatures);
    });
    this.#rows = { data: rows, nSamples: count, nFeatures };
  }

  /** Of several calls under way only the last one counts. */
  async colour(mixture: GaussianMixture, colouring: Colouring): Promise<void> {
    const call = ++this.#newest;
    const at = { context: this.#context };
    const labels = await mixture.predict(this.#rows, at);
    const values = await this.#find(mixture, colouring, labels);
    if (call !== this.#newest) return;
    this.known = { colouring, nComponents: mixture.nComponents, values, labels };
  }

  async #find(
    mixture: GaussianMixture,
    colouring: Colouring,
    labels: Int32Array,
  ): Promise<ArrayLike<number>> {
    const { nComponents } = mixture;
    if (colouring.by === 'component') return labels;
    if (colouring.by === 'column') {
      return columnEntries(colouring.column, this.#samples.length, (i) => this.#samples[i]);
    }
    const rows = await mixture.predictProba(this.#rows, { context: this.#context });
    if (colouring.by === 'responsibility') {
      const component = Math.min(colouring.component, nComponents - 1);
      return responsibilitiesOf(rows, nComponents, component);
    }
    const most = Math.log(Math.max(2, nComponents));
    return entropiesOf(rows, nComponents).map((entropy) => entropy / most);
  }
}
