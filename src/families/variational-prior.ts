import type { Steps } from '../data/pause.ts';
import type { Samples } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import {
  findColumnCovariances,
  findColumnMeans,
  findColumnVariances,
  findMeanColumnVariance,
} from './gaussian-column-moments.ts';
import { checkPositiveDefinite, readNumbers } from './gaussian-prior.ts';

/** How covariances are constrained: scikit-learn's four. */
export type VariationalCovarianceType = 'full' | 'tied' | 'diag' | 'spherical';

/** The priors as a user gives them; scikit-learn's names in camelCase. What is left out is scikit-learn's default. */
export interface VariationalPriorOptions {
  /** gamma > 0: the smaller, the fewer components are used. Default 1 / K. */
  readonly weightConcentrationPrior?: number | undefined;
  /** beta_0 > 0: samples that the prior's mean counts for. Default 1. */
  readonly meanPrecisionPrior?: number | undefined;
  /** D. Default: the columns' means. */
  readonly meanPrior?: ArrayLike<number> | undefined;
  /** nu_0 > D - 1. Default D. */
  readonly degreesOfFreedomPrior?: number | undefined;
  /**
   * Of the size of nu_0 covariances: full and tied D x D, diag D, spherical a number, in the user's units squared. Default: the columns'
   * covariance, their variances, or the mean of those (divisor N - 1).
   */
  readonly covariancePrior?: number | ArrayLike<number> | readonly ArrayLike<number>[] | undefined;
}

/** The priors, complete, in the user's units. */
export interface VariationalPrior {
  readonly weightConcentration: number;
  readonly meanPrecision: number;
  /** D. */
  readonly mean: Float64Array;
  readonly degreesOfFreedom: number;
  /** full and tied D x D, diag D, spherical 1. */
  readonly covariance: Float64Array;
}

/** Shape of the covariance prior; of one number for spherical. */
export function covariancePriorShape(type: VariationalCovarianceType, nFeatures: number): number[] {
  switch (type) {
    case 'full':
    case 'tied':
      return [nFeatures, nFeatures];
    case 'diag':
      return [nFeatures];
    case 'spherical':
      return [1];
  }
}

/**
 * Checks the priors, and fills in scikit-learn's defaults.
 * @param samples what defaults are taken from; undefined where all priors are given, by a saved model
 * @param weights N, in the user's units
 * @throws MixtureError INVALID_OPTION
 */
export function* readVariationalPrior(
  given: VariationalPriorOptions,
  type: VariationalCovarianceType,
  nComponents: number,
  nFeatures: number,
  samples?: Samples,
  weights?: Float64Array,
): Steps<VariationalPrior> {
  const mean = given.meanPrior ?? (samples && (yield* findColumnMeans(samples, weights)).means);
  return {
    weightConcentration: above(given, 'weightConcentrationPrior', 1 / nComponents, 0),
    meanPrecision: above(given, 'meanPrecisionPrior', 1, 0),
    mean: readNumbers(mean, 'meanPrior', [nFeatures], ''),
    degreesOfFreedom: above(given, 'degreesOfFreedomPrior', nFeatures, nFeatures - 1),
    covariance:
      given.covariancePrior === undefined && samples
        ? yield* defaultCovariance(type, samples, weights)
        : readCovariancePrior(given.covariancePrior, type, nFeatures, samples !== undefined),
  };
}

function* defaultCovariance(
  type: VariationalCovarianceType,
  samples: Samples,
  weights: Float64Array | undefined,
): Steps<Float64Array> {
  const count = weights?.reduce((sum, weight) => sum + weight, 0) ?? samples.nSamples;
  if (!(count > 1)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The default covariancePrior has the divisor W - 1, but the sample weights sum to ${count}.`,
      'Give weights that count samples, or a covariancePrior.',
      { option: 'covariancePrior', totalWeight: count },
    );
  }
  switch (type) {
    case 'full':
    case 'tied':
      return yield* findColumnCovariances(samples, weights);
    case 'diag':
      return yield* findColumnVariances(samples, weights);
    case 'spherical':
      return Float64Array.of(yield* findMeanColumnVariance(samples, weights));
  }
}

function readCovariancePrior(
  given: unknown,
  type: VariationalCovarianceType,
  nFeatures: number,
  check: boolean,
): Float64Array {
  const shape = covariancePriorShape(type, nFeatures);
  const asArray = type === 'spherical' && typeof given === 'number' ? [given] : given;
  const values = readNumbers(asArray, 'covariancePrior', shape, '');
  // (a saved default is singular where the samples were)
  if (!check) return values;
  if (type === 'full' || type === 'tied') {
    checkPositiveDefinite(values, nFeatures, 'covariancePrior');
    return values;
  }
  const wrong = values.findIndex((value) => !(value > 0));
  if (wrong < 0) return values;
  throw new MixtureError(
    'INVALID_OPTION',
    `covariancePrior must be above 0, but is ${values[wrong]}${type === 'diag' ? ` for feature ${wrong}` : ''}.`,
    'Give variances, in the units of the samples squared.',
    { option: 'covariancePrior', value: values[wrong] },
  );
}

function above(
  given: VariationalPriorOptions,
  name: 'weightConcentrationPrior' | 'meanPrecisionPrior' | 'degreesOfFreedomPrior',
  fallback: number,
  lowest: number,
): number {
  const value: unknown = given[name] === undefined ? fallback : given[name];
  if (typeof value === 'number' && value > lowest && value < Infinity) return value;
  throw new MixtureError(
    'INVALID_OPTION',
    `${name} must be a finite number above ${lowest}, but is ${String(value)}.`,
    `Leave ${name} out for the default, ${fallback}.`,
    { option: name, value },
  );
}
