import type { FitTimings } from '../../index.ts';
import { element, setText } from '../shared/elements.ts';
import { bound, count, duration, gain, median, plural } from '../shared/format.ts';
import { MOST_ITERATIONS, TOLERANCE } from './fit-session.ts';
import type { Phase } from './fit-session.ts';
import type { Frame } from './frame.ts';

const RECENT = 15;

/** The numbers of the fit, and the sentences that say the same. */
export class Progress {
  readonly #status = element('status', HTMLElement);
  readonly #iteration = element('iteration', HTMLElement);
  readonly #bound = element('lower-bound', HTMLElement);
  readonly #change = element('change', HTMLElement);
  readonly #milliseconds = element('milliseconds', HTMLElement);
  readonly #first = element('first-iteration', HTMLElement);
  readonly #headline = element('headline', HTMLElement);
  #times: number[] = [];
  #last: Frame | undefined;
  #nSamples = 0;
  #phase: Phase = 'loading';
  /** "3 of 8" */
  #compared = '';
  readonly #adapter: string;

  /** @param adapter what the fit runs on, for the headline */
  constructor(adapter: string) {
    this.#adapter = adapter;
  }

  showData(nSamples: number): void {
    this.#nSamples = nSamples;
  }

  clear(): void {
    this.#times = [];
    this.#last = undefined;
    const fields = [this.#iteration, this.#bound, this.#change, this.#milliseconds, this.#first];
    for (const field of fields) setText(field, '–');
  }

  showFrame(step: Frame): void {
    this.#last = step;
    setText(this.#iteration, count(step.iteration));
    setText(this.#bound, bound(step.lowerBound));
    setText(this.#change, gain(step.change));
    // the start is not an iteration: it may hold the compilation of the shaders
    if (step.iteration > 0 && step.milliseconds > 0)
      this.#times = [...this.#times, step.milliseconds].slice(-RECENT);
    setText(this.#milliseconds, this.#time ?? '–');
    const { timings } = step.mixture;
    if (step.iteration === 1 && timings) setText(this.#first, firstIteration(timings));
    setText(this.#status, this.status);
    this.#showHeadline();
  }

  showCompared(done: number, total: number): void {
    this.#compared = `${done} of ${total}`;
    setText(this.#status, this.status);
    this.#showHeadline();
  }

  showPhase(phase: Phase): void {
    this.#phase = phase;
    if (phase !== 'comparing') this.#compared = '';
    setText(this.#status, this.status);
    this.#showHeadline();
  }

  /** "Converged after 14 iterations" */
  get status(): string {
    const iterations = plural(this.#last?.iteration ?? 0, 'iteration');
    switch (this.#phase) {
      case 'loading':
        return 'Loading';
      case 'running':
        return 'Running';
      case 'paused':
        return this.#last && this.#last.iteration > 0 ? 'Paused' : 'At the start';
      case 'converged':
        return `Converged after ${iterations}`;
      case 'exhausted':
        return `Stopped at ${count(MOST_ITERATIONS)} iterations, gain still above ${TOLERANCE}`;
      case 'comparing':
        return this.#compared === '' ? 'Comparing' : `Comparing, ${this.#compared} done`;
      case 'chosen':
        return `From the comparison, ${this.#last?.converged ? 'converged' : 'stopped'} after ${iterations}`;
      case 'failed':
        return 'Stopped by an error';
    }
  }

  /** The whole state in a sentence, for those who do not see the picture. */
  get summary(): string {
    if (!this.#last) return this.status;
    const { iteration, lowerBound, mixture } = this.#last;
    const value = Number.isFinite(lowerBound) ? `, lower bound ${bound(lowerBound)}` : '';
    return `${this.status}. Iteration ${iteration}${value}, ${plural(mixture.nComponents, 'component')}, ${plural(this.#nSamples, 'sample')}.`;
  }

  get #time(): string | undefined {
    return this.#times.length === 0 ? undefined : duration(median(this.#times));
  }

  #showHeadline(): void {
    if (!this.#last) return setText(this.#headline, this.status);
    const parts = [
      plural(this.#nSamples, 'sample'),
      plural(this.#last.mixture.nComponents, 'component'),
      ...(this.#time === undefined ? [] : [`${this.#time} an iteration`]),
      this.#adapter,
    ];
    setText(this.#headline, parts.join(', '));
  }
}

/** "412 ms (kernels 130 ms, start 220 ms)" */
function firstIteration({ check, upload, compile, init, total }: FitTimings): string {
  const parts = Object.entries({ samples: check, upload, kernels: compile, start: init })
    .filter(([, milliseconds]) => milliseconds >= 1)
    .map(([name, milliseconds]) => `${name} ${duration(milliseconds)}`);
  return `${duration(total)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}
