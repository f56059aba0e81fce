/** Samples drawn from a made mixture, and the start that both sides are given. */
export interface Synthetic {
  readonly samples: { data: Float32Array; nSamples: number; nFeatures: number };
  readonly start: {
    readonly weightsInit: Float64Array;
    /** K x D, row-major. */
    readonly meansInit: Float64Array;
    /** full K x D x D, tied D x D, diag K x D, spherical K. */
    readonly covariancesInit: Float64Array;
  };
}

/** What shapes the samples. */
export interface SampleShape {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly covarianceType: 'full' | 'tied' | 'diag' | 'spherical';
}

/** Half the side of the box, in component standard deviations, that the made means lie in: components touch, but are told apart. */
const HALF_BOX = 6;

/**
 * Draws a case's samples; the same case and seed give the same numbers everywhere. Components have unequal masses and, for
 * 'full', correlated features. The start is off by about half a standard deviation and twice too wide, so that a fit has
 * something to do in its first iterations.
 * @param scale of the box and of the start's error: below 1, components overlap more
 */
export function drawSamples(shape: SampleShape, seed: number, scale = 1): Synthetic {
  const { nSamples, nFeatures, nComponents, covarianceType } = shape;
  const { uniform, normal } = randomSource(seed);
  const means = Float64Array.from(
    { length: nComponents * nFeatures },
    () => (2 * uniform() - 1) * HALF_BOX * scale,
  );
  const drawn = covarianceType === 'tied' ? 1 : nComponents;
  const factors = Array.from({ length: drawn }, () =>
    lowerFactor(nFeatures, covarianceType, uniform, normal),
  );
  const correlated = covarianceType === 'full' || covarianceType === 'tied';
  const cumulative = cumulativeMasses(nComponents, uniform);

  const data = new Float32Array(nSamples * nFeatures);
  const noise = new Float64Array(nFeatures);
  for (let n = 0; n < nSamples; n++) {
    const target = uniform();
    const k = firstAbove(cumulative, target);
    const factor = factors[k % drawn];
    for (let d = 0; d < nFeatures; d++) noise[d] = normal();
    for (let d = 0; d < nFeatures; d++) {
      let value = means[k * nFeatures + d];
      if (correlated) {
        for (let e = 0; e <= d; e++) value += factor[d * nFeatures + e] * noise[e];
      } else value += factor[d] * noise[d];
      data[n * nFeatures + d] = value;
    }
  }
  return {
    samples: { data, nSamples, nFeatures },
    start: {
      weightsInit: new Float64Array(nComponents).fill(1 / nComponents),
      meansInit: means.map((mean) => mean + 0.5 * scale * normal()),
      covariancesInit: Float64Array.from(
        factors.flatMap((factor) => startCovariance(factor, nFeatures, covarianceType)),
      ),
    },
  };
}

/**
 * L of a covariance L Lᵀ with deviations between 0.7 and 1.3 on its diagonal: D x D, row-major; of an uncorrelated one its
 * diagonal alone, D.
 */
function lowerFactor(
  nFeatures: number,
  covarianceType: SampleShape['covarianceType'],
  uniform: () => number,
  normal: () => number,
): Float64Array {
  const deviation = (): number => 0.7 + 0.6 * uniform();
  if (covarianceType === 'spherical') return new Float64Array(nFeatures).fill(deviation());
  if (covarianceType === 'diag') return Float64Array.from({ length: nFeatures }, deviation);
  const factor = new Float64Array(nFeatures * nFeatures);
  const coupling = 0.6 / Math.sqrt(nFeatures);
  for (let d = 0; d < nFeatures; d++) {
    for (let e = 0; e < d; e++) factor[d * nFeatures + e] = coupling * normal();
    factor[d * nFeatures + d] = deviation();
  }
  return factor;
}

/** The first place whose mass is above the target: what findIndex gives, without its walk over a thousand components. */
function firstAbove(cumulative: readonly number[], target: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (target < cumulative[middle]) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Masses between 1 and 2 shares, added up; the last is 1. */
function cumulativeMasses(nComponents: number, uniform: () => number): number[] {
  const masses = Array.from({ length: nComponents }, () => 1 + uniform());
  const total = masses.reduce((sum, mass) => sum + mass, 0);
  let sum = 0;
  return masses.map((mass, k) => (k === nComponents - 1 ? 1 : (sum += mass / total)));
}

/** L Lᵀ, or what is not zero of it, twice too wide. */
function startCovariance(
  lower: Float64Array,
  nFeatures: number,
  covarianceType: SampleShape['covarianceType'],
): number[] {
  if (covarianceType === 'spherical') return [2 * lower[0] ** 2];
  if (covarianceType === 'diag') return Array.from(lower, (deviation) => 2 * deviation ** 2);
  const entry = (row: number, column: number): number => {
    let sum = 0;
    for (let e = 0; e <= Math.min(row, column); e++) {
      sum += lower[row * nFeatures + e] * lower[column * nFeatures + e];
    }
    return 2 * sum;
  };
  const indices = Array.from({ length: nFeatures }, (_, d) => d);
  return indices.flatMap((row) => indices.map((column) => entry(row, column)));
}

/** Marsaglia's 32-bit xorshift and the polar method: ample for data to be timed, and not the library's own generator. */
export function randomSource(seed: number): { uniform: () => number; normal: () => number } {
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
