import { MixtureError } from '../errors.ts';
import type { FixedCovariance } from '../families/gaussian-fixed.ts';
import type { GaussianFamily } from '../families/gaussian-common.ts';
import {
  gaussianFamily,
  gaussianFamilies,
  type CovarianceType,
} from '../families/gaussian-types.ts';
import { readArray, type NumberArray } from './arrays.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import { requireOneOf } from './option-checks.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';
import type { GivenStart } from './start-options.ts';

/**
 * Normal-inverse-Wishart prior in mclust's convention (Fraley and Raftery 2007), and its tied, diagonal and spherical
 * counterparts; what is left out is mclust's default.
 */
export interface GaussianPrior extends WeightsPrior {
  /** Shrinkage kappa >= 0: samples that the prior mean counts for. Default 0.01. */
  readonly kappa?: number | undefined;
  /** Prior mean, D. Default: the column means. */
  readonly mean?: ArrayLike<number> | undefined;
  /** Degrees of freedom nu. Default D + 2. */
  readonly dof?: number | undefined;
  /** Lambda: D x D for full and tied, a number for the others. Default: cov(X) / K^(2/D), or the mean of its diagonal. */
  readonly scale?: number | NumberArray | undefined;
}

/** Options of `GaussianMixture.fit` and `fitSteps`; names and defaults are scikit-learn's, in camelCase. */
export interface GaussianMixtureOptions extends CommonOptions<GaussianMixture> {
  /** Default `'full'`. */
  readonly covarianceType?: CovarianceType | undefined;
  /** covarianceType 'fixed': `'identity'` or D x D, in the user's units squared. Default `'identity'`. */
  readonly fixedCovariance?: FixedCovariance | undefined;
  /** Added to every covariance's diagonal, in the user's units squared. Default 1e-6; 0 under a prior on them. */
  readonly regCovar?: number | undefined;
  /** Maximum a posteriori under this prior; `'mclust'`: all defaults. Default: maximum likelihood. */
  readonly prior?: GaussianPrior | 'mclust' | undefined;
  /** K x D. */
  readonly meansInit?: NumberArray | undefined;
  /** full K x D x D, tied D x D, diag K x D, spherical K, tied-diag D, tied-spherical 1. */
  readonly covariancesInit?: NumberArray | undefined;
  /** Inverse covariances, shaped likewise; give one of the two. */
  readonly precisionsInit?: NumberArray | undefined;
}

/** @throws MixtureError INVALID_OPTION */
export function readCovarianceType(options: GaussianMixtureOptions): CovarianceType {
  const covarianceType = options.covarianceType ?? 'full';
  requireOneOf('covarianceType', covarianceType, Object.keys(gaussianFamilies));
  if (options.covariancesInit && options.precisionsInit) {
    throw new MixtureError(
      'INVALID_OPTION',
      'Both covariancesInit and precisionsInit are given.',
      'Give one of the two: each is the inverse of the other.',
    );
  }
  if (covarianceType === 'fixed' && (options.covariancesInit ?? options.precisionsInit)) {
    throw new MixtureError(
      'INVALID_OPTION',
      "covariancesInit was given for covarianceType 'fixed'.",
      'A fixed covariance is given by fixedCovariance.',
    );
  }
  if (covarianceType !== 'fixed' && options.fixedCovariance !== undefined) {
    throw new MixtureError(
      'INVALID_OPTION',
      `fixedCovariance was given for covarianceType '${covarianceType}'.`,
      "It belongs to covarianceType 'fixed'.",
    );
  }
  return covarianceType;
}

/** The family that the options name. The fixed covariance's size is its own: `resolve` compares it with the samples. */
export function readGaussianFamily(options: GaussianMixtureOptions): GaussianFamily {
  return gaussianFamily(readCovarianceType(options), options.fixedCovariance);
}

/** Covariances of a start, from covariancesInit or precisionsInit. */
export function readCovariancesInit(
  options: GaussianMixtureOptions,
  family: GaussianFamily,
  nComponents: number,
  nFeatures: number,
): GivenStart {
  const covarianceType = options.covarianceType ?? 'full';
  const shape = family.covarianceShape(nComponents, nFeatures);
  for (const name of ['covariancesInit', 'precisionsInit'] as const) {
    if (options[name] === undefined) continue;
    const values = readArray(options[name], shape, name, 'INVALID_OPTION');
    if (covarianceType === 'full' || covarianceType === 'tied')
      checkSymmetric(values, nFeatures, name);
    // factorising is the test for positive definite, for covariances too
    const inverse = invertOrExplain(
      () => family.invert(values, nComponents, nFeatures),
      name,
      covarianceType,
    );
    return { covariances: name === 'covariancesInit' ? values : inverse };
  }
  return {};
}

function checkSymmetric(values: Float64Array, n: number, name: string): void {
  for (let at = 0; at < values.length; at += n * n) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < i; j++) {
        const a = values[at + i * n + j];
        const b = values[at + j * n + i];
        const size = Math.sqrt(Math.abs(values[at + i * n + i] * values[at + j * n + j]));
        if (Math.abs(a - b) > 1e-8 * size) {
          throw new MixtureError(
            'INVALID_OPTION',
            `${name} must be symmetric, but entries (${i}, ${j}) and (${j}, ${i}) of matrix ${at / (n * n)} are ${a} and ${b}.`,
            `Give symmetric, positive definite matrices.`,
            { name, matrix: at / (n * n), row: i, column: j },
          );
        }
      }
    }
  }
}

function invertOrExplain(
  invert: () => Float64Array,
  name: string,
  covarianceType: CovarianceType,
): Float64Array {
  try {
    return invert();
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    throw new MixtureError(
      'INVALID_OPTION',
      `${name} for covarianceType '${covarianceType}' must be ${covarianceType === 'full' || covarianceType === 'tied' ? 'positive definite' : 'positive'}: that of component ${String(error.details['component'])} is not.`,
      'Give variances above 0, or symmetric positive definite matrices.',
      error.details,
      error,
    );
  }
}
