import type uPlot from 'uplot';
import { CRITERIA, criterionText, fittedTrials } from './comparison.ts';
import type { Comparison, Criterion, FittedTrial, Trial } from './comparison.ts';
import { chartLook } from '../shared/chart-look.ts';
import { count } from '../shared/format.ts';
import { textScale } from '../shared/text-scale.ts';

/** CSS pixels at a text size of 16; page.css keeps as much room. */
const HEIGHT = 230;
/** Dashes of BIC, AIC and ICL where they are not the criterion; page.css draws the legend alike. */
const DASHES: Record<Criterion, number[]> = { bic: [], aic: [7, 4], icl: [2, 3] };

/**
 * The three criteria over the number of components. A point is picked by a click, or as on a slider by the arrow keys, Home
 * and End.
 */
export class CriterionChart {
  readonly #host: HTMLElement;
  readonly #onPick: (trial: FittedTrial) => void;
  #comparison: Comparison = { from: 1, to: 2, nInit: 1, criterion: 'bic' };
  #trials: readonly Trial[] = [];
  #picked: FittedTrial | undefined;
  /** Loaded when there is something to draw first. */
  #uPlot: typeof uPlot | undefined;
  #plot: uPlot | undefined;
  #scale = 1;

  constructor(host: HTMLElement, onPick: (trial: FittedTrial) => void) {
    this.#host = host;
    this.#onPick = onPick;
    new ResizeObserver(() => {
      if (this.#scale !== textScale()) this.restyle();
      this.#plot?.setSize({ width: host.clientWidth, height: HEIGHT * this.#scale });
    }).observe(host);
    host.addEventListener('click', (event) => this.#pickNear(event));
    host.addEventListener('keydown', (event) => this.#pickByKey(event));
  }

  /** @param picked the one that the picture shows */
  show(comparison: Comparison, trials: readonly Trial[], picked: FittedTrial | undefined): void {
    this.#trials = trials.toSorted((a, b) => a.nComponents - b.nComponents);
    this.#picked = picked;
    if (comparison === this.#comparison && this.#plot) this.#plot.setData(this.#data());
    else {
      this.#comparison = comparison;
      this.restyle();
    }
    const shown = picked?.nComponents ?? comparison.from;
    const text = picked
      ? `${shown}, ${comparison.criterion.toUpperCase()} ${criterionText(picked[comparison.criterion])}`
      : String(shown);
    for (const [name, value] of [
      ['min', comparison.from],
      ['max', comparison.to],
      ['now', shown],
      ['text', text],
    ] as const) {
      this.#host.setAttribute(`aria-value${name}`, String(value));
    }
  }

  /** Takes up the page's colours anew, after light turned to dark. */
  restyle(): void {
    this.#plot?.destroy();
    this.#plot = this.#uPlot && this.#make(this.#uPlot);
  }

  /** Fetches the package of charts, and draws. @throws what a network throws */
  async load(): Promise<void> {
    if (this.#uPlot) return;
    const [{ default: Plot }] = await Promise.all([
      import('uplot'),
      import('uplot/dist/uPlot.min.css'),
    ]);
    this.#uPlot = Plot;
    this.restyle();
  }

  #pickNear({ clientX }: MouseEvent): void {
    if (!this.#plot) return;
    const { left } = this.#plot.over.getBoundingClientRect();
    const at = this.#plot.posToVal(clientX - left, 'x');
    const distance = (trial: FittedTrial) => Math.abs(trial.nComponents - at);
    const [nearest] = this.#fitted.toSorted((a, b) => distance(a) - distance(b));
    if (nearest) this.#onPick(nearest);
  }

  #pickByKey(event: KeyboardEvent): void {
    const fitted = this.#fitted;
    const now = this.#picked ? fitted.indexOf(this.#picked) : -1;
    const to: Record<string, number> = {
      ArrowRight: now + 1,
      ArrowUp: now + 1,
      ArrowLeft: now - 1,
      ArrowDown: now - 1,
      Home: 0,
      End: fitted.length - 1,
    };
    const index = to[event.key];
    if (index === undefined) return;
    event.preventDefault();
    const trial = fitted[Math.max(0, Math.min(fitted.length - 1, index))];
    if (trial && trial !== this.#picked) this.#onPick(trial);
  }

  get #fitted(): FittedTrial[] {
    return fittedTrials(this.#trials);
  }

  #data(): uPlot.AlignedData {
    const criteria = CRITERIA.map((name) => this.#trials.map((trial) => trial[name] ?? null));
    const { criterion } = this.#comparison;
    const picked = this.#trials.map((trial) =>
      trial === this.#picked ? (trial[criterion] ?? null) : null,
    );
    return [this.#trials.map(({ nComponents }) => nComponents), ...criteria, picked];
  }

  /** uPlot draws on a canvas, so colours and fonts come to it as values. */
  #make(Plot: typeof uPlot): uPlot {
    const { scale, colour, axis } = chartLook();
    this.#scale = scale;
    const { from, to, criterion } = this.#comparison;
    const line = (name: Criterion): uPlot.Series => {
      const stroke = colour(name === criterion ? '--accent' : '--muted');
      return name === criterion
        ? { stroke, width: 2.5 * scale, points: { show: true, size: 7 * scale, fill: stroke } }
        : {
            stroke,
            width: 1.25 * scale,
            dash: DASHES[name],
            points: { show: true, size: 4 * scale, fill: stroke },
          };
    };
    return new Plot(
      {
        width: this.#host.clientWidth,
        height: HEIGHT * scale,
        padding: [8 * scale, 8 * scale, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
        scales: { x: { time: false, range: [from - 0.35, to + 0.35] } },
        axes: [
          { ...axis, size: 26 * scale, space: 24 * scale, incrs: [1, 2, 5, 10, 20] },
          { ...axis, size: 74 * scale, values: (_plot, ticks) => ticks.map(tick) },
        ],
        series: [
          {},
          ...CRITERIA.map(line),
          {
            points: {
              show: true,
              size: 15 * scale,
              width: 2.5 * scale,
              stroke: colour('--ink'),
              fill: 'transparent',
            },
          },
        ],
      },
      this.#data(),
      this.#host,
    );
  }
}

function tick(value: number | null): string {
  return value === null ? '' : count(value).replace('-', '−');
}
