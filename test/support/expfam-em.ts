import { loadMatrix } from './binary-data.ts';
import type { ExpfamFixture } from './expfam-fixtures.ts';
import { flat } from './numbers.ts';

export interface PlainRun {
  /** Below this a responsibility is 0. */
  readonly smallestResponsibility?: number;
  /** 1 - theta by subtraction, in place of counting zeros on their own. */
  readonly bySubtraction?: boolean;
}

/**
 * Maximum-likelihood EM for a Bernoulli mixture as the textbook writes it, in float64: what rounding responsibilities or
 * probabilities does to a run, told apart from everything else that an implementation does.
 * @returns total log-likelihood of the parameters after t M-steps, t = 0 ... nIter
 */
export async function plainBernoulliRun(
  { dataName, start, run, nComponents }: ExpfamFixture,
  { smallestResponsibility = 0, bySubtraction = false }: PlainRun = {},
): Promise<number[]> {
  const { data, nSamples, nFeatures } = await loadMatrix(dataName);
  const observed = Array.from({ length: nSamples }, (_, n) =>
    [...Array(nFeatures).keys()].filter((d) => !Number.isNaN(data[n * nFeatures + d])),
  );
  const one = flat(start.theta);
  const zero = one.map((theta) => 1 - theta);
  let weights = Float64Array.from(start.weights);
  const logLikelihoods: number[] = [];
  for (let t = 0; t <= run.nIter; t++) {
    const logOne = one.map(Math.log);
    const logZero = zero.map(Math.log);
    const mass = new Float64Array(nComponents);
    const ones = new Float64Array(one.length);
    const zeros = new Float64Array(one.length);
    let total = 0;
    for (let n = 0; n < nSamples; n++) {
      const joint = weights.map((weight, k) =>
        observed[n].reduce(
          (sum, d) => sum + (data[n * nFeatures + d] ? logOne : logZero)[k * nFeatures + d],
          Math.log(weight),
        ),
      );
      const top = Math.max(...joint);
      const sum = joint.reduce((sum, value) => sum + Math.exp(value - top), 0);
      total += top + Math.log(sum);
      for (let k = 0; k < nComponents; k++) {
        const gamma = Math.exp(joint[k] - top) / sum;
        if (gamma < smallestResponsibility) continue;
        mass[k] += gamma;
        for (const d of observed[n]) {
          (data[n * nFeatures + d] ? ones : zeros)[k * nFeatures + d] += gamma;
        }
      }
    }
    logLikelihoods.push(total);
    weights = mass.map((value) => value / nSamples);
    for (let i = 0; i < one.length; i++) {
      one[i] = ones[i] / (ones[i] + zeros[i]);
      zero[i] = bySubtraction ? 1 - one[i] : zeros[i] / (ones[i] + zeros[i]);
    }
  }
  return logLikelihoods;
}
