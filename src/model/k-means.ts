import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import { centreParameters, inertiaOf } from '../em/lloyd.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import { evaluateCentres, distancesTo } from './k-means-evaluation.ts';
import { requireFitted } from './option-checks.ts';
import { refuseUnknown } from './open-samples.ts';
import { fitKMeans } from './k-means-fit.ts';
import { fromPlainKMeans, toPlainKMeans, type PlainKMeans } from './k-means-json.ts';
import {
  UNFITTED_K_MEANS,
  type KMeansOptions,
  type KMeansRecord,
  type KMeansRestart,
} from './k-means-options.ts';
import type { Warning } from './warnings.ts';

/** Where to compute what a fitted k-means is asked. */
export interface KMeansEvaluation {
  /** Default: the fit's context while it lives, else the CPU. */
  readonly context?: Context | undefined;
  /** Aborting it ends the computation with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * k-means: K centres, each sample with the nearest by Euclidean distance in the user's units. The limit of EM with one spherical
 * fixed covariance and hard assignment, and computed by the same kernels (Lloyd 1982); options and answers are scikit-learn's.
 */
export class KMeans {
  /** K. */
  readonly nClusters: number;
  /** D. */
  readonly nFeatures: number;
  /** K x D, row-major, in the user's units. */
  readonly clusterCenters: Float64Array;
  /** The nearest centre of every sample of the fit, N; empty for one read from JSON. */
  readonly labels: Int32Array;
  /** sum_n s_n |x_n - c|^2 of the samples of the fit, s_n their weights. */
  readonly inertia: number;
  /** Iterations of the restart that was kept. */
  readonly nIter: number;
  /** Whether the centres came to rest, within `tol`, before `maxIter`. */
  readonly converged: boolean;
  /** Every restart's seed, inertia, iterations. */
  readonly restarts: readonly KMeansRestart[];
  /** What a careful user should know: not converged, fewer different clusters than asked for. */
  readonly warnings: readonly Warning[];
  /** Where it was fitted, and why there. */
  readonly contextInfo: ContextInfo | undefined;
  /** Names of the columns that it was fitted to, where the samples had names. */
  readonly columnNames: readonly string[] | undefined;
  readonly #context: Context | undefined;

  /** @internal use `fit` or `fromJSON` */
  constructor(
    clusterCenters: Float64Array,
    nFeatures: number,
    record: KMeansRecord = UNFITTED_K_MEANS,
    context?: Context,
  ) {
    requireFitted<number | undefined>(nFeatures, 'KMeans');
    this.clusterCenters = clusterCenters;
    this.nFeatures = nFeatures;
    this.nClusters = clusterCenters.length / nFeatures;
    this.labels = record.labels;
    this.inertia = record.inertia;
    this.nIter = record.nIter;
    this.converged = record.converged;
    this.restarts = record.restarts;
    this.warnings = record.warnings;
    this.contextInfo = record.contextInfo;
    this.columnNames = record.columnNames;
    this.#context = context;
  }

  /**
   * Lloyd's algorithm from `nInit` starts; the one of the least inertia is kept. A centre that loses all its samples goes to the
   * sample farthest from its own centre.
   * @param samples N x D in any accepted form, without missing entries
   * @param options K and all else, with defaults; see `KMeansOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE (missing entries too), TOO_FEW_SAMPLES, INVALID_OPTION; the device's errors;
   *   or `signal.reason`
   */
  static async fit(samples: SamplesInput | Dataset, options: KMeansOptions): Promise<KMeans> {
    const { centers, nFeatures, record, context } = await fitKMeans(samples, options);
    return new KMeans(centers, nFeatures, record, context);
  }

  /**
   * The k-means saved by `toJSON`, as text or object.
   * @param json the object, or its text
   * @throws MixtureError INVALID_MODEL
   */
  static fromJSON(json: unknown): KMeans {
    const { centers, nFeatures, record } = fromPlainKMeans(json);
    return new KMeans(centers, nFeatures, record);
  }

  /**
   * The nearest centre of each sample, N; the first on a tie.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once; without
   *   missing entries
   * @param options where to compute, and a signal to stop it
   */
  predict(samples: SamplesInput | Dataset, options: KMeansEvaluation = {}): Promise<Int32Array> {
    return this.#evaluate(samples, options, async (problem) => {
      const parameters = await centreParameters(problem, problem.centres);
      return problem.seam.predict(parameters, problem.signal);
    });
  }

  /**
   * The distance of each sample to every centre, N x K, row-major, in the user's units; float64, on the CPU.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once; without
   *   missing entries
   * @param options where to compute, and a signal to stop it
   */
  transform(
    samples: SamplesInput | Dataset,
    options: KMeansEvaluation = {},
  ): Promise<Float64Array> {
    return this.#evaluate(samples, options, ({ dataset, signal }) =>
      distancesTo(this.clusterCenters, dataset, signal),
    );
  }

  /**
   * Minus the inertia of samples, in the dataset's sample weights: higher is better.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once; without
   *   missing entries
   * @param options where to compute, and a signal to stop it
   */
  score(samples: SamplesInput | Dataset, options: KMeansEvaluation = {}): Promise<number> {
    return this.#evaluate(samples, options, async (problem) => {
      const { dataset, unit, centres } = problem;
      const share = dataset.totalWeight / dataset.nSamples;
      return -(await inertiaOf(problem, centres)) * unit * unit * share;
    });
  }

  /** A plain object for JSON.stringify, versioned; `fromJSON` reads it back exactly, but for the labels. */
  toJSON(): PlainKMeans {
    return toPlainKMeans(this);
  }

  async #evaluate<T>(
    samples: SamplesInput | Dataset,
    options: KMeansEvaluation,
    compute: Parameters<typeof evaluateCentres<T>>[4],
  ): Promise<T> {
    refuseUnknown(options, ['context', 'signal']);
    const fallback = this.#context?.disposed ? undefined : this.#context;
    return evaluateCentres(this, samples, options, fallback, compute);
  }
}
