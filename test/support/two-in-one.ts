import { hashgen } from './hashgen.ts';

/**
 * The situation of Ueda et al. (2000): cluster A has two components (0 and 1), clusters B and C have one (2). EM stays there.
 */
export interface TwoInOne {
  readonly samples: { data: Float64Array; nSamples: number; nFeatures: number };
  /** 0 or 1 in A, 2 in B and in C. */
  readonly poor: Int32Array;
  /** 0 in A, 1 in B, 2 in C. */
  readonly good: Int32Array;
}

const SIZES = [160, 80, 80];
const CLUSTER = SIZES.flatMap((size, c) => new Array<number>(size).fill(c));

/** @param value entry d of a sample of a cluster, from the sample's standard normal numbers; `half` says which of A's two it starts in */
function make(
  nFeatures: number,
  value: (cluster: number, d: number, normals: Float64Array) => number,
  half: (row: readonly number[]) => boolean,
): TwoInOne {
  const nSamples = CLUSTER.length;
  const { data: normals } = hashgen({
    seed: 12,
    n: nSamples,
    k: 1,
    d: nFeatures,
    kind: 'full',
    sep: 0,
    corr: 0,
    smin: 1,
    smax: 1,
  });
  const rows = CLUSTER.map((cluster, n) =>
    Array.from({ length: nFeatures }, (_, d) =>
      value(cluster, d, normals.subarray(n * nFeatures, (n + 1) * nFeatures)),
    ),
  );
  return {
    samples: { data: Float64Array.from(rows.flat()), nSamples, nFeatures },
    poor: Int32Array.from(CLUSTER, (cluster, n) => (cluster > 0 ? 2 : half(rows[n]) ? 1 : 0)),
    good: Int32Array.from(CLUSTER),
  };
}

/** In the plane, A at (0, 0), B at (12, -3), C at (12, 3). */
export const twoInOnePlane = (): TwoInOne =>
  make(
    2,
    (cluster, d, normals) =>
      (cluster === 0 ? 0 : d === 0 ? 12 : cluster === 1 ? -3 : 3) +
      (cluster === 0 ? 1 : 0.8) * normals[d],
    ([x]) => x > 0,
  );

/** Of 0 and 1: 4 columns for each cluster in which it has ones, and 4 that are at random, but in A alike. */
export const twoInOneBits = (): TwoInOne =>
  make(
    16,
    (cluster, d, normals) => {
      if (d >= 12) return (cluster === 0 ? normals[12] : 0) + 0.8 * normals[d] > 0 ? 1 : 0;
      const own = d >= 4 * cluster && d < 4 * cluster + 4;
      return normals[d] > (own ? -1.3 : 1.3) ? 1 : 0;
    },
    (row) => row[12] === 1,
  );

/** Counts of about 3 and 20. */
export const twoInOneCounts = (): TwoInOne =>
  make(
    4,
    (cluster, d, normals) => {
      const rate = d === cluster ? 20 : d === 3 ? 8 : 3;
      return Math.max(0, Math.round(rate + Math.sqrt(rate) * normals[d]));
    },
    (row) => row[3] > 8,
  );
