import { packedLength } from './cholesky.ts';
import type { Family } from './family.ts';
import { addCentredSecondMoment, gaussianFull } from './gaussian-full.ts';
import { MASS_FLOOR, meansFromStatistics, weightsFromMass } from './statistics.ts';

/**
 * Gaussian with one covariance for all components: S = (1/W) sum_k sum_n s gamma (x - m_k)(x - m_k)' + regCovar I.
 * Density, statistics and kernels are those of the full family with a whitening that all components share.
 */
export const gaussianTied: Family = {
  ...gaussianFull,
  name: 'gaussian-tied',
  covarianceShape: (_nComponents, nFeatures) => [nFeatures, nFeatures],
  covarianceParameters: (_nComponents, nFeatures) => packedLength(nFeatures),

  mStep(statistics, _previous, { regCovar, standardisation }) {
    const nFeatures = regCovar.length;
    const covariances = new Float64Array(nFeatures * nFeatures);
    const total = statistics.componentMass.reduce((sum, mass) => sum + mass + MASS_FLOOR, 0);
    for (let k = 0; k < statistics.nComponents; k++) {
      addCentredSecondMoment(statistics, k, standardisation, 1 / total, covariances, 0);
    }
    for (let d = 0; d < nFeatures; d++) covariances[d * nFeatures + d] += regCovar[d];
    return {
      weights: weightsFromMass(statistics.componentMass),
      means: meansFromStatistics(statistics, standardisation),
      covariances,
    };
  },

  narrow(means, nComponents, nFeatures, standardDeviation) {
    const { weights, covariances } = gaussianFull.narrow(
      means,
      nComponents,
      nFeatures,
      standardDeviation,
    );
    return { weights, means, covariances: covariances.slice(0, nFeatures * nFeatures) };
  },
};
