import { KeyedUniforms, PhiloxUse } from './philox.ts';
import type { NumericArray } from './sample-forms.ts';
import { fitsFloat32, type StreamPart } from './stream-parts.ts';

/** Some samples of a stream, in its order. */
export interface Sketch {
  /** Their numbers in the stream, ascending. */
  readonly samples: readonly number[];
  /** Rows of D. */
  readonly data: Float32Array | Float64Array;
}

interface Row {
  readonly sample: number;
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
  /** Candidates, in the stream's order: rows, the samples' numbers and their keys. Thinned out where they are twice the size. */
  #rows: Float32Array | Float64Array = new Float32Array(0);
  readonly #samples: Float64Array;
  readonly #keys: Float64Array;
  #count = 0;
  /** Samples with larger keys are none of the smallest. */
  #most = 1;
  /** Of each column the samples with its least and its largest value. */
  readonly #extremes: (Row | undefined)[];

  constructor(nFeatures: number, size: number) {
    this.#nFeatures = nFeatures;
    this.#size = size;
    this.#samples = new Float64Array(2 * size);
    this.#keys = new Float64Array(2 * size);
    this.#extremes = Array.from({ length: 2 * nFeatures });
  }

  /** @param low least value of each column so far, this part included; @param high largest */
  add(part: StreamPart, low: Float64Array, high: Float64Array): void {
    const { data, nSamples, firstSample } = part;
    const nFeatures = this.#nFeatures;
    if (!fitsFloat32(data) && this.#rows instanceof Float32Array) {
      this.#rows = Float64Array.from(this.#rows);
    }
    for (let n = 0; n < nSamples; n++) {
      const key = this.#uniforms.at(firstSample + n);
      if (key >= this.#most) continue;
      if (this.#count === this.#keys.length) this.#thin();
      const at = this.#count++;
      this.#makeRoom();
      this.#keys[at] = key;
      this.#samples[at] = firstSample + n;
      for (let d = 0, i = n * nFeatures; d < nFeatures; d++, i++) {
        this.#rows[at * nFeatures + d] = data[i];
      }
    }
    this.#noteExtremes(part, low, high);
  }

  finish(): Sketch {
    this.#thin();
    return {
      samples: Array.from(this.#samples.subarray(0, this.#count)),
      data: this.#rows.slice(0, this.#count * this.#nFeatures),
    };
  }

  /** A sketch with the samples that hold the columns' ends. */
  withEnds(sketch: Sketch): Sketch {
    const held = new Set(sketch.samples);
    const more = new Map<number, Row>();
    for (const row of this.#extremes) if (row && !held.has(row.sample)) more.set(row.sample, row);
    if (more.size === 0) return sketch;
    const rows = [
      ...sketch.samples.map((sample, i) => ({
        sample,
        values: sketch.data.subarray(i * this.#nFeatures, (i + 1) * this.#nFeatures),
      })),
      ...more.values(),
    ].sort((a, b) => a.sample - b.sample);
    const length = rows.length * this.#nFeatures;
    const all =
      sketch.data instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
    rows.forEach(({ values }, i) => all.set(values, i * this.#nFeatures));
    return { samples: rows.map(({ sample }) => sample), data: all };
  }

  /** Grows by doubling: a small stream takes no more than it has. */
  #makeRoom(): void {
    const needed = this.#count * this.#nFeatures;
    if (this.#rows.length >= needed) return;
    const most = this.#keys.length * this.#nFeatures;
    const length = Math.min(most, Math.max(needed, 2 * this.#rows.length, 1024 * this.#nFeatures));
    const grown =
      this.#rows instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
    grown.set(this.#rows);
    this.#rows = grown;
  }

  /** Keeps the `size` with the smallest keys. */
  #thin(): void {
    if (this.#count <= this.#size) return;
    const nFeatures = this.#nFeatures;
    this.#most = this.#keys.slice(0, this.#count).sort()[this.#size];
    let kept = 0;
    for (let i = 0; i < this.#count; i++) {
      if (this.#keys[i] >= this.#most) continue;
      this.#keys[kept] = this.#keys[i];
      this.#samples[kept] = this.#samples[i];
      this.#rows.copyWithin(kept * nFeatures, i * nFeatures, (i + 1) * nFeatures);
      kept++;
    }
    this.#count = kept;
  }

  #noteExtremes(
    { data, nSamples, firstSample }: StreamPart,
    low: Float64Array,
    high: Float64Array,
  ): void {
    const nFeatures = this.#nFeatures;
    for (let d = 0; d < nFeatures; d++) {
      for (const [at, end] of [
        [2 * d, low[d]],
        [2 * d + 1, high[d]],
      ] as const) {
        if (this.#extremes[at]?.values[d] === end) continue;
        for (let n = 0; n < nSamples; n++) {
          if (data[n * nFeatures + d] !== end) continue;
          const values = data.slice(n * nFeatures, (n + 1) * nFeatures);
          this.#extremes[at] = { sample: firstSample + n, values };
          break;
        }
      }
    }
  }
}
