import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartLook } from '../shared/chart-look.ts';
import { textScale } from '../shared/text-scale.ts';
import { boundAxis } from './bound-axis.ts';

/** CSS pixels at a text size of 16; page.css keeps as much room. */
const HEIGHT = 140;
/** Bounds closer than that are level to the eye. */
const LEAST_SPREAD = 1e-4;

/** The lower bound over the iterations of one fit. */
export class LikelihoodChart {
  readonly #host: HTMLElement;
  #iterations: number[] = [];
  #bounds: number[] = [];
  #plot: uPlot;
  #scale = 1;
  #axis = boundAxis([], LEAST_SPREAD);

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#plot = this.#make();
    this.#show();
    new ResizeObserver(() => {
      if (this.#scale !== textScale()) this.restyle();
      this.#plot.setSize({ width: host.clientWidth, height: HEIGHT * this.#scale });
    }).observe(host);
  }

  clear(): void {
    this.#iterations = [];
    this.#bounds = [];
    this.#show();
  }

  /** Adds one iteration; a bound that is not finite (none is known before the first) is left out. */
  push(iteration: number, lowerBound: number): void {
    if (!Number.isFinite(lowerBound)) return;
    this.#iterations.push(iteration);
    this.#bounds.push(lowerBound);
    this.#show();
  }

  /** The bounds of a whole fit, iterations 1, 2, ... */
  show(lowerBounds: ArrayLike<number>): void {
    this.#bounds = Array.from(lowerBounds);
    this.#iterations = this.#bounds.map((_, t) => t + 1);
    this.#show();
  }

  /** Takes up the page's colours anew, after light turned to dark. */
  restyle(): void {
    this.#plot.destroy();
    this.#plot = this.#make();
    this.#show();
  }

  #show(): void {
    this.#host.classList.toggle('empty', this.#iterations.length === 0);
    this.#axis = boundAxis(this.#bounds, LEAST_SPREAD);
    this.#plot.setData([this.#iterations, this.#bounds]);
  }

  /** uPlot draws on a canvas, so colours and fonts come to it as values. */
  #make(): uPlot {
    const { scale, colour, axis } = chartLook();
    this.#scale = scale;
    return new uPlot(
      {
        width: this.#host.clientWidth,
        height: HEIGHT * scale,
        padding: [8 * scale, 8 * scale, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: {
            time: false,
            range: (_plot, low, high) => [Math.min(low ?? 0, 1), Math.max(high ?? 0, 10)],
          },
          y: { range: () => this.#axis.range },
        },
        axes: [
          { ...axis, size: 28 * scale, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
          {
            ...axis,
            size: () => this.#axis.width * scale,
            splits: () => this.#axis.values,
            filter: (_plot, splits) => splits,
            values: () => this.#axis.labels,
          },
        ],
        series: [
          {},
          {
            stroke: colour('--accent'),
            width: 2 * scale,
            points: { show: true, size: 5 * scale, fill: colour('--accent') },
          },
        ],
      },
      [this.#iterations, this.#bounds],
      this.#host,
    );
  }
}
