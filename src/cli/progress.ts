import type { TextSink } from './io.ts';
import type { Progress } from './job.ts';
import { significant } from './text.ts';

const REDRAW_MILLISECONDS = 80;
const ERASE_LINE = '\r\u001b[K';

/** One line on a terminal that is written over; nothing at all in a pipe. */
export class ProgressLine {
  readonly #sink: TextSink;
  readonly #restarts: number;
  /** Whether anything is shown at all. */
  readonly isOn: boolean;
  #drawnAt = -Infinity;

  constructor(sink: TextSink, restarts: number, quiet: boolean) {
    this.#sink = sink;
    this.#restarts = restarts;
    this.isOn = sink.isTTY === true && !quiet;
  }

  /** Says what happens before the first iteration, or after the last. */
  say(text: string): void {
    if (this.isOn) this.#draw(text);
  }

  /** Restarts count from 0 in the library and from 1 on the screen. */
  show({ candidate, restart, iteration, lowerBound, change }: Progress): void {
    const now = performance.now();
    if (!this.isOn || now - this.#drawnAt < REDRAW_MILLISECONDS) return;
    this.#drawnAt = now;
    const parts = [
      ...(candidate ? [`${candidate.index + 1}/${candidate.total}`, candidate.name] : []),
      ...(this.#restarts > 1 ? [`restart ${restart + 1}/${this.#restarts}`] : []),
      `iteration ${iteration}`,
      `lower bound ${significant(lowerBound)}`,
      ...(Number.isFinite(change) ? [`change ${change.toExponential(1)}`] : []),
    ];
    this.#draw(parts.join('  '));
  }

  /** Leaves the line empty for what is printed next. */
  clear(): void {
    if (this.isOn) this.#sink.write(ERASE_LINE);
  }

  #draw(text: string): void {
    // A line longer than the terminal would wrap, and "\r" could not go back over it. (Some terminals
    // say that they have 0 columns.)
    this.#sink.write(ERASE_LINE + text.slice(0, (this.#sink.columns || 80) - 1));
  }
}
