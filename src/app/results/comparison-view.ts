import type { FitStep, GaussianMixture, Selection } from '../../index.ts';
import { CandidateTable } from './candidate-table.ts';
import { bestTrial, CRITERIA, criterionText, edgeOf } from './comparison.ts';
import type { Comparison, Criterion, FittedTrial, Trial } from './comparison.ts';
import { CriterionChart } from './criterion-chart.ts';
import { element, setText } from '../shared/elements.ts';
import type { Phase } from '../fit/phases.ts';
import type { FitSettings } from '../fit/settings.ts';
import { plural } from '../shared/format.ts';
import { translated } from '../shared/glossary.ts';

export interface ComparisonHandlers {
  onCompare(comparison: Comparison): void;
  onCancel(): void;
  /** Show this one's mixture. */
  onPick(trial: FittedTrial): void;
  onError(error: unknown): void;
  /** Why a size could not be fitted, in the page's words. */
  inWords(error: Error): string;
}

/** Before anything is compared. */
const WHAT =
  'Fits a mixture of every size from k-means++ starts and draws the criteria over it: the lowest is the best. A click on the curve shows that mixture.';

/** "How many components?": what to compare, the curve as it grows, the same in a table, and which one is shown. */
export class ComparisonView {
  readonly #handlers: ComparisonHandlers;
  readonly #form = element('comparison', HTMLFormElement);
  readonly #from = element('from', HTMLInputElement);
  readonly #to = element('to', HTMLInputElement);
  readonly #starts = element('starts', HTMLInputElement);
  readonly #criterion = element('criterion', HTMLSelectElement);
  readonly #button = element('compare', HTMLButtonElement);
  readonly #results = element('comparison-results', HTMLElement);
  readonly #note = element('comparison-note', HTMLElement);
  readonly #chart = new CriterionChart(element('criterion-chart', HTMLElement), (trial) =>
    this.#pick(trial, true),
  );
  readonly #table = new CandidateTable(
    element('candidate-table', HTMLTableElement),
    (trial) => this.#pick(trial, true),
    (error) => this.#handlers.inWords(error),
  );
  #comparison: Comparison | undefined;
  #model = '';
  #trials: Trial[] = [];
  #picked: FittedTrial | undefined;
  /** Whether the user picked by hand: then nothing else is shown unasked. */
  #byHand = false;
  /** The size that a link asks for. */
  #wanted: number | undefined;
  #isRunning = false;
  #remarks: string[] = [];

  constructor(handlers: ComparisonHandlers) {
    this.#handlers = handlers;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (this.#isRunning) handlers.onCancel();
      else handlers.onCompare(this.asked);
    });
    for (const field of [this.#from, this.#to]) {
      field.addEventListener('input', () => this.#checkRange());
    }
    this.#criterion.addEventListener('change', () => this.#changeCriterion());
  }

  /** Other samples: what was compared says nothing of them. */
  clear(): void {
    this.#comparison = undefined;
    this.#trials = [];
    this.#results.hidden = true;
    setText(this.#note, WHAT);
  }

  start(comparison: Comparison, { covarianceType, seed }: FitSettings): void {
    this.#comparison = { ...comparison, criterion: this.#chosenCriterion };
    this.#model = `${covarianceType} covariance, ${comparison.nInit === 1 ? 'one k-means++ start' : `the best of ${comparison.nInit} k-means++ starts`}, seed ${seed}`;
    this.#trials = [];
    this.#picked = undefined;
    this.#byHand = false;
    this.#remarks = [];
    this.#table.clear();
    this.#results.hidden = false;
    this.#chart.load().catch((error: unknown) => this.#handlers.onError(error));
    this.#show();
  }

  add(trial: Trial): void {
    this.#trials.push(trial);
    this.#table.add(trial);
    if (trial.error === undefined && trial.nComponents === this.#wanted) {
      this.#wanted = undefined;
      return this.#pick(trial, true);
    }
    const best = bestTrial(this.#trials, this.#chosenCriterion);
    if (best && !this.#byHand && best !== this.#picked) this.#pick(best, false);
    else this.#show();
  }

  showTrial({ mixture, restart, iteration }: FitStep<GaussianMixture>): void {
    if (!this.#comparison) return;
    const { from, to, nInit } = this.#comparison;
    const start = nInit > 1 ? ` of start ${restart + 1}` : '';
    setText(
      this.#note,
      `${this.#trials.length} of ${to - from + 1} done. ${plural(mixture.nComponents, 'component')}: iteration ${iteration}${start}.`,
    );
  }

  end({ warnings }: Selection<GaussianMixture>): void {
    // the edge of the range depends on the criterion, which may change afterwards
    this.#remarks = warnings
      .filter(({ code }) => code !== 'K_AT_EDGE' && code !== 'CANDIDATES_FAILED')
      .map(({ message }) => translated(message));
    this.#describe();
  }

  /** @param isCompared whether what is shown is one of these mixtures, or an iteration of it */
  showPhase(phase: Phase, isCompared: boolean): void {
    const wasRunning = this.#isRunning;
    this.#isRunning = phase === 'comparing';
    this.#button.textContent = this.#isRunning ? 'Cancel' : 'Compare';
    if (wasRunning && !this.#isRunning) this.#describe();
    // a fit of its own is shown now
    if (!isCompared && (phase === 'running' || phase === 'paused')) {
      this.#picked = undefined;
      this.#show();
    }
  }

  restyle(): void {
    this.#chart.restyle();
  }

  get #chosenCriterion(): Criterion {
    return this.#criterion.value as Criterion;
  }

  /** As the form says. */
  get asked(): Comparison {
    return {
      from: this.#from.valueAsNumber,
      to: this.#to.valueAsNumber,
      nInit: this.#starts.valueAsNumber,
      criterion: this.#chosenCriterion,
    };
  }

  /** As it says by itself. */
  get usual(): Comparison {
    const [from, to, nInit] = [this.#from, this.#to, this.#starts].map(({ defaultValue }) =>
      Number(defaultValue),
    );
    return { from, to, nInit, criterion: 'bic' };
  }

  /** Fills the form. */
  ask({ from, to, nInit, criterion }: Comparison): void {
    this.#from.value = String(from);
    this.#to.value = String(to);
    this.#starts.value = String(nInit);
    this.#criterion.value = criterion;
    this.#checkRange();
  }

  /** Compares as the form says; this size is shown, as if it had been picked. */
  run(nComponents: number): void {
    this.#wanted = nComponents;
    this.#handlers.onCompare(this.asked);
  }

  #checkRange(): void {
    const isRange = !(this.#to.valueAsNumber <= this.#from.valueAsNumber);
    this.#to.setCustomValidity(isRange ? '' : `Give a number above ${this.#from.value}.`);
  }

  #changeCriterion(): void {
    if (!this.#comparison) return;
    this.#comparison = { ...this.#comparison, criterion: this.#chosenCriterion };
    const best = bestTrial(this.#trials, this.#chosenCriterion);
    if (best && best !== this.#picked) this.#pick(best, false);
    else this.#show();
  }

  #pick(trial: FittedTrial, byHand: boolean): void {
    this.#byHand ||= byHand;
    this.#picked = trial;
    this.#show();
    this.#handlers.onPick(trial);
  }

  #show(): void {
    if (!this.#comparison) return;
    const { criterion } = this.#comparison;
    const best = bestTrial(this.#trials, criterion);
    this.#chart.show(this.#comparison, this.#trials, this.#picked);
    this.#table.mark(best, this.#picked);
    for (const name of CRITERIA) {
      element(`legend-${name}`, HTMLElement).classList.toggle('chosen', name === criterion);
    }
    if (!this.#isRunning) this.#describe();
  }

  /** The outcome in words. */
  #describe(): void {
    if (!this.#comparison) return;
    const { from, to, criterion } = this.#comparison;
    const best = bestTrial(this.#trials, criterion);
    const total = to - from + 1;
    const edge = best && this.#trials.length === total ? edgeOf(best, this.#comparison) : undefined;
    const sentences = [
      best
        ? `${plural(best.nComponents, 'component')} ${best.nComponents === 1 ? 'has' : 'have'} the lowest ${criterion.toUpperCase()}, ${criterionText(best[criterion])} (${this.#model}).`
        : '',
      this.#trials.length < total ? `Stopped after ${this.#trials.length} of ${total}.` : '',
      edge
        ? `That is the ${edge} number that was tried: ${edge === 'largest' ? 'more' : 'fewer'} may be better.`
        : '',
      ...this.#remarks,
    ];
    setText(this.#note, sentences.filter(Boolean).join(' '));
  }
}
