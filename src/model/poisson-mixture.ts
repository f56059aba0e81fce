import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { poisson } from '../families/poisson.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface PoissonPrior extends WeightsPrior {
  /** Gamma(shape a, rate b) on each rate, shared or per feature (D numbers); default a = 1, b = 0, which changes nothing. */
  readonly a?: number | ArrayLike<number> | undefined;
  /** As `a`: one number, or D. */
  readonly b?: number | ArrayLike<number> | undefined;
}

/** Options of `PoissonMixture.fit` and `fitSteps`. */
export interface PoissonMixtureOptions extends CommonOptions<PoissonMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: PoissonPrior | undefined;
  /** K x D, each >= 0. */
  readonly ratesInit?: NumberArray | undefined;
}

/**
 * A fitted mixture of products of Poissons over counts 0, 1, 2, ... (NaN for missing):
 * p(x) = sum_k pi_k prod_d lambda_kd^x_d exp(-lambda_kd) / x_d!.
 */
export class PoissonMixture extends FittedMixture {
  /** K x D: the mean count. */
  get rates(): Float64Array {
    return this.parameters['rates'];
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of whole numbers >= 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `PoissonMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: PoissonMixtureOptions,
  ): Promise<PoissonMixture> {
    return runToEnd(fitMixture(samples, options, POISSON));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of whole numbers >= 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: PoissonMixtureOptions,
  ): AsyncGenerator<FitStep<PoissonMixture>, PoissonMixture, void> {
    return fitMixture(samples, options, POISSON);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): PoissonMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('poisson', poisson, json);
    return new PoissonMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const POISSON: MixtureKind<PoissonMixture, PoissonMixtureOptions> = {
  options: ['ratesInit'],
  family: () => poisson(),
  make: (...parts) => new PoissonMixture(...parts),
};
