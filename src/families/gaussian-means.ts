import type { MStepOptions } from './family.ts';
import { gaussianPrior, standardMean } from './gaussian-prior.ts';
import { isEmpty, meanSteps, observedMass, type Statistics } from './statistics.ts';

/** Where the means go in an M-step. */
export interface NewMeans {
  /** K x D, standardised units. */
  readonly means: Float64Array;
  /** `means` less the statistics' origin, K x D. */
  readonly steps: Float64Array;
  /** `means` less the prior's mean, K x D; undefined without a prior. */
  readonly fromPrior: Float64Array | undefined;
}

/**
 * mu = xbar, or under a prior (N xbar + kappa m0) / (N + kappa), N the mass of what is observed there. The scatter
 * sum s gamma (x - mu)(x - mu)' + kappa (mu - m0)(mu - m0)' about this mu is mclust's B, Sc + kappa N / (kappa + N)
 * (xbar - m0)(xbar - m0)'. A mean that neither sample nor prior speaks of stays.
 */
export function newMeans(statistics: Statistics, options: MStepOptions): NewMeans {
  const { standardisation } = options;
  const { nComponents, origin, sums } = statistics;
  const nFeatures = standardisation.means.length;
  const prior = gaussianPrior(options.prior);
  const steps = new Float64Array(nComponents * nFeatures);
  if (!prior) {
    for (let k = 0; k < nComponents; k++) {
      steps.set(meanSteps(statistics, k, standardisation), k * nFeatures);
    }
    return { steps, means: steps.map((step, i) => origin[i] + step), fromPrior: undefined };
  }
  const centre = standardMean(prior, standardisation);
  const length = sums.length / nComponents;
  for (let k = 0; k < nComponents; k++) {
    for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
      const mass = observedMass(statistics, k, d, nFeatures);
      if (isEmpty(mass + prior.kappa)) continue;
      const pull = prior.kappa * (centre[d] - origin[i]);
      steps[i] = (sums[k * length + d] + pull) / (mass + prior.kappa);
    }
  }
  const means = steps.map((step, i) => origin[i] + step);
  return { steps, means, fromPrior: means.map((mean, i) => mean - centre[i % nFeatures]) };
}
