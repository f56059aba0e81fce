import type { BenchCase } from './grid.ts';

/** Samples drawn from a made mixture, and the start that both sides are given. */
export interface Synthetic {
  readonly samples: { data: Float32Array; nSamples: number; nFeatures: number };
  readonly start: {
    readonly weightsInit: Float64Array;
    /** K x D, row-major. */
    readonly meansInit: Float64Array;
    /** full K x D x D, diag K x D. */
    readonly covariancesInit: Float64Array;
  };
}

/** What of a case shapes its samples. */
export type SampleShape = Pick<
  BenchCase,
  'nSamples' | 'nFeatures' | 'nComponents' | 'covarianceType'
>;

/** Half the side of the box, in component standard deviations, that the made means lie in: components touch, but are told apart. */
const HALF_BOX = 6;

/**
 * Draws a case's samples; the same case and seed give the same numbers everywhere. Components have unequal masses and, for
 * 'full', correlated features. The start is off by about half a standard deviation and twice too wide, so that a fit has
 * something to do in its first iterations.
 */
export function drawSamples(
  shape: Pick<BenchCase, 'nSamples' | 'nFeatures' | 'nComponents' | 'covarianceType'>,
  seed: number,
): Synthetic {
  const { nSamples, nFeatures, nComponents, covarianceType } = shape;
  const { uniform, normal } = randomSource(seed);
  const means = Float64Array.from(
    { length: nComponents * nFeatures },
    () => (2 * uniform() - 1) * HALF_BOX,
  );
  const factors = Array.from({ length: nComponents }, () =>
    lowerFactor(nFeatures, covarianceType, uniform, normal),
  );
  const cumulative = cumulativeMasses(nComponents, uniform);

  const data = new Float32Array(nSamples * nFeatures);
  const noise = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    const target = uniform();
    const k = Math.max(
      0,
      cumulative.findIndex((mass) => target < mass),
    );
    for (let d = 0; d < nFeatures; d++) noise[d] = normal();
    for (let d = 0; d < nFeatures; d++) {
      let value = means[k * nFeatures + d];
      for (let e = 0; e <= d; e++) value += factors[k][d * nFeatures + e] * noise[e];
      data[n * nFeatures + d] = value;
    }
  }
  return {
    samples: { data, nSamples, nFeatures },
    start: {
      weightsInit: new Float64Array(nComponents).fill(1 / nComponents),
      meansInit: means.map((mean) => mean + 0.5 * normal()),
      covariancesInit: Float64Array.from(
        factors.flatMap((factor) => covariance(factor, nFeatures, covarianceType, 2)),
      ),
    },
  };
}

/** L of a covariance L Lᵀ, D x D, row-major, with deviations between 0.7 and 1.3 on its diagonal. */
function lowerFactor(
  nFeatures: number,
  covarianceType: BenchCase['covarianceType'],
  uniform: () => number,
  normal: () => number,
): Float64Array {
  const factor = new Float64Array(nFeatures * nFeatures);
  const coupling = covarianceType === 'full' ? 0.6 / Math.sqrt(nFeatures) : 0;
  for (let d = 0; d < nFeatures; d++) {
    for (let e = 0; e < d; e++) factor[d * nFeatures + e] = coupling * normal();
    factor[d * nFeatures + d] = 0.7 + 0.6 * uniform();
  }
  return factor;
}

/** Masses between 1 and 2 shares, added up; the last is 1. */
function cumulativeMasses(nComponents: number, uniform: () => number): number[] {
  const masses = Array.from({ length: nComponents }, () => 1 + uniform());
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let sum = 0;
  return masses.map((mass, k) => (k === nComponents - 1 ? 1 : (sum += mass / total)));
}

/** factor · L Lᵀ, or its diagonal. */
function covariance(
  lower: Float64Array,
  nFeatures: number,
  covarianceType: BenchCase['covarianceType'],
  factor: number,
): number[] {
  const entry = (row: number, column: number): number => {
    let sum = 0;
    for (let e = 0; e <= Math.min(row, column); e++) {
      sum += lower[row * nFeatures + e] * lower[column * nFeatures + e];
    }
    return factor * sum;
  };
  const indices = Array.from({ length: nFeatures }, (_, d) => d);
  return covarianceType === 'diag'
    ? indices.map((d) => entry(d, d))
    : indices.flatMap((row) => indices.map((column) => entry(row, column)));
}

/** Marsaglia's 32-bit xorshift and the polar method: ample for data to be timed, and not the library's own generator. */
function randomSource(seed: number): { uniform: () => number; normal: () => number } {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ 0x2545f491) | 0 || 1;
  const uniform = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const normal = (): number => {
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) return u * Math.sqrt((-2 * Math.log(square)) / square);
    }
  };
  return { uniform, normal };
}
