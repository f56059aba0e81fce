import { MixtureError } from '../errors.ts';
import type { GaussianFamily } from '../families/gaussian-common.ts';
import type { GaussianParameters } from '../families/gaussian.ts';
import {
  gaussianFamilies,
  gaussianFamily,
  type CovarianceType,
} from '../families/gaussian-types.ts';
import { nest, readArray } from './arrays.ts';
import type { FitRecord } from './fit-record.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
import {
  checkWeights,
  GAUSSIAN_FORMAT,
  parseModel,
  plainRecord,
  readRecord,
  requireFormat,
  type PlainMixture,
} from './json.ts';
import { readRunning } from './running.ts';

/** What `GaussianMixture.toJSON` writes: arrays nested, by scikit-learn's names. */
export interface PlainGaussianMixture extends Omit<
  PlainMixture,
  'family' | 'settings' | 'nFeatures' | 'parameters'
> {
  /** As the fit had it. */
  readonly covarianceType: CovarianceType;
  /** K numbers. */
  readonly weights: unknown[];
  /** K x D. */
  readonly means: unknown[];
  /** Nested as `GaussianMixture.covariances` is shaped. */
  readonly covariances: unknown[];
}

export interface ReadGaussianMixture {
  readonly covarianceType: CovarianceType;
  readonly parameters: GaussianParameters;
  readonly nFeatures: number;
  readonly record: Partial<FitRecord>;
}

export function toPlainGaussian(mixture: GaussianMixture): PlainGaussianMixture {
  const { covarianceType, nComponents, nFeatures } = mixture;
  const { covariances } = mixture.family.parameterShapes(nComponents, nFeatures);
  return {
    format: GAUSSIAN_FORMAT,
    version: 1,
    covarianceType,
    ...(mixture.columnNames && { columnNames: mixture.columnNames }),
    weights: Array.from(mixture.weights),
    means: nest(mixture.means, [nComponents, nFeatures]),
    covariances: nest(mixture.covariances, covariances),
    ...plainRecord(mixture),
  };
}

/** The family of a saved mixture: a fixed covariance is the one that it has. */
export const familyOf = ({
  covarianceType,
  parameters,
}: Pick<ReadGaussianMixture, 'covarianceType' | 'parameters'>): GaussianFamily =>
  gaussianFamily(covarianceType, parameters.covariances);

/** @throws MixtureError INVALID_MODEL naming what is missing or wrong */
export function fromPlainGaussian(json: unknown): ReadGaussianMixture {
  const plain = parseModel(json);
  requireFormat(plain, GAUSSIAN_FORMAT, 'Gaussian mixture');
  const { covarianceType, weights, means, covariances } = plain;
  const read = readParameters(covarianceType, weights, means, covariances);
  const nComponents = read.parameters.weights.length;
  const running = readRunning(plain['running'], familyOf(read), nComponents, read.nFeatures);
  return { ...read, record: { ...readRecord(plain), running } };
}

/** Parameters of a saved mixture, shapes found from `means` and checked, covariances checked to be positive definite. */
export function readParameters(
  type: unknown,
  weights: unknown,
  means: unknown,
  covariances: unknown,
): Omit<ReadGaussianMixture, 'record'> {
  if (!Object.hasOwn(gaussianFamilies, type as string)) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's covariance type is ${JSON.stringify(type)}.`,
      `Use one of ${Object.keys(gaussianFamilies)
        .map((name) => `'${name}'`)
        .join(', ')}.`,
    );
  }
  const covarianceType = type as CovarianceType;
  const rows = Array.isArray(means) ? (means as unknown[]) : [];
  const nComponents = rows.length;
  const nFeatures = Array.isArray(rows[0]) ? rows[0].length : 0;
  if (nComponents === 0 || nFeatures === 0) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The model has no means.',
      'means must be K arrays of D numbers.',
    );
  }
  const family = gaussianFamily(covarianceType);
  const parameters = {
    weights: readArray(weights, [nComponents], 'weights', 'INVALID_MODEL'),
    means: readArray(means, [nComponents, nFeatures], 'means', 'INVALID_MODEL'),
    covariances: readArray(
      covariances,
      family.covarianceShape(nComponents, nFeatures),
      'covariances',
      'INVALID_MODEL',
    ),
  };
  checkWeights(parameters.weights);
  try {
    family.invert(parameters.covariances, nComponents, nFeatures);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's covariance of component ${String(error.details['component'])} is not positive definite.`,
      'Check how the model was saved.',
      error.details,
      error,
    );
  }
  return { covarianceType, parameters, nFeatures };
}
