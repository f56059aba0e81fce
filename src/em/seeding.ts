import { KeyedUniforms, PhiloxUse, type PhiloxKey } from '../data/philox.ts';
import type { Dataset } from './dataset.ts';
import { pacer } from '../data/pause.ts';
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

/** Finds, of each sample, the squared distance to the nearest of some candidates (M x D, standardised units) and which it is: N x 2. */
export type Look = (candidates: Float64Array, signal?: AbortSignal) => Promise<Float64Array>;

/** The float64 side, to be read beside shaders/seed-distances.wgsl and shaders/seed-draws.wgsl. */
export class SeedingReference implements Seeding {
  readonly #dataset: Dataset;
  readonly #metric: Float64Array;
  readonly #squares: Float64Array;
  readonly #nearest: Int32Array;
  readonly #look: Look | undefined;
  /** All candidates, each feature times the metric. */
  #candidates = new Float64Array(0);

  /** @param look who finds the nearest of some candidates; default: this class, sample by sample */
  constructor(dataset: Dataset, metric: Float64Array, look?: Look) {
    this.#dataset = dataset;
    this.#metric = metric;
    this.#look = look;
    this.#squares = new Float64Array(dataset.nSamples).fill(Infinity);
    this.#nearest = new Int32Array(dataset.nSamples);
  }

  async add(candidates: Float64Array, signal?: AbortSignal): Promise<number> {
    const { nSamples, nFeatures, relativeWeights } = this.#dataset;
    const metric = this.#metric;
    const count = candidates.length / nFeatures;
    const before = this.#candidates.length / nFeatures;
    const scaled = new Float64Array(this.#candidates.length + candidates.length);
    scaled.set(this.#candidates);
    candidates.forEach(
      (value, i) => (scaled[before * nFeatures + i] = value * metric[i % nFeatures]),
    );
    this.#candidates = scaled;
    if (this.#look) return this.#merge(before, await this.#look(candidates, signal), signal);
    const apart = squaresBetween(scaled, before, nFeatures);
    const all = before + count;
    const row = new Float64Array(nFeatures);
    const pause = pacer(signal);
    let potential = 0;
    for (let n = 0; n < nSamples; n++) {
      readFilled(this.#dataset, n, row);
      for (let d = 0; d < nFeatures; d++) row[d] *= metric[d];
      let least = this.#squares[n];
      let nearest = this.#nearest[n];
      for (let c = 0; c < count; c++) {
        // farther from the nearest so far than twice the sample is: no nearer to the sample (triangle inequality)
        if (apart && apart[c * all + nearest] >= 4 * least) continue;
        let square = 0;
        for (let d = 0, i = (before + c) * nFeatures; d < nFeatures; d++, i++) {
          const difference = row[d] - scaled[i];
          square += difference * difference;
        }
        if (square < least) {
          least = square;
          nearest = before + c;
        }
      }
      this.#squares[n] = least;
      this.#nearest[n] = nearest;
      potential += relativeWeights ? relativeWeights[n] * least : least;
      const turn = pause();
      if (turn) await turn;
    }
    return potential;
  }

  /** Takes the nearest of the latest candidates where they are nearer than all before. */
  async #merge(before: number, found: Float64Array, signal?: AbortSignal): Promise<number> {
    const { nSamples, relativeWeights } = this.#dataset;
    const pause = pacer(signal);
    let potential = 0;
    for (let n = 0; n < nSamples; n++) {
      const square = found[2 * n];
      if (square < this.#squares[n]) {
        this.#squares[n] = square;
        this.#nearest[n] = before + found[2 * n + 1];
      }
      potential += relativeWeights ? relativeWeights[n] * this.#squares[n] : this.#squares[n];
      if (n % 4096 === 4095) await pause();
    }
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
      const turn = pause();
      if (turn) await turn;
    }
    return drawn;
  }

  masses(): Promise<Float64Array> {
    const masses = new Float64Array(this.#candidates.length / this.#dataset.nFeatures);
    addMasses(this.#dataset, 0, this.#nearest, masses);
    return Promise.resolve(masses);
  }

  dispose(): void {}
}

/** Numbers that a table of distances between candidates may have: 32 MiB. */
const MOST_BETWEEN = 2 ** 22;

/** Squared distances of the points from number `first` on to all points, row by row; undefined where they are too many to hold. */
function squaresBetween(
  points: Float64Array,
  first: number,
  nFeatures: number,
): Float64Array | undefined {
  const all = points.length / nFeatures;
  if ((all - first) * all > MOST_BETWEEN) return undefined;
  const out = new Float64Array((all - first) * all);
  for (let c = first; c < all; c++) {
    for (let other = 0; other < all; other++) {
      let square = 0;
      for (let d = 0; d < nFeatures; d++) {
        square += (points[c * nFeatures + d] - points[other * nFeatures + d]) ** 2;
      }
      out[(c - first) * all + other] = square;
    }
  }
  return out;
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
