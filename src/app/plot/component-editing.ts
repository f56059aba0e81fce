import {
  freedomOf,
  movedMean,
  reshapedCovariance,
  scaledCovariance,
  stretchedVariances,
} from './component-edit.ts';
import type { ComponentEdit, PlaneMap } from './component-edit.ts';
import type { HandleKind } from './handles.ts';
import { ellipse } from './marginal.ts';
import type { Components, Marginal } from './marginal.ts';
import type { PlotMap, Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';

/** What is asked of the fit when a hand changes a component. */
export interface EditHandlers {
  /** A hand has taken hold: the fit stands still until `onEditEnd`. */
  onEditStart(): void;
  /**
   * Called at most once a frame, with the newest; of one hold every edit holds all that has changed since `onEditStart`.
   * @returns false where the edit is refused: then the component goes back to what the fit has
   */
  onEdit(edit: ComponentEdit): boolean;
  /** It has let go. What is drawn of the change goes with the next frame of the fit. */
  onEditEnd(): void;
}

/** No ellipse is made thinner than this many CSS pixels, or wider or narrower than this many times, by one drag. */
const LEAST_PIXELS = 1;
const MOST_TIMES = 50;
/** Of the window, by one key; with Shift. */
const KEY_STEP = { plain: 1 / 50, shift: 1 / 10 };
const KEY_SCALE = 1.1;
const KEY_TURN = (5 * Math.PI) / 180;

const ARROWS: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: 1 },
  ArrowDown: { x: 0, y: -1 },
};

/** One drag or a row of key presses on one component. */
interface Hold {
  readonly component: number;
  /** The mixture when it was taken hold of, and the map then. */
  readonly base: Components;
  readonly marginal: Marginal;
  readonly map: PlotMap;
  readonly kind: HandleKind | 'mean' | 'keys';
  /** Where the pointer took hold, in CSS pixels. */
  readonly from: Point;
}

/** Changes a component by hand: what is dragged is drawn at once, and the fit told of it. */
export class ComponentEditing {
  readonly #scene: PlotScene;
  readonly #handlers: EditHandlers;
  #hold: Hold | undefined;
  /** All that this hold has changed. */
  #held: ComponentEdit | undefined;
  /** The same, where the fit has not been told yet. */
  #newest: ComponentEdit | undefined;

  constructor(scene: PlotScene, handlers: EditHandlers) {
    this.#scene = scene;
    this.#handlers = handlers;
  }

  get isHolding(): boolean {
    return this.#hold !== undefined;
  }

  /** Takes hold of a component's number (`mean`) or of a handle of its ellipse. */
  begin(component: number, kind: Hold['kind'], from: Point): void {
    const base = this.#scene.components;
    if (!base || this.#hold) return;
    const marginal = this.#scene.marginals[component];
    this.#hold = { component, base, marginal, map: this.#scene.map, kind, from };
    this.#handlers.onEditStart();
  }

  /** The pointer is here now, in CSS pixels. */
  drag(to: Point): void {
    const hold = this.#hold;
    if (!hold) return;
    const { component, base } = hold;
    const { projection } = this.#scene.view.value;
    if (hold.kind === 'mean') {
      const { scaleX, scaleY } = hold.map;
      const by = { x: (to.x - hold.from.x) / scaleX, y: (to.y - hold.from.y) / scaleY };
      this.#show({ component, mean: movedMean(base, component, projection, by) });
    } else {
      this.#show({ component, covariance: this.#reshaped(hold, to) });
    }
  }

  /**
   * A key on a component's number: arrows move it, [ and ] scale, comma and full stop turn.
   * @returns whether the key means anything here
   */
  key({ key, shiftKey }: KeyboardEvent, component: number): boolean {
    const base = this.#scene.components;
    if (!base) return false;
    const { projection } = this.#scene.view.value;
    const arrow = ARROWS[key];
    const freedom = freedomOf(base, projection);
    if (arrow) {
      const { left, right, top, bottom, scaleX, scaleY } = this.#scene.map;
      const part = shiftKey ? KEY_STEP.shift : KEY_STEP.plain;
      const by = {
        x: (arrow.x * part * (right - left)) / scaleX,
        y: (-arrow.y * part * (bottom - top)) / scaleY,
      };
      this.#holdKeys(component);
      this.#show({ component, mean: movedMean(base, component, projection, by) });
    } else if ((key === '[' || key === ']') && freedom.scale) {
      this.#holdKeys(component);
      const factor = key === ']' ? KEY_SCALE : 1 / KEY_SCALE;
      this.#show({ component, covariance: this.#grown(base, component, factor) });
    } else if ((key === ',' || key === '.') && freedom.rotate) {
      this.#holdKeys(component);
      const map = turned(key === ',' ? KEY_TURN : -KEY_TURN, this.#scene.map);
      const covariance = reshapedCovariance(base, component, projection, map);
      this.#show({ component, covariance });
    } else {
      return false;
    }
    return true;
  }

  /** Lets go of what keys hold; a pointer's hold goes on. */
  endKeys(): void {
    if (this.#hold?.kind === 'keys') this.end();
  }

  /** Lets go. */
  end(): void {
    if (!this.#hold) return;
    this.#send();
    // (where the edit was refused, that has let go already)
    if (!this.#hold) return;
    this.#hold = undefined;
    this.#held = undefined;
    this.#handlers.onEditEnd();
  }

  /** Puts back what was there when the hand took hold, and lets go. */
  cancel(): void {
    if (!this.#hold) return;
    const { component, base } = this.#hold;
    const identity: PlaneMap = [1, 0, 0, 1];
    const { projection } = this.#scene.view.value;
    this.#show({
      component,
      mean: movedMean(base, component, projection, { x: 0, y: 0 }),
      covariance: reshapedCovariance(base, component, projection, identity),
    });
    this.end();
  }

  /** A frame of the fit has come: with nothing held, it is what is drawn. */
  onFrame(): void {
    if (!this.#hold) this.#scene.endDraft();
  }

  #holdKeys(component: number): void {
    if (this.#hold && this.#hold.component !== component) this.end();
    this.begin(component, 'keys', { x: 0, y: 0 });
  }

  /** The ellipse grows in the plane where its covariance type lets it, else as a whole. */
  #grown(base: Components, component: number, factor: number): Float64Array {
    const { projection } = this.#scene.view.value;
    const isStretched = !(isDiagonal(base) && projection.kind === 'pca');
    return freedomOf(base, projection).stretch && isStretched
      ? reshapedCovariance(base, component, projection, [factor, 0, 0, factor])
      : scaledCovariance(base, component, factor);
  }

  #reshaped({ component, base, marginal, map, kind, from }: Hold, to: Point): Float64Array {
    const { projection } = this.#scene.view.value;
    const { cx, cy, rx, ry, angle } = ellipse(marginal, 1, map);
    const oneFeature = projection.y === undefined;
    if (kind === 'rotate') {
      const turn = Math.atan2(to.y - cy, to.x - cx) - Math.atan2(from.y - cy, from.x - cx);
      // pixels grow downwards, the user's units upwards
      return reshapedCovariance(base, component, projection, turned(-turn, map));
    }
    if (kind === 'whole') {
      const ratio = Math.hypot(to.x - cx, to.y - cy) / Math.hypot(from.x - cx, from.y - cy);
      return scaledCovariance(base, component, bounded(ratio, rx));
    }
    const direction = oneFeature ? 0 : kind === 'first' ? angle : angle + Math.PI / 2;
    const [ux, uy] = [Math.cos(direction), Math.sin(direction)];
    const along = (at: Point) => (at.x - cx) * ux + (oneFeature ? 0 : (at.y - cy) * uy);
    const factor = bounded(Math.abs(along(to) / along(from)), kind === 'first' ? rx : ry);
    if (isDiagonal(base) && projection.kind === 'pca') {
      // the same direction in the user's units
      const along = { x: ux * map.scaleX, y: uy * map.scaleY };
      return stretchedVariances(base, component, projection, along, factor);
    }
    const more = factor - 1;
    const inPixels: PlaneMap = [
      1 + more * ux * ux,
      more * ux * uy,
      more * ux * uy,
      1 + more * uy * uy,
    ];
    return reshapedCovariance(base, component, projection, inUnits(inPixels, map));
  }

  #show(edit: ComponentEdit): void {
    const { base, kind } = this.#hold!;
    // keys go on from what the last one left, a drag from where it began
    this.#scene.draft(kind === 'keys' ? this.#scene.components! : base, edit);
    const waiting = this.#newest !== undefined;
    this.#held = { ...this.#held, ...edit };
    this.#newest = this.#held;
    if (!waiting) requestAnimationFrame(() => this.#send());
  }

  #send(): void {
    const edit = this.#newest;
    if (!edit) return;
    this.#newest = undefined;
    if (this.#handlers.onEdit(edit)) return;
    this.#hold = undefined;
    this.#held = undefined;
    this.#scene.endDraft();
    this.#handlers.onEditEnd();
  }
}

function isDiagonal({ covarianceType }: Components): boolean {
  return covarianceType === 'diag' || covarianceType === 'tied-diag';
}

function bounded(factor: number, halfAxis: number): number {
  const least = Math.max(1 / MOST_TIMES, Math.min(1, LEAST_PIXELS / halfAxis));
  return Number.isFinite(factor) ? Math.min(MOST_TIMES, Math.max(least, factor)) : 1;
}

/** A turn as it looks in the plot, anticlockwise, as a map of the user's units. */
function turned(by: number, map: PlotMap): PlaneMap {
  const [c, s] = [Math.cos(by), Math.sin(by)];
  // in pixels y points down: so the sine changes sides
  return inUnits([c, s, -s, c], map);
}

/** S^-1 B S with the plot's scales S: the same map, of the user's units in place of pixels. */
function inUnits([xx, xy, yx, yy]: PlaneMap, { scaleX, scaleY }: PlotMap): PlaneMap {
  return [xx, (xy * scaleY) / scaleX, (yx * scaleX) / scaleY, yy];
}
