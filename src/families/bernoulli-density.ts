import type { Density, Parameters } from './family.ts';

export interface BernoulliParameters extends Parameters {
  /** theta, the probability of a 1: K x D, each within [0, 1]. */
  readonly probabilities: Float64Array;
  /**
   * 1 - theta as an M-step counted it, K x D. Maximum likelihood takes theta as close to 1 as to 0: 1 - 1e-20 is 1 in float64, and
   * the sample that stands against it would be lost. Arrays given by a user have it by subtraction.
   */
  readonly complements?: Float64Array;
}

/** `logConstants` is ln pi_k alone: with missing entries, nothing else is the same for all samples. */
export interface BernoulliDensity extends Density {
  /** ln theta and ln(1 - theta), K x D: -Infinity where theta is 0 and where it is 1. */
  readonly logProbabilities: Float64Array;
  readonly logComplements: Float64Array;
  /** The more probable value of each feature, K x D: what the statistics are about. And, a component each, where it is 1. */
  readonly modes: Float64Array;
  readonly likely: readonly Int32Array[];
  /**
   * The same for samples without missing entries, as baseline_k + the slopes of the features that are 1: ln pi + sum
   * ln(1 - theta), and the log-odds. Where theta is 1 both are 0, and the feature is in `certain` instead.
   */
  readonly baselines: Float64Array;
  readonly slopes: Float64Array;
  readonly certain: readonly (readonly number[])[];
  readonly latest: LatestSample;
}

/** Where a sample is 1 and where it is 0: found once, used by all components. */
interface LatestSample {
  /** Undefined until a sample was listed. */
  sample: Float64Array | undefined;
  complete: boolean;
  nOnes: number;
  nZeros: number;
  readonly ones: Int32Array;
  readonly zeros: Int32Array;
}

export function bernoulliDensity({
  weights,
  probabilities,
  complements,
}: BernoulliParameters): BernoulliDensity {
  const nComponents = weights.length;
  const nFeatures = probabilities.length / nComponents;
  const logConstants = weights.map(Math.log);
  const logProbabilities = new Float64Array(probabilities.length);
  const logComplements = new Float64Array(probabilities.length);
  const modes = new Float64Array(probabilities.length);
  const baselines = logConstants.slice();
  const slopes = new Float64Array(probabilities.length);
  const likely = Array.from({ length: nComponents }, (): number[] => []);
  const certain = Array.from({ length: nComponents }, (): number[] => []);
  probabilities.forEach((p, i) => {
    const k = Math.floor(i / nFeatures);
    if (p <= 0.5) {
      logProbabilities[i] = Math.log(p);
      logComplements[i] = Math.log1p(-p);
    } else {
      const q = complementOf(p, complements?.[i]);
      logProbabilities[i] = Math.log1p(-q);
      logComplements[i] = Math.log(q);
      modes[i] = 1;
      likely[k].push(i % nFeatures);
    }
    if (logComplements[i] === -Infinity) certain[k].push(i % nFeatures);
    else {
      baselines[k] += logComplements[i];
      slopes[i] = logProbabilities[i] - logComplements[i];
    }
  });
  return {
    nComponents,
    nFeatures,
    logConstants,
    logProbabilities,
    logComplements,
    modes,
    likely: likely.map((features) => Int32Array.from(features)),
    baselines,
    slopes,
    certain,
    latest: {
      sample: undefined,
      complete: true,
      nOnes: 0,
      nZeros: 0,
      ones: new Int32Array(nFeatures),
      zeros: new Int32Array(nFeatures),
    },
  };
}

/** 1 - p, counted where that agrees: arrays may have been put together from several sources. */
function complementOf(p: number, counted: number | undefined): number {
  const subtracted = 1 - p;
  return counted !== undefined && Math.abs(counted - subtracted) <= Number.EPSILON
    ? counted
    : subtracted;
}

/** ln(pi_k p(x_observed | theta_k)). */
export function observedLogDensity(
  { nFeatures, logConstants, logProbabilities, logComplements }: BernoulliDensity,
  component: number,
  sample: Float64Array,
): number {
  let a = logConstants[component];
  for (let d = 0, i = component * nFeatures; d < nFeatures; d++, i++) {
    const x = sample[d];
    if (x === 1) a += logProbabilities[i];
    else if (x === 0) a += logComplements[i];
  }
  return a;
}

/** Lists the features of a sample, which stays as it is until the next call. */
export function listFeatures({ latest, nFeatures }: BernoulliDensity, sample: Float64Array): void {
  const { ones, zeros } = latest;
  let nOnes = 0;
  let nZeros = 0;
  for (let d = 0; d < nFeatures; d++) {
    // without a branch on the value: each list's next place is written, and kept where it counts
    const x = sample[d];
    ones[nOnes] = d;
    zeros[nZeros] = d;
    nOnes += x === 1 ? 1 : 0;
    nZeros += x === 0 ? 1 : 0;
  }
  latest.sample = sample;
  latest.complete = nOnes + nZeros === nFeatures;
  latest.nOnes = nOnes;
  latest.nZeros = nZeros;
}

/** `observedLogDensity` of the sample listed last. */
export function listedLogDensity(density: BernoulliDensity, component: number): number {
  const { nFeatures, latest, baselines, slopes, certain, logConstants } = density;
  const { ones, zeros, nOnes, nZeros, complete, sample } = latest;
  const at = component * nFeatures;
  if (complete) {
    for (const feature of certain[component]) if (sample![feature] === 0) return -Infinity;
    return baselines[component] + sumAt(slopes, at, ones, nOnes);
  }
  return (
    logConstants[component] +
    sumAt(density.logProbabilities, at, ones, nOnes) +
    sumAt(density.logComplements, at, zeros, nZeros)
  );
}

function sumAt(values: Float64Array, first: number, indices: Int32Array, count: number): number {
  // two sums side by side: one would wait for each addition to end
  let even = 0;
  let odd = 0;
  let i = 0;
  for (; i + 1 < count; i += 2) {
    even += values[first + indices[i]];
    odd += values[first + indices[i + 1]];
  }
  return i < count ? even + values[first + indices[i]] + odd : even + odd;
}
