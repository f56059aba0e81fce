import { packedLength } from './cholesky.ts';
import { triangularLogPrior } from './gaussian-full-prior.ts';
import type { GaussianFamily } from './gaussian-common.ts';
import { gaussianFull } from './gaussian-full.ts';
import { addRidge, addScatter, checkMode, wholeMasses } from './gaussian-scatter.ts';
import { newMeans } from './gaussian-means.ts';
import { gaussianPrior, standardScale } from './gaussian-prior.ts';
import { MASS_FLOOR, weightsFromMass } from './statistics.ts';

/**
 * Gaussian with one covariance for all components: S = (1/W) sum_k sum_n s gamma (x - m_k)(x - m_k)' + regCovar I; under
 * mclust's prior S = (scale + sum_k B_k) / (dof + W + D + K + 1) + regCovar I, B_k as in the full family.
 * Density, statistics and kernels are those of the full family with a whitening that all components share.
 */
export const gaussianTied: GaussianFamily = {
  ...gaussianFull,
  name: 'gaussian-tied',
  covarianceShape: (_nComponents, nFeatures) => [nFeatures, nFeatures],
  covarianceParameters: (_nComponents, nFeatures) => packedLength(nFeatures),
  leastSamples: () => 1,

  mStep(given, _previous, options) {
    const statistics = wholeMasses(given);
    const { nComponents, componentMass } = statistics;
    const { standardisation } = options;
    const nFeatures = standardisation.means.length;
    const prior = gaussianPrior(options.prior);
    const moves = newMeans(statistics, options);
    const total = componentMass.reduce((sum, mass) => sum + mass + (prior ? 0 : MASS_FLOOR), 0);
    const scale = 1 / (total + (prior ? prior.dof + nFeatures + nComponents + 1 : 0));
    const covariances = prior
      ? standardScale(prior, standardisation).map((value) => value * scale)
      : new Float64Array(nFeatures * nFeatures);
    for (let k = 0; k < nComponents; k++) {
      addScatter(statistics, k, moves, prior?.kappa ?? 0, scale, covariances, 0);
    }
    const unseen = (d: number): boolean =>
      given.observed !== undefined &&
      given.observed.every((mass, i) => i % nFeatures !== d || mass === 0);
    addRidge(covariances, 0, options.regCovar, unseen);
    if (prior) checkMode(covariances, 0, nFeatures, 0);
    return { weights: weightsFromMass(componentMass), means: moves.means, covariances };
  },
  logPrior: triangularLogPrior(true),

  narrow(means, nComponents, nFeatures, standardDeviation) {
    const { weights, covariances } = gaussianFull.narrow!(
      means,
      nComponents,
      nFeatures,
      standardDeviation,
    );
    return { weights, means, covariances: covariances.slice(0, nFeatures * nFeatures) };
  },
};
