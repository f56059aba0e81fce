import type { ViewWindow } from './view-window.ts';

/** The canvas's pixels. */
export interface CanvasPixels {
  readonly width: number;
  readonly height: number;
  /** Device pixels a CSS pixel. */
  readonly ratio: number;
}

/** Cells that samples are added up in. */
export interface SplatStyle {
  /** Device pixels a cell. */
  readonly cell: number;
  /** Cells that surround the canvas's own, so that smoothing has neighbours. */
  readonly border: number;
  /** Device pixels that the first cell inside the border begins before the canvas. */
  readonly phase: readonly [x: number, y: number];
  readonly columns: number;
  readonly rows: number;
  /** Disc radius in cells; 0: a sample falls in one cell. */
  readonly reach: number;
  /** Opacity of one sample. */
  readonly alpha: number;
}

/** Cells that all visible discs may touch together: beyond, each sample gets one. */
const MOST_TOUCHED = 16e6;
/** Samples that a cell of a density holds where they lie evenly: fewer would be noise, more would hide detail. */
const SAMPLES_A_CELL = 10;
/** CSS pixels. */
const LARGEST_CELL = 22;

/** Dots: smaller and fainter as they come to overlap, so that density shows. @param nVisible samples inside the window, about */
export function dotStyle(nVisible: number, { width, height, ratio }: CanvasPixels): SplatStyle {
  const area = width * height;
  const wanted = ratio * Math.min(4, Math.max(0.75, 5.6 - 0.8 * Math.log10(Math.max(1, nVisible))));
  const touched = nVisible * Math.PI * (wanted + 0.5) ** 2;
  const reach = touched > MOST_TOUCHED ? 0 : wanted;
  // one cell is a disc of area 1
  const overlap = (nVisible * (reach === 0 ? 1 : Math.PI * reach * reach)) / area;
  return {
    cell: 1,
    border: 0,
    phase: [0, 0],
    columns: width,
    rows: height,
    reach,
    alpha: Math.min(0.75, Math.max(0.05, 0.35 / Math.sqrt(overlap))),
  };
}

/** Densities: cells that hold enough samples to be smooth, and that stay where they are in the data as the view moves. */
export function densityStyle(
  nVisible: number,
  { width, height, ratio }: CanvasPixels,
  window: ViewWindow,
): SplatStyle {
  const wanted = Math.sqrt((SAMPLES_A_CELL * width * height) / Math.max(1, nVisible));
  const cell = wanted < 1.5 ? 1 : Math.min(LARGEST_CELL * ratio, wanted);
  const border = cell > 1 ? 1 : 0;
  const origin = [
    (-window.x.low / (window.x.high - window.x.low)) * width,
    height + (window.y.low / (window.y.high - window.y.low)) * height,
  ];
  const [x, y] = origin.map((pixels) => (border === 0 ? 0 : modulo(-pixels, cell)));
  return {
    cell,
    border,
    phase: [x, y],
    columns: Math.ceil((width + x) / cell) + 2 * border,
    rows: Math.ceil((height + y) / cell) + 2 * border,
    reach: 0,
    alpha: 1,
  };
}

const modulo = (value: number, by: number): number => ((value % by) + by) % by;
