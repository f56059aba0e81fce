import { BernoulliMixture, createDataset } from '../../index.ts';
import type { Context, Dataset } from '../../index.ts';
import type { DigitData } from './digits-data.ts';
import { isDeviceFault, isLoss, isOfDevice, unlessLeft } from '../fit/device-loss.ts';
import { Gate } from '../fit/gate.ts';
import { ENDS, type FitPhase } from '../fit/phases.ts';
import { LatestTask } from '../shared/latest-task.ts';

/** What the user chooses about the model. */
export interface DigitSettings {
  nComponents: number;
  seed: number;
  /** Beta(a, b) on every probability, Dirichlet(alpha) on the weights. */
  prior: { a: number; b: number; alpha: number };
}

/** What is shown of an iteration. */
export interface DigitStep {
  readonly iteration: number;
  /** Per digit, the prior included. */
  readonly lowerBound: number;
  /** Totals. */
  readonly logLikelihood: number;
  readonly logPrior: number;
  readonly change: number;
  readonly milliseconds: number;
  readonly converged: boolean;
  readonly mixture: BernoulliMixture;
}

/** `suspended`: the device is gone, and all waits for another. */
export type DigitPhase = FitPhase | 'suspended';

/** Where the session shows itself. */
export interface DigitSessionView {
  onStart(): void;
  onStep(step: DigitStep): void;
  onPhase(phase: DigitPhase): void;
  onError(error: unknown): void;
}

/** Gain of the lower bound a digit, of 100 to 200 nats, under which a fit has converged: no picture changes visibly any more. */
const TOLERANCE = 1e-2;
export const MOST_ITERATIONS = 300;
/** Milliseconds an iteration is shown at least. */
const PACE = 100;

/**
 * One set of digits, one fit of it at a time: the last data and settings asked for win, and a fit that they overtake is
 * aborted and leaves nothing behind. On another device it goes on from its last iteration.
 */
export class DigitSession {
  #context: Context;
  readonly #view: DigitSessionView;
  readonly #gate: Gate;
  readonly #task = new LatestTask((error) => this.#fail(error));
  #wanted: DigitData | undefined;
  #settings: DigitSettings;
  #loaded: { data: DigitData; dataset: Dataset; context: Context } | undefined;
  #phase: DigitPhase = 'loading';
  /** The last iteration of the fit; undefined where it has not begun. */
  #last: DigitStep | undefined;
  /** The phase to come back to, where the device is gone. */
  #suspended: FitPhase | undefined;
  /** What failed last may go on elsewhere. */
  #isDeviceFault = false;

  /** @param playing whether a fit runs by itself or waits for `play` */
  constructor(context: Context, view: DigitSessionView, settings: DigitSettings, playing: boolean) {
    this.#context = context;
    this.#view = view;
    this.#settings = settings;
    this.#gate = new Gate(playing, PACE);
  }

  /** Takes new digits and begins their fit. */
  load(data: DigitData): void {
    this.#wanted = data;
    this.configure(this.#settings);
  }

  /** Begins the fit again with these settings. */
  configure(settings: DigitSettings): void {
    this.#settings = settings;
    this.#gate.clear();
    this.#last = undefined;
    // a lost device takes nothing up; `resume` does
    if (this.#suspended) {
      this.#suspended = 'loading';
      return;
    }
    this.#enter('loading');
    this.#replace((signal) => this.#work(signal));
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
    else if (!['running', 'loading', 'suspended'].includes(this.#phase)) {
      this.configure(this.#settings);
    }
  }

  /** The iteration under way is finished; then the phase is `paused`. */
  pause(): void {
    this.#gate.close();
  }

  stepOnce(): void {
    if (this.#phase === 'paused' || this.#phase === 'running') this.#gate.stepOnce();
  }

  /** The device is gone: what runs ends, and all that is known is kept until `resume`. */
  suspend(): void {
    if (this.#phase === 'suspended') return;
    this.#suspended = this.#phase;
    this.#enter('suspended');
    this.#replace(() => Promise.resolve());
  }

  /** Goes on with another context: from the last iteration, and running if it ran. */
  resume(context: Context): void {
    this.suspend();
    const phase = this.#suspended!;
    this.#suspended = undefined;
    this.#context = context;
    // what has ended stays as it is; its digits come to the device with the next fit
    const goesOn = phase === 'failed' ? this.#isDeviceFault : !ENDS.has(phase);
    if (!goesOn) return this.#enter(phase);
    this.#enter('loading');
    if (this.#wanted) this.#replace((signal) => this.#work(signal));
  }

  async #work(signal: AbortSignal): Promise<void> {
    const dataset = await this.#load(signal);
    const last = this.#last;
    if (!last) this.#view.onStart();
    const done = last?.iteration ?? 0;
    const steps = BernoulliMixture.fitSteps(dataset, {
      ...this.#settings,
      tol: TOLERANCE,
      maxIter: MOST_ITERATIONS - done,
      ...(last && { warmStart: last.mixture }),
      context: this.#context,
      signal,
    });
    // leaving the loop, by whatever way, ends the generator and frees what it holds
    for await (const next of steps) {
      signal.throwIfAborted();
      // (the first one of a fit that goes on is the last one that is known)
      const isKnown = last !== undefined && next.iteration === 0;
      const step = isKnown ? last : { ...next, iteration: done + next.iteration };
      this.#last = step;
      if (!isKnown) this.#view.onStep(step);
      if (step.converged) return this.#enter('converged');
      this.#enter(this.#gate.isOpen ? 'running' : 'paused');
      await this.#gate.pass(signal, () => this.#enter('paused'));
    }
    this.#enter('exhausted');
  }

  /** The wanted digits on the device. What was there is kept until they are, then given back. */
  async #load(signal: AbortSignal): Promise<Dataset> {
    const former = this.#loaded;
    const data = this.#wanted ?? former?.data;
    if (!data) throw new Error('The session has no digits.');
    const context = this.#context;
    if (former?.data.train === data.train && former.context === context) return former.dataset;
    const { bits, nSamples, nFeatures } = data.train;
    const samples = { bits, nSamples, nFeatures };
    let dataset: Dataset;
    try {
      dataset = await createDataset(samples, { context, signal });
    } catch (error) {
      // digits that cannot be had are not wanted any more: Reset goes back to the former ones
      if (!signal.aborted && !isOfDevice(error)) this.#wanted = former?.data;
      throw error;
    }
    this.#loaded = { data, dataset, context };
    former?.dataset.dispose();
    return dataset;
  }

  #replace(work: (signal: AbortSignal) => Promise<void>): void {
    void this.#task.replace(unlessLeft(work));
  }

  /** A device that is lost is no fault of the fit's: it waits for another one. */
  #fail(error: unknown): void {
    if (isLoss(error, this.#context)) return this.suspend();
    this.#isDeviceFault = isDeviceFault(error);
    this.#enter('failed');
    this.#view.onError(error);
  }

  #enter(phase: DigitPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#view.onPhase(phase);
  }
}
