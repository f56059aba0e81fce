import type {
  Dataset,
  Diagnostics,
  GaussianMixture,
  Selection,
  SelectionStep,
} from '../../index.ts';
import type { FitStep } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { ViewStore } from '../plot/view-state.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { ComparisonView } from '../results/comparison-view.ts';
import { ComponentTable } from '../results/component-table.ts';
import type { Announcer } from '../shared/announcer.ts';
import { element, setText } from '../shared/elements.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import type { Controls } from './controls.ts';
import type { FitSettings, Phase } from './fit-session.ts';
import type { Frame } from './frame.ts';
import { LikelihoodChart } from './likelihood-chart.ts';
import type { Progress } from './progress.ts';
import type { SessionView } from './session-view.ts';

export interface FitViewParts {
  view: ViewStore;
  controls: Controls;
  comparison: ComparisonView;
  progress: Progress;
  problems: ProblemPanel;
  announcer: Announcer;
}

/** Shows a session's curve, numbers and table; the picture is plot/picture.ts. */
export class FitView implements SessionView {
  readonly #parts: FitViewParts;
  readonly #canvas = element('points', HTMLCanvasElement);
  readonly #curveHost = element('curve', HTMLElement);
  readonly #dataNote = element('data-note', HTMLElement);
  readonly #chart = new LikelihoodChart(this.#curveHost);
  readonly #table = new ComponentTable(
    element('component-table', HTMLTableElement),
    element('component-note', HTMLElement),
  );
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  #diagnostics: Diagnostics | undefined;

  constructor(parts: FitViewParts) {
    this.#parts = parts;
    parts.view.subscribe((state, before) => {
      if (state.dark === before.dark && state.palette === before.palette) return;
      this.#chart.restyle();
      this.#parts.comparison.restyle();
      this.#showTable();
    });
  }

  onData(dataset: Dataset, data: SourceData): void {
    this.#data = data;
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#parts.comparison.clear();
    this.#parts.progress.showData(dataset.nSamples);
    const constant = dataset.constantColumns.map((column) => data.featureNames[column]);
    const remark = constant.length > 0 ? `Constant: ${constant.join(', ')}.` : '';
    setText(this.#dataNote, `${data.note} ${remark}`.trim());
  }

  onStart(): void {
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#chart.clear();
    this.#parts.progress.clear();
    this.#parts.problems.hide();
  }

  onFrame(frame: Frame): void {
    this.#mixture = frame.mixture;
    if (frame.by === 'comparison') {
      this.#diagnostics = undefined;
      this.#chart.show(frame.mixture.lowerBounds);
      this.#parts.progress.clear();
    } else {
      this.#chart.push(frame.iteration, frame.lowerBound);
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

  onChosen({ mixture }: FittedTrial): void {
    this.#parts.controls.showComponents(mixture.nComponents);
  }

  onDiagnosis(diagnostics: Diagnostics): void {
    this.#diagnostics = diagnostics;
    this.#showTable();
  }

  onPhase(phase: Phase): void {
    this.#parts.comparison.showPhase(phase);
    this.#parts.controls.showPhase(phase);
    this.#parts.progress.showPhase(phase);
    this.#describe();
  }

  onError(error: unknown): void {
    this.#parts.problems.show('The fit stopped', error);
  }

  #showTable(): void {
    const names = this.#data?.featureNames ?? [];
    this.#table.show(this.#mixture, this.#diagnostics, names, this.#parts.view.value.dark);
  }

  /** The picture and the curve in words, and aloud now and then. */
  #describe(): void {
    const { summary } = this.#parts.progress;
    this.#canvas.setAttribute('aria-label', `Scatter plot of the samples. ${summary}`);
    this.#curveHost.setAttribute('aria-label', `Curve of the lower bound. ${summary}`);
    this.#parts.announcer.say(summary);
  }
}
