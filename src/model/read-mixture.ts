import { BayesianGaussianMixture } from './bayesian-gaussian-mixture.ts';
import { isBayesian } from './bayesian-json.ts';
import { isScikitLearnBayesian } from './bayesian-scikit-learn.ts';
import { BernoulliMixture } from './bernoulli-mixture.ts';
import { CategoricalMixture } from './categorical-mixture.ts';
import { ExponentialMixture } from './exponential-mixture.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { GaussianMixture } from './gaussian-mixture.ts';
import { GeometricMixture } from './geometric-mixture.ts';
import { parseModel } from './json.ts';
import { Mixture, type PlainOptions } from './mixture.ts';
import { MultinomialMixture } from './multinomial-mixture.ts';
import { PoissonMixture } from './poisson-mixture.ts';

const CLASSES: Readonly<Record<string, { fromJSON(json: unknown): FittedMixture }>> = {
  bernoulli: BernoulliMixture,
  categorical: CategoricalMixture,
  multinomial: MultinomialMixture,
  poisson: PoissonMixture,
  exponential: ExponentialMixture,
  geometric: GeometricMixture,
};

/**
 * Any mixture saved by `toJSON`, or a (Bayesian) Gaussian one in scikit-learn's attribute layout, as the class of its family.
 * @param json the object, or its text
 * @param options `families`: the user's own families that the model may be of
 * @throws MixtureError INVALID_MODEL
 */
export function readMixture(json: unknown, options: PlainOptions = {}): FittedMixture {
  const plain = parseModel(json);
  if (isBayesian(plain) || isScikitLearnBayesian(plain)) {
    return BayesianGaussianMixture.fromJSON(plain);
  }
  if ('covarianceType' in plain || 'weights_' in plain) return GaussianMixture.fromJSON(plain);
  const family = String(plain['family']);
  return Object.hasOwn(CLASSES, family)
    ? CLASSES[family].fromJSON(plain)
    : Mixture.fromJSON(plain, options);
}
