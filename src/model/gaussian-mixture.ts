import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/samples.ts';
import { createDataset, Dataset } from '../em/dataset.ts';
import { Device } from '../em/device.ts';
import { makeSeam } from '../em/make-seam.ts';
import type { Seam } from '../em/seam.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { gaussianFamilies, type CovarianceType } from '../families/registry.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import {
  UNFITTED,
  type EvaluationOptions,
  type FitRecord,
  type FitStep,
  type LabelBuffers,
  type Restart,
} from './fit-record.ts';
import { fitMixture } from './fit.ts';
import { fromPlain, toPlain, type PlainMixture } from './json.ts';
import type { GaussianMixtureOptions } from './options.ts';
import {
  fromScikitLearn,
  isScikitLearn,
  toScikitLearn,
  type ScikitLearnAttributes,
} from './scikit-learn.ts';

/**
 * A fitted Gaussian mixture, p(x) = sum_k pi_k N(x | mu_k, Sigma_k), parameters in the user's units. Made by `fit`,
 * `fitSteps`, `fromParameters` or `fromJSON`: an unfitted one cannot exist, and none changes after it was made.
 */
export class GaussianMixture {
  readonly covarianceType: CovarianceType;
  readonly nComponents: number;
  readonly nFeatures: number;
  /** Mixing proportions, K. */
  readonly weights: Float64Array;
  /** K x D, row-major. */
  readonly means: Float64Array;
  /** full K x D x D, tied D x D, diag K x D, spherical K. */
  readonly covariances: Float64Array;
  /** Whether the lower bound's last change was below `tol`. */
  readonly converged: boolean;
  readonly nIter: number;
  /** Per sample, of the parameters that entered the last iteration (scikit-learn's convention); -Infinity before any. */
  readonly lowerBound: number;
  /** Element t is the bound of the parameters that entered iteration t + 1. */
  readonly lowerBounds: Float64Array;
  readonly restarts: readonly Restart[];
  readonly warnings: readonly string[];
  /** Where it was fitted, and why there. */
  readonly contextInfo: ContextInfo | undefined;
  readonly #context: Context | undefined;

  /** @internal */
  constructor(
    covarianceType: CovarianceType,
    parameters: Parameters,
    record: FitRecord = UNFITTED,
    context?: Context,
  ) {
    this.covarianceType = covarianceType;
    this.weights = parameters.weights;
    this.means = parameters.means;
    this.covariances = parameters.covariances;
    this.nComponents = parameters.weights.length;
    this.nFeatures = parameters.means.length / parameters.weights.length;
    this.converged = record.converged;
    this.nIter = record.nIter;
    this.lowerBound = record.lowerBound;
    this.lowerBounds = record.lowerBounds;
    this.restarts = record.restarts;
    this.warnings = record.warnings;
    this.contextInfo = record.contextInfo;
    this.#context = context;
  }

  /**
   * Fits by expectation-maximization from `nInit` starts and keeps the one with the best lower bound.
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, TOO_FEW_SAMPLES, INVALID_OPTION; COLLAPSED_COMPONENT where every restart
   *   collapsed (`details.mixture` holds the last good parameters); the device's errors; or `signal.reason`
   */
  static async fit(
    samples: SamplesInput | Dataset,
    options: GaussianMixtureOptions,
  ): Promise<GaussianMixture> {
    const steps = fitMixture(samples, options);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
    }
  }

  /**
   * The same fit, one step at a time: nothing runs between two steps, and leaving the loop frees everything. Each restart
   * begins with step 0, the start. The generator returns what `fit` returns.
   */
  static fitSteps(
    samples: SamplesInput | Dataset,
    options: GaussianMixtureOptions,
  ): AsyncGenerator<FitStep, GaussianMixture, void> {
    return fitMixture(samples, options);
  }

  /**
   * The mixture saved by `toJSON`, or one in scikit-learn's attribute layout (`weights_`, `means_`, ...).
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): GaussianMixture {
    const value: unknown = typeof json === 'string' ? parse(json) : json;
    if (isScikitLearn(value)) return GaussianMixture.fromScikitLearn(value);
    const { covarianceType, parameters, record } = fromPlain(value);
    return new GaussianMixture(covarianceType, parameters, { ...UNFITTED, ...record });
  }

  /** From the attributes of a fitted `sklearn.mixture.GaussianMixture`, nested lists; see docs/scikit-learn.md. */
  static fromScikitLearn(attributes: ScikitLearnAttributes): GaussianMixture {
    const { covarianceType, parameters, record } = fromScikitLearn(attributes);
    return new GaussianMixture(covarianceType, parameters, { ...UNFITTED, ...record });
  }

  /** Free parameters: means, covariances and K - 1 weights. */
  get nParameters(): number {
    const { nComponents, nFeatures } = this;
    const covariances = gaussianFamilies[this.covarianceType].covarianceParameters(
      nComponents,
      nFeatures,
    );
    return covariances + nComponents * nFeatures + nComponents - 1;
  }

  /** The component with the largest responsibility for each sample, N. */
  predict(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<Int32Array> {
    return this.#evaluate(samples, options, (seam, parameters) =>
      seam.predict(parameters, options.signal),
    );
  }

  /** Responsibilities, N x K, row-major; rows sum to 1. */
  predictProba(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<Float32Array> {
    return this.#evaluate(samples, options, async (seam, parameters, { nSamples }) => {
      const out = new Float32Array(nSamples * this.nComponents);
      await seam.forEachResponsibilities(
        parameters,
        (first, count, rows) =>
          out.set(rows.subarray(0, count * this.nComponents), first * this.nComponents),
        options.signal,
      );
      return out;
    });
  }

  /** ln p(x_n), N. */
  scoreSamples(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<Float64Array> {
    return this.#evaluate(samples, options, (seam, parameters) =>
      seam.scoreSamples(parameters, options.signal),
    );
  }

  /** Mean of ln p(x_n), weighted by the dataset's sample weights. */
  score(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#evaluate(samples, options, (seam, parameters, dataset) =>
      this.#score(seam, parameters, dataset, options),
    );
  }

  /** Bayesian information criterion, -2 l + p ln N; lower is better. */
  bic(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#evaluate(samples, options, async (seam, parameters, dataset) => {
      const score = await this.#score(seam, parameters, dataset, options);
      return -2 * score * dataset.totalWeight + this.nParameters * Math.log(dataset.totalWeight);
    });
  }

  /** Akaike information criterion, -2 l + 2 p; lower is better. */
  aic(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#evaluate(samples, options, async (seam, parameters, dataset) => {
      const score = await this.#score(seam, parameters, dataset, options);
      return -2 * score * dataset.totalWeight + 2 * this.nParameters;
    });
  }

  /** Integrated completed likelihood, BIC - 2 sum gamma ln gamma (Biernacki, Celeux and Govaert 2000); lower is better. */
  icl(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#evaluate(samples, options, async (seam, parameters, dataset) => {
      const score = await this.#score(seam, parameters, dataset, options);
      const scale = dataset.totalWeight / dataset.nSamples;
      let entropy = 0;
      await seam.forEachResponsibilities(
        parameters,
        (first, count, rows) => {
          for (let i = 0; i < count * this.nComponents; i++) {
            if (rows[i] <= 0) continue;
            const n = first + Math.floor(i / this.nComponents);
            entropy -= (dataset.relativeWeights?.[n] ?? 1) * scale * rows[i] * Math.log(rows[i]);
          }
        },
        options.signal,
      );
      const bic =
        -2 * score * dataset.totalWeight + this.nParameters * Math.log(dataset.totalWeight);
      return bic + 2 * entropy;
    });
  }

  /**
   * The component of each sample as u32, left on the device for a caller's own pipelines. WebGPU only.
   * @throws MixtureError INVALID_OPTION for a dataset on the CPU
   */
  predictBuffers(
    dataset: Dataset,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<LabelBuffers> {
    return this.#evaluate(dataset, options, async (seam, parameters) => {
      if (!(seam instanceof Device)) {
        throw new MixtureError(
          'INVALID_OPTION',
          'This dataset is on the CPU.',
          'Use predict(), or a WebGPU context.',
        );
      }
      return seam.predictBuffers(parameters, options.signal);
    });
  }

  /**
   * Draws from the mixture: rows ordered by component, with their components.
   * @param nSamples at least 1; default 1
   */
  sample(
    nSamples = 1,
    { seed = 0 }: { seed?: number } = {},
  ): { samples: { data: Float64Array; nSamples: number; nFeatures: number }; labels: Int32Array } {
    if (!Number.isInteger(nSamples) || nSamples < 1) {
      throw new MixtureError(
        'INVALID_OPTION',
        `sample() was asked for ${nSamples} samples.`,
        'Ask for at least 1.',
        { nSamples },
      );
    }
    const { nComponents, nFeatures, weights } = this;
    const family = gaussianFamilies[this.covarianceType];
    const random = new Random(seed, 1);
    const counts = new Int32Array(nComponents);
    for (let n = 0; n < nSamples; n++) {
      let target = random.uniform();
      let k = 0;
      while (k < nComponents - 1 && (target -= weights[k]) >= 0) k++;
      counts[k]++;
    }
    const factors = family.samplingFactors(this.covariances, nComponents, nFeatures);
    const data = new Float64Array(nSamples * nFeatures);
    const labels = new Int32Array(nSamples);
    let n = 0;
    for (let k = 0; k < nComponents; k++) {
      for (let i = 0; i < counts[k]; i++, n++) {
        family.draw(this, factors, k, random, data, n * nFeatures);
        labels[n] = k;
      }
    }
    return { samples: { data, nSamples, nFeatures }, labels };
  }

  /** A plain object for JSON.stringify, versioned; `fromJSON` reads it back exactly. */
  toJSON(): PlainMixture {
    return toPlain(this);
  }

  /** The attributes of a fitted `sklearn.mixture.GaussianMixture`, `precisions_cholesky_` included, as nested lists. */
  toScikitLearn(): ScikitLearnAttributes {
    return toScikitLearn(this);
  }

  async #score(
    seam: Seam,
    parameters: Parameters,
    dataset: Dataset,
    options: EvaluationOptions,
  ): Promise<number> {
    const scores = await seam.scoreSamples(parameters, options.signal);
    let sum = 0;
    for (let n = 0; n < scores.length; n++) sum += (dataset.relativeWeights?.[n] ?? 1) * scores[n];
    return sum / scores.length;
  }

  /** Runs `compute` on a seam over the samples, and frees what was made for it. */
  async #evaluate<T>(
    input: SamplesInput | Dataset,
    { context, signal }: EvaluationOptions,
    compute: (seam: Seam, parameters: Parameters, dataset: Dataset) => Promise<T>,
  ): Promise<T> {
    if (input instanceof Dataset) input.assertMadeFor(context);
    const fallback = this.#context?.disposed ? undefined : this.#context;
    const dataset =
      input instanceof Dataset
        ? input
        : await createDataset(input, { context: context ?? fallback, signal });
    try {
      if (dataset.nFeatures !== this.nFeatures) {
        throw new MixtureError(
          'FEATURE_MISMATCH',
          `The samples have ${dataset.nFeatures} features, but the mixture was fitted to ${this.nFeatures}.`,
          'Pass the same columns in the same order as in the fit.',
          { nFeatures: dataset.nFeatures, expected: this.nFeatures },
        );
      }
      const family = gaussianFamilies[this.covarianceType];
      const seam = makeSeam(dataset, family);
      try {
        return await compute(seam, family.standardise(this, dataset.standardisation), dataset);
      } finally {
        seam.dispose();
      }
    } finally {
      if (!(input instanceof Dataset)) dataset.dispose();
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MixtureError(
      'INVALID_MODEL',
      'The model is not valid JSON.',
      'Pass what toJSON() gave.',
      {},
      error,
    );
  }
}
