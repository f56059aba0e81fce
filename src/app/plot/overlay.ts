import { axisMarks } from './axis-marks.ts';
import { densityCurves, ellipseMarks } from './component-marks.ts';
import type { Marginal } from './marginal.ts';
import { svg } from '../shared/svg.ts';
import type { ViewWindow } from './view-window.ts';

/** Room around the drawing area for ticks and names, in CSS pixels; page.css places the canvas by the same numbers. */
export const MARGIN = { top: 8, right: 12, bottom: 44, left: 58 };

/** Maps the user's units to CSS pixels of the plot. */
export interface PlotMap {
  x(value: number): number;
  y(value: number): number;
  /** CSS pixels a unit; y's is negative, as it grows upwards */
  scaleX: number;
  scaleY: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface OverlayPicture {
  window: ViewWindow;
  xName: string;
  /** undefined: one feature, the components are drawn as density curves */
  yName: string | undefined;
  components: readonly Marginal[];
  dark: boolean;
}

/** Axes, ellipses and numbers over the samples, as SVG: sharp at any zoom and styled by page.css. */
export class Overlay {
  readonly #svg: SVGSVGElement;

  constructor(svg: SVGSVGElement) {
    this.#svg = svg;
  }

  draw(picture: OverlayPicture): void {
    const { clientWidth: width, clientHeight: height } = this.#svg.parentElement!;
    this.#svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const map = plotMap(picture.window, width, height);
    const marks =
      picture.yName === undefined
        ? densityCurves(picture.components, map, picture.window.x, picture.dark)
        : ellipseMarks(picture.components, map, picture.dark);
    const clip = svg('clipPath', { id: 'plot-area' }, [
      svg('rect', {
        x: map.left,
        y: map.top,
        width: Math.max(0, map.right - map.left),
        height: Math.max(0, map.bottom - map.top),
      }),
    ]);
    this.#svg.replaceChildren(
      clip,
      axisMarks(picture.window, picture.xName, picture.yName, map),
      svg('g', { 'clip-path': 'url(#plot-area)' }, marks),
    );
  }
}

function plotMap(window: ViewWindow, width: number, height: number): PlotMap {
  const left = MARGIN.left;
  const right = width - MARGIN.right;
  const top = MARGIN.top;
  const bottom = height - MARGIN.bottom;
  const scaleX = (right - left) / (window.x.high - window.x.low);
  const scaleY = (top - bottom) / (window.y.high - window.y.low);
  return {
    x: (value) => left + (value - window.x.low) * scaleX,
    y: (value) => bottom + (value - window.y.low) * scaleY,
    scaleX,
    scaleY,
    left,
    top,
    right,
    bottom,
  };
}
