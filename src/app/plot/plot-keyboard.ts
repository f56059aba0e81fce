import { range } from '../shared/format.ts';
import type { ComponentEditing } from './component-editing.ts';
import { isInside } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import type { SamplePicking } from './sample-picking.ts';
import type { StartPlacing } from './start-placing.ts';
import type { WindowMover } from './window-mover.ts';

export interface KeyboardParts {
  readonly scene: PlotScene;
  readonly mover: WindowMover;
  readonly editing: ComponentEditing;
  readonly placing: StartPlacing;
  readonly picking: SamplePicking;
  /** Ends all listening. */
  readonly signal: AbortSignal;
  say(sentence: string): void;
}

/** Of the window, by one arrow key; with Shift. */
const PAN = { plain: 1 / 10, shift: 1 / 2 };
export const ZOOM_STEP = 1.5;

/** The keys of the plot and of the components' numbers in it, as plot-help.ts tells them. */
export class PlotKeyboard {
  readonly #parts: KeyboardParts;

  constructor(parts: KeyboardParts) {
    this.#parts = parts;
  }

  listen(): void {
    const { scene, editing, signal } = this.#parts;
    const { plot } = scene;
    const options = { signal };
    plot.addEventListener('keydown', (event) => this.#down(event), options);
    plot.addEventListener(
      'keyup',
      (event) => {
        if (componentOf(event.target) !== undefined) editing.endKeys();
      },
      options,
    );
    plot.addEventListener('focusin', (event) => this.#focus(componentOf(event.target)), options);
    plot.addEventListener('focusout', (event) => this.#blur(componentOf(event.target)), options);
  }

  #down(event: KeyboardEvent): void {
    // the browser's own shortcuts
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const component = componentOf(event.target);
    const meant =
      component === undefined ? this.#plotKey(event) : this.#componentKey(event, component);
    if (meant) event.preventDefault();
  }

  #plotKey(event: KeyboardEvent): boolean {
    const { placing, picking, editing, mover, scene } = this.#parts;
    if (event.key === 'Escape' && editing.isHolding) {
      editing.cancel();
      return true;
    }
    if (placing.key(event)) return true;
    const step = event.shiftKey ? PAN.shift : PAN.plain;
    switch (event.key) {
      case 'ArrowLeft':
        mover.pan({ x: -step, y: 0 });
        break;
      case 'ArrowRight':
        mover.pan({ x: step, y: 0 });
        break;
      case 'ArrowUp':
        mover.pan({ x: 0, y: step });
        break;
      case 'ArrowDown':
        mover.pan({ x: 0, y: -step });
        break;
      case '+':
      case '=':
        mover.zoom(1 / ZOOM_STEP);
        break;
      case '-':
      case '_':
        mover.zoom(ZOOM_STEP);
        break;
      case '0':
        mover.fit();
        break;
      case 'n':
        picking.walk(1);
        return true;
      case 'N':
        picking.walk(-1);
        return true;
      case 'Escape':
        picking.clear();
        if (scene.shaped !== undefined) scene.set({ shaped: undefined });
        return true;
      default:
        return false;
    }
    this.#parts.say(windowInWords(this.#parts));
    return true;
  }

  #componentKey(event: KeyboardEvent, component: number): boolean {
    const { editing, scene } = this.#parts;
    const isHeld = scene.held === component;
    if (event.key === 'Escape') {
      if (editing.isHolding) editing.cancel();
      else if (isHeld) this.#hold(undefined);
      else scene.plot.focus();
      return true;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      this.#hold(isHeld ? undefined : component);
      return true;
    }
    const to = isHeld ? undefined : walked(event.key, component, scene.marginals.length);
    if (to === undefined) return editing.key(event, component) || this.#plotKey(event);
    scene.plot.querySelector<SVGElement>(`.badge[data-component="${to}"]`)?.focus();
    return true;
  }

  #hold(component: number | undefined): void {
    const { scene, editing } = this.#parts;
    const before = scene.held;
    if (component === before) return;
    editing.endKeys();
    scene.set({ held: component });
    this.#parts.say(
      component === undefined
        ? `Component ${before} let go.`
        : `Component ${component} taken hold of: arrow keys move its mean. Enter lets go.`,
    );
  }

  /** A component with the focus stands out and shows its handles; it is brought into the window. */
  #focus(component: number | undefined): void {
    if (component === undefined) return;
    const { scene, mover } = this.#parts;
    const { map, marginals } = scene;
    const [x, y] = marginals[component].mean;
    const at = { x: map.x(x), y: scene.oneFeature ? map.top : map.y(y) };
    if (!isInside(map, at)) mover.centre({ x, y });
    scene.view.set({ highlighted: component });
    scene.set({ shaped: component, tabStop: component });
  }

  #blur(component: number | undefined): void {
    if (component === undefined) return;
    const { scene, editing } = this.#parts;
    editing.endKeys();
    if (scene.held === component) scene.set({ held: undefined });
    if (scene.view.value.highlighted === component) scene.view.set({ highlighted: undefined });
    if (scene.shaped === component) scene.set({ shaped: undefined });
  }
}

/** The component that a key leads to from another one; undefined for a key that leads to none. */
function walked(key: string, from: number, nComponents: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowDown':
      return Math.min(nComponents - 1, from + 1);
    case 'ArrowLeft':
    case 'ArrowUp':
      return Math.max(0, from - 1);
    case 'Home':
      return 0;
    case 'End':
      return nComponents - 1;
    default:
      return undefined;
  }
}

function windowInWords({ scene, mover }: KeyboardParts): string {
  const { xName, yName } = scene.view.value.projection;
  const { x, y } = mover.window;
  const upwards = yName === undefined ? '' : `, ${yName} ${range(y.low, y.high)}`;
  return `Showing ${xName} ${range(x.low, x.high)}${upwards}.`;
}

function componentOf(target: EventTarget | null): number | undefined {
  const badge = target instanceof Element ? target.closest<SVGElement>('.badge') : null;
  return badge ? Number(badge.dataset['component']) : undefined;
}
