import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { geometric } from '../families/geometric.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface GeometricPrior extends WeightsPrior {
  /** Beta(a, b) on each probability, shared or per feature (D numbers); default 1 each, which changes nothing. */
  readonly a?: number | ArrayLike<number> | undefined;
  /** As `a`: one number, or D. */
  readonly b?: number | ArrayLike<number> | undefined;
}

/** Options of `GeometricMixture.fit` and `fitSteps`. */
export interface GeometricMixtureOptions extends CommonOptions<GeometricMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: GeometricPrior | undefined;
  /** K x D, each in (0, 1]. */
  readonly probabilitiesInit?: NumberArray | undefined;
}

/**
 * A fitted mixture of products of geometric distributions over the failures 0, 1, 2, ... before a success (NaN for missing):
 * p(x) = sum_k pi_k prod_d (1 - theta_kd)^x_d theta_kd.
 */
export class GeometricMixture extends FittedMixture {
  /** K x D: the probability that a trial succeeds. */
  get probabilities(): Float64Array {
    return this.parameters['probabilities'];
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of whole numbers, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `GeometricMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: GeometricMixtureOptions,
  ): Promise<GeometricMixture> {
    return runToEnd(fitMixture(samples, options, GEOMETRIC));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of whole numbers, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: GeometricMixtureOptions,
  ): AsyncGenerator<FitStep<GeometricMixture>, GeometricMixture, void> {
    return fitMixture(samples, options, GEOMETRIC);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): GeometricMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('geometric', geometric, json);
    return new GeometricMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const GEOMETRIC: MixtureKind<GeometricMixture, GeometricMixtureOptions> = {
  options: ['probabilitiesInit'],
  family: () => geometric(),
  make: (...parts) => new GeometricMixture(...parts),
};
