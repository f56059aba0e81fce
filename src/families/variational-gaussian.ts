import type { Standardisation } from '../data/standardisation.ts';
import type { Family } from './family.ts';
import type { GaussianDensity, GaussianParameters } from './gaussian.ts';
import { gaussianFamilies } from './gaussian-types.ts';
import { digamma } from './special-functions.ts';
import { assignmentEntropy, logWishartNormaliser } from './variational-bound.ts';
import {
  degreesOfFreedom,
  variationalCovariances,
  variationalMeans,
} from './variational-covariances.ts';
import {
  covariancePriorShape,
  readVariationalPrior,
  type VariationalCovarianceType,
  type VariationalPrior,
  type VariationalPriorOptions,
} from './variational-prior.ts';
import { weightPosteriors, type WeightConcentrationPriorType } from './variational-weights.ts';

/**
 * The posterior of a Gaussian mixture's parameters, q(pi) prod_k N(mu_k | m_k, (beta_k Lambda_k)^-1) W(Lambda_k | nu_k, (nu_k S_k)^-1): `means` m,
 * `covariances` S (scikit-learn's, the inverse of E[Lambda]), `weights` what stands for E[pi].
 * A number of samples of Infinity (beta, nu, concentrations) is a posterior that is one point, which starts are made from.
 */
export interface VariationalParameters extends GaussianParameters {
  /** beta, K. */
  readonly meanPrecision: Float64Array;
  /** nu, K; tied 1. */
  readonly degreesOfFreedom: Float64Array;
  /** Of q(pi): K, or for a Dirichlet process 2 x K. */
  readonly weightConcentration: Float64Array;
}

export interface VariationalGaussianFamily extends Family<VariationalParameters, GaussianDensity> {
  readonly covarianceType: VariationalCovarianceType;
  readonly weightConcentrationPriorType: WeightConcentrationPriorType;
  /** Complete; undefined before `resolve`. */
  readonly prior: VariationalPrior | undefined;
}

export interface VariationalSettings {
  readonly covarianceType: VariationalCovarianceType;
  readonly weightConcentrationPriorType: WeightConcentrationPriorType;
  readonly nComponents: number;
}

export const VARIATIONAL_PREFIX = 'bayesian-gaussian-';

/**
 * Gaussian components with a prior on everything, in variational Bayes: E-step and statistics are those of the Gaussian family with
 * E[ln(pi_k N(x | mu_k, Lambda_k))] in place of the log-density (Bishop 2006, 10.46), so that both sides of the seam and their kernels
 * serve as they are; the M-step updates the posterior of the parameters; the bound is the evidence lower bound.
 * @param prior complete or not: `resolve` completes it from samples
 */
export function variationalGaussian(
  settings: VariationalSettings,
  options: VariationalPriorOptions,
  prior?: VariationalPrior,
): VariationalGaussianFamily {
  const { covarianceType, weightConcentrationPriorType } = settings;
  const gaussian = gaussianFamilies[covarianceType];
  const weightPosterior = weightPosteriors[weightConcentrationPriorType];
  const tied = covarianceType === 'tied';
  const triangular = tied || covarianceType === 'full';

  /** The Gaussian density of the posterior's centre, without weights. */
  const centre = (parameters: VariationalParameters, standardisation: Standardisation) =>
    gaussian.density(
      { ...parameters, weights: new Float64Array(parameters.weights.length).fill(1) },
      standardisation,
    );

  const family: VariationalGaussianFamily = {
    ...gaussian,
    covarianceType,
    weightConcentrationPriorType,
    prior,
    name: `${VARIATIONAL_PREFIX}${covarianceType}`,
    settings: {
      weightConcentrationPriorType,
      prior: prior ? plainPrior(prior, covarianceType) : options,
    },
    missing: 'refused',
    missingRefusal:
      'the posterior of the parameters is found from complete samples, as in scikit-learn',
    parameterShapes: (nComponents, nFeatures) => ({
      ...gaussian.parameterShapes(nComponents, nFeatures),
      meanPrecision: [nComponents],
      degreesOfFreedom: [tied ? 1 : nComponents],
      weightConcentration: weightPosterior.shape(nComponents),
    }),
    checkParameters(parameters, nFeatures) {
      const { meanPrecision, degreesOfFreedom: dof, weightConcentration } = parameters;
      if (!meanPrecision.every((beta) => beta > 0)) return 'meanPrecision must be above 0';
      if (!dof.every((nu) => nu > nFeatures - 1)) {
        return `degreesOfFreedom must be above ${nFeatures - 1}`;
      }
      if (!weightConcentration.every((a) => a > 0)) return 'weightConcentration must be above 0';
      return gaussian.checkParameters(parameters, nFeatures);
    },
    *resolve(samples, weights) {
      const { nFeatures } = samples;
      const { nComponents } = settings;
      return variationalGaussian(
        settings,
        options,
        yield* readVariationalPrior(
          options,
          covarianceType,
          nComponents,
          nFeatures,
          samples,
          weights,
        ),
      );
    },

    standardise: (parameters, standardisation) => ({
      ...parameters,
      ...gaussian.standardise(parameters, standardisation),
    }),
    restore: (parameters, standardisation) => ({
      ...parameters,
      ...gaussian.restore(parameters, standardisation),
    }),

    density(parameters, standardisation) {
      const { weights, meanPrecision, degreesOfFreedom: dof, weightConcentration } = parameters;
      const density = centre(parameters, standardisation);
      const { nFeatures } = density;
      const logWeights = isPoint(weightConcentration[0])
        ? weights.map(Math.log)
        : weightPosterior.expectedLogs(weightConcentration);
      return {
        ...density,
        logConstants: density.logConstants.map((constant, k) => {
          const spread =
            logPrecisionLoss(dof[tied ? 0 : k], nFeatures) - nFeatures / meanPrecision[k];
          return constant + logWeights[k] + 0.5 * spread;
        }),
      };
    },

    mStep(statistics, _previous, { regCovar, standardisation, prior: given }) {
      const prior = given as VariationalPrior;
      const moves = variationalMeans(statistics, prior, standardisation);
      const dof = degreesOfFreedom(moves.mass, covarianceType, prior.degreesOfFreedom);
      const weightConcentration = weightPosterior.update(moves.mass, prior.weightConcentration);
      return {
        weights: weightPosterior.means(weightConcentration),
        means: moves.means,
        covariances: variationalCovariances(
          statistics,
          moves,
          dof,
          covarianceType,
          prior,
          regCovar,
          standardisation,
        ),
        meanPrecision: moves.meanPrecision,
        degreesOfFreedom: dof,
        weightConcentration,
      };
    },
    readPrior: () => prior,
    logPrior: () => 0,
    evidenceBound({ logLikelihood, statistics, before, after, standardisation }) {
      const { nFeatures, logConstants } = centre(after, standardisation);
      const { degreesOfFreedom: dof, meanPrecision, weightConcentration } = after;
      let bound =
        assignmentEntropy(
          logLikelihood,
          statistics,
          family.density(before, standardisation),
          triangular,
        ) - weightPosterior.logNormaliser(weightConcentration);
      logConstants.forEach((constant, k) => {
        const nu = dof[tied ? 0 : k];
        // of a Cholesky factor of Lambda's scale matrix, S^-1 / nu
        const logDeterminant =
          constant + 0.5 * nFeatures * Math.log(2 * Math.PI) - 0.5 * nFeatures * Math.log(nu);
        bound -= logWishartNormaliser(nu, logDeterminant, nFeatures);
        bound -= 0.5 * nFeatures * Math.log(meanPrecision[k]);
      });
      return bound;
    },

    narrow(means, nComponents, nFeatures, standardDeviation) {
      const certain = (length: number): Float64Array => new Float64Array(length).fill(Infinity);
      const [rows, columns = 1] = weightPosterior.shape(nComponents);
      return {
        ...gaussian.narrow!(means, nComponents, nFeatures, standardDeviation),
        meanPrecision: certain(nComponents),
        degreesOfFreedom: certain(tied ? 1 : nComponents),
        weightConcentration: certain(rows * columns),
      };
    },
    neutral: (nComponents, nFeatures) =>
      family.narrow!(new Float64Array(nComponents * nFeatures), nComponents, nFeatures, 1),
  };
  return family;
}

const isPoint = (count: number): boolean => count === Infinity;

/** E[ln |Lambda|] - ln |E[Lambda]| of a Wishart density (Bishop 2006, B.81): 0 for a point, else below. */
function logPrecisionLoss(dof: number, nFeatures: number): number {
  if (isPoint(dof)) return 0;
  let sum = nFeatures * (Math.LN2 - Math.log(dof));
  for (let d = 0; d < nFeatures; d++) sum += digamma(0.5 * (dof - d));
  return sum;
}

/** Complete priors as the options that give them, for JSON. */
export function plainPrior(
  prior: VariationalPrior,
  type: VariationalCovarianceType,
): Required<VariationalPriorOptions> {
  const nFeatures = prior.mean.length;
  const values = Array.from(prior.covariance);
  const rows = (): number[][] =>
    Array.from({ length: nFeatures }, (_, i) => values.slice(i * nFeatures, (i + 1) * nFeatures));
  const [, columns] = covariancePriorShape(type, nFeatures);
  return {
    weightConcentrationPrior: prior.weightConcentration,
    meanPrecisionPrior: prior.meanPrecision,
    meanPrior: Array.from(prior.mean),
    degreesOfFreedomPrior: prior.degreesOfFreedom,
    covariancePrior: columns === undefined ? (type === 'diag' ? values : values[0]) : rows(),
  };
}
