import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { exponential } from '../families/exponential.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface ExponentialPrior extends WeightsPrior {
  /** Gamma(shape a, rate b) on each rate, shared or per feature (D numbers); default a = 1, b = 0, which changes nothing. */
  readonly a?: number | ArrayLike<number> | undefined;
  /** As `a`: one number, or D. */
  readonly b?: number | ArrayLike<number> | undefined;
}

/** Options of `ExponentialMixture.fit` and `fitSteps`. */
export interface ExponentialMixtureOptions extends CommonOptions<ExponentialMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: ExponentialPrior | undefined;
  /** K x D, each above 0. */
  readonly ratesInit?: NumberArray | undefined;
}

/**
 * A fitted mixture of products of exponential distributions over numbers >= 0 (NaN for missing):
 * p(x) = sum_k pi_k prod_d lambda_kd exp(-lambda_kd x_d).
 */
export class ExponentialMixture extends FittedMixture {
  /** K x D: 1 / mean. */
  get rates(): Float64Array {
    return this.parameters['rates'];
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of numbers >= 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `ExponentialMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: ExponentialMixtureOptions,
  ): Promise<ExponentialMixture> {
    return runToEnd(fitMixture(samples, options, EXPONENTIAL));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of numbers >= 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: ExponentialMixtureOptions,
  ): AsyncGenerator<FitStep<ExponentialMixture>, ExponentialMixture, void> {
    return fitMixture(samples, options, EXPONENTIAL);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): ExponentialMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('exponential', exponential, json);
    return new ExponentialMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const EXPONENTIAL: MixtureKind<ExponentialMixture, ExponentialMixtureOptions> = {
  options: ['ratesInit'],
  family: () => exponential(),
  make: (...parts) => new ExponentialMixture(...parts),
};
