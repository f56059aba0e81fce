import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { multinomial } from '../families/multinomial.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface MultinomialPrior extends WeightsPrior {
  /** Dirichlet(concentration) on the probabilities: one number, or one a feature (D); default 1, which changes nothing. */
  readonly concentration?: number | ArrayLike<number> | undefined;
}

/** Options of `MultinomialMixture.fit` and `fitSteps`. */
export interface MultinomialMixtureOptions extends CommonOptions<MultinomialMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: MultinomialPrior | undefined;
  /** K x D, rows sum to 1. */
  readonly probabilitiesInit?: NumberArray | undefined;
  /** Counts that a drawn sample has, for `sample()`. Default: the mean total of the samples, rounded. */
  readonly nTrials?: number | undefined;
}

/**
 * A fitted mixture of multinomials: each sample a row of counts (words of a document, ...).
 * p(x) = sum_k pi_k n! / prod_d x_d! prod_d theta_kd^x_d with n = sum_d x_d given.
 */
export class MultinomialMixture extends FittedMixture {
  /** K x D, rows sum to 1: the share of each feature in a sample's counts. */
  get probabilities(): Float64Array {
    return this.parameters['probabilities'];
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of counts >= 0, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `MultinomialMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: MultinomialMixtureOptions,
  ): Promise<MultinomialMixture> {
    return runToEnd(fitMixture(samples, options, MULTINOMIAL));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of counts >= 0, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: MultinomialMixtureOptions,
  ): AsyncGenerator<FitStep<MultinomialMixture>, MultinomialMixture, void> {
    return fitMixture(samples, options, MULTINOMIAL);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): MultinomialMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('multinomial', multinomial, json);
    return new MultinomialMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const MULTINOMIAL: MixtureKind<MultinomialMixture, MultinomialMixtureOptions> = {
  options: ['nTrials', 'probabilitiesInit'],
  family: ({ nTrials }) => multinomial(nTrials === undefined ? {} : { nTrials }),
  make: (...parts) => new MultinomialMixture(...parts),
};
