import { KeyedUniforms, PhiloxUse, type PhiloxKey } from '../data/philox.ts';
import type { Dataset } from './dataset.ts';
import { pacer } from './pause.ts';
import { readFilled } from './start-points.ts';

/**
 * What k-means|| asks of all samples: the passes of initialisation, with two sides, as the E-step has. A sample's distance is
 * Euclidean in standardised units, each feature times `metric`, a missing entry at its column's mean.
 */
export interface Seeding {
  /**
   * Adds candidates (M x D, standardised units): every sample now knows the nearest of all so far, the first on a tie.
   * @returns the potential, sum_n s_n d_n^2, s_n scaled to sum N
   */
  add(candidates: Float64Array, signal?: AbortSignal): Promise<number>;
  /** The samples whose uniform number (Philox of key, round and the sample's index) is below s_n d_n^2 factor, in order. */
  draw(key: PhiloxKey, round: number, factor: number, signal?: AbortSignal): Promise<number[]>;
  /** The weight of the samples nearest to each candidate. */
  masses(signal?: AbortSignal): Promise<Float64Array>;
  dispose(): void;
}

/** The float64 side, to be read beside shaders/seed-distances.wgsl and shaders/seed-draws.wgsl. */
export class SeedingReference implements Seeding {
  readonly #dataset: Dataset;
  readonly #metric: Float64Array;
  readonly #squares: Float64Array;
  readonly #nearest: Int32Array;
  #count = 0;

  constructor(dataset: Dataset, metric: Float64Array) {
    this.#dataset = dataset;
    this.#metric = metric;
    this.#squares = new Float64Array(dataset.nSamples).fill(Infinity);
    this.#nearest = new Int32Array(dataset.nSamples);
  }

  async add(candidates: Float64Array, signal?: AbortSignal): Promise<number> {
    const { nSamples, nFeatures, relativeWeights } = this.#dataset;
    const metric = this.#metric;
    const scaled = candidates.map((value, i) => value * metric[i % nFeatures]);
    const count = candidates.length / nFeatures;
    const row = new Float64Array(nFeatures);
    const pause = pacer(signal);
    let potential = 0;
    for (let n = 0; n < nSamples; n++) {
      readFilled(this.#dataset, n, row);
      for (let d = 0; d < nFeatures; d++) row[d] *= metric[d];
      let least = this.#squares[n];
      let nearest = this.#nearest[n];
      for (let c = 0, i = 0; c < count; c++) {
        let square = 0;
        for (let d = 0; d < nFeatures; d++, i++) {
          const difference = row[d] - scaled[i];
          square += difference * difference;
        }
        if (square < least) {
          least = square;
          nearest = this.#count + c;
        }
      }
      this.#squares[n] = least;
      this.#nearest[n] = nearest;
      potential += relativeWeights ? relativeWeights[n] * least : least;
      if (n % 256 === 255) await pause();
    }
    this.#count += count;
    return potential;
  }

  async draw(
    key: PhiloxKey,
    round: number,
    factor: number,
    signal?: AbortSignal,
  ): Promise<number[]> {
    const { nSamples, relativeWeights } = this.#dataset;
    const uniforms = new KeyedUniforms(key, PhiloxUse.SEEDING);
    const pause = pacer(signal);
    const drawn: number[] = [];
    for (let n = 0; n < nSamples; n++) {
      const weight = relativeWeights ? relativeWeights[n] : 1;
      if (uniforms.at(n, round) < weight * this.#squares[n] * factor) drawn.push(n);
      if (n % 4096 === 4095) await pause();
    }
    return drawn;
  }

  masses(): Promise<Float64Array> {
    const masses = new Float64Array(this.#count);
    addMasses(this.#dataset, 0, this.#nearest, masses);
    return Promise.resolve(masses);
  }

  dispose(): void {}
}

/** Adds the weights of samples `first`, `first + 1`, ... to what is nearest to each. */
export function addMasses(
  { relativeWeights }: Dataset,
  first: number,
  nearest: Int32Array | Uint32Array,
  masses: Float64Array,
): void {
  for (let i = 0; i < nearest.length; i++) {
    masses[nearest[i]] += relativeWeights ? relativeWeights[first + i] : 1;
  }
}
