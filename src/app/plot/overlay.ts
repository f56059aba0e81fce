import { svg } from '../shared/svg.ts';
import { drawnSize } from '../shared/text-scale.ts';
import { resolved } from '../shared/format.ts';
import { axisMarks } from './axis-marks.ts';
import { change, ComponentMark, fixed } from './component-marks.ts';
import type { Standing } from './component-marks.ts';
import { freedomOf } from './component-edit.ts';
import { handlePlaces, Handles } from './handles.ts';
import type { Marginal } from './marginal.ts';
import { placeOf } from './pick.ts';
import type { PlotMap, Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import type { ViewState } from './view-state.ts';

/** CSS pixels of the disc with a component's number; of this many and more, a smaller one. */
const DISC = { few: 11, many: 8.5, from: 25 };

/** Axes, ellipses and numbers over the samples, as SVG: sharp at any zoom and styled by plot.css. */
export class Overlay {
  readonly #svg: SVGSVGElement;
  readonly #area = svg('rect');
  #axes = svg('g');
  readonly #shapes = svg('g');
  readonly #badges = svg('g');
  /** The number that stands out, once more over all the others. */
  readonly #raised = svg('g', { 'aria-hidden': 'true' });
  readonly #extras = svg('g', { 'aria-hidden': 'true' });
  readonly #handles = new Handles();
  readonly #marks: ComponentMark[] = [];
  #drawnAxes: readonly unknown[] = [];

  constructor(host: SVGSVGElement) {
    this.#svg = host;
    host.replaceChildren(
      svg('clipPath', { id: 'plot-area' }, [this.#area]),
      this.#axes,
      svg('g', { 'clip-path': 'url(#plot-area)' }, [
        this.#shapes,
        this.#extras,
        this.#badges,
        this.#raised,
        this.#handles.group,
      ]),
    );
  }

  draw(scene: PlotScene): void {
    const { width, height } = drawnSize(scene.plot);
    const state = scene.view.value;
    const { map } = scene;
    this.#drawAxes(state, map, width, height);
    this.#drawComponents(scene, state);
    this.#extras.replaceChildren(...sampleRing(scene, map), ...startMarks(scene, map));
  }

  /** Ticks are made anew only where they changed: EM moves ellipses, not axes. */
  #drawAxes({ window, projection }: ViewState, map: PlotMap, width: number, height: number): void {
    const drawn = [window, projection, width, height];
    if (drawn.every((value, i) => value === this.#drawnAxes[i])) return;
    this.#drawnAxes = drawn;
    change(this.#svg, { viewBox: `0 0 ${width} ${height}` });
    change(this.#area, {
      x: String(map.left),
      y: String(map.top),
      width: String(map.right - map.left),
      height: String(map.bottom - map.top),
    });
    const axes = axisMarks(window, projection.xName, projection.yName, map);
    this.#axes.replaceWith(axes);
    this.#axes = axes;
  }

  #drawComponents(scene: PlotScene, { highlighted, projection }: ViewState): void {
    const { marginals } = scene;
    const marks = scene.marks;
    while (this.#marks.length > marginals.length) this.#marks.pop()!.remove();
    while (this.#marks.length < marginals.length) {
      const mark = new ComponentMark(this.#marks.length);
      this.#marks.push(mark);
      this.#shapes.append(mark.shape);
      this.#badges.append(mark.badge);
    }
    const radius = marginals.length < DISC.from ? DISC.few : DISC.many;
    const size = radius === DISC.few ? 'numbers' : 'numbers many';
    change(this.#badges, { class: size });
    change(this.#raised, { class: `raised ${size}` });
    const tabStop = Math.min(scene.tabStop, marginals.length - 1);
    marginals.forEach((marginal, k) => {
      const standing: Standing =
        highlighted === undefined ? 'plain' : highlighted === k ? 'strong' : 'dim';
      const mark = this.#marks[k];
      mark.show(marginal, marks, standing, wordsFor(marginal, scene.oneFeature), radius);
      change(mark.badge, {
        'aria-pressed': String(scene.held === k),
        tabindex: k === tabStop ? '0' : '-1',
      });
    });
    const raised = highlighted === undefined ? undefined : this.#marks[highlighted]?.badge;
    this.#raised.replaceChildren(...(raised ? [copyOf(raised)] : []));
    const shaped = scene.shaped === undefined ? undefined : marginals[scene.shaped];
    if (!shaped || !scene.components || scene.starts) return this.#handles.hide();
    const places = handlePlaces(shaped, marks, freedomOf(scene.components, projection));
    this.#handles.show(shaped.component, places, marks.dark);
  }
}

/** What is seen of a number, and nothing else of it: not another button. */
function copyOf(badge: SVGElement): SVGElement {
  const copy = svg('g', { transform: badge.getAttribute('transform') ?? '' });
  copy.append(...[...badge.querySelectorAll('.disc, text')].map((part) => part.cloneNode(true)));
  return copy;
}

function wordsFor({ component, weight, mean, covariance }: Marginal, oneFeature: boolean): string {
  const x = resolved(mean[0], Math.sqrt(covariance[0]));
  const place = oneFeature ? x : `${x}, ${resolved(mean[1], Math.sqrt(covariance[2]))}`;
  return `Component ${component}, weight ${weight.toFixed(2)}, mean ${place}`;
}

/** A ring around the selected sample; with one feature, where heights mean nothing, a line through it. */
function sampleRing({ view, data, oneFeature }: PlotScene, map: PlotMap): SVGElement[] {
  const { selected, projection } = view.value;
  if (selected === undefined || !data) return [];
  const place = placeOf(data, projection, selected);
  const x = map.x(place.x);
  if (Number.isNaN(x)) return [];
  if (oneFeature) {
    const d = `M${fixed(x)} ${map.top}V${map.bottom}`;
    return [svg('path', { class: 'ring-halo', d }), svg('path', { class: 'ring', d })];
  }
  const y = map.y(place.y);
  if (Number.isNaN(y)) return [];
  return [
    svg('circle', { class: 'ring-halo', cx: x, cy: y, r: 9 }),
    svg('circle', { class: 'ring', cx: x, cy: y, r: 9 }),
  ];
}

/** Starts placed so far, numbered, and the crosshair of the keyboard. */
function startMarks({ starts, crosshair, oneFeature }: PlotScene, map: PlotMap): SVGElement[] {
  if (!starts) return [];
  const middle = (map.top + map.bottom) / 2;
  const pixels = ({ x, y }: Point) => ({ x: map.x(x), y: oneFeature ? middle : map.y(y) });
  const marks = starts.map((start, n) => {
    const { x, y } = pixels(start);
    return svg('g', { class: 'start', transform: `translate(${fixed(x)} ${fixed(y)})` }, [
      svg('path', { d: 'M0 -13L13 0L0 13L-13 0Z' }),
      svg('text', { y: 4.5, 'text-anchor': 'middle' }, [String(n)]),
    ]);
  });
  if (!crosshair) return marks;
  const { x, y } = pixels(crosshair);
  const d = `M${fixed(x)} ${map.top}V${map.bottom}M${map.left} ${fixed(y)}H${map.right}`;
  return [
    ...marks,
    svg('path', { class: 'crosshair-halo', d }),
    svg('path', { class: 'crosshair', d }),
  ];
}
