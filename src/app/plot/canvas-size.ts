import { textScale } from '../shared/text-scale.ts';
import type { CanvasPixels } from './splat-style.ts';

/** Their sums, 16 bytes a pixel, fill what every WebGPU device binds: 128 MiB. */
const MOST_PIXELS = 8e6;

/** Keeps a canvas's pixels equal to the device's, whatever zooms or moves it to another screen. */
export class CanvasSize {
  readonly #canvas: HTMLCanvasElement;
  readonly #observer: ResizeObserver;
  #pixels: { width: number; height: number } | undefined;

  /** @param onChange told after the first size, and whenever it is another one */
  constructor(canvas: HTMLCanvasElement, onChange: () => void) {
    this.#canvas = canvas;
    this.#observer = new ResizeObserver(([entry]) => {
      // (Safari has no such box)
      const box = entry.devicePixelContentBoxSize?.[0] as ResizeObserverSize | undefined;
      this.#pixels = box && { width: box.inlineSize, height: box.blockSize };
      onChange();
    });
    try {
      this.#observer.observe(canvas, { box: 'device-pixel-content-box' });
    } catch {
      this.#observer.observe(canvas);
    }
  }

  /** Gives the canvas its size, and says which. */
  fit(): CanvasPixels {
    const { clientWidth, clientHeight } = this.#canvas;
    const scale = window.devicePixelRatio || 1;
    const wanted = this.#pixels ?? { width: clientWidth * scale, height: clientHeight * scale };
    // more than that is drawn coarser and blown up by the browser
    const shrink = Math.min(1, Math.sqrt(MOST_PIXELS / (wanted.width * wanted.height)));
    const width = Math.max(1, Math.round(wanted.width * shrink));
    const height = Math.max(1, Math.round(wanted.height * shrink));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    return { width, height, ratio: (width / Math.max(1, clientWidth)) * textScale() };
  }

  dispose(): void {
    this.#observer.disconnect();
  }
}
