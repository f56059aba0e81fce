import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { make } from './form-parts.ts';
import type { Frame } from './frame.ts';
import type { Lane } from './history.ts';
import type { Position } from './timeline.ts';

/** CSS pixels; bound-chart.css keeps as much room. */
const HEIGHTS = { bound: 150, change: 96 };
const AXIS_WIDTH = 62;
/** CSS pixels within which a click takes another restart's curve. */
const REACH = 14;
/** Intervals between labels of the lower panel. */
const MOST_POWERS = 3;
/** Changes below this are rounding, and would stretch the scale for nothing. */
const LEAST_CHANGE = 1e-12;

/** Two panels over the same iterations. A click or drag on either seeks. */
export class BoundPlot {
  readonly #host: HTMLElement;
  readonly #onSeek: (restart: number, iteration: number) => void;
  readonly #caption = make('p', { class: 'panel-caption' }, 'Change per iteration, on a log scale');
  #panels: { bound: uPlot; change: uPlot } | undefined;
  #nLanes = 0;
  #position: Position | undefined;
  #lanes: readonly Lane[] = [];
  #tol = 0;
  #most = 10;

  constructor(host: HTMLElement, onSeek: (restart: number, iteration: number) => void) {
    this.#host = host;
    this.#onSeek = onSeek;
    new ResizeObserver(() => {
      const width = host.clientWidth;
      this.#panels?.bound.setSize({ width, height: HEIGHTS.bound });
      this.#panels?.change.setSize({ width, height: HEIGHTS.change });
    }).observe(host);
  }

  show(position: Position, tol: number): void {
    this.#position = position;
    this.#lanes = position.history.lanes;
    this.#tol = tol;
    if (!this.#panels || this.#lanes.length !== this.#nLanes) {
      this.restyle();
      return;
    }
    const { bound, change } = this.#data();
    this.#panels.bound.setData(bound);
    this.#panels.change.setData(change);
  }

  /** Takes up the page's colours anew, and as many curves as there are. */
  restyle(): void {
    this.#panels?.bound.destroy();
    this.#panels?.change.destroy();
    this.#caption.remove();
    this.#nLanes = this.#lanes.length;
    this.#panels = this.#make();
  }

  get #frame(): Frame | undefined {
    return this.#position?.frame;
  }

  get #shown(): Lane | undefined {
    return this.#lanes.find(({ restart }) => restart === this.#frame?.restart);
  }

  /** Iterations 1, 2, ...; the bound of every restart, and that of the one shown once more; its changes where they are positive. */
  #data(): { bound: uPlot.AlignedData; change: uPlot.AlignedData } {
    const ends = this.#lanes.flatMap(({ points, frames }) => [
      points.at(-1)?.iteration ?? 0,
      frames.at(-1)?.iteration ?? 0,
    ]);
    this.#most = Math.max(10, ...ends);
    const iterations = Array.from({ length: Math.max(1, ...ends) }, (_, t) => t + 1);
    const spread = (
      lane: Lane | undefined,
      valueOf: (point: Lane['points'][number]) => number | null,
    ) => {
      const row = new Array<number | null>(iterations.length).fill(null);
      for (const point of lane?.points ?? []) row[point.iteration - 1] = valueOf(point);
      return row;
    };
    const bounds = this.#lanes.map((lane) => spread(lane, ({ lowerBound }) => lowerBound));
    const shown = spread(this.#shown, ({ lowerBound }) => lowerBound);
    const changes = spread(this.#shown, ({ change }) => (change > LEAST_CHANGE ? change : null));
    return { bound: [iterations, ...bounds, shown], change: [iterations, changes] };
  }

  #make(): { bound: uPlot; change: uPlot } {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const axis: uPlot.Axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font,
    };
    const common = {
      width: this.#host.clientWidth,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
    } satisfies Partial<uPlot.Options>;
    const x: uPlot.Scale = { time: false, range: () => [1, this.#most] };
    const incrs = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
    const accent = colour('--accent');
    const ink = colour('--ink');
    const { bound, change } = this.#data();
    const panels = {
      bound: new uPlot(
        {
          ...common,
          height: HEIGHTS.bound,
          padding: [8, 8, 0, 0],
          scales: { x },
          axes: [
            { ...axis, size: 6, incrs, values: () => [] },
            { ...axis, size: AXIS_WIDTH, space: 28, values: (_plot, ticks) => ticks.map(tick) },
          ],
          series: [
            {},
            ...this.#lanes.map(() => ({
              stroke: colour('--muted'),
              alpha: 0.55,
              width: 1,
              points: { show: false },
            })),
            {
              stroke: accent,
              width: 2.25,
              points: { show: this.#most <= 40, size: 5, fill: accent },
            },
          ],
          hooks: { draw: [(plot) => this.#mark(plot, ink, accent)] },
        },
        bound,
        this.#host,
      ),
      change: new uPlot(
        {
          ...common,
          height: HEIGHTS.change,
          padding: [10, 8, 0, 0],
          scales: { x, y: { distr: 3, range: (_plot, low, high) => this.#changes(low, high) } },
          axes: [
            { ...axis, size: 26, incrs },
            {
              ...axis,
              size: AXIS_WIDTH,
              splits: (_plot, _axis, low, high) => powers(low, high),
              filter: (_plot, ticks) => ticks,
              values: (_plot, ticks) => ticks.map(power),
            },
          ],
          series: [
            {},
            { stroke: accent, width: 1.5, points: { show: true, size: 4, fill: accent } },
          ],
          hooks: {
            draw: [
              (plot) => {
                this.#mark(plot, ink, undefined);
                this.#drawTolerance(plot, colour('--muted'), font);
              },
            ],
          },
        },
        change,
        this.#host,
      ),
    };
    panels.bound.root.after(this.#caption);
    for (const panel of [panels.bound, panels.change]) this.#listen(panel, panel === panels.bound);
    return panels;
  }

  /** Whole powers of ten with the tolerance among them. */
  #changes(low: number | null, high: number | null): [number, number] {
    const least = this.#tol > 0 ? Math.min(this.#tol, low ?? this.#tol) : (low ?? 1e-6);
    const most = Math.max(high ?? 1, 10 * least);
    return [10 ** Math.floor(Math.log10(least)), 10 ** Math.ceil(Math.log10(most))];
  }

  /** The iteration that is shown, and dashed where something was changed by hand. */
  #mark(plot: uPlot, ink: string, dot: string | undefined): void {
    const frame = this.#frame;
    if (!frame) return;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const place = (iteration: number) => plot.valToPos(Math.max(1, iteration), 'x', true);
    const line = (iteration: number, dash: number[]) => {
      ctx.setLineDash(dash.map((length) => length * ratio));
      ctx.beginPath();
      ctx.moveTo(place(iteration), bbox.top);
      ctx.lineTo(place(iteration), bbox.top + bbox.height);
      ctx.stroke();
    };
    ctx.save();
    ctx.strokeStyle = ink;
    ctx.lineWidth = ratio;
    ctx.globalAlpha = 0.6;
    for (const { by, iteration } of this.#shown?.frames ?? []) {
      if (by === 'edit') line(iteration, [2, 3]);
    }
    ctx.globalAlpha = 1;
    line(frame.iteration, []);
    if (dot !== undefined && Number.isFinite(frame.lowerBound)) {
      ctx.setLineDash([]);
      ctx.fillStyle = dot;
      ctx.beginPath();
      ctx.arc(
        place(frame.iteration),
        plot.valToPos(frame.lowerBound, 'y', true),
        5 * ratio,
        0,
        2 * Math.PI,
      );
      ctx.fill();
      ctx.stroke();
    }
    ctx.restore();
  }

  #drawTolerance(plot: uPlot, muted: string, font: string): void {
    if (!(this.#tol > 0)) return;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const y = plot.valToPos(this.#tol, 'y', true);
    ctx.save();
    ctx.strokeStyle = muted;
    ctx.fillStyle = muted;
    ctx.lineWidth = ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = font.replace('12px', `${11 * ratio}px`);
    ctx.textAlign = 'right';
    ctx.textBaseline = 'bottom';
    ctx.fillText('tol', bbox.left + bbox.width - 4 * ratio, y - 2 * ratio);
    ctx.restore();
  }

  /** @param hasLanes whether other restarts' curves are drawn there */
  #listen(plot: uPlot, hasLanes: boolean): void {
    const { over } = plot;
    over.style.touchAction = 'pan-y';
    over.style.cursor = 'pointer';
    let restart: number | undefined;
    const seek = (event: PointerEvent) => {
      const { left } = over.getBoundingClientRect();
      const at = plot.posToVal(event.clientX - left, 'x');
      if (restart !== undefined) this.#onSeek(restart, Math.round(at));
    };
    over.addEventListener('pointerdown', (event) => {
      restart = (hasLanes ? this.#laneNear(plot, event) : undefined) ?? this.#frame?.restart;
      over.setPointerCapture(event.pointerId);
      seek(event);
    });
    over.addEventListener('pointermove', (event) => {
      if (over.hasPointerCapture(event.pointerId)) seek(event);
    });
  }

  /** The restart whose curve passes nearest, within reach. */
  #laneNear(plot: uPlot, { clientX, clientY }: PointerEvent): number | undefined {
    const { left, top } = plot.over.getBoundingClientRect();
    const iteration = Math.round(plot.posToVal(clientX - left, 'x'));
    const near = this.#lanes.flatMap(({ restart, points }) => {
      const point = points.find((one) => one.iteration === iteration);
      if (!point) return [];
      const distance = Math.abs(plot.valToPos(point.lowerBound, 'y') - (clientY - top));
      return distance <= REACH ? [{ restart, distance }] : [];
    });
    return near.sort((a, b) => a.distance - b.distance)[0]?.restart;
  }
}

function tick(value: number | null): string {
  return value === null ? '' : String(Number(value.toPrecision(6))).replace('-', '−');
}

/** Powers of ten, every so many that the panel has room for them. */
function powers(low: number, high: number): number[] {
  const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  const every = Math.max(1, Math.ceil((last - first) / MOST_POWERS));
  return Array.from(
    { length: Math.floor((last - first) / every) + 1 },
    (_, i) => 10 ** (first + i * every),
  );
}

/** "1e−5" */
function power(value: number | null): string {
  return value === null ? '' : `1e${String(Math.round(Math.log10(value))).replace('-', '−')}`;
}
