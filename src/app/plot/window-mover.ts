import type { Point } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import { centred, panned, zoomed } from './view-window.ts';
import type { ViewWindow } from './view-window.ts';

/** Moves the view's window. Many moves in one frame are one change of it. */
export class WindowMover {
  readonly #scene: PlotScene;
  #next: ViewWindow | undefined;

  constructor(scene: PlotScene) {
    this.#scene = scene;
  }

  /** By parts of the window's own size, positive to the right and up. */
  pan(by: Point): void {
    this.#move((window) => panned(window, by, this.#scene.limits));
  }

  /** What is drawn follows a pointer that moved by this many CSS pixels. */
  drag(dx: number, dy: number): void {
    const { left, right, top, bottom } = this.#scene.map;
    this.pan({ x: -dx / (right - left), y: dy / (bottom - top) });
  }

  /** `factor` times the width and height; what is at `at`, in CSS pixels, stays there. Default: the middle. */
  zoom(factor: number, at?: Point): void {
    const { left, right, top, bottom } = this.#scene.map;
    const across = at ? (at.x - left) / (right - left) : 0.5;
    const up = at ? (bottom - at.y) / (bottom - top) : 0.5;
    this.#move((window) => {
      // of the window as it will be, which the map does not know yet
      const place = {
        x: window.x.low + across * (window.x.high - window.x.low),
        y: window.y.low + up * (window.y.high - window.y.low),
      };
      return zoomed(window, place, factor, this.#scene.limits);
    });
  }

  /** Every sample is in the window. */
  fit(): void {
    this.#move(() => this.#scene.whole);
  }

  /** Brings a place, in the user's units, to the middle. */
  centre(at: Point): void {
    this.#move((window) => centred(window, at, this.#scene.limits));
  }

  /** The window that is shown with the next frame. */
  get window(): ViewWindow {
    return this.#next ?? this.#scene.view.value.window;
  }

  #move(change: (window: ViewWindow) => ViewWindow): void {
    if (!this.#scene.data) return;
    const waiting = this.#next !== undefined;
    const { projection } = this.#scene.view.value;
    this.#next = change(this.window);
    if (waiting) return;
    requestAnimationFrame(() => {
      const window = this.#next!;
      this.#next = undefined;
      // (a move in a plane that is no longer shown has nothing to say about this one)
      if (this.#scene.view.value.projection === projection) this.#scene.view.set({ window });
    });
  }
}
