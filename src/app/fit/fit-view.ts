import type {
  Context,
  Dataset,
  Diagnostics,
  FitStep,
  GaussianMixture,
  Selection,
  SelectionStep,
} from '../../index.ts';
import type { Announcer } from '../shared/announcer.ts';
import type { Comparison, FittedTrial } from '../results/comparison.ts';
import type { ComparisonView } from '../results/comparison-view.ts';
import { ComponentTable } from '../results/component-table.ts';
import type { Controls } from './controls.ts';
import type { SourceData } from '../data/data-sources.ts';
import { element, setText } from '../shared/elements.ts';
import type { FitSettings, Phase, SessionView } from './fit-session.ts';
import { count } from '../shared/format.ts';
import { LikelihoodChart } from './likelihood-chart.ts';
import { marginals } from '../plot/marginal.ts';
import { Overlay } from '../plot/overlay.ts';
import type { ProblemPanel } from '../shared/problem-panel.ts';
import type { Progress } from './progress.ts';
import type { Scatter } from '../plot/scatter.ts';
import { windowOf } from '../plot/view-window.ts';
import type { Axes, ViewWindow } from '../plot/view-window.ts';

export interface FitViewParts {
  context: Context;
  scatter: Scatter;
  controls: Controls;
  comparison: ComparisonView;
  progress: Progress;
  problems: ProblemPanel;
  announcer: Announcer;
}

/** How the components are drawn, by the number of features; 3 stands for more as well. */
const MARKS_NOTE = [
  '',
  'Heights are random, as there is one feature; the curves are the weighted densities.',
  'Ellipses at 1σ (solid) and 2σ (dashed).',
  'Ellipses at 1σ (solid) and 2σ (dashed) of the two features shown.',
];

/** Shows a session: the picture, the curve, the numbers and the table. */
export class FitView implements SessionView {
  readonly #parts: FitViewParts;
  readonly #canvas = element('points', HTMLCanvasElement);
  readonly #curveHost = element('curve', HTMLElement);
  readonly #dataNote = element('data-note', HTMLElement);
  readonly #drawnNote = element('drawn', HTMLElement);
  readonly #marksNote = element('marks-note', HTMLElement);
  readonly #overlay = new Overlay(element('overlay', SVGSVGElement));
  readonly #chart = new LikelihoodChart(this.#curveHost);
  readonly #table = new ComponentTable(
    element('component-table', HTMLTableElement),
    element('component-note', HTMLElement),
  );
  readonly #darkMode = window.matchMedia('(prefers-color-scheme: dark)');
  #data: SourceData | undefined;
  #mixture: GaussianMixture | undefined;
  #diagnostics: Diagnostics | undefined;
  #axes: Axes = { x: 0, y: 1 };
  #window: ViewWindow = { x: { low: 0, high: 1 }, y: { low: 0, high: 1 } };

  constructor(parts: FitViewParts) {
    this.#parts = parts;
    new ResizeObserver(() => this.#draw()).observe(element('plot', HTMLElement));
    this.#darkMode.addEventListener('change', () => {
      this.#chart.restyle();
      this.#parts.comparison.restyle();
      this.#draw();
      this.#showTable();
    });
  }

  onData(dataset: Dataset, data: SourceData): void {
    this.#data = data;
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#parts.comparison.clear();
    this.#parts.controls.listFeatures(data.featureNames);
    this.#parts.progress.showData(dataset.nSamples);
    this.#parts.scatter.setData(dataset, data);
    const constant = dataset.constantColumns.map((column) => data.featureNames[column]);
    const remark = constant.length > 0 ? `Constant: ${constant.join(', ')}.` : '';
    setText(this.#dataNote, `${data.note} ${remark}`.trim());
    const { nDrawn } = this.#parts.scatter;
    setText(
      this.#drawnNote,
      nDrawn === dataset.nSamples
        ? `All ${count(nDrawn)} samples are drawn.`
        : `${count(nDrawn)} of ${count(dataset.nSamples)} samples are drawn; all are fitted.`,
    );
    setText(this.#marksNote, MARKS_NOTE[Math.min(3, dataset.nFeatures)]);
    this.showAxes(this.#parts.controls.axes);
  }

  onStart(): void {
    this.#mixture = undefined;
    this.#diagnostics = undefined;
    this.#chart.clear();
    this.#parts.progress.clear();
    this.#parts.problems.hide();
  }

  async onStep(step: FitStep<GaussianMixture>): Promise<void> {
    await this.#parts.scatter.label(step.mixture);
    this.#mixture = step.mixture;
    this.#chart.push(step.iteration, step.lowerBound);
    this.#parts.progress.showStep(step);
    this.#showMixture();
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

  async onChosen({ mixture }: FittedTrial): Promise<void> {
    await this.#parts.scatter.label(mixture);
    this.#mixture = mixture;
    this.#diagnostics = undefined;
    this.#parts.controls.showComponents(mixture.nComponents);
    this.#chart.show(mixture.lowerBounds);
    this.#parts.progress.showChosen(mixture);
    this.#showMixture();
  }

  #showMixture(): void {
    this.#draw();
    this.#showTable();
    this.#describe();
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

  showAxes(axes: Axes): void {
    if (!this.#data) return;
    this.#axes = axes;
    this.#window = windowOf(this.#data, axes);
    this.#draw();
  }

  #draw(): void {
    if (!this.#data) return;
    const { x, y } = this.#axes;
    const dark = this.#darkMode.matches;
    const mixture = this.#mixture;
    this.#parts.scatter.draw({ axes: this.#axes, window: this.#window, dark });
    this.#overlay.draw({
      window: this.#window,
      xName: this.#data.featureNames[x],
      yName: y === undefined ? undefined : this.#data.featureNames[y],
      components: mixture ? marginals(mixture, x, y ?? x) : [],
      dark,
    });
  }

  #showTable(): void {
    const names = this.#data?.featureNames ?? [];
    this.#table.show(this.#mixture, this.#diagnostics, names, this.#darkMode.matches);
  }

  /** The picture and the curve in words, and aloud now and then. */
  #describe(): void {
    const { summary } = this.#parts.progress;
    this.#canvas.setAttribute('aria-label', `Scatter plot of the samples. ${summary}`);
    this.#curveHost.setAttribute('aria-label', `Curve of the lower bound. ${summary}`);
    this.#parts.announcer.say(summary);
  }
}
