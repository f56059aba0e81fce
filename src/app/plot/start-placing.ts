import { plural } from '../shared/format.ts';
import type { Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import { startMeans } from './starts.ts';

/** As many components as the form takes. */
const MOST_STARTS = 64;
const KEY_STEP = { plain: 1 / 50, shift: 1 / 10 };

export interface PlacingHandlers {
  /** Fits from these means, n x D in the user's units. */
  onPlaceStarts(means: Float64Array, nComponents: number): void;
  /** Something about the placing has changed. */
  onChange(): void;
  say(sentence: string): void;
}

/** Places where components should start, by clicks or with the keyboard's crosshair. */
export class StartPlacing {
  readonly #scene: PlotScene;
  readonly #handlers: PlacingHandlers;

  constructor(scene: PlotScene, handlers: PlacingHandlers) {
    this.#scene = scene;
    this.#handlers = handlers;
  }

  get isActive(): boolean {
    return this.#scene.starts !== undefined;
  }

  get nPlaced(): number {
    return this.#scene.starts?.length ?? 0;
  }

  begin(): void {
    if (!this.#scene.data) return;
    this.#scene.view.set({ highlighted: undefined });
    this.#set([]);
    this.#handlers.say('Placing starts: click the plot, or move the crosshair and press Enter.');
  }

  /** Leaves without a fit. */
  leave(): void {
    this.#scene.set({ starts: undefined, crosshair: undefined });
    this.#handlers.onChange();
  }

  /** Another start, at a place in CSS pixels. */
  add(at: Point): void {
    this.#add(this.#scene.map.unitsAt(at));
  }

  undo(): void {
    if (this.nPlaced === 0) return;
    this.#set(this.#scene.starts!.slice(0, -1));
    this.#handlers.say(`${plural(this.nPlaced, 'start')} placed.`);
  }

  fit(): void {
    const scene = this.#scene;
    if (!scene.data || !scene.starts || scene.starts.length === 0) return;
    const means = startMeans(scene.data, scene.view.value.projection, scene.map, scene.starts);
    const nComponents = scene.starts.length;
    this.leave();
    this.#handlers.onPlaceStarts(means, nComponents);
  }

  /** @returns whether the key means anything here */
  key({ key, shiftKey }: KeyboardEvent): boolean {
    if (!this.isActive) return false;
    const part = shiftKey ? KEY_STEP.shift : KEY_STEP.plain;
    switch (key) {
      case 'ArrowLeft':
        this.#step({ x: -part, y: 0 });
        return true;
      case 'ArrowRight':
        this.#step({ x: part, y: 0 });
        return true;
      case 'ArrowUp':
        this.#step({ x: 0, y: part });
        return true;
      case 'ArrowDown':
        this.#step({ x: 0, y: -part });
        return true;
      case 'Enter':
        if (this.#scene.crosshair) this.#add(this.#scene.crosshair);
        else this.#step({ x: 0, y: 0 });
        return true;
      case 'Backspace':
        this.undo();
        return true;
      case 'Escape':
        this.leave();
        return true;
      default:
        return false;
    }
  }

  /** Moves the crosshair by parts of the window; at first it is in the middle. */
  #step(by: Point): void {
    const { window } = this.#scene.view.value;
    const next = (range: { low: number; high: number }, at: number | undefined, part: number) => {
      const length = range.high - range.low;
      const from = at ?? range.low + length / 2;
      return Math.min(range.high, Math.max(range.low, from + part * length));
    };
    const { crosshair } = this.#scene;
    this.#scene.set({
      crosshair: {
        x: next(window.x, crosshair?.x, by.x),
        y: next(window.y, crosshair?.y, by.y),
      },
    });
  }

  #add(place: Point): void {
    if (this.nPlaced === MOST_STARTS) {
      this.#handlers.say(`No more than ${MOST_STARTS} starts can be placed.`);
      return;
    }
    this.#set([...this.#scene.starts!, place]);
    this.#handlers.say(`${plural(this.nPlaced, 'start')} placed.`);
  }

  #set(starts: readonly Point[]): void {
    this.#scene.set({ starts });
    this.#handlers.onChange();
  }
}
