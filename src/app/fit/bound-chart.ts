import { oncePerFrame } from '../shared/once-per-frame.ts';
import { bound, gain, plural } from '../shared/format.ts';
import type { BoundPlot } from './bound-plot.ts';
import type { Position } from './timeline.ts';
import './bound-chart.css';

export interface BoundChartHandlers {
  onSeek(restart: number, iteration: number): void;
  onError(error: unknown): void;
}

/** The lower bound of every restart over the iterations and, on a log scale, its change; both are drawn once a screen at most. */
export class BoundChart {
  readonly #host: HTMLElement;
  readonly #handlers: BoundChartHandlers;
  #plot: BoundPlot | undefined;
  #isLoading = false;
  #position: Position | undefined;
  #tol = 0;
  readonly #drawSoon = oncePerFrame<void>(() => this.#draw());

  constructor(host: HTMLElement, handlers: BoundChartHandlers) {
    this.#host = host;
    this.#handlers = handlers;
    host.classList.add('empty');
  }

  show(position: Position): void {
    this.#position = position;
    this.#drawSoon();
  }

  /** Where the lower panel draws its line. */
  showTolerance(tol: number): void {
    this.#tol = tol;
    this.#drawSoon();
  }

  /** Takes up the page's colours anew, after light turned to dark. */
  restyle(): void {
    this.#plot?.restyle();
  }

  #draw(): void {
    const position = this.#position;
    const isEmpty =
      !position?.frame || position.history.lanes.every(({ points }) => points.length === 0);
    this.#host.classList.toggle('empty', isEmpty);
    this.#host.setAttribute('aria-label', this.#words);
    if (!position) return;
    if (this.#plot) this.#plot.show(position, this.#tol);
    // the chart comes after the picture: neither the first paint nor the first iteration waits for it
    else if (!this.#isLoading && !isEmpty)
      this.#load().catch((error: unknown) => this.#handlers.onError(error));
  }

  async #load(): Promise<void> {
    this.#isLoading = true;
    const { BoundPlot } = await import('./bound-plot.ts');
    this.#plot = new BoundPlot(this.#host, (restart, iteration) =>
      this.#handlers.onSeek(restart, iteration),
    );
    this.#drawSoon();
  }

  /** What the curves show. */
  get #words(): string {
    const { history, frame } = this.#position ?? {};
    const points = frame && history ? history.laneOf(frame).points : [];
    if (!frame || !history || points.length === 0)
      return 'Curve of the lower bound: no iteration yet';
    const [first, last] = [points[0], points.at(-1)!];
    const { frames } = history.laneOf(frame);
    const edits = frames.filter(({ by }) => by === 'edit').map(({ iteration }) => iteration);
    const falls = points.filter(({ change }) => change < -1e-9).length;
    return [
      `Curve of the lower bound: from ${bound(first.lowerBound)} at iteration ${first.iteration} to ${bound(last.lowerBound)} at iteration ${last.iteration}, last change ${gain(last.change)}.`,
      `Shown: iteration ${frame.iteration}.`,
      history.lanes.length > 1
        ? `Restart ${frame.restart + 1} of ${history.lanes.length}; the best is ${(history.best ?? 0) + 1}.`
        : '',
      edits.length > 0 ? `Changed by hand at ${edits.join(', ')}.` : '',
      falls > 0 ? `It falls in ${plural(falls, 'iteration')}.` : '',
    ]
      .filter(Boolean)
      .join(' ');
  }
}
