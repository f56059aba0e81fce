import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Colouring } from './colouring.ts';
import type { ViewState } from './view-state.ts';

/** Draws the samples. One implementation draws from the fit's GPU buffers, the other from the samples in memory. */
export interface Scatter {
  /** Samples drawn of the present data set; fewer than all where all would be too slow. */
  readonly nDrawn: number;
  /** Takes a new data set, not yet coloured. After this the former one is no longer used. */
  setData(dataset: Dataset, data: SourceData): void;
  /** Finds what the colouring says of every sample under this mixture; the next `draw` shows it. */
  colour(mixture: GaussianMixture, colouring: Colouring): Promise<void>;
  /** Draws at the next frame. */
  draw(view: ViewState): void;
  /** Gives back what it holds of the device. */
  dispose(): void;
}

/** Every how many samples one is drawn, so that at most `most` are. */
export function drawEvery(nSamples: number, most: number): number {
  return Math.max(1, Math.ceil(nSamples / most));
}

/** Disc radius in CSS pixels and opacity: smaller and fainter as they come to overlap, so that density shows. */
export function discStyle(
  nDrawn: number,
  areaCssPixels: number,
): { radius: number; alpha: number } {
  const radius = Math.min(4, Math.max(0.75, 5.6 - 0.8 * Math.log10(nDrawn)));
  const overlap = (nDrawn * Math.PI * radius * radius) / Math.max(1, areaCssPixels);
  return { radius, alpha: Math.min(0.75, Math.max(0.05, 0.35 / Math.sqrt(overlap))) };
}

/**
 * Keeps the canvas's pixels equal to the device's: `onResize` gets called when they change.
 * @returns the size now, in device pixels, and their number to a CSS pixel
 */
export function fitCanvas(canvas: HTMLCanvasElement): {
  width: number;
  height: number;
  ratio: number;
} {
  const ratio = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * ratio));
  const height = Math.max(1, Math.round(canvas.clientHeight * ratio));
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  return { width, height, ratio };
}

/** Calls `draw` once a frame at most, however often it is asked. */
export function oncePerFrame<T>(draw: (last: T) => void): (next: T) => void {
  let pending: { value: T } | undefined;
  return (value) => {
    if (pending) {
      pending.value = value;
      return;
    }
    pending = { value };
    requestAnimationFrame(() => {
      const next = pending!.value;
      pending = undefined;
      draw(next);
    });
  };
}
