import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { gaussianFamilies, type CovarianceType } from '../families/registry.ts';
import { nest, readArray } from './arrays.ts';
import type { FitRecord } from './fit-record.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';

const FORMAT = 'webgpu-em/gaussian-mixture';
const VERSION = 1;

/** What `toJSON` writes: version 1. Arrays are nested; a bound that is not known (-Infinity) is null. */
export interface PlainMixture {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  readonly covarianceType: CovarianceType;
  readonly weights: unknown[];
  readonly means: unknown[];
  readonly covariances: unknown[];
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBound: number | null;
  readonly lowerBounds: unknown[];
}

export interface ReadMixture {
  readonly covarianceType: CovarianceType;
  readonly parameters: Parameters;
  readonly record: Partial<FitRecord>;
}

export function toPlain(mixture: GaussianMixture): PlainMixture {
  const { covarianceType, nComponents, nFeatures, lowerBound } = mixture;
  const family = gaussianFamilies[covarianceType];
  return {
    format: FORMAT,
    version: VERSION,
    covarianceType,
    weights: Array.from(mixture.weights),
    means: nest(mixture.means, [nComponents, nFeatures]),
    covariances: nest(mixture.covariances, family.covarianceShape(nComponents, nFeatures)),
    converged: mixture.converged,
    nIter: mixture.nIter,
    lowerBound: Number.isFinite(lowerBound) ? lowerBound : null,
    lowerBounds: Array.from(mixture.lowerBounds),
  };
}

/** @throws MixtureError INVALID_MODEL naming what is missing or wrong */
export function fromPlain(value: unknown): ReadMixture {
  const plain = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<keyof PlainMixture, unknown>
  >;
  if (plain.format !== FORMAT) {
    throw new MixtureError(
      'INVALID_MODEL',
      `This is no Gaussian mixture: its format is ${JSON.stringify(plain.format)}.`,
      `Pass what toJSON() gave (format '${FORMAT}'), or scikit-learn's attributes (weights_, means_, ...).`,
    );
  }
  if (plain.version !== VERSION) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model has version ${String(plain.version)}; this library reads version ${VERSION}.`,
      'Use the version of webgpu-em that wrote it, or a newer one.',
      { version: plain.version },
    );
  }
  const lowerBounds = Array.isArray(plain.lowerBounds) ? plain.lowerBounds : [];
  return {
    ...readParameters(plain.covarianceType, plain.weights, plain.means, plain.covariances),
    record: {
      converged: plain.converged === true,
      nIter: typeof plain.nIter === 'number' ? plain.nIter : 0,
      lowerBound: typeof plain.lowerBound === 'number' ? plain.lowerBound : -Infinity,
      lowerBounds: readArray(lowerBounds, [lowerBounds.length], 'lowerBounds', 'INVALID_MODEL'),
    },
  };
}

/** Parameters of a saved mixture, shapes found from `means` and checked, covariances checked to be positive definite. */
export function readParameters(
  type: unknown,
  weights: unknown,
  means: unknown,
  covariances: unknown,
): Omit<ReadMixture, 'record'> {
  if (typeof type !== 'string' || !Object.hasOwn(gaussianFamilies, type)) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's covariance type is ${JSON.stringify(type)}.`,
      "Use 'full', 'tied', 'diag' or 'spherical'.",
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
  const family = gaussianFamilies[covarianceType];
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
  const sum = parameters.weights.reduce((total, weight) => total + weight, 0);
  if (parameters.weights.some((weight) => weight < 0) || Math.abs(sum - 1) > 1e-6) {
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's weights sum to ${sum}, or one is negative.`,
      'They must be >= 0 and sum to 1.',
      { sum },
    );
  }
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
  return { covarianceType, parameters };
}
