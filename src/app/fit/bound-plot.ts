import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { chartLook } from '../shared/chart-look.ts';
import { textScale } from '../shared/text-scale.ts';
import { boundAxis, power, powers } from './bound-axis.ts';
import { make } from './form-parts.ts';
import type { Frame } from './frame.ts';
import type { Lane } from './history.ts';
import type { Position } from './timeline.ts';

/** CSS pixels at a text size of 16; bound-chart.css keeps as much room. */
const HEIGHTS = { bound: 150, change: 96 };
/** CSS pixels within which a click takes another restart's curve. */
const REACH = 14;
/** Changes below this are rounding, and would stretch the scale for nothing. */
const LEAST_CHANGE = 1e-12;

/** Two panels over the same iterations. A click or drag on either seeks. */
export class BoundPlot {
  readonly #host: HTMLElement;
  readonly #onSeek: (restart: number, iteration: number) => void;
  readonly #caption = make('p', { class: 'panel-caption' }, 'Change, log scale; dashed: tolerance');
  #panels: { bound: uPlot; change: uPlot } | undefined;
  #nLanes = 0;
  #position: Position | undefined;
  #lanes: readonly Lane[] = [];
  #tol = 0;
  #most = 10;
  #axis = boundAxis([], LEAST_CHANGE);
  #scale = 1;

  constructor(host: HTMLElement, onSeek: (restart: number, iteration: number) => void) {
    this.#host = host;
    this.#onSeek = onSeek;
    new ResizeObserver(() => {
      if (this.#panels && this.#scale !== textScale()) this.restyle();
      const width = host.clientWidth;
      this.#panels?.bound.setSize({ width, height: HEIGHTS.bound * this.#scale });
      this.#panels?.change.setSize({ width, height: HEIGHTS.change * this.#scale });
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
    const { width } = this.#axis;
    const { bound, change } = this.#data();
    this.#panels.bound.setData(bound);
    this.#panels.change.setData(change);
    if (this.#axis.width !== width) this.#panels.change.redraw(false, true);
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
    this.#axis = boundAxis(
      this.#lanes.flatMap(({ points }) => points.map(({ lowerBound }) => lowerBound)),
      // a change of the tolerance is a tenth of the height at most
      Math.max(10 * this.#tol, LEAST_CHANGE),
    );
    const bounds = this.#lanes.map((lane) => spread(lane, ({ lowerBound }) => lowerBound));
    const shown = spread(this.#shown, ({ lowerBound }) => lowerBound);
    const changes = spread(this.#shown, ({ change }) => (change > LEAST_CHANGE ? change : null));
    return { bound: [iterations, ...bounds, shown], change: [iterations, changes] };
  }

  #make(): { bound: uPlot; change: uPlot } {
    const { scale, colour, axis } = chartLook();
    this.#scale = scale;
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
          height: HEIGHTS.bound * scale,
          padding: [8 * scale, 8 * scale, 0, 0],
          scales: { x, y: { range: () => this.#axis.range } },
          axes: [
            { ...axis, size: 6 * scale, incrs, values: () => [] },
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
            ...this.#lanes.map(() => ({
              stroke: colour('--muted'),
              alpha: 0.55,
              width: 1,
              points: { show: false },
            })),
            {
              stroke: accent,
              width: 2.25 * scale,
              points: { show: this.#most <= 40, size: 5 * scale, fill: accent },
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
          height: HEIGHTS.change * scale,
          padding: [10 * scale, 8 * scale, 0, 0],
          scales: { x, y: { distr: 3, range: (_plot, low, high) => this.#changes(low, high) } },
          axes: [
            { ...axis, size: 26 * scale, incrs },
            {
              ...axis,
              // under the panel above
              size: () => this.#axis.width * scale,
              splits: (_plot, _axis, low, high) => powers(low, high),
              filter: (_plot, ticks) => ticks,
              values: (_plot, ticks) => ticks.map(power),
            },
          ],
          series: [
            {},
            {
              stroke: accent,
              width: 1.5 * scale,
              points: { show: true, size: 4 * scale, fill: accent },
            },
          ],
          hooks: {
            draw: [
              (plot) => {
                this.#mark(plot, ink, undefined);
                this.#drawTolerance(plot, colour('--muted'));
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
    const ratio = devicePixelRatio * this.#scale;
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

  #drawTolerance(plot: uPlot, muted: string): void {
    if (!(this.#tol > 0)) return;
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio * this.#scale;
    const y = plot.valToPos(this.#tol, 'y', true);
    ctx.save();
    ctx.strokeStyle = muted;
    ctx.lineWidth = ratio;
    ctx.setLineDash([6 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
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
      return distance <= REACH * this.#scale ? [{ restart, distance }] : [];
    });
    return near.sort((a, b) => a.distance - b.distance)[0]?.restart;
  }
}
