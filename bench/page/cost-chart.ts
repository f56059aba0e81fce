import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartLook } from '../../src/app/shared/chart-look.ts';
import { textScale } from '../../src/app/shared/text-scale.ts';
import { grouped, threeDigits } from '../format.ts';
import { sideOf, type Row } from '../result.ts';
import type { SideName } from '../sides.ts';
import type { Spread } from '../statistics.ts';
import { logTicks } from './log-ticks.ts';

/** CSS pixels at a text size of 16; bench.css keeps as much room. */
const HEIGHT = 240;
/** Told apart without colour, too; bench.css draws the legend alike. */
const DASHES: Record<SideName, number[]> = { cpu: [2, 4], threads: [8, 5], webgpu: [] };

/** What a chart's rows differ in. */
export type Axis = 'nSamples' | 'nFeatures' | 'nComponents';
const AXIS_NAMES: Record<Axis, string> = {
  nSamples: 'samples',
  nFeatures: 'features',
  nComponents: 'components',
};

/** Milliseconds per iteration over one of N, D and K, both axes logarithmic, medians with their quartiles. */
export class CostChart {
  readonly #host: HTMLElement;
  readonly #axis: Axis;
  #rows: readonly Row[] = [];
  #sides: readonly SideName[] = [];
  #names: Readonly<Record<SideName, string>> = { cpu: '', threads: '', webgpu: '' };
  #plot: uPlot | undefined;
  #scale = 1;

  constructor(host: HTMLElement, axis: Axis) {
    this.#host = host;
    this.#axis = axis;
    new ResizeObserver(() => {
      if (this.#scale !== textScale()) this.restyle();
      this.#plot?.setSize({ width: host.clientWidth, height: HEIGHT * this.#scale });
    }).observe(host);
  }

  /** @param rows that differ in this axis alone */
  show(
    rows: readonly Row[],
    sides: readonly SideName[],
    names: Readonly<Record<SideName, string>>,
  ): void {
    this.#rows = rows.toSorted((a, b) => a.shape[this.#axis] - b.shape[this.#axis]);
    this.#sides = sides;
    this.#names = names;
    this.#host.setAttribute('aria-label', this.#inWords());
    this.restyle();
  }

  /** Takes up the page's colours anew, after light turned to dark. */
  restyle(): void {
    this.#plot?.destroy();
    this.#plot = this.#rows.length > 0 ? this.#make() : undefined;
  }

  #spreads(side: SideName): (Spread | undefined)[] {
    return this.#rows.map((row) => sideOf(row, side)?.time?.milliseconds);
  }

  #inWords(): string {
    const lines = this.#sides.map((side) => {
      const values = this.#spreads(side).map((spread, i) =>
        spread === undefined
          ? 'none'
          : `${threeDigits(spread.median)} ms at ${grouped(this.#rows[i].shape[this.#axis])}`,
      );
      return `${this.#names[side]}: ${values.join(', ')}`;
    });
    return `Milliseconds per iteration over ${AXIS_NAMES[this.#axis]}. ${lines.join('. ')}`;
  }

  /** uPlot draws on a canvas, so colours and fonts come to it as values. */
  #make(): uPlot {
    const { scale, colour, axis } = chartLook();
    this.#scale = scale;
    const xs = this.#rows.map(({ shape }) => shape[this.#axis]);
    const all = this.#sides
      .flatMap((side) => this.#spreads(side))
      .filter((one) => one !== undefined);
    const range = (values: readonly number[]): [number, number] => [
      Math.min(...values) / 1.5,
      Math.max(...values) * 1.5,
    ];
    // a time of nothing or less (the clock's own doing) has no logarithm
    const ys = all.flatMap(({ lowerQuartile, upperQuartile, median }) =>
      [lowerQuartile, upperQuartile, median].filter((value) => value > 0),
    );
    const decades = logTicks(ys.length > 0 ? range(ys) : [1, 10]);
    return new uPlot(
      {
        width: this.#host.clientWidth,
        height: HEIGHT * scale,
        padding: [8 * scale, 12 * scale, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        scales: {
          x: { time: false, distr: 3, log: 10, range: range(xs) },
          y: { distr: 3, log: 10, range: ys.length > 0 ? range(ys) : [1, 10] },
        },
        axes: [
          {
            ...axis,
            size: 28 * scale,
            splits: () => xs,
            filter: (_plot, splits) => splits,
            values: (_plot, ticks) => ticks.map((tick) => grouped(tick)),
          },
          {
            ...axis,
            size: 58 * scale,
            splits: () => decades,
            filter: (_plot, splits) => splits,
            values: (_plot, ticks) => ticks.map(milliseconds),
          },
        ],
        series: [
          {},
          ...this.#sides.map((side): uPlot.Series => {
            const stroke = colour(`--side-${side}`);
            const points = { show: true, size: 7 * scale, fill: stroke };
            return { stroke, width: 2 * scale, dash: DASHES[side], points, spanGaps: true };
          }),
        ],
        hooks: { draw: [(plot) => this.#drawQuartiles(plot, colour)] },
      },
      [
        xs,
        ...this.#sides.map((side) =>
          this.#spreads(side).map((spread) => (spread && spread.median > 0 ? spread.median : null)),
        ),
      ],
      this.#host,
    );
  }

  #drawQuartiles(plot: uPlot, colour: (name: string) => string): void {
    const { ctx } = plot;
    ctx.save();
    ctx.lineWidth = 2 * devicePixelRatio;
    for (const side of this.#sides) {
      ctx.strokeStyle = colour(`--side-${side}`);
      this.#spreads(side).forEach((spread, i) => {
        if (spread === undefined || !(spread.lowerQuartile > 0)) return;
        const x = plot.valToPos(this.#rows[i].shape[this.#axis], 'x', true);
        const [low, high] = [spread.lowerQuartile, spread.upperQuartile].map((value) =>
          plot.valToPos(value, 'y', true),
        );
        ctx.beginPath();
        ctx.moveTo(x, low);
        ctx.lineTo(x, high);
        ctx.stroke();
      });
    }
    ctx.restore();
  }
}

function milliseconds(value: number): string {
  return value >= 1000 ? `${grouped(value / 1000)} s` : `${Number(value.toPrecision(3))} ms`;
}
