import type { Range, ViewWindow } from './view-window.ts';

/** Room around the drawing area for ticks and names, in CSS pixels; page.css places the canvas by the same numbers. */
export const MARGIN = { top: 8, right: 12, bottom: 44, left: 58 };

/** A point of the plane, in the user's units or in CSS pixels from the plot's top left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Maps the user's units to CSS pixels of the plot, and back. */
export interface PlotMap {
  x(value: number): number;
  y(value: number): number;
  /** The user's units at a place in CSS pixels. */
  unitsAt(pixels: Point): Point;
  /** CSS pixels a unit; y's is negative, as it grows upwards */
  readonly scaleX: number;
  readonly scaleY: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The map of a window onto a plot of this size in CSS pixels, margins included. */
export function plotMap(window: ViewWindow, width: number, height: number): PlotMap {
  const left = MARGIN.left;
  const top = MARGIN.top;
  // (a plot too small for its margins still maps without a division by zero)
  const right = Math.max(left + 1, width - MARGIN.right);
  const bottom = Math.max(top + 1, height - MARGIN.bottom);
  const scaleX = (right - left) / lengthOf(window.x);
  const scaleY = (top - bottom) / lengthOf(window.y);
  return {
    x: (value) => left + (value - window.x.low) * scaleX,
    y: (value) => bottom + (value - window.y.low) * scaleY,
    unitsAt: ({ x, y }) => ({
      x: window.x.low + (x - left) / scaleX,
      y: window.y.low + (y - bottom) / scaleY,
    }),
    scaleX,
    scaleY,
    left,
    top,
    right,
    bottom,
  };
}

/** Whether a place in CSS pixels is in the drawing area. */
export function isInside(map: PlotMap, { x, y }: Point): boolean {
  return x >= map.left && x <= map.right && y >= map.top && y <= map.bottom;
}

function lengthOf({ low, high }: Range): number {
  return high - low;
}
