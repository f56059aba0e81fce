import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { MixtureError } from '../errors.ts';
import { gaussianFamilies } from '../families/gaussian-types.ts';
import type { VariationalCovarianceType } from '../families/variational-prior.ts';
import type { VariationalGaussianFamily } from '../families/variational-gaussian.ts';
import type { WeightConcentrationPriorType } from '../families/variational-weights.ts';
import { readBayesian } from './bayesian-json.ts';
import {
  OWN_OPTIONS,
  readBayesianFamily,
  type BayesianGaussianMixtureOptions,
} from './bayesian-options.ts';
import {
  fromScikitLearnBayesian,
  isScikitLearnBayesian,
  toScikitLearnBayesian,
  type ScikitLearnBayesianAttributes,
} from './bayesian-scikit-learn.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { GaussianMixture } from './gaussian-mixture.ts';
import { DEFAULT_REG_COVAR } from './options.ts';
import { parseModel } from './json.ts';

/**
 * A Gaussian mixture with priors on all its parameters and their approximate posterior, found by variational Bayes (Bishop 2006,
 * 10.2; Blei and Jordan 2006 for the Dirichlet process): components that the samples do not call for empty out, so that
 * `nComponents` need only be large enough. The same model, options and figures as `sklearn.mixture.BayesianGaussianMixture`:
 *
 * - `lowerBound` is the evidence lower bound less its constants, a **total** and not per sample, of the posterior **after** the
 *   iteration's M-step; so is each of `lowerBounds`, and `tol` is compared with its changes. It never falls where regCovar is 0, but
 *   for rounding.
 * - `scoreSamples`, `score`, `predict` and `predictProba` take E[ln(pi_k N(x | mu_k, Sigma_k))] over the posterior in place of a
 *   log-density: a bound of ln p(x), a little below it. `toGaussianMixture()` is an ordinary density.
 * - `weights`, `means`, `covariances` are the posterior's centre, which `sample` draws from.
 *
 * All numbers are in the user's units. Made by `fit`, `fitSteps`, `fromJSON` or `fromScikitLearn`.
 */
export class BayesianGaussianMixture extends FittedMixture {
  declare readonly family: VariationalGaussianFamily;

  /**
   * Fits from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once; without
   *   missing entries
   * @param options K and all else, with defaults; see `BayesianGaussianMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE (missing entries too), TOO_FEW_SAMPLES, INVALID_OPTION; COLLAPSED_COMPONENT where
   *   a covariance is singular in every restart; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: BayesianGaussianMixtureOptions,
  ): Promise<BayesianGaussianMixture> {
    return runToEnd(BayesianGaussianMixture.fitSteps(samples, options));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once; without
   *   missing entries
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: BayesianGaussianMixtureOptions,
  ): AsyncGenerator<FitStep<BayesianGaussianMixture>, BayesianGaussianMixture, void> {
    // (under a prior other mixtures add nothing to a diagonal by default)
    const regCovar = options?.regCovar ?? DEFAULT_REG_COVAR;
    return fitMixture(samples, { ...options, regCovar }, BAYESIAN);
  }

  /**
   * The mixture saved by `toJSON`, or one in scikit-learn's attribute layout.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): BayesianGaussianMixture {
    const value = parseModel(json);
    return isScikitLearnBayesian(value)
      ? BayesianGaussianMixture.fromScikitLearn(value)
      : restore(readBayesian(value));
  }

  /**
   * From the attributes of a fitted `sklearn.mixture.BayesianGaussianMixture`, nested lists; see docs/bayesian.md.
   * @param attributes the estimator's attributes, arrays as nested lists, with its two types
   * @throws MixtureError INVALID_MODEL
   */
  static fromScikitLearn(attributes: ScikitLearnBayesianAttributes): BayesianGaussianMixture {
    return restore(fromScikitLearnBayesian(attributes));
  }

  /** The attributes of a fitted `sklearn.mixture.BayesianGaussianMixture`, as nested lists. */
  toScikitLearn(): ScikitLearnBayesianAttributes {
    return toScikitLearnBayesian(this);
  }

  /** What the covariances have in common, and so the shape of `covariances`. */
  get covarianceType(): VariationalCovarianceType {
    return this.family.covarianceType;
  }
  /** Whether the weights are of a Dirichlet distribution or a Dirichlet process. */
  get weightConcentrationPriorType(): WeightConcentrationPriorType {
    return this.family.weightConcentrationPriorType;
  }
  /** m_k, K x D. */
  get means(): Float64Array {
    return this.parameters['means'];
  }
  /** Inverses of E[precision]: full K x D x D, tied D x D, diag K x D, spherical K. */
  get covariances(): Float64Array {
    return this.parameters['covariances'];
  }
  /** E[precision], shaped likewise. */
  get precisions(): Float64Array {
    const { covariances, nComponents, nFeatures } = this;
    return gaussianFamilies[this.covarianceType].invert(covariances, nComponents, nFeatures);
  }
  /** beta_k, K: samples that speak of each mean, the prior's among them. */
  get meanPrecision(): Float64Array {
    return this.parameters['meanPrecision'];
  }
  /** nu_k, K; for tied covariances 1 number. */
  get degreesOfFreedom(): Float64Array {
    return this.parameters['degreesOfFreedom'];
  }
  /** Dirichlet distribution: K; Dirichlet process: the K first parameters of the sticks' Betas, then the K second. */
  get weightConcentration(): Float64Array {
    return this.parameters['weightConcentration'];
  }

  /** The priors as the fit used them, defaults filled in. */
  get weightConcentrationPrior(): number {
    return this.family.prior!.weightConcentration;
  }
  /** beta_0: how many samples the prior's mean counts as. */
  get meanPrecisionPrior(): number {
    return this.family.prior!.meanPrecision;
  }
  /** D. */
  get meanPrior(): Float64Array {
    return this.family.prior!.mean;
  }
  /** nu_0 of the Wishart prior on the precisions. */
  get degreesOfFreedomPrior(): number {
    return this.family.prior!.degreesOfFreedom;
  }
  /** full and tied D x D, diag D, spherical 1 number. */
  get covariancePrior(): Float64Array {
    return this.family.prior!.covariance;
  }

  /** N_k, K: how many samples (their weights) each component has, those of the prior not among them. */
  get componentMass(): Float64Array {
    return this.meanPrecision.map((beta) => Math.max(0, beta - this.meanPrecisionPrior));
  }

  /**
   * The components that the samples call for, by number: those with a mass of at least `leastMass`. Default: 1 sample; the
   * others have not moved from their prior.
   * @param options `leastMass`: samples (their weights) that a component must have, >= 0
   */
  effectiveComponents({ leastMass = 1 }: { leastMass?: number } = {}): Int32Array {
    if (!(Number.isFinite(leastMass) && leastMass >= 0)) {
      throw new MixtureError(
        'INVALID_OPTION',
        `leastMass must be a number of samples, at least 0, but is ${String(leastMass)}.`,
        'Leave it out for 1 sample.',
        { option: 'leastMass', value: leastMass },
      );
    }
    const mass = this.componentMass;
    return Int32Array.from([...mass.keys()].filter((k) => mass[k] >= leastMass));
  }

  /** The posterior's centre as an ordinary mixture: a density, with `bic` and the like. */
  toGaussianMixture(): GaussianMixture {
    const { covarianceType, weights, means, covariances, columnNames } = this;
    const family = gaussianFamilies[covarianceType];
    const parameters = {
      weights: weights.slice(),
      means: means.slice(),
      covariances: covariances.slice(),
    };
    return new GaussianMixture(covarianceType, family, parameters, { ...UNFITTED, columnNames });
  }

  /** @throws MixtureError INVALID_OPTION, always: there is no likelihood at one set of parameters */
  override bic(): Promise<number> {
    return noCriterion('bic');
  }
  /** @throws MixtureError INVALID_OPTION, always */
  override aic(): Promise<number> {
    return noCriterion('aic');
  }
  /** @throws MixtureError INVALID_OPTION, always */
  override icl(): Promise<number> {
    return noCriterion('icl');
  }
}

function noCriterion(name: string): Promise<never> {
  return Promise.reject(
    new MixtureError(
      'INVALID_OPTION',
      `A Bayesian mixture has no ${name}: its parameters are a posterior, whose bound counts their number already.`,
      `Compare lowerBound, or take toGaussianMixture().${name}(samples).`,
    ),
  );
}

function restore({
  family,
  parameters,
  nFeatures,
  record,
}: ReturnType<typeof readBayesian>): BayesianGaussianMixture {
  return new BayesianGaussianMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
}

const BAYESIAN: MixtureKind<BayesianGaussianMixture, BayesianGaussianMixtureOptions> = {
  options: OWN_OPTIONS,
  family: readBayesianFamily,
  make: (...parts) => new BayesianGaussianMixture(...parts),
};
