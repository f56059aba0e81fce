import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import { Dataset } from '../em/dataset.ts';
import { Device } from '../em/device.ts';
import { infoFor, openSeam } from '../em/make-seam.ts';
import type { Seam } from '../em/seam.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { Statistics } from '../families/statistics.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import { measureCriteria, meanLogLikelihood } from './criteria.ts';
import type { DiagnoseOptions, Diagnostics } from './diagnose.ts';
import type { Evidence, EvidenceOptions } from './evidence.ts';
import {
  EVALUATION_OPTIONS,
  UNFITTED,
  type DrawnSamples,
  type EvaluationOptions,
  type FitRecord,
  type BufferOptions,
  type LabelBuffers,
  type Restart,
  type SampleBuffers,
} from './fit-record.ts';
import type { FitTimings } from './fit-timings.ts';
import type { ImputedSamples } from './impute.ts';
import { toPlain, type PlainMixture } from './json.ts';
import { ON_CPU, refuseUnknown, withSamples } from './open-samples.ts';
import type { PartialFitOptions } from './partial-fit.ts';
import type { Warning } from './warnings.ts';

/**
 * A fitted mixture, p(x) = sum_k pi_k p(x | theta_k), of any family, parameters in the user's units: what all classes of mixtures
 * share. An unfitted one cannot exist, and none changes after it was made.
 */
export class FittedMixture {
  /** The components' family, its settings complete. */
  readonly family: Family;
  /** K. */
  readonly nComponents: number;
  /** D. */
  readonly nFeatures: number;
  /** Mixing proportions, K. */
  readonly weights: Float64Array;
  /** All arrays by name, `weights` among them, row-major, K first (see the classes for shapes). */
  readonly parameters: Readonly<Record<string, Float64Array>>;
  /** Whether the lower bound's last change was below `tol`. */
  readonly converged: boolean;
  /** Iterations of the restart that was kept. */
  readonly nIter: number;
  /**
   * (logLikelihood + logPrior) / W, per sample, of the parameters that entered the last iteration (scikit-learn's convention);
   * -Infinity before any.
   */
  readonly lowerBound: number;
  /** Total log-likelihood of the parameters that entered the last iteration. */
  readonly logLikelihood: number;
  /** ln p(theta) of those, without its normalising constant; 0 without a prior. */
  readonly logPrior: number;
  /** Element t is the bound of the parameters that entered iteration t + 1. */
  readonly lowerBounds: Float64Array;
  /** Every restart, kept or not, in the order of their seeds. */
  readonly restarts: readonly Restart[];
  /** What a careful user should know of the fit, as data: `{ code, message, details }`; see docs/diagnostics.md. */
  readonly warnings: readonly Warning[];
  /** Where it was fitted, and why there. */
  readonly contextInfo: ContextInfo | undefined;
  /** Where the time from the call to the end of the first iteration went; undefined for a mixture that was not fitted here. */
  readonly timings: FitTimings | undefined;
  /** Names of the columns that it was fitted to, where the samples had names; samples that have others are refused. */
  readonly columnNames: readonly string[] | undefined;
  /** Weight of all samples that it was fitted to, each counted once; 0 where that is not known. */
  readonly nSamplesSeen: number;
  /** @internal what `partialFit` goes on from, in the user's units */
  readonly running: Statistics | undefined;
  readonly #context: Context | undefined;

  /** @internal */
  constructor(
    family: Family,
    parameters: Parameters,
    nFeatures: number,
    record: FitRecord = UNFITTED,
    context?: Context,
  ) {
    this.family = family;
    this.weights = parameters.weights;
    this.nComponents = parameters.weights.length;
    this.nFeatures = nFeatures;
    // (a family may carry more between its own steps)
    const named = parameters as unknown as Readonly<Record<string, Float64Array>>;
    const names = Object.keys(family.parameterShapes(this.nComponents, nFeatures));
    this.parameters = Object.fromEntries(['weights', ...names].map((name) => [name, named[name]]));
    this.converged = record.converged;
    this.nIter = record.nIter;
    this.lowerBound = record.lowerBound;
    this.logLikelihood = record.logLikelihood;
    this.logPrior = record.logPrior;
    this.lowerBounds = record.lowerBounds;
    this.restarts = record.restarts;
    this.warnings = record.warnings;
    this.contextInfo = record.contextInfo;
    this.timings = record.timings;
    this.columnNames = record.columnNames;
    this.nSamplesSeen = record.nSamplesSeen;
    this.running = record.running;
    this.#context = context;
  }

  /** Free parameters: those of the components and K - 1 weights. */
  get nParameters(): number {
    return this.family.freeParameters(this.nComponents, this.nFeatures) + this.nComponents - 1;
  }

  /**
   * The component with the largest responsibility for each sample, N.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  predict(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<Int32Array> {
    return this.evaluate(samples, options, (seam, parameters) =>
      seam.predict(parameters, options.signal),
    );
  }

  /**
   * Responsibilities, N x K, row-major; rows sum to 1. A sample without observed entries gets the weights, and so does one that
   * no component can have made (its score is -Infinity).
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  predictProba(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<Float32Array> {
    return this.evaluate(samples, options, async (seam, parameters, { nSamples }) => {
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

  /**
   * ln p(x_n), N, of the observed entries; 0 for a sample without any, -Infinity for one that no component can have made.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  scoreSamples(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<Float64Array> {
    return this.evaluate(samples, options, (seam, parameters) =>
      seam.scoreSamples(parameters, options.signal),
    );
  }

  /**
   * Mean of ln p(x_n), weighted by the dataset's sample weights.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  score(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.evaluate(samples, options, (seam, parameters, dataset) =>
      meanLogLikelihood(seam, parameters, dataset, options.signal),
    );
  }

  /**
   * Bayesian information criterion, -2 l + p ln N (Schwarz 1978); lower is better.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  bic(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#criterion(samples, options, ({ totalWeight }) => Math.log(totalWeight));
  }

  /**
   * Akaike information criterion, -2 l + 2 p (Akaike 1974); lower is better.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  aic(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.#criterion(samples, options, () => 2);
  }

  /**
   * Integrated completed likelihood, BIC - 2 sum gamma ln gamma (Biernacki, Celeux and Govaert 2000); lower is better.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  async icl(samples: SamplesInput | Dataset, options: EvaluationOptions = {}): Promise<number> {
    return this.evaluate(samples, options, async (seam, parameters, dataset) => {
      const { nParameters } = this;
      return (await measureCriteria(seam, parameters, dataset, nParameters, options.signal)).icl;
    });
  }

  /**
   * The bound's parts for any q: l = L(q, theta) + KL(q || p(z | x, theta)), totals in the user's sample weights, with
   * L = sum_n s_n sum_k q_nk (ln pi_k + ln p(x_n | theta_k) - ln q_nk) (Neal and Hinton 1998).
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options `responsibilities`: q, N x K, rows sum to 1; default: the posterior, for which KL = 0
   * @returns L = -Infinity and KL = Infinity where q gives weight to a component that cannot have made the sample
   */
  evidence(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions & EvidenceOptions = {},
  ): Promise<Evidence> {
    return this.evaluate(samples, options, async (seam, parameters, dataset) => {
      const { measureEvidence } = await import('./evidence.ts');
      return measureEvidence(seam, parameters, dataset, this.nComponents, options);
    });
  }

  /**
   * How the components lie on the samples: masses, ambiguous samples, entropy, the smallest eigenvalue of each covariance, and
   * warnings as data; see docs/diagnostics.md. One pass; nothing N x K is kept.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options `ambiguousBelow`: a sample is ambiguous where its largest responsibility is below; default 0.8
   */
  diagnose(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions & DiagnoseOptions = {},
  ): Promise<Diagnostics> {
    return this.evaluate(samples, options, async (seam, parameters, dataset) => {
      const { diagnoseMixture } = await import('./diagnose.ts');
      return diagnoseMixture(this, seam, parameters, dataset, options);
    });
  }

  /**
   * Missing entries replaced by their posterior predictive mean, E[x_d | observed] = sum_k gamma_nk E[x_d | observed, k]; in
   * columns of categories by the most probable one. Observed entries are untouched.
   * @param samples N x D in any form of `SamplesInput`, in the units they are in; or a `Dataset`, checked and uploaded once
   * @param options where to compute, and a signal to stop it; see `EvaluationOptions`
   */
  impute(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions = {},
  ): Promise<ImputedSamples> {
    return this.evaluate(samples, options, async (seam, parameters, dataset) => {
      const { imputeEntries } = await import('./impute.ts');
      return imputeEntries(seam, this.family, parameters, this.given, dataset, options.signal);
    });
  }

  /**
   * The component of each sample as u32, left on the device for a caller's own pipelines. WebGPU only.
   * @param dataset on a WebGPU context, samples in memory
   * @param options `signal`
   * @throws MixtureError INVALID_OPTION for a dataset on the CPU
   */
  predictBuffers(dataset: Dataset, options: BufferOptions = {}): Promise<LabelBuffers> {
    return this.#onDevice(dataset, options, 'predict()', (device, parameters) =>
      device.predictBuffers(parameters, options.signal),
    );
  }

  /**
   * Each sample's responsibility of one component, gamma_nk, as f32, left on the device: `predictProba`'s column. WebGPU only.
   * @param dataset on a WebGPU context, samples in memory
   * @param component 0 .. nComponents - 1
   * @param options `signal`
   * @throws MixtureError INVALID_OPTION for a dataset on the CPU, or a component that there is not
   */
  async responsibilityBuffers(
    dataset: Dataset,
    component: number,
    options: BufferOptions = {},
  ): Promise<SampleBuffers> {
    const { nComponents } = this;
    if (!Number.isInteger(component) || component < 0 || component >= nComponents) {
      throw new MixtureError(
        'INVALID_OPTION',
        `responsibilityBuffers() was asked for component ${component} of ${nComponents}.`,
        `Components are numbered from 0 to ${nComponents - 1}.`,
        { component, nComponents },
      );
    }
    return this.#onDevice(dataset, options, 'predictProba()', (device, parameters) =>
      device.posteriorBuffers(parameters, component, options.signal),
    );
  }

  /**
   * How undecided each sample is: the entropy of its responsibilities, -sum_k gamma_nk ln gamma_nk, as f32, left on the device; in
   * nats, from 0 to ln nComponents. WebGPU only.
   * @param dataset on a WebGPU context, samples in memory
   * @param options `signal`
   * @throws MixtureError INVALID_OPTION for a dataset on the CPU
   */
  entropyBuffers(dataset: Dataset, options: BufferOptions = {}): Promise<SampleBuffers> {
    return this.#onDevice(dataset, options, 'predictProba()', (device, parameters) =>
      device.posteriorBuffers(parameters, undefined, options.signal),
    );
  }

  /**
   * Draws from the mixture: rows ordered by component, with their components.
   * @param nSamples at least 1; default 1
   * @param options `seed`: the same seed gives the same samples
   */
  sample(nSamples = 1, { seed = 0 }: { seed?: number } = {}): DrawnSamples {
    if (!Number.isInteger(nSamples) || nSamples < 1) {
      throw new MixtureError(
        'INVALID_OPTION',
        `sample() was asked for ${nSamples} samples.`,
        'Ask for at least 1.',
        { nSamples },
      );
    }
    const { nComponents, nFeatures, weights, family } = this;
    const random = new Random(seed, 1);
    const counts = new Int32Array(nComponents);
    for (let n = 0; n < nSamples; n++) {
      let target = random.uniform();
      let k = 0;
      while (k < nComponents - 1 && (target -= weights[k]) >= 0) k++;
      counts[k]++;
    }
    const prepared = family.prepareDraws(this.given, nFeatures);
    const data = new Float64Array(nSamples * nFeatures);
    const labels = new Int32Array(nSamples);
    let n = 0;
    for (let k = 0; k < nComponents; k++) {
      for (let i = 0; i < counts[k]; i++, n++) {
        family.draw(this.given, prepared, k, random, data, n * nFeatures);
        labels[n] = k;
      }
    }
    return { samples: { data, nSamples, nFeatures }, labels };
  }

  /** A plain object for JSON.stringify, versioned; `fromJSON` reads it back exactly. */
  toJSON(): PlainMixture {
    return toPlain(this);
  }

  /**
   * The mixture that one more chunk of a stream makes of this one, which stays as it is: one step of stepwise EM (Cappe and
   * Moulines 2009), from any chunk of at least one sample. `nSamplesSeen` and the running statistics go along, into `toJSON` too,
   * so that a stream can stop and resume. `lowerBound` is that of the chunk under the parameters before it; see docs/streams.md.
   * @param chunk at least one sample, in any form of `SamplesInput`; or a `Dataset`
   * @param options step size, prior and the like; see `PartialFitOptions`
   * @throws MixtureError INVALID_SAMPLES, NON_FINITE, OUTSIDE_SUPPORT, FEATURE_MISMATCH, INVALID_OPTION, COLLAPSED_COMPONENT,
   *   NO_MODE; the device's errors; or `signal.reason`
   */
  async partialFit(chunk: SamplesInput | Dataset, options: PartialFitOptions = {}): Promise<this> {
    const { checkPartialFit, continueWith } = await import('./partial-fit.ts');
    const context = this.#contextFor(chunk, checkPartialFit(options).context);
    const { family, parameters, record } = await continueWith(this, chunk, options, context);
    return this.remake(family, parameters, record, context);
  }

  /** @internal another mixture of this class */
  protected remake(
    family: Family,
    parameters: Parameters,
    record: FitRecord,
    context: Context | undefined,
  ): this {
    const Class = this.constructor as new (
      ...parts: ConstructorParameters<typeof FittedMixture>
    ) => this;
    return new Class(family, parameters, this.nFeatures, record, context);
  }

  /** @internal the parameters as families take them */
  get given(): Parameters {
    return this.parameters as unknown as Parameters;
  }

  #criterion(
    samples: SamplesInput | Dataset,
    options: EvaluationOptions,
    costOfParameter: (dataset: Dataset) => number,
  ): Promise<number> {
    return this.evaluate(samples, options, async (seam, parameters, dataset) => {
      const score = await meanLogLikelihood(seam, parameters, dataset, options.signal);
      return -2 * score * dataset.totalWeight + this.nParameters * costOfParameter(dataset);
    });
  }

  /** @param instead the method for samples that are elsewhere */
  #onDevice(
    dataset: Dataset,
    options: BufferOptions,
    instead: string,
    compute: (device: Device, parameters: Parameters) => Promise<SampleBuffers>,
  ): Promise<SampleBuffers> {
    return this.evaluate(dataset, options, async (seam, parameters) => {
      if (seam instanceof Device) return compute(seam, parameters);
      throw new MixtureError(
        'INVALID_OPTION',
        dataset.streamed
          ? 'This dataset is a stream.'
          : dataset.deviceChunks.length === 0
            ? 'This dataset is on the CPU.'
            : 'This mixture computes on the CPU.',
        `Use ${instead}, or samples in memory and a WebGPU context.`,
      );
    });
  }

  /** @internal Runs `compute` on a seam over the samples, and frees what was made for it. */
  async evaluate<T>(
    input: SamplesInput | Dataset,
    options: EvaluationOptions,
    compute: (seam: Seam, parameters: Parameters, dataset: Dataset) => Promise<T>,
  ): Promise<T> {
    refuseUnknown(
      options,
      EVALUATION_OPTIONS,
      ' (the last but one for evidence alone, the last for diagnose)',
    );
    const { context, signal, onContextInfo } = options;
    const scope = { context: this.#contextFor(input, context), signal };
    return withSamples(this, input, scope, async (dataset) => {
      const { family } = this;
      const seam = await openSeam(dataset, family, undefined, signal);
      onContextInfo?.(infoFor(dataset, family, dataset.context?.info ?? ON_CPU));
      try {
        const standardisation = dataset.standardisationFor(family);
        return await compute(seam, family.standardise(this.given, standardisation), dataset);
      } finally {
        seam.dispose();
      }
    });
  }

  /** The one given, or the fit's while it lives. @throws MixtureError INVALID_OPTION for a dataset made for another one */
  #contextFor(input: SamplesInput | Dataset, given: Context | undefined): Context | undefined {
    if (input instanceof Dataset) input.assertMadeFor(given);
    return given ?? (this.#context?.disposed ? undefined : this.#context);
  }
}
