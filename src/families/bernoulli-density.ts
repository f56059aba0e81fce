import type { Density, Parameters } from './family.ts';

export interface BernoulliParameters extends Parameters {
  /** theta, the probability of a 1: K x D, each within [0, 1]. */
  readonly probabilities: Float64Array;
}

/** `logConstants` is ln pi_k alone: with missing entries, nothing else is the same for all samples. */
export interface BernoulliDensity extends Density {
  /** ln theta and ln(1 - theta), K x D: -Infinity where theta is 0 and where it is 1. */
  readonly logProbabilities: Float64Array;
  readonly logComplements: Float64Array;
  /**
   * The same for samples without missing entries, as baseline_k + sum_d slope_kd x_d (ln pi + sum ln(1 - theta), and the
   * log-odds): no branch in the loop. Where theta is 1 both are 0 there, and the feature is in `certain` instead.
   */
  readonly baselines: Float64Array;
  readonly slopes: Float64Array;
  readonly certain: readonly (readonly number[])[];
  readonly latest: LatestSample;
}

/** Where a sample is 1 and, if some entries are missing, where it is 0: found once, used by all components. */
interface LatestSample {
  /** Undefined until a sample was prepared. */
  sample: Float64Array | undefined;
  complete: boolean;
  nOnes: number;
  nZeros: number;
  readonly ones: Int32Array;
  readonly zeros: Int32Array;
}

/** In place of a slope of -Infinity, which times 0 is NaN. */
const IMPOSSIBLE = -1e300;

export function bernoulliDensity({
  weights,
  probabilities,
}: BernoulliParameters): BernoulliDensity {
  const nComponents = weights.length;
  const nFeatures = probabilities.length / nComponents;
  const logConstants = weights.map(Math.log);
  const logProbabilities = probabilities.map(Math.log);
  const logComplements = probabilities.map((p) => Math.log1p(-p));
  const baselines = logConstants.slice();
  const slopes = new Float64Array(probabilities.length);
  const certain = Array.from({ length: nComponents }, (): number[] => []);
  probabilities.forEach((p, i) => {
    const k = Math.floor(i / nFeatures);
    if (p === 1) certain[k].push(i % nFeatures);
    else {
      baselines[k] += logComplements[i];
      slopes[i] = Math.max(IMPOSSIBLE, logProbabilities[i] - logComplements[i]);
    }
  });
  return {
    nComponents,
    nFeatures,
    logConstants,
    logProbabilities,
    logComplements,
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

/** Lists the features of a sample. Until the next call, `sample` may not change. */
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

/** ln(pi_k p(x_observed | theta_k)) of the sample listed last. */
export function listedLogDensity(density: BernoulliDensity, component: number): number {
  const { nFeatures, latest, baselines, slopes, logConstants } = density;
  const { ones, zeros, nOnes, nZeros, complete, sample } = latest;
  const at = component * nFeatures;
  if (complete) {
    const a = baselines[component] + sumAt(slopes, at, ones, nOnes);
    return withCertain(density, component, sample!, a);
  }
  const { logProbabilities, logComplements } = density;
  return (
    logConstants[component] +
    sumAt(logProbabilities, at, ones, nOnes) +
    sumAt(logComplements, at, zeros, nZeros)
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

/** What the baseline form says of impossible samples; NaN stays NaN. */
function withCertain(
  { certain }: BernoulliDensity,
  component: number,
  sample: Float64Array,
  a: number,
): number {
  if (a < IMPOSSIBLE / 2) return -Infinity;
  for (const feature of certain[component]) {
    if (sample[feature] === 0) return a === a ? -Infinity : a;
  }
  return a;
}

/** ln(pi_k p(x | theta_k)); NaN where an entry is missing. */
export function completeLogDensity(
  density: BernoulliDensity,
  component: number,
  sample: Float64Array,
): number {
  const { nFeatures, baselines, slopes } = density;
  // four sums side by side: one would wait for each addition to end
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let i = component * nFeatures;
  let d = 0;
  for (; d + 3 < nFeatures; d += 4, i += 4) {
    s0 += sample[d] * slopes[i];
    s1 += sample[d + 1] * slopes[i + 1];
    s2 += sample[d + 2] * slopes[i + 2];
    s3 += sample[d + 3] * slopes[i + 3];
  }
  for (; d < nFeatures; d++, i++) s0 += sample[d] * slopes[i];
  const a = baselines[component] + (s0 + s1 + (s2 + s3));
  return withCertain(density, component, sample, a);
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
