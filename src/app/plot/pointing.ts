import type { ComponentEditing } from './component-editing.ts';
import type { HandleKind } from './handles.ts';
import { componentAt } from './hover.ts';
import { isInside } from './plot-map.ts';
import type { Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import type { WindowMover } from './window-mover.ts';

/** What pointing at the plot may mean. */
export interface PointingParts {
  readonly scene: PlotScene;
  readonly mover: WindowMover;
  readonly editing: ComponentEditing;
  /** Ends all listening. */
  readonly signal: AbortSignal;
  /** A click on no component's number, in CSS pixels. */
  onClick(at: Point): void;
}

/** A movement of fewer CSS pixels is a click. */
const STILL = 4;
/** Handles stay while the pointer is this near to one of them, or to the component's number. */
const NEAR_HANDLE = 30;

/** The mouse, a pen and one finger: drags of the window, of components and of their handles; clicks; what is pointed at. */
export class Pointing {
  readonly #parts: PointingParts;
  #press:
    | { id: number; from: Point; last: Point; moved: boolean; touch: boolean; on: On }
    | undefined;
  #hovered: number | undefined;

  constructor(parts: PointingParts) {
    this.#parts = parts;
    const { plot } = parts.scene;
    const { signal } = parts;
    const listen = (type: `pointer${string}`, listener: (event: PointerEvent) => void) =>
      plot.addEventListener(type as 'pointermove', listener, { signal });
    listen('pointerdown', (event) => this.#down(event));
    listen('pointermove', (event) => this.#moved(event));
    listen('pointerup', (event) => this.#up(event));
    listen('pointercancel', (event) => this.#cancelled(event));
    listen('pointerleave', () => this.#hover(undefined));
    plot.addEventListener('dblclick', (event) => this.#twice(event), { signal });
    // a press on a handle leaves the focus on the component whose it is
    plot.addEventListener(
      'mousedown',
      (event) => {
        if (on(event.target).kind === 'handle') event.preventDefault();
      },
      { signal },
    );
  }

  #twice(event: MouseEvent): void {
    const { scene, mover } = this.#parts;
    if (on(event.target).kind !== 'plot' || scene.starts) return;
    const at = scene.placeOf(event);
    if (isInside(scene.map, at)) mover.zoom(event.shiftKey ? 2 : 0.5, at);
  }

  /** Forgets the press: two fingers have taken over. */
  release(): void {
    const press = this.#press;
    if (!press) return;
    this.#press = undefined;
    this.#parts.scene.plot.classList.remove('panning');
    this.#parts.editing.cancel();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 || this.#press || !event.isPrimary) return;
    const { scene, editing } = this.#parts;
    const from = scene.placeOf(event);
    const target = on(event.target);
    if (target.kind === 'plot' && !isInside(scene.map, from)) return;
    const touch = event.pointerType === 'touch';
    this.#press = { id: event.pointerId, from, last: from, moved: false, touch, on: target };
    // one finger on the plot scrolls the page, until it turns out to be a tap
    if (!touch || target.kind !== 'plot') scene.plot.setPointerCapture(event.pointerId);
    if (target.kind === 'handle') editing.begin(scene.shaped!, target.handle, from);
  }

  #moved(event: PointerEvent): void {
    const { scene, mover, editing } = this.#parts;
    const at = scene.placeOf(event);
    const press = this.#press;
    if (!press) {
      if (event.pointerType !== 'touch') this.#hover(at, event.target);
      return;
    }
    if (press.id !== event.pointerId) return;
    if (!press.moved && Math.hypot(at.x - press.from.x, at.y - press.from.y) < STILL) return;
    if (!press.moved) {
      press.moved = true;
      if (press.on.kind === 'badge' && !scene.starts) {
        scene.set({ shaped: press.on.component });
        editing.begin(press.on.component, 'mean', press.from);
      }
      if (press.on.kind === 'plot') scene.plot.classList.add('panning');
    }
    if (press.on.kind !== 'plot') editing.drag(at);
    else if (!press.touch) mover.drag(at.x - press.last.x, at.y - press.last.y);
    press.last = at;
  }

  #up(event: PointerEvent): void {
    const press = this.#press;
    if (press?.id !== event.pointerId) return;
    const { scene, editing } = this.#parts;
    this.#press = undefined;
    scene.plot.classList.remove('panning');
    if (editing.isHolding) return editing.end();
    if (press.moved) return;
    if (press.on.kind === 'badge' && !scene.starts) return this.#pin(press.on.component);
    if (press.on.kind === 'handle') return;
    this.#parts.onClick(press.from);
  }

  #cancelled(event: PointerEvent): void {
    if (this.#press?.id === event.pointerId) this.release();
  }

  /** A click on a component's number shows its handles, another one hides them. */
  #pin(component: number): void {
    const { scene } = this.#parts;
    const pinned = scene.shaped === component && this.#pinned === component;
    this.#pinned = pinned ? undefined : component;
    scene.set({ shaped: this.#pinned });
  }
  #pinned: number | undefined;

  /** The component whose line or number is pointed at stands out, and shows its handles as long as the pointer is about them. */
  #hover(at: Point | undefined, target?: EventTarget | null): void {
    const { scene } = this.#parts;
    if (scene.starts) return;
    const over = at && this.#componentAt(at, on(target ?? null));
    if (over === this.#hovered) return;
    const before = this.#hovered;
    this.#hovered = over;
    const { view } = scene;
    if (over !== undefined) {
      view.set({ highlighted: over });
      if (this.#pinned === undefined || this.#pinned === over) scene.set({ shaped: over });
    } else {
      // (what another part of the page highlights since stays)
      if (view.value.highlighted === before) view.set({ highlighted: undefined });
      if (scene.shaped === before && this.#pinned !== before && !this.#focused) {
        scene.set({ shaped: this.#pinned });
      }
    }
  }

  get #focused(): boolean {
    return document.activeElement?.closest('.badge') !== null;
  }

  #componentAt(at: Point, target: On): number | undefined {
    const { scene } = this.#parts;
    if (target.kind === 'badge') return target.component;
    if (target.kind === 'handle') return scene.shaped;
    if (!isInside(scene.map, at)) return undefined;
    const found = scene.oneFeature ? undefined : componentAt(scene.marginals, scene.map, at);
    if (found !== undefined || this.#hovered === undefined) return found;
    const near = [...scene.plot.querySelectorAll('.handle')].some((handle) => {
      const place = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(handle.getAttribute('transform') ?? '');
      return place && Math.hypot(at.x - Number(place[1]), at.y - Number(place[2])) < NEAR_HANDLE;
    });
    return near ? this.#hovered : undefined;
  }
}

/** What an event is on. */
type On =
  | { readonly kind: 'plot' }
  | { readonly kind: 'badge'; readonly component: number }
  | { readonly kind: 'handle'; readonly handle: HandleKind };

function on(target: EventTarget | null): On {
  if (!(target instanceof Element)) return { kind: 'plot' };
  const badge = target.closest<SVGElement>('.badge');
  if (badge) return { kind: 'badge', component: Number(badge.dataset['component']) };
  const handle = target.closest<SVGElement>('.handle');
  if (handle) return { kind: 'handle', handle: handle.dataset['kind'] as HandleKind };
  return { kind: 'plot' };
}
