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
import type { ViewStore } from '../plot/view-state.ts';
import type { Comparison } from '../results/comparison.ts';
import type { ComparisonView } from '../results/comparison-view.ts';
import { ComponentTable } from '../results/component-table.ts';
import { degeneracies, scaleRemark } from '../results/degenerate.ts';
import type { Announcer } from '../shared/announcer.ts';
import { element, setText } from '../shared/elements.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import { BoundChart } from './bound-chart.ts';
import type { Controls } from './controls.ts';
import type { Frame } from './frame.ts';
import type { Phase } from './phases.ts';
import type { Progress } from './progress.ts';
import type { SessionView } from './session-view.ts';
import type { FitSettings } from './settings.ts';
import type { Position } from './timeline.ts';

export interface FitViewParts {
  view: ViewStore;
  controls: Controls;
  comparison: ComparisonView;
  progress: Progress;
  problems: ProblemPanel;
  announcer: Announcer;
  /** The chart was clicked at this iteration of this restart. */
  onSeek(restart: number, iteration: number): void;
}

/** Shows a session's curve, numbers and table; the picture is plot/picture.ts. */
export class FitView implements SessionView {
  readonly #parts: FitViewParts;
  readonly #dataNote = element('data-note', HTMLElement);
  readonly #chart: BoundChart;
  readonly #table = new ComponentTable(
    element('component-table', HTMLTableElement),
    element('component-note', HTMLElement),
  );
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  #diagnostics: Diagnostics | undefined;
  #scales: Pick<Dataset, 'columnScales' | 'constantColumns'> | undefined;
  #regCovar = 0;
  /** Sentences on the mixture that is diagnosed. */
  #remarks: readonly string[] = [];
  /** Whether one of the compared mixtures is shown, or an iteration on the way to it. */
  #isCompared = false;

  constructor(parts: FitViewParts) {
    this.#parts = parts;
    this.#chart = new BoundChart(element('curve', HTMLElement), {
      onSeek: (restart, iteration) => parts.onSeek(restart, iteration),
      onError: (error) => parts.problems.show('The chart could not be loaded', error),
    });
    parts.view.subscribe((state, before) => {
      if (state.dark === before.dark && state.palette === before.palette) return;
      this.#chart.restyle();
      this.#parts.comparison.restyle();
      this.#showTable();
    });
  }

  onData(dataset: Dataset, data: SourceData, again: boolean): void {
    if (again) return;
    this.#data = data;
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#parts.comparison.clear();
    this.#parts.progress.showData(dataset.nSamples);
    const constant = dataset.constantColumns.map((column) => data.featureNames[column]);
    const remark = constant.length > 0 ? `Constant: ${constant.join(', ')}.` : '';
    const remarks = [data.note, remark, scaleRemark(data, dataset)].filter(Boolean);
    setText(this.#dataNote, remarks.join(' '));
    const { columnScales, constantColumns } = dataset;
    this.#scales = { columnScales, constantColumns };
  }

  onStart(settings: FitSettings): void {
    this.#regCovar = settings.regCovar;
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#chart.showTolerance(settings.tol);
    this.#parts.controls.showSettings({ nComponents: settings.nComponents });
    this.#parts.progress.clear(settings.tol);
    this.#parts.problems.hide();
  }

  onPosition(position: Position): void {
    const { frame, history } = position;
    this.#isCompared =
      frame !== undefined && history.laneOf(frame).frames.at(-1)!.by === 'comparison';
    this.#parts.progress.showPosition(position);
    this.#parts.controls.showPosition(position);
    this.#chart.show(position);
    if (frame) this.#parts.controls.showSettings({ nComponents: frame.mixture.nComponents });
  }

  onFrame(frame: Frame): void {
    if (frame.mixture !== this.#mixture) this.#diagnostics = undefined;
    this.#mixture = frame.mixture;
    if (frame.by === 'comparison' || frame.by === 'file') {
      const { nComponents, covarianceType } = frame.mixture;
      this.#parts.controls.showSettings({ nComponents, covarianceType });
      this.#parts.progress.clear();
    }
    this.#parts.progress.showFrame(frame);
    this.#showTable();
    this.#describe();
  }

  onComparison(comparison: Comparison, settings: FitSettings): void {
    this.#parts.problems.hide();
    this.#parts.comparison.start(comparison, settings);
  }

  onTrialStep(step: FitStep<GaussianMixture>): void {
    this.#parts.comparison.showTrial(step);
  }

  onTrial({ candidate, done, total }: SelectionStep<GaussianMixture>): void {
    this.#parts.progress.showCompared(done, total);
    this.#parts.comparison.add(candidate);
    this.#describe();
  }

  onCompared(selection: Selection<GaussianMixture>): void {
    this.#parts.comparison.end(selection);
  }

  onDiagnosis(diagnostics: Diagnostics): void {
    this.#diagnostics = diagnostics;
    const [mixture, data] = [this.#mixture, this.#data];
    this.#remarks =
      mixture && data && this.#scales
        ? degeneracies(mixture, this.#regCovar, data, this.#scales)
        : [];
    this.#showTable();
  }

  onPhase(phase: Phase): void {
    this.#parts.comparison.showPhase(phase, this.#isCompared);
    this.#parts.controls.showPhase(phase);
    this.#parts.progress.showPhase(phase);
    // (the table of what was fitted before stays until there is something new)
    if (phase === 'failed') this.#showTable();
    this.#describe();
  }

  onError(error: unknown): void {
    const isComparison = (error as { code?: unknown }).code === 'NO_CANDIDATE';
    const title = isComparison ? 'There is nothing to compare' : 'The fit stopped';
    this.#parts.problems.show(title, error);
  }

  onRefused(error: MixtureError): void {
    // (the form may say what was refused)
    this.#parts.controls.showSettings({ nComponents: this.#mixture?.nComponents });
    this.#parts.problems.show('That change cannot be made', error);
  }

  #showTable(): void {
    const names = this.#data?.featureNames ?? [];
    const { dark } = this.#parts.view.value;
    this.#table.show(this.#mixture, this.#diagnostics, names, dark, this.#remarks);
  }

  /** The picture and the curve in words, and aloud now and then. */
  #describe(): void {
    const { summary } = this.#parts.progress;
    element('points', HTMLCanvasElement).setAttribute(
      'aria-label',
      `Scatter plot of the samples. ${summary}`,
    );
    this.#parts.announcer.say(summary);
  }
}
