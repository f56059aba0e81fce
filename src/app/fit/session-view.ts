import type {
  Dataset,
  Diagnostics,
  GaussianMixture,
  Selection,
  SelectionStep,
} from '../../index.ts';
import type { FitStep } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { FitSettings, Phase } from './fit-session.ts';
import type { Frame } from './frame.ts';

/** What a session tells of itself. A part of the page listens to as much of it as it shows. */
export interface SessionView {
  /** New samples are on the device. The former data set is disposed of right after. */
  onData(dataset: Dataset, data: SourceData): void;
  /** A fit begins anew: no frame yet. */
  onStart(): void;
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
  /** This one of the compared mixtures is shown from now on; its frame was. */
  onChosen(trial: FittedTrial): void;
  onPhase(phase: Phase): void;
  onError(error: unknown): void;
}

/** Tells every listener, in order. */
export class Broadcast implements SessionView {
  readonly #listeners: Partial<SessionView>[] = [];

  add(...listeners: Partial<SessionView>[]): void {
    this.#listeners.push(...listeners);
  }

  onData(dataset: Dataset, data: SourceData): void {
    for (const listener of this.#listeners) listener.onData?.(dataset, data);
  }

  onStart(): void {
    for (const listener of this.#listeners) listener.onStart?.();
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

  onChosen(trial: FittedTrial): void {
    for (const listener of this.#listeners) listener.onChosen?.(trial);
  }

  onPhase(phase: Phase): void {
    for (const listener of this.#listeners) listener.onPhase?.(phase);
  }

  onError(error: unknown): void {
    for (const listener of this.#listeners) listener.onError?.(error);
  }
}
