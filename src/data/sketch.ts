import { KeyedUniforms, PhiloxUse } from './philox.ts';
import type { NumericArray } from './sample-forms.ts';
import { fitsFloat32, type StreamPart } from './stream-parts.ts';

/** Some samples of a stream, in its order. */
export interface Sketch {
  /** Their numbers in the stream. */
  readonly samples: readonly number[];
  /** Rows of D. */
  readonly data: Float32Array | Float64Array;
}

interface Row {
  readonly sample: number;
  readonly key: number;
  readonly values: NumericArray;
}

/**
 * A random part of samples that come by once, each as likely as any other: those with the smallest Philox numbers, which are keyed
 * on the samples' own, so that chunks do not matter. All samples where they are no more than `size`.
 */
export class Sketcher {
  readonly #size: number;
  readonly #nFeatures: number;
  readonly #uniforms = new KeyedUniforms([0, 0], PhiloxUse.SKETCH);
  #rows: Row[] = [];
  #most = Infinity;
  /** Of each column the sample with its least and its largest value. */
  readonly #extremes: (Row | undefined)[];
  #single = true;

  constructor(nFeatures: number, size: number) {
    this.#nFeatures = nFeatures;
    this.#size = size;
    this.#extremes = Array.from({ length: 2 * nFeatures });
  }

  /** @param low least value of each column so far, this part included; @param high largest */
  add(part: StreamPart, low: Float64Array, high: Float64Array): void {
    const { data, nSamples, firstSample } = part;
    this.#single &&= fitsFloat32(data);
    for (let n = 0; n < nSamples; n++) {
      const key = this.#uniforms.at(firstSample + n);
      if (key < this.#most) this.#rows.push(this.#row(part, n, key));
      if (this.#rows.length >= 2 * this.#size) this.#thin();
    }
    this.#noteExtremes(part, low, high);
  }

  /** @param extremes with the samples that hold the columns' ends, where not all samples are there */
  finish(extremes = false): Sketch {
    this.#thin();
    const rows = this.#rows.slice();
    if (extremes) {
      const held = new Set(rows.map(({ sample }) => sample));
      for (const row of this.#extremes) {
        if (row && !held.has(row.sample)) rows.push(row);
        if (row) held.add(row.sample);
      }
    }
    rows.sort((a, b) => a.sample - b.sample);
    const length = rows.length * this.#nFeatures;
    const data = this.#single ? new Float32Array(length) : new Float64Array(length);
    rows.forEach(({ values }, i) => data.set(values, i * this.#nFeatures));
    return { samples: rows.map(({ sample }) => sample), data };
  }

  #row({ data, firstSample }: StreamPart, n: number, key: number): Row {
    const values = data.slice(n * this.#nFeatures, (n + 1) * this.#nFeatures);
    return { sample: firstSample + n, key, values };
  }

  #thin(): void {
    if (this.#rows.length <= this.#size) return;
    this.#rows.sort((a, b) => a.key - b.key);
    this.#rows.length = this.#size;
    this.#most = this.#rows.at(-1)!.key;
  }

  #noteExtremes(part: StreamPart, low: Float64Array, high: Float64Array): void {
    const nFeatures = this.#nFeatures;
    const { data, nSamples } = part;
    for (let d = 0; d < nFeatures; d++) {
      for (const [at, end] of [
        [2 * d, low[d]],
        [2 * d + 1, high[d]],
      ] as const) {
        if (this.#extremes[at]?.values[d] === end) continue;
        for (let n = 0; n < nSamples; n++) {
          if (data[n * nFeatures + d] !== end) continue;
          this.#extremes[at] = this.#row(part, n, 0);
          break;
        }
      }
    }
  }
}
