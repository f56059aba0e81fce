import { MOST_ITERATIONS } from './digits-session.ts';
import type { DigitPhase as Phase, DigitStep } from './digits-session.ts';
import { element, setText } from '../shared/elements.ts';
import { count, measured, median, plural } from '../shared/format.ts';
import { LikelihoodChart } from '../fit/likelihood-chart.ts';

const RECENT = 15;

/** The numbers and the curve of the fit, and the sentences that say the same. All but the iteration are per digit. */
export class DigitProgress {
  readonly #status = element('status', HTMLElement);
  readonly #iteration = element('iteration', HTMLElement);
  readonly #bound = element('lower-bound', HTMLElement);
  readonly #logLikelihood = element('log-likelihood', HTMLElement);
  readonly #logPrior = element('log-prior', HTMLElement);
  readonly #change = element('change', HTMLElement);
  readonly #milliseconds = element('milliseconds', HTMLElement);
  readonly #headline = element('headline', HTMLElement);
  readonly #curve = element('curve', HTMLElement);
  readonly #chart = new LikelihoodChart(this.#curve);
  #times: number[] = [];
  #last: DigitStep | undefined;
  #nSamples = 0;
  #phase: Phase = 'loading';
  #adapter = '';

  /** What the fit runs on from now on, for the headline. */
  showAdapter(adapter: string): void {
    this.#adapter = adapter;
    // (an iteration took another time on the former one)
    this.#times = [];
    this.#showState();
  }

  clear(nSamples: number): void {
    this.#nSamples = nSamples;
    this.#times = [];
    this.#last = undefined;
    this.#chart.clear();
    for (const field of [
      this.#iteration,
      this.#bound,
      this.#logLikelihood,
      this.#logPrior,
      this.#change,
      this.#milliseconds,
    ]) {
      setText(field, '–');
    }
  }

  showStep(step: DigitStep): void {
    this.#last = step;
    this.#chart.push(step.iteration, step.lowerBound);
    setText(this.#iteration, count(step.iteration));
    setText(this.#bound, nats(step.lowerBound));
    setText(this.#logLikelihood, nats(step.logLikelihood / this.#nSamples));
    setText(this.#logPrior, nats(step.logPrior / this.#nSamples));
    setText(this.#change, gain(step.change));
    // the start is not an iteration: it may hold the compilation of the shaders
    if (step.iteration > 0) this.#times = [...this.#times, step.milliseconds].slice(-RECENT);
    setText(this.#milliseconds, this.#time ?? '–');
    this.#showState();
  }

  showPhase(phase: Phase): void {
    this.#phase = phase;
    this.#showState();
  }

  /** The curve takes up the page's colours anew, after light turned to dark. */
  restyle(): void {
    this.#chart.restyle();
  }

  /** The whole state in a sentence, for those who do not see the pictures. */
  get summary(): string {
    if (!this.#last) return this.#state;
    const { iteration, lowerBound, mixture } = this.#last;
    const value = Number.isFinite(lowerBound) ? `, lower bound ${nats(lowerBound)}` : '';
    return `${this.#state}. Iteration ${iteration}${value}, ${plural(mixture.nComponents, 'component')}, ${plural(this.#nSamples, 'digit')}.`;
  }

  /** "Converged after 14 iterations" */
  get #state(): string {
    switch (this.#phase) {
      case 'loading':
        return 'Loading';
      case 'running':
        return 'Fitting';
      case 'paused':
        return this.#last && this.#last.iteration > 0 ? 'Stopped' : 'At the start';
      case 'converged':
        return `Converged after ${plural(this.#last?.iteration ?? 0, 'iteration')}`;
      case 'exhausted':
        return `Ended after ${count(MOST_ITERATIONS)} iterations, still gaining`;
      case 'suspended':
        return 'Waiting for a device';
      case 'failed':
        return 'Stopped by an error';
    }
  }

  get #time(): string | undefined {
    return this.#times.length === 0 ? undefined : measured(median(this.#times));
  }

  #showState(): void {
    setText(this.#status, this.#state);
    this.#curve.setAttribute('aria-label', `Curve of the lower bound. ${this.summary}`);
    if (!this.#last) return setText(this.#headline, this.#state);
    const parts = [
      plural(this.#nSamples, 'digit'),
      plural(this.#last.mixture.nComponents, 'component'),
      ...(this.#time === undefined ? [] : [`${this.#time} an iteration`]),
      this.#adapter,
    ];
    setText(this.#headline, parts.join(', '));
  }
}

/** Three decimals, so that the digits stand still while they move. */
function nats(value: number): string {
  return Number.isFinite(value) ? value.toFixed(3).replace('-', '−') : '–';
}

/** "+0.042": the same decimals, with its sign. */
function gain(value: number): string {
  return value > 0 ? `+${nats(value)}` : nats(value);
}
