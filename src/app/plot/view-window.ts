import type { SourceData } from '../data/source-data.ts';
import { Direction } from './projection.ts';
import type { Projection } from './projection.ts';
import type { Point } from './plot-map.ts';

export interface Range {
  low: number;
  high: number;
}

/** The part of the plane that is shown, in the user's units. */
export interface ViewWindow {
  x: Range;
  y: Range;
}

const PADDING = 0.06;
/** Far enough out to see the samples as a dot, and not so far that they are lost. */
const WIDEST = 20;
/** Float32 tells about 2^24 places apart over the whole of the samples; more than this shows their grid. */
const NARROWEST = 1e-6;
/** Of a number's size: float64 has 16 digits, and ticks need some of them. */
const DIGITS = 1e-11;

/** The window that holds every sample, with a margin. One feature: y runs from 0 to 1. */
export function windowOf(
  { samples, ranges }: Pick<SourceData, 'samples' | 'ranges'>,
  projection: Projection,
): ViewWindow {
  const { data, nFeatures } = samples;
  const range = (vector: Float64Array) => {
    const direction = new Direction(projection, vector);
    const { feature } = direction;
    if (feature >= 0 && ranges) return padded(ranges[feature]);
    let low = Infinity;
    let high = -Infinity;
    for (let row = 0; row < data.length; row += nFeatures) {
      const value = feature < 0 ? direction.at(data, row) : data[row + feature];
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return padded({ low, high });
  };
  return {
    x: range(projection.x),
    y: projection.y === undefined ? { low: 0, high: 1 } : range(projection.y),
  };
}

/** A constant column gets a window around its value, one without any value the numbers 0 to 1. */
function padded({ low, high }: Range): Range {
  if (low > high) return { low: 0, high: 1 };
  const margin = high > low ? (high - low) * PADDING : Math.abs(low) * 0.1 || 1;
  return { low: low - margin, high: high + margin };
}

/** How a window may be moved. */
export interface Limits {
  /** The window that holds every sample. */
  readonly whole: ViewWindow;
  /** One feature: heights mean nothing and stay. */
  readonly fixedY: boolean;
}

/**
 * The window moved by a part of its own width and height, positive to the right and up. The samples' edge may come
 * to the window's opposite edge and no further, so that they cannot be lost.
 */
export function panned(window: ViewWindow, by: Point, { whole, fixedY }: Limits): ViewWindow {
  return {
    x: shifted(window.x, by.x, whole.x),
    y: fixedY ? window.y : shifted(window.y, by.y, whole.y),
  };
}

/** The window with `factor` times its width and height; what is at `at` (the user's units) stays there. */
export function zoomed(
  window: ViewWindow,
  at: Point,
  factor: number,
  { whole, fixedY }: Limits,
): ViewWindow {
  return {
    x: scaled(window.x, at.x, factor, whole.x),
    y: fixedY ? window.y : scaled(window.y, at.y, factor, whole.y),
  };
}

/** The window of the same size around a place. */
export function centred(window: ViewWindow, at: Point, { fixedY }: Limits): ViewWindow {
  const around = (value: number, { low, high }: Range) => ({
    low: value - (high - low) / 2,
    high: value + (high - low) / 2,
  });
  return { x: around(at.x, window.x), y: fixedY ? window.y : around(at.y, window.y) };
}

function shifted({ low, high }: Range, by: number, whole: Range): Range {
  const length = high - low;
  const moved = low + by * length;
  // (from outside these bounds, where a zoom may have led, any way back is good)
  const least = Math.min(low, whole.low - length);
  const most = Math.max(low, whole.high);
  const start = Math.min(most, Math.max(least, moved));
  return { low: start, high: start + length };
}

function scaled({ low, high }: Range, at: number, factor: number, whole: Range): Range {
  const length = high - low;
  const full = whole.high - whole.low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  const least = Math.min(length, Math.max(NARROWEST * full, DIGITS * size));
  const most = Math.max(length, WIDEST * full);
  const wanted = Math.min(most, Math.max(least, length * factor));
  const start = at - ((at - low) / length) * wanted;
  return { low: start, high: start + wanted };
}
