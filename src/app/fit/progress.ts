import type { FitTimings } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { element, setText } from '../shared/elements.ts';
import { bound, count, gain, measured, plural } from '../shared/format.ts';
import type { Frame } from './frame.ts';
import type { Phase } from './phases.ts';
import { TOLERANCE } from './settings.ts';
import type { Position } from './timeline.ts';

/** The numbers of the fit, and the sentences that say the same. */
export class Progress {
  readonly #status = element('status', HTMLElement);
  readonly #iteration = element('iteration', HTMLElement);
  readonly #bound = element('lower-bound', HTMLElement);
  readonly #change = element('change', HTMLElement);
  readonly #milliseconds = element('milliseconds', HTMLElement);
  readonly #first = element('first-iteration', HTMLElement);
  readonly #headline = element('headline', HTMLElement);
  /** Milliseconds of an iteration, as text. */
  #time: string | undefined;
  #last: Frame | undefined;
  #position: Position | undefined;
  #tol: number = TOLERANCE;
  #nSamples = 0;
  #phase: Phase = 'loading';
  /** "3 of 8" */
  #compared = '';
  #adapter = '';
  /** What is being read, and what a fit begins of, until there is an iteration. */
  #reading: string | undefined;
  #loading: string | undefined;
  readonly #inWords: (error: Error) => string;

  /** @param inWords why a restart ended, in the page's words */
  constructor(inWords: (error: Error) => string) {
    this.#inWords = inWords;
  }

  /** What the fit runs on from now on, for the headline. */
  showAdapter(adapter: string): void {
    this.#adapter = adapter;
    this.#showHeadline();
  }

  /** @param title such as "Reading flowers"; undefined when that has ended */
  showReading(title: string | undefined): void {
    this.#reading = title;
    this.#showHeadline();
  }

  /** These samples are about to be fitted. */
  showLoading({ name, samples }: SourceData): void {
    this.#reading = undefined;
    this.#loading = `Loading ${plural(samples.nSamples, 'sample')} of ${name}`;
  }

  showData(nSamples: number): void {
    this.#nSamples = nSamples;
  }

  showPosition(position: Position): void {
    this.#position = position;
  }

  /** @param tol of the fit that begins */
  clear(tol = this.#tol): void {
    this.#tol = tol;
    this.#time = undefined;
    this.#last = undefined;
    const fields = [this.#iteration, this.#bound, this.#change, this.#milliseconds, this.#first];
    for (const field of fields) setText(field, '–');
  }

  showFrame(step: Frame): void {
    this.#last = step;
    setText(this.#iteration, count(step.iteration));
    setText(this.#bound, bound(step.lowerBound));
    setText(this.#change, gain(step.change));
    const time = this.#position?.history.milliseconds(step);
    this.#time = time === undefined ? undefined : measured(time);
    setText(this.#milliseconds, this.#time ?? '–');
    const { timings } = step.mixture;
    // (of the fit's first iterations, at full speed, this may be the first that is drawn)
    if (timings && this.#first.textContent === '–') setText(this.#first, firstIteration(timings));
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
        if (this.#last?.by === 'edit') return 'Paused after a change by hand';
        return this.#last && this.#last.iteration > 0 ? 'Paused' : 'At the start';
      case 'converged':
        return `Converged after ${iterations}${this.#restarts}`;
      case 'exhausted':
        return `${this.#ending}${this.#restarts}`;
      case 'suspended':
        return 'Waiting for a device';
      case 'comparing':
        return this.#compared === '' ? 'Comparing' : `Comparing, ${this.#compared} done`;
      case 'chosen':
        if (this.#last?.by === 'file') return 'A model from a file';
        return `From the comparison, ${this.#last?.converged ? 'converged' : 'stopped'} after ${iterations}`;
      case 'failed':
        return 'Stopped by an error';
    }
  }

  /** The whole state in a sentence, for those who do not see the picture. */
  get summary(): string {
    if (!this.#last) return this.status;
    const { iteration, lowerBound, mixture } = this.#last;
    if (this.#phase === 'loading') {
      return `${plural(this.#nSamples, 'sample')} are there; the fit of ${plural(mixture.nComponents, 'component')} begins.`;
    }
    const value = Number.isFinite(lowerBound) ? `, lower bound ${bound(lowerBound)}` : '';
    return `${this.status}. Iteration ${iteration}${value}, ${plural(mixture.nComponents, 'component')}, ${plural(this.#nSamples, 'sample')}.`;
  }

  /** How a restart ended that did not converge. */
  get #ending(): string {
    const { history, frame } = this.#position ?? {};
    const error = frame && history?.laneOf(frame).error;
    if (error) return this.#inWords(error);
    return `Stopped at ${plural(this.#last?.iteration ?? 0, 'iteration')}, gain still above ${this.#tol}`;
  }

  /** ", best of 10: restart 3" */
  get #restarts(): string {
    const { history, frame } = this.#position ?? {};
    const count = history?.lanes.length ?? 0;
    if (!history || !frame || count < 2) return '';
    const best = (history.best ?? 0) + 1;
    return frame.restart + 1 === best
      ? `, best of ${count}: restart ${best}`
      : `, restart ${frame.restart + 1} of ${count} (the best: ${best})`;
  }

  /** The device; but the CPU where the fit had to go there (missing entries with whole covariances). */
  get #where(): string {
    const info = this.#last?.mixture.contextInfo;
    return info?.backend === 'cpu' && !this.#adapter.startsWith('CPU') ? 'CPU' : this.#adapter;
  }

  #showHeadline(): void {
    const begun = this.#reading ?? (this.#phase === 'loading' ? this.#loading : undefined);
    if (begun !== undefined) return setText(this.#headline, begun);
    if (!this.#last) return setText(this.#headline, this.status);
    const parts = [
      plural(this.#nSamples, 'sample'),
      plural(this.#last.mixture.nComponents, 'component'),
      ...(this.#time === undefined ? [] : [`${this.#time} an iteration`]),
      this.#where,
    ];
    setText(this.#headline, parts.join(', '));
  }
}

/** "412 ms (kernels 130 ms, start 220 ms)" */
function firstIteration({ check, upload, compile, init, total }: FitTimings): string {
  const parts = Object.entries({ samples: check, upload, kernels: compile, start: init })
    .filter(([, milliseconds]) => milliseconds >= 1)
    .map(([name, milliseconds]) => `${name} ${measured(milliseconds)}`);
  return `${measured(total)}${parts.length > 0 ? ` (${parts.join(', ')})` : ''}`;
}
