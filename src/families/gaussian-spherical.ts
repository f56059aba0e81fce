import type { Family, Parameters } from './family.ts';
import { gaussianDiag, variancesFromStatistics } from './gaussian-diag.ts';
import { isEmpty, meansFromStatistics, weightsFromMass } from './statistics.ts';

/**
 * Gaussian with one variance for each component, in the user's units: the mean over features of the diagonal update.
 * Columns are scaled apart, so in standardised units it is a diagonal family; only shape and M-step differ.
 */
export const gaussianSpherical: Family = {
  ...gaussianDiag,
  name: 'gaussian-spherical',
  covarianceShape: (nComponents) => [nComponents],
  covarianceParameters: (nComponents) => nComponents,

  standardise: (parameters, standardisation) =>
    gaussianDiag.standardise(spread(parameters), standardisation),
  restore(parameters, standardisation) {
    const { weights, means, covariances } = gaussianDiag.restore(parameters, standardisation);
    const nFeatures = standardisation.scales.length;
    // the features agree but for rounding
    return { weights, means, covariances: weights.map((_, k) => covariances[k * nFeatures]) };
  },
  invert: (covariances, nComponents) => gaussianDiag.invert(covariances, nComponents, 1),
  precisionsCholesky: (covariances, nComponents) =>
    gaussianDiag.precisionsCholesky(covariances, nComponents, 1),

  mStep(statistics, previous, { regCovar, standardisation }) {
    const { scales } = standardisation;
    const nFeatures = scales.length;
    const variances = variancesFromStatistics(statistics, standardisation);
    const covariances = new Float64Array(variances.length);
    for (let k = 0; k < statistics.nComponents; k++) {
      const at = k * nFeatures;
      if (isEmpty(statistics.componentMass[k])) {
        covariances.set(previous.covariances.subarray(at, at + nFeatures), at);
        continue;
      }
      let variance = 0;
      for (let d = 0; d < nFeatures; d++) {
        variance += ((variances[at + d] + regCovar[d]) * scales[d] * scales[d]) / nFeatures;
      }
      for (let d = 0; d < nFeatures; d++) covariances[at + d] = variance / scales[d] / scales[d];
    }
    return {
      weights: weightsFromMass(statistics.componentMass),
      means: meansFromStatistics(statistics, standardisation),
      covariances,
    };
  },

  samplingFactors: (covariances, nComponents, nFeatures) =>
    gaussianDiag.samplingFactors(repeat(covariances, nFeatures), nComponents, nFeatures),
};

function repeat(variances: Float64Array, nFeatures: number): Float64Array {
  return Float64Array.from(
    { length: variances.length * nFeatures },
    (_, i) => variances[Math.floor(i / nFeatures)],
  );
}

function spread({ weights, means, covariances }: Parameters): Parameters {
  return { weights, means, covariances: repeat(covariances, means.length / weights.length) };
}
