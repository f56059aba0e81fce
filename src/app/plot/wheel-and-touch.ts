import type { Point } from './plot-map.ts';
import { isInside } from './plot-map.ts';
import type { PlotScene } from './plot-scene.ts';
import type { WindowMover } from './window-mover.ts';

/** ln of the factor for one pixel of a wheel, and of a trackpad's pinch, which comes as a wheel with Ctrl. */
const WHEEL = 0.0016;
const PINCH = 0.01;
const LINE_PIXELS = 16;
/** One event zooms by at most this factor: some wheels send a whole page at once. */
const MOST_AT_ONCE = 2;
/** Milliseconds after which a turn of the wheel is a new one. */
const SAME_TURN = 250;

export interface WheelAndTouchParts {
  readonly scene: PlotScene;
  readonly mover: WindowMover;
  /** Shown while one finger is dragged over the plot. */
  readonly hint: HTMLElement;
  /** Ends all listening. */
  readonly signal: AbortSignal;
  /** A second finger takes over from the first. */
  onTwoFingers(): void;
}

/**
 * The wheel and two fingers. A turn of the wheel that began elsewhere scrolls the page on even when the plot comes
 * under the pointer; one finger scrolls the page as everywhere, and is told of the other way.
 */
export function wireWheelAndTouch(parts: WheelAndTouchParts): void {
  const { scene, mover, signal } = parts;
  const { plot } = scene;
  let lastWheel = -Infinity;
  let ours = false;
  document.addEventListener(
    'wheel',
    (event) => {
      if (event.timeStamp - lastWheel > SAME_TURN) {
        ours = event.target instanceof Node && plot.contains(event.target);
      }
      lastWheel = event.timeStamp;
    },
    { capture: true, passive: true, signal },
  );
  plot.addEventListener(
    'wheel',
    (event) => {
      const at = scene.placeOf(event);
      // (a pinch would zoom the whole page: over the plot it never does)
      if (!event.ctrlKey && (!ours || !isInside(scene.map, at))) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
      const page = event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? plot.clientHeight : lines;
      const factor = Math.exp(event.deltaY * page * (event.ctrlKey ? PINCH : WHEEL));
      mover.zoom(Math.min(MOST_AT_ONCE, Math.max(1 / MOST_AT_ONCE, factor)), at);
    },
    { passive: false, signal },
  );
  wireTouch(parts);
}

function wireTouch({ scene, mover, hint, signal, ...parts }: WheelAndTouchParts): void {
  const { plot } = scene;
  let last: { middle: Point; apart: number } | undefined;
  let from: Point | undefined;
  plot.addEventListener(
    'touchstart',
    (event) => {
      from = scene.placeOf(event.touches[0]);
      last = event.touches.length === 2 ? between(scene, event.touches) : undefined;
      if (!last) return;
      hint.hidden = true;
      parts.onTwoFingers();
      event.preventDefault();
    },
    { passive: false, signal },
  );
  plot.addEventListener(
    'touchmove',
    (event) => {
      if (event.touches.length === 2 && last) {
        event.preventDefault();
        const next = between(scene, event.touches);
        mover.drag(next.middle.x - last.middle.x, next.middle.y - last.middle.y);
        mover.zoom(last.apart / Math.max(1, next.apart), next.middle);
        last = next;
      } else if (event.touches.length === 1 && from && !isOnMark(event.target)) {
        const at = scene.placeOf(event.touches[0]);
        if (Math.hypot(at.x - from.x, at.y - from.y) > 10) hint.hidden = false;
      }
    },
    { passive: false, signal },
  );
  for (const type of ['touchend', 'touchcancel'] as const) {
    const lifted = (event: TouchEvent) => {
      if (event.touches.length < 2) last = undefined;
      if (event.touches.length === 0) hint.hidden = true;
    };
    plot.addEventListener(type, lifted, { signal });
  }
}

function between(scene: PlotScene, touches: TouchList): { middle: Point; apart: number } {
  const [a, b] = [scene.placeOf(touches[0]), scene.placeOf(touches[1])];
  return {
    middle: { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 },
    apart: Math.max(1, Math.hypot(a.x - b.x, a.y - b.y)),
  };
}

function isOnMark(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('.badge, .handle') !== null;
}
