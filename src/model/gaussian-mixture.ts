import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { GaussianParameters } from '../families/gaussian.ts';
import type { GaussianFamily } from '../families/gaussian-common.ts';
import type { CovarianceType } from '../families/gaussian-types.ts';
import type { Context } from '../gpu/context.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type FitRecord, type FitStep } from './fit-record.ts';
import {
  familyOf,
  fromPlainGaussian,
  toPlainGaussian,
  type PlainGaussianMixture,
  type ReadGaussianMixture,
} from './gaussian-json.ts';
import {
  readCovariancesInit,
  readGaussianFamily,
  type GaussianMixtureOptions,
} from './gaussian-options.ts';
import { parseModel, type PlainMixture } from './json.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { requireFitted } from './option-checks.ts';
import {
  fromScikitLearn,
  isScikitLearn,
  toScikitLearn,
  type ScikitLearnAttributes,
} from './scikit-learn.ts';

/**
 * A fitted Gaussian mixture, p(x) = sum_k pi_k N(x | mu_k, Sigma_k), parameters in the user's units. Made by `fit`,
 * `fitSteps`, `fromJSON` or `fromScikitLearn`.
 */
export class GaussianMixture extends FittedMixture {
  /** What the covariances have in common, and so the shape of `covariances`. */
  readonly covarianceType: CovarianceType;
  /** K x D, row-major. */
  readonly means: Float64Array;
  /** full K x D x D, tied and fixed D x D, diag K x D, spherical K, tied-diag D, tied-spherical 1. */
  readonly covariances: Float64Array;

  /** @internal */
  constructor(
    covarianceType: CovarianceType,
    family: GaussianFamily,
    parameters: GaussianParameters,
    record: FitRecord = UNFITTED,
    context?: Context,
  ) {
    const { means, weights } = requireFitted<GaussianParameters>(parameters, 'GaussianMixture');
    super(family, parameters, means.length / weights.length, record, context);
    this.covarianceType = covarianceType;
    this.means = parameters.means;
    this.covariances = parameters.covariances;
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound; NaN in the samples is
   * missing (full and tied covariances then compute on the CPU, see `contextInfo`).
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options K and all else, with defaults; see `GaussianMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION; COLLAPSED_COMPONENT where every restart
   *   collapsed (`details.mixture` holds the last good parameters); the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: GaussianMixtureOptions,
  ): Promise<GaussianMixture> {
    return runToEnd(fitMixture(samples, options, GAUSSIAN));
  }

  /**
   * The same fit, one step at a time: nothing runs between two steps, and leaving the loop frees everything. Each restart
   * begins with step 0, the start. The generator returns what `fit` returns.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: GaussianMixtureOptions,
  ): AsyncGenerator<FitStep<GaussianMixture>, GaussianMixture, void> {
    return fitMixture(samples, options, GAUSSIAN);
  }

  /**
   * The mixture saved by `toJSON`, or one in scikit-learn's attribute layout (`weights_`, `means_`, ...).
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): GaussianMixture {
    const value = parseModel(json);
    if (isScikitLearn(value)) return GaussianMixture.fromScikitLearn(value);
    return restore(fromPlainGaussian(value));
  }

  /**
   * From the attributes of a fitted `sklearn.mixture.GaussianMixture`, nested lists; see docs/scikit-learn.md.
   * @param attributes the estimator's attributes, arrays as nested lists, with `covariance_type`
   */
  static fromScikitLearn(attributes: ScikitLearnAttributes): GaussianMixture {
    return restore(fromScikitLearn(attributes));
  }

  /** @internal */
  protected override remake(
    family: Family,
    parameters: Parameters,
    record: FitRecord,
    context: Context | undefined,
  ): this {
    const { covarianceType } = this;
    const own = [family as GaussianFamily, parameters as GaussianParameters] as const;
    return new GaussianMixture(covarianceType, ...own, record, context) as this;
  }

  /** A plain object for JSON.stringify, versioned; `fromJSON` reads it back exactly. */
  override toJSON(): PlainMixture & PlainGaussianMixture {
    return toPlainGaussian(this) as PlainMixture & PlainGaussianMixture;
  }

  /**
   * The attributes of a fitted `sklearn.mixture.GaussianMixture`, `precisions_cholesky_` included, as nested lists.
   * @throws MixtureError INVALID_MODEL for a covariance type that scikit-learn does not have
   */
  toScikitLearn(): ScikitLearnAttributes {
    return toScikitLearn(this);
  }
}

function restore(
  read: Pick<ReadGaussianMixture, 'covarianceType' | 'parameters' | 'record'>,
): GaussianMixture {
  const { covarianceType, parameters, record } = read;
  return new GaussianMixture(covarianceType, familyOf(read), parameters, {
    ...UNFITTED,
    ...record,
  });
}

const GAUSSIAN: MixtureKind<GaussianMixture, GaussianMixtureOptions> = {
  options: [
    'covarianceType',
    'fixedCovariance',
    'regCovar',
    'meansInit',
    'covariancesInit',
    'precisionsInit',
  ],
  family: readGaussianFamily,
  start: (options, family, nComponents, nFeatures) =>
    readCovariancesInit(options, family as GaussianFamily, nComponents, nFeatures),
  make: (family, parameters, _nFeatures, record, context) =>
    new GaussianMixture(
      family.name.replace('gaussian-', '') as CovarianceType,
      family as GaussianFamily,
      parameters as GaussianParameters,
      record,
      context,
    ),
};
