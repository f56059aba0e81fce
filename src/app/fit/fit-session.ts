import { createDataset, GaussianMixture, selectComponentsSteps } from '../../index.ts';
import type { Context, CovarianceType, Dataset, FitStep, InitParams } from '../../index.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { SourceData } from '../data/source-data.ts';
import { Gate } from './gate.ts';
import type { SessionView } from './session-view.ts';
import { LatestTask, Turns } from '../shared/latest-task.ts';

/** What the user chooses about the model. */
export interface FitSettings {
  nComponents: number;
  covarianceType: CovarianceType;
  initParams: InitParams;
  seed: number;
}

export type FitPhase = 'loading' | 'running' | 'paused' | 'converged' | 'exhausted' | 'failed';

/** `comparing`: mixtures of several sizes are fitted. `chosen`: one of them is shown. */
export type Phase = FitPhase | 'comparing' | 'chosen';

/** Gain of the lower bound a sample under which a fit has converged: finer than the library's, as the eye sees it. */
export const TOLERANCE = 1e-5;
export const MOST_ITERATIONS = 500;
/** Compared mixtures start where one start is about as good as another, not where a fit is slow and worth watching. */
const COMPARED = { tol: TOLERANCE, maxIter: MOST_ITERATIONS, initParams: 'k-means++' } as const;
/** Milliseconds an iteration is shown at least. */
const PACE = 80;

/**
 * One data set, one fit of it at a time. What is wanted is kept apart from what is loaded, so that any number of
 * changes, at any moment, end in the last one: the fit under way is aborted and leaves nothing behind.
 */
export class FitSession {
  /** The mixture after the last iteration. */
  mixture: GaussianMixture | undefined;
  readonly #context: Context;
  readonly #view: SessionView;
  readonly #gate: Gate;
  readonly #turns = new Turns();
  readonly #task = new LatestTask((error) => this.#fail(error));
  #wanted: SourceData | undefined;
  #settings: FitSettings;
  #loaded: { data: SourceData; dataset: Dataset } | undefined;
  #phase: Phase = 'loading';
  #chosen: FittedTrial | undefined;

  /** @param playing whether a fit runs by itself or waits for `play` */
  constructor(context: Context, view: SessionView, settings: FitSettings, playing: boolean) {
    this.#context = context;
    this.#view = view;
    this.#settings = settings;
    this.#gate = new Gate(playing, PACE);
  }

  get phase(): Phase {
    return this.#phase;
  }

  get data(): SourceData | undefined {
    return this.#loaded?.data;
  }

  /** Takes new samples and settings and begins their fit. */
  load(data: SourceData, settings: FitSettings): void {
    this.#wanted = data;
    this.configure(settings);
  }

  /** Begins the fit again with these settings. */
  configure(settings: FitSettings): void {
    this.#settings = settings;
    this.#gate.clear();
    this.#enter('loading');
    void this.#task.replace((signal) => this.#work(signal));
  }

  /** Fits mixtures of several sizes. What is shown stays until one of them is chosen. */
  compare(comparison: Comparison): void {
    this.#gate.clear();
    this.#chosen = undefined;
    this.#enter('comparing');
    void this.#task.replace((signal) => this.#compare(comparison, signal));
  }

  /** Ends the comparison; what was chosen so far stays. */
  cancelComparison(): void {
    if (this.#phase !== 'comparing') return;
    if (!this.#chosen) return this.configure(this.#settings);
    void this.#task.replace(() => Promise.resolve(this.#enter('chosen')));
  }

  /** Shows one of the compared mixtures, while others may still be fitted; ends a fit that is under way. */
  choose(trial: FittedTrial): void {
    this.#chosen = trial;
    this.#settings = { ...this.#settings, nComponents: trial.nComponents };
    if (this.#phase === 'comparing') {
      this.#turns.take(() => this.#showChosen(trial)).catch((error: unknown) => this.#fail(error));
      return;
    }
    void this.#task.replace(async () => {
      await this.#turns.take(() => this.#showChosen(trial));
      this.#enter('chosen');
    });
  }

  /** Back to the start, paused. */
  reset(): void {
    this.#gate.close();
    this.configure(this.#settings);
  }

  play(): void {
    this.#gate.open();
    if (this.#phase === 'paused') this.#enter('running');
    // from an end, from the beginning
    else if (this.#phase !== 'running' && this.#phase !== 'loading') this.configure(this.#settings);
  }

  /** The iteration under way is finished; then the phase is `paused`. */
  pause(): void {
    this.#gate.close();
  }

  stepOnce(): void {
    if (this.#phase === 'paused' || this.#phase === 'running') this.#gate.stepOnce();
  }

  /** The component of every sample by the present mixture; undefined where there is none. */
  async labels(): Promise<Int32Array | undefined> {
    return this.#turns.take(async () => {
      if (!this.mixture || !this.#loaded) return undefined;
      return this.mixture.predict(this.#loaded.dataset, { context: this.#context });
    });
  }

  async #work(signal: AbortSignal): Promise<void> {
    const dataset = await this.#load(signal);
    this.mixture = undefined;
    this.#view.onStart();
    const steps = GaussianMixture.fitSteps(dataset, {
      ...this.#settings,
      tol: TOLERANCE,
      maxIter: MOST_ITERATIONS,
      context: this.#context,
      signal,
    });
    try {
      const { mixture, phase } = await this.#pull(steps, signal);
      this.mixture = mixture;
      this.#enter(phase);
      const at = { context: this.#context, signal };
      const diagnostics = await this.#turns.take(() => mixture.diagnose(dataset, at));
      signal.throwIfAborted();
      this.#view.onDiagnosis(diagnostics);
    } finally {
      // before its first step the generator holds nothing, or has ended by itself
      if (this.mixture) await steps.return(this.mixture);
    }
  }

  async #compare(comparison: Comparison, signal: AbortSignal): Promise<void> {
    const dataset = await this.#load(signal);
    this.#view.onComparison(comparison, this.#settings);
    const { from, to, nInit, criterion } = comparison;
    const { covarianceType, seed } = this.#settings;
    const steps = selectComponentsSteps(dataset, {
      ...COMPARED,
      nComponents: Array.from({ length: to - from + 1 }, (_, i) => from + i),
      covarianceTypes: [covarianceType],
      criterion,
      nInit,
      seed,
      context: this.#context,
      signal,
      onIteration: (step) => this.#view.onTrialStep(step),
    });
    for (;;) {
      // an abort between two steps comes out of the next one
      const { done, value } = await steps.next();
      if (done) {
        this.#view.onCompared(value);
        break;
      }
      this.#view.onTrial(value);
    }
    // the last one chosen is shown
    await this.#turns.take(() => Promise.resolve());
    this.#enter('chosen');
  }

  async #showChosen(trial: FittedTrial): Promise<void> {
    if (trial !== this.#chosen) return;
    const { mixture } = trial;
    this.mixture = mixture;
    const { nIter, lowerBound, lowerBounds, converged } = mixture;
    await this.#view.onFrame({
      iteration: nIter,
      restart: 0,
      by: 'comparison',
      lowerBound,
      change: lowerBound - (lowerBounds.at(-2) ?? NaN),
      milliseconds: 0,
      converged,
      mixture,
    });
    this.#view.onChosen(trial);
    const diagnostics = await mixture.diagnose(this.#loaded!.dataset, { context: this.#context });
    if (trial === this.#chosen) this.#view.onDiagnosis(diagnostics);
  }

  /** Pulls the start at once, then an iteration whenever the gate lets it pass; gives the end. */
  async #pull(
    steps: AsyncGenerator<FitStep<GaussianMixture>, GaussianMixture>,
    signal: AbortSignal,
  ): Promise<{ mixture: GaussianMixture; phase: Phase }> {
    for (;;) {
      const { done, value } = await this.#turns.take(() => steps.next());
      signal.throwIfAborted();
      if (done) return { mixture: value, phase: value.converged ? 'converged' : 'exhausted' };
      this.mixture = value.mixture;
      await this.#turns.take(async () =>
        this.#view.onFrame({ ...value, by: value.iteration === 0 ? 'start' : 'iteration' }),
      );
      signal.throwIfAborted();
      if (value.converged) continue;
      this.#enter(this.#gate.isOpen ? 'running' : 'paused');
      await this.#gate.pass(signal, () => this.#enter('paused'));
    }
  }

  /** The wanted samples on the device. What was there is kept until the new ones are, then given back. */
  async #load(signal: AbortSignal): Promise<Dataset> {
    const data = this.#wanted ?? this.#loaded?.data;
    if (!data) throw new Error('The session has no data.');
    if (this.#loaded?.data === data) return this.#loaded.dataset;
    const former = this.#loaded;
    let dataset: Dataset;
    try {
      dataset = await createDataset(data.samples, { context: this.#context, signal });
    } catch (error) {
      // samples that cannot be had are not wanted any more: Reset goes back to the former ones
      if (!signal.aborted) this.#wanted = former?.data;
      throw error;
    }
    this.#loaded = { data, dataset };
    await this.#turns.take(async () => {
      this.#view.onData(dataset, data);
      former?.dataset.dispose();
    });
    return dataset;
  }

  #fail(error: unknown): void {
    this.#enter('failed');
    this.#view.onError(error);
  }

  #enter(phase: Phase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#view.onPhase(phase);
  }
}
