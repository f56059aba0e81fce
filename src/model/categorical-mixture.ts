import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { categorical } from '../families/categorical.ts';
import type { NumberArray } from './arrays.ts';
import { fitMixture, runToEnd, type MixtureKind } from './fit.ts';
import { UNFITTED, type EvaluationOptions, type FitStep } from './fit-record.ts';
import { FittedMixture } from './fitted-mixture.ts';
import { predictiveProbabilities } from './impute-categories.ts';
import { fromPlainOf } from './json.ts';
import type { CommonOptions, WeightsPrior } from './options.ts';

export interface CategoricalPrior extends WeightsPrior {
  /** Dirichlet(concentration) on each feature's probabilities: one number, or one a category (C); default 1, which changes
   * nothing. */
  readonly concentration?: number | ArrayLike<number> | undefined;
}

/** Options of `CategoricalMixture.fit` and `fitSteps`. */
export interface CategoricalMixtureOptions extends CommonOptions<CategoricalMixture> {
  /** Maximum a posteriori under this prior. Default: maximum likelihood. */
  readonly prior?: CategoricalPrior | undefined;
  /** K x D x C, summing to 1 over each feature's categories. */
  readonly probabilitiesInit?: NumberArray | undefined;
  /** Categories of every feature, or of each (D). Default: the largest value of the column + 1. */
  readonly nCategories?: number | readonly number[] | undefined;
}

/**
 * A fitted mixture of products of categorical distributions: each feature a whole number 0 .. C_d - 1, NaN for missing.
 * p(x) = sum_k pi_k prod_d theta_kd[x_d] (PRML 9.3.3, exercise 9.19).
 */
export class CategoricalMixture extends FittedMixture {
  /** K x D x C with C the most categories of any feature; 0 beyond a feature's own. */
  get probabilities(): Float64Array {
    return this.parameters['probabilities'];
  }

  /** Categories of each feature, D. */
  get nCategories(): Int32Array {
    const given = this.family.settings['nCategories'] as number | readonly number[];
    return Int32Array.from({ length: this.nFeatures }, (_, d) =>
      typeof given === 'number' ? given : given[d],
    );
  }

  /**
   * Posterior predictive distribution of every entry, sum_k gamma_nk theta_kd[c], N x D x C row-major: of missing ones what the
   * observed ones say, of observed ones 1 for the category that they are.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  imputeProba(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<Float64Array> {
    return this.evaluate(samples, options, (seam, parameters, dataset) =>
      predictiveProbabilities(
        seam,
        parameters,
        (d) => this.family.categoryProbabilities!(this.given, d, this.nFeatures)!,
        dataset,
        options.signal,
      ),
    );
  }

  /**
   * Fits by expectation-maximization (Dempster, Laird and Rubin 1977) from `nInit` starts and keeps the one with the best lower bound.
   * @param samples N x D of whole numbers, the category from 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options K and all else, with defaults; see `CategoricalMixtureOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, TOO_FEW_SAMPLES, INVALID_OPTION; NO_MODE or
   *   COLLAPSED_COMPONENT where every restart ended so; the device's errors; or `signal.reason`
   */
  static fit(
    samples: SamplesInput | Dataset,
    options: CategoricalMixtureOptions,
  ): Promise<CategoricalMixture> {
    return runToEnd(fitMixture(samples, options, CATEGORICAL));
  }

  /**
   * The same fit, one step at a time; see `Mixture.fitSteps`.
   * @param samples N x D of whole numbers, the category from 0, NaN where missing, in any form of `SamplesInput`; or a `Dataset`
   * @param options as for `fit`
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: CategoricalMixtureOptions,
  ): AsyncGenerator<FitStep<CategoricalMixture>, CategoricalMixture, void> {
    return fitMixture(samples, options, CATEGORICAL);
  }

  /**
   * The mixture saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): CategoricalMixture {
    const { family, parameters, nFeatures, record } = fromPlainOf('categorical', categorical, json);
    return new CategoricalMixture(family, parameters, nFeatures, { ...UNFITTED, ...record });
  }
}

const CATEGORICAL: MixtureKind<CategoricalMixture, CategoricalMixtureOptions> = {
  options: ['nCategories', 'probabilitiesInit'],
  family: ({ nCategories }) => categorical(nCategories === undefined ? {} : { nCategories }),
  make: (...parts) => new CategoricalMixture(...parts),
};
