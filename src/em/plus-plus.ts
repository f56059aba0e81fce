import type { Random } from '../data/random.ts';
import { pacer } from '../data/pause.ts';
import { pickByMass } from './start-points.ts';

/** Points in float64 with the coordinates that distances are taken in. */
export interface Points {
  /** M x D, row-major. */
  readonly rows: Float64Array;
  /** M. */
  readonly weights: Float64Array;
  readonly nFeatures: number;
}

/** Candidates that the greedy form of k-means++ looks at for each seed, as scikit-learn does. */
export const candidatesFor = (nComponents: number): number => 2 + Math.floor(Math.log(nComponents));

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007): each seed drawn with probability proportional to weight times squared
 * distance to the nearest seed so far, the best of 2 + ln K candidates at each step. Where every point lies on a seed already,
 * any point of positive weight is as good.
 * @param given seeds that are there before the first, any number x D
 * @param count how many to choose
 * @param candidates by `candidatesFor` all seeds, the given ones included
 * @returns indices of points
 */
export async function plusPlus(
  { rows, weights, nFeatures }: Points,
  given: Float64Array,
  count: number,
  candidates: number,
  random: Random,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const length = weights.length;
  const pause = pacer(signal);
  const chosen = new Int32Array(count);
  const nearest = new Float64Array(length).fill(Infinity);
  const distances = async (
    seeds: Float64Array,
    seed: number,
  ): Promise<{ distances: Float64Array; potential: number }> => {
    const out = new Float64Array(length);
    let potential = 0;
    for (let i = 0, a = 0; i < length; i++) {
      let square = 0;
      for (let d = 0, b = seed * nFeatures; d < nFeatures; d++, a++, b++) {
        const difference = rows[a] - seeds[b];
        square += difference * difference;
      }
      out[i] = Math.min(square, nearest[i]);
      potential += weights[i] * out[i];
      const turn = pause();
      if (turn) await turn;
    }
    return { distances: out, potential };
  };
  for (let g = 0; g * nFeatures < given.length; g++) {
    nearest.set((await distances(given, g)).distances);
  }
  for (let k = 0; k < count; k++) {
    const first = k === 0 && given.length === 0;
    let best: { point: number; distances: Float64Array; potential: number } | undefined;
    for (let c = 0; c < (first ? 1 : candidates); c++) {
      const byWeight = (i: number): number => weights[i];
      const byDistance = (i: number): number => weights[i] * nearest[i];
      const point =
        (await pickByMass(length, first ? byWeight : byDistance, random, signal)) ??
        (await pickByMass(length, byWeight, random, signal)) ??
        random.integer(length);
      const candidate = { point, ...(await distances(rows, point)) };
      if (!best || candidate.potential < best.potential) best = candidate;
    }
    nearest.set(best!.distances);
    chosen[k] = best!.point;
  }
  return chosen;
}
