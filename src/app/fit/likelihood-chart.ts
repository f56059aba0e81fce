import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** CSS pixels; page.css keeps as much room. */
const HEIGHT = 140;

/** The lower bound over the iterations of one fit. */
export class LikelihoodChart {
  readonly #host: HTMLElement;
  #iterations: number[] = [];
  #bounds: number[] = [];
  #plot: uPlot;

  constructor(host: HTMLElement) {
    this.#host = host;
    this.#plot = this.#make();
    this.#show();
    new ResizeObserver(() => {
      this.#plot.setSize({ width: host.clientWidth, height: HEIGHT });
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
    this.#plot.setData([this.#iterations, this.#bounds]);
  }

  /** uPlot draws on a canvas, so colours and fonts come to it as values. */
  #make(): uPlot {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis: uPlot.Axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font,
    };
    return new uPlot(
      {
        width: this.#host.clientWidth,
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: {
            time: false,
            range: (_plot, low, high) => [Math.min(low ?? 0, 1), Math.max(high ?? 0, 10)],
          },
        },
        axes: [
          { ...axis, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000] },
          { ...axis, size: 62, values: (_plot, ticks) => ticks.map(tick) },
        ],
        series: [
          {},
          {
            stroke: colour('--accent'),
            width: 2,
            points: { show: true, size: 5, fill: colour('--accent') },
          },
        ],
      },
      [this.#iterations, this.#bounds],
      this.#host,
    );
  }
}

function tick(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(6))).replace('-', '−');
}
