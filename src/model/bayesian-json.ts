import { atOnce } from '../data/pause.ts';
import { MixtureError } from '../errors.ts';
import {
  readVariationalPrior,
  type VariationalCovarianceType,
  type VariationalPriorOptions,
} from '../families/variational-prior.ts';
import {
  VARIATIONAL_PREFIX,
  variationalGaussian,
  type VariationalGaussianFamily,
  type VariationalParameters,
} from '../families/variational-gaussian.ts';
import type { WeightConcentrationPriorType } from '../families/variational-weights.ts';
import { COVARIANCE_TYPES, PRIOR_TYPES } from './bayesian-options.ts';
import type { FitRecord } from './fit-record.ts';
import { fromPlain, parseModel } from './json.ts';

export interface ReadBayesianMixture {
  readonly family: VariationalGaussianFamily;
  readonly parameters: VariationalParameters;
  readonly nFeatures: number;
  readonly record: Partial<FitRecord>;
}

/** Whether a parsed model is one that `BayesianGaussianMixture.toJSON` wrote. */
export const isBayesian = (plain: Readonly<Record<string, unknown>>): boolean =>
  String(plain['family']).startsWith(VARIATIONAL_PREFIX);

/** @throws MixtureError INVALID_MODEL naming what is missing or wrong */
export function readBayesian(json: unknown): ReadBayesianMixture {
  const plain = parseModel(json);
  if (!isBayesian(plain)) {
    throw new MixtureError(
      'INVALID_MODEL',
      `This is no Bayesian Gaussian mixture: its family is ${JSON.stringify(plain['family'])}.`,
      "Pass what BayesianGaussianMixture.toJSON() gave, or scikit-learn's attributes; readMixture() reads any.",
      { family: plain['family'] },
    );
  }
  const { weights } = parseModel(parseModel(plain)['parameters']);
  const settings = parseModel(plain['settings']);
  const family = savedFamily(
    String(plain['family']).slice(VARIATIONAL_PREFIX.length),
    settings['weightConcentrationPriorType'],
    Array.isArray(weights) ? weights.length : 0,
    Number(plain['nFeatures']),
    parseModel(settings['prior']),
  );
  const read = fromPlain(plain, () => family);
  return { ...read, family, parameters: read.parameters as VariationalParameters };
}

/** The family of a saved model. @throws MixtureError INVALID_MODEL */
export function savedFamily(
  covarianceType: unknown,
  priorType: unknown,
  nComponents: number,
  nFeatures: number,
  priors: VariationalPriorOptions,
): VariationalGaussianFamily {
  requireWord('covariance type', covarianceType, COVARIANCE_TYPES);
  requireWord('weight concentration prior type', priorType, PRIOR_TYPES);
  const settings = {
    covarianceType: covarianceType as VariationalCovarianceType,
    weightConcentrationPriorType: priorType as WeightConcentrationPriorType,
    nComponents,
  };
  try {
    const type = settings.covarianceType;
    const prior = atOnce(readVariationalPrior(priors, type, nComponents, nFeatures));
    return variationalGaussian(settings, priors, prior);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    throw new MixtureError(
      'INVALID_MODEL',
      `The model's priors are wrong: ${error.message}`,
      'Check how the model was saved.',
      error.details,
      error,
    );
  }
}

function requireWord(what: string, value: unknown, words: readonly string[]): void {
  if (typeof value === 'string' && words.includes(value)) return;
  throw new MixtureError(
    'INVALID_MODEL',
    `The model's ${what} is ${JSON.stringify(value)}.`,
    `Use one of ${words.map((word) => `'${word}'`).join(', ')}.`,
  );
}
