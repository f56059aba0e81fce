import {
  BernoulliMixture,
  CategoricalMixture,
  ExponentialMixture,
  MultinomialMixture,
  PoissonMixture,
  type Context,
  type Dataset,
  type FitStep,
  type FittedMixture,
  type SamplesInput,
} from '../../src/index.ts';
import { loadBits, loadMatrix } from './binary-data.ts';
import type { ExpfamFixture, ExpfamParameters } from './expfam-fixtures.ts';
import { flat } from './numbers.ts';

/** Binary samples go in packed, the others as a matrix with NaN for what is missing. */
export async function fixtureSamples({ family, dataName }: ExpfamFixture): Promise<SamplesInput> {
  return family === 'bernoulli' ? loadBits(dataName) : loadMatrix(dataName);
}

export interface RunOptions {
  readonly context: Context;
  readonly maxIter: number;
  readonly onIteration?: (step: FitStep) => void;
}

/** Fits the fixture's mixture from given parameters, without ever stopping early. */
export function fitFixture(
  { family, nComponents, nCategories, prior }: ExpfamFixture,
  samples: SamplesInput | Dataset,
  { weights, theta }: ExpfamParameters,
  run: RunOptions,
): Promise<FittedMixture> {
  const options = { nComponents, tol: 0, weightsInit: weights, ...run };
  const init = flat(theta);
  const dirichlet = prior && { alpha: prior.alpha, concentration: prior.a };
  switch (family) {
    case 'bernoulli':
      return BernoulliMixture.fit(samples, { ...options, prior, probabilitiesInit: init });
    case 'categorical':
      return CategoricalMixture.fit(samples, {
        ...options,
        nCategories,
        prior: dirichlet,
        probabilitiesInit: init,
      });
    case 'multinomial':
      return MultinomialMixture.fit(samples, {
        ...options,
        prior: dirichlet,
        probabilitiesInit: init,
      });
    case 'poisson':
      return PoissonMixture.fit(samples, { ...options, prior, ratesInit: init });
    case 'exponential':
      return ExponentialMixture.fit(samples, { ...options, prior, ratesInit: init });
  }
}

/** The K x D (x C) array of the fixture's theta in a mixture. */
export function thetaOf({ parameters }: FittedMixture): Float64Array {
  return parameters['probabilities'] ?? parameters['rates'];
}
