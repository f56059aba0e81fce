import type {
  Dataset,
  Diagnostics,
  FitStep,
  GaussianMixture,
  MixtureError,
  Selection,
  SelectionStep,
} from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Comparison } from '../results/comparison.ts';
import type { Frame } from './frame.ts';
import type { Phase } from './phases.ts';
import type { FitSettings } from './settings.ts';
import type { Position } from './timeline.ts';

/** What a session tells of itself. A part of the page listens to as much of it as it shows. */
export interface SessionView {
  /**
   * Samples are on the device. The former data set is disposed of right after.
   * @param again they are those that were there, after another device took over: what is looked at, and how, stays
   */
  onData(dataset: Dataset, data: SourceData, again: boolean): void;
  /** A fit begins anew: no frame yet. */
  onStart(settings: FitSettings): void;
  /** Frames were added or forgotten, or another one is to be shown; often, so what it costs must be little. */
  onPosition(position: Position): void;
  /** This frame is to be shown; the next iteration waits until this settles. */
  onFrame(frame: Frame): Promise<void> | void;
  /** The fit has ended, and this is what it is worth. */
  onDiagnosis(diagnostics: Diagnostics): void;
  /** A comparison begins anew: nothing is compared yet. */
  onComparison(comparison: Comparison, settings: FitSettings): void;
  /** An iteration of a mixture that will be compared. */
  onTrialStep(step: FitStep<GaussianMixture>): void;
  /** One more mixture is compared. */
  onTrial(step: SelectionStep<GaussianMixture>): void;
  /** All are. */
  onCompared(selection: Selection<GaussianMixture>): void;
  onPhase(phase: Phase): void;
  onError(error: unknown): void;
  /** A change by hand that cannot be made; all stays as it was. */
  onRefused(error: MixtureError): void;
}

/** Tells every listener, in order. */
export class Broadcast implements SessionView {
  #listeners: readonly Partial<SessionView>[] = [];

  add(...listeners: Partial<SessionView>[]): void {
    this.#listeners = [...this.#listeners, ...listeners];
  }

  /** Tells these no more. */
  remove(...listeners: Partial<SessionView>[]): void {
    this.#listeners = this.#listeners.filter((listener) => !listeners.includes(listener));
  }

  /** Tells another one in its turn: a new picture, say, before those that look at what it shows. */
  replace(former: Partial<SessionView>, listener: Partial<SessionView>): void {
    this.#listeners = this.#listeners.map((one) => (one === former ? listener : one));
  }

  onData(dataset: Dataset, data: SourceData, again: boolean): void {
    for (const listener of this.#listeners) listener.onData?.(dataset, data, again);
  }

  onStart(settings: FitSettings): void {
    for (const listener of this.#listeners) listener.onStart?.(settings);
  }

  onPosition(position: Position): void {
    for (const listener of this.#listeners) listener.onPosition?.(position);
  }

  async onFrame(frame: Frame): Promise<void> {
    for (const listener of this.#listeners) await listener.onFrame?.(frame);
  }

  onDiagnosis(diagnostics: Diagnostics): void {
    for (const listener of this.#listeners) listener.onDiagnosis?.(diagnostics);
  }

  onComparison(comparison: Comparison, settings: FitSettings): void {
    for (const listener of this.#listeners) listener.onComparison?.(comparison, settings);
  }

  onTrialStep(step: FitStep<GaussianMixture>): void {
    for (const listener of this.#listeners) listener.onTrialStep?.(step);
  }

  onTrial(step: SelectionStep<GaussianMixture>): void {
    for (const listener of this.#listeners) listener.onTrial?.(step);
  }

  onCompared(selection: Selection<GaussianMixture>): void {
    for (const listener of this.#listeners) listener.onCompared?.(selection);
  }

  onPhase(phase: Phase): void {
    for (const listener of this.#listeners) listener.onPhase?.(phase);
  }

  onError(error: unknown): void {
    for (const listener of this.#listeners) listener.onError?.(error);
  }

  onRefused(error: MixtureError): void {
    for (const listener of this.#listeners) listener.onRefused?.(error);
  }
}
