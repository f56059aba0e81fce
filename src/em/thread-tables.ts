import type { Tables } from '../cpu/job.ts';
import { wordsOf } from '../data/bits.ts';
import type { BernoulliDensity } from '../families/bernoulli-density.ts';
import { packedLength } from '../families/cholesky.ts';
import type { Density, Family } from '../families/family.ts';
import type { GaussianDensity } from '../families/gaussian.ts';

/**
 * Responsibilities that no sum of a Gaussian notices: 2^-100. A mass below ten epsilons moves nothing (MASS_FLOOR), and to reach
 * even that, samples of responsibilities this small would have to be 10^15.
 */
const GAUSSIAN_CUTOFF = 2 ** -100;
/** Probabilities are ratios of sums down to masses of 2^-125 (`isEmpty`), so of nothing larger than a part in 10^18 of that. */
const BERNOULLI_CUTOFF = 2 ** -185;

/**
 * A shared whitening W is applied once a sample, and distances are |W z - W m|: 2^-53 |W m| of rounding in place of that of z - m. Up to
 * here that is a part in 10^12 of a standard deviation; narrower components have W (z - m) computed, each for itself.
 */
const WIDEST_WHITENED = 2 ** 12;

/** Which of the kernels in kernels/*.as.ts computes a family; undefined where the reference alone does. */
export type ThreadKernel = NonNullable<Family['threads']>;

/** A family's density as the kernels read it. */
export function tablesOf(kernel: ThreadKernel, family: Family, density: Density): Tables {
  const sumsLength = family.statisticsLength(density.nFeatures);
  switch (kernel) {
    case 'triangular':
      return triangularTables(density as GaussianDensity, sumsLength);
    case 'diagonal':
      return diagonalTables(density as GaussianDensity, sumsLength);
    case 'bits':
      return bitsTables(density as BernoulliDensity, sumsLength);
  }
}

function triangularTables(density: GaussianDensity, sumsLength: number): Tables {
  const { nComponents, nFeatures, logConstants, means, whiteningStride } = density;
  const stride = packedLength(nFeatures);
  const whitening = new Float64Array(density.whitening.length);
  for (let at = 0; at < whitening.length; at += stride) {
    pairRows(density.whitening.subarray(at, at + stride), nFeatures, whitening.subarray(at));
  }
  const common = {
    nComponents,
    sumsLength,
    cutoff: GAUSSIAN_CUTOFF,
    constants: logConstants,
    origins: means,
    whitening,
    whiteningStride,
  };
  if (whiteningStride !== 0) return { ...common, kind: 'triangular' };
  const whitenedMeans = new Float64Array(means.length);
  for (let k = 0, i = 0; k < nComponents; k++) {
    for (let row = 0, at = 0; row < nFeatures; row++, i++) {
      for (let j = 0; j <= row; j++) {
        whitenedMeans[i] += density.whitening[at++] * means[k * nFeatures + j];
      }
    }
  }
  const near = whitenedMeans.every((value) => Math.abs(value) < WIDEST_WHITENED);
  return near ? { ...common, kind: 'shared', whitenedMeans } : { ...common, kind: 'triangular' };
}

/** Two rows at a time, the two numbers of a column side by side, then the second row's last; an odd last row by itself. */
function pairRows(packed: Float64Array, nFeatures: number, out: Float64Array): void {
  let to = 0;
  for (let i = 0; i < nFeatures; i += 2) {
    const first = packedLength(i);
    const second = packedLength(i + 1);
    const paired = i + 1 < nFeatures;
    for (let j = 0; j <= i; j++) {
      out[to++] = packed[first + j];
      if (paired) out[to++] = packed[second + j];
    }
    if (paired) out[to++] = packed[second + i + 1];
  }
}

function diagonalTables(density: GaussianDensity, sumsLength: number): Tables {
  const { nComponents, logConstants, means, whitening, whiteningStride } = density;
  return {
    kind: 'diagonal',
    nComponents,
    sumsLength,
    cutoff: GAUSSIAN_CUTOFF,
    constants: logConstants,
    origins: means,
    whitening,
    whiteningStride,
  };
}

function bitsTables(density: BernoulliDensity, sumsLength: number): Tables {
  const { nComponents, nFeatures, baselines, slopes: own, certain, likely } = density;
  const words = wordsOf(nFeatures);
  const paddedComponents = Math.ceil(nComponents / 4) * 4;
  const constants = new Float64Array(paddedComponents);
  constants.set(baselines);
  const slopes = new Float64Array(nFeatures * paddedComponents);
  for (let k = 0, i = 0; k < nComponents; k++) {
    for (let d = 0; d < nFeatures; d++, i++) slopes[d * paddedComponents + k] = own[i];
  }
  const masks = (features: readonly ArrayLike<number>[]): Uint32Array => {
    const out = new Uint32Array(nComponents * words);
    features.forEach((list, k) => {
      for (let i = 0; i < list.length; i++) out[k * words + (list[i] >> 5)] |= 1 << (list[i] & 31);
    });
    return out;
  };
  return {
    kind: 'bits',
    nComponents,
    sumsLength,
    cutoff: BERNOULLI_CUTOFF,
    constants,
    slopes,
    paddedComponents,
    certain: certain.some((list) => list.length > 0) ? masks(certain) : undefined,
    likely: masks(likely),
  };
}
