import { css, lineColour } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import { change, curveHeight, fixed } from './component-marks.ts';
import type { MarkScene } from './component-marks.ts';
import type { Freedom } from './component-edit.ts';
import { ellipse } from './marginal.ts';
import type { Marginal } from './marginal.ts';
import type { Point } from './plot-map.ts';

/** What a handle changes: the ellipse along its first or second axis, as a whole, or its direction. */
export type HandleKind = 'first' | 'second' | 'whole' | 'rotate';

/** Where a handle is, in CSS pixels. */
export interface HandlePlace extends Point {
  readonly kind: HandleKind;
}

/** Handles are on this ellipse. */
const AT_SIGMAS = 2;
/** CSS pixels from the ellipse's first axis to the handle that turns it. */
const STALK = 26;
/** Handles of a small ellipse stay this far from its number. */
const LEAST_AWAY = 20;

const TITLES: Record<HandleKind, string> = {
  first: 'Drag to stretch',
  second: 'Drag to stretch',
  whole: 'Drag to scale',
  rotate: 'Drag to turn',
};

/** Places of the handles of one component: the ends of the axes of its 2-sigma ellipse, and one that turns it. */
export function handlePlaces(
  marginal: Marginal,
  scene: MarkScene,
  freedom: Freedom,
): HandlePlace[] {
  if (!freedom.scale) return [];
  if (scene.oneFeature) {
    const half = AT_SIGMAS * Math.sqrt(marginal.covariance[0]);
    const y = scene.map.bottom - curveHeight(marginal, scene) * Math.exp(-(AT_SIGMAS ** 2) / 2);
    return [-half, half].map((by) => ({
      kind: 'first',
      x: scene.map.x(marginal.mean[0] + by),
      y,
    }));
  }
  const { cx, cy, rx, ry, angle } = ellipse(marginal, AT_SIGMAS, scene.map);
  const end = (kind: HandleKind, along: number, turn: number): HandlePlace => {
    const away = Math.sign(along) * Math.max(LEAST_AWAY, Math.abs(along));
    return { kind, x: cx + away * Math.cos(angle + turn), y: cy + away * Math.sin(angle + turn) };
  };
  const kinds = freedom.stretch ? (['first', 'second'] as const) : (['whole', 'whole'] as const);
  const places = [
    end(kinds[0], rx, 0),
    end(kinds[0], -rx, 0),
    end(kinds[1], ry || 1, Math.PI / 2),
    end(kinds[1], -ry || -1, Math.PI / 2),
  ];
  if (!freedom.rotate) return places;
  // on the side of the axis that points up, or to the right where it lies flat
  const side = Math.sin(angle) > 0.001 ? -1 : 1;
  return [...places, end('rotate', side * (Math.max(LEAST_AWAY, rx) + STALK), 0)];
}

/** Draws the handles of one component, or of none. */
export class Handles {
  readonly group = svg('g', { class: 'handles', 'aria-hidden': 'true' });
  #places: readonly HandlePlace[] = [];
  readonly #marks: SVGElement[] = [];
  readonly #stalk = svg('path', { class: 'stalk' });

  get places(): readonly HandlePlace[] {
    return this.#places;
  }

  show(component: number, places: readonly HandlePlace[], dark: boolean): void {
    this.#places = places;
    const stroke = css(lineColour(component, dark));
    while (this.#marks.length > places.length) this.#marks.pop()!.remove();
    while (this.#marks.length < places.length) this.#marks.push(handleMark());
    places.forEach(({ kind, x, y }, i) => {
      const mark = this.#marks[i];
      change(mark, {
        class: `handle handle-${kind}`,
        transform: `translate(${fixed(x)} ${fixed(y)})`,
        stroke,
        'data-kind': kind,
      });
      mark.firstElementChild!.textContent = TITLES[kind];
    });
    const turn = places.find(({ kind }) => kind === 'rotate');
    const end = turn && places.filter(({ kind }) => kind === 'first').sort(nearestTo(turn))[0];
    change(this.#stalk, {
      stroke,
      d: turn && end ? `M${fixed(end.x)} ${fixed(end.y)}L${fixed(turn.x)} ${fixed(turn.y)}` : '',
    });
    this.group.replaceChildren(this.#stalk, ...this.#marks);
  }

  hide(): void {
    this.#places = [];
    this.#marks.length = 0;
    this.group.replaceChildren();
  }
}

function handleMark(): SVGElement {
  return svg('g', { class: 'handle' }, [
    svg('title'),
    svg('circle', { class: 'reach', r: 14 }),
    svg('circle', { class: 'grip', r: 6 }),
  ]);
}

function nearestTo(to: Point): (a: Point, b: Point) => number {
  const distance = ({ x, y }: Point) => Math.hypot(x - to.x, y - to.y);
  return (a, b) => distance(a) - distance(b);
}
