import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { bernoulli } from '../families/bernoulli.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface BernoulliPrior extends WeightsPrior {
  /** Beta(a, b) on each probability, shared or per feature (D numbers); default 1 each, which changes nothing. */
  readonly a?: number | ArrayLike<number> | undefined;
  /** As `a`: one number, or D. */
  readonly b?: number | ArrayLike<number> | undefined;
}

/** Options of `BernoulliMixture.fit` and `fitSteps`. */
export interface BernoulliMixtureOptions extends CommonOptions<BernoulliMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: BernoulliPrior | undefined;
  /** K x D, each in [0, 1]. */
  readonly probabilitiesInit?: NumberArray | undefined;
}

/**
 * A fitted mixture of products of Bernoullis over binary features (0, 1, NaN for missing; or packed bits):
 * p(x) = sum_k pi_k prod_d theta_kd^x_d (1 - theta_kd)^(1 - x_d) (PRML 9.3.3), the missing entries left out.
 */
export class BernoulliMixture extends FittedMixture {
  /** K x D: the probability of a 1. */
  get probabilities(): Float64Array {
    return this.parameters['probabilities'];
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of 0s and 1s (or `packBits`), NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `BernoulliMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: BernoulliMixtureOptions,
  ): Promise<BernoulliMixture> {
    return runToEnd(fitMixture(samples, options, BERNOULLI));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of 0s and 1s (or `packBits`), NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: BernoulliMixtureOptions,
  ): AsyncGenerator<FitStep<BernoulliMixture>, BernoulliMixture, void> {
    return fitMixture(samples, options, BERNOULLI);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): BernoulliMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('bernoulli', bernoulli, json);
    return new BernoulliMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const BERNOULLI: MixtureKind<BernoulliMixture, BernoulliMixtureOptions> = {
  options: ['probabilitiesInit'],
  family: () => bernoulli(),
  make: (...parts) => new BernoulliMixture(...parts),
};
