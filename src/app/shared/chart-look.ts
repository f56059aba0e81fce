import type uPlot from 'uplot';
import { textScale } from './text-scale.ts';

/** What uPlot, which draws on a canvas, is told of the page's look. */
export interface ChartLook {
  /** Of every length: the page's text size, see text-scale.ts. */
  readonly scale: number;
  readonly axis: uPlot.Axis;
  /** The value of a variable of page.css. */
  readonly colour: (name: string) => string;
}

export function chartLook(): ChartLook {
  const scale = textScale();
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const font = `${12 * scale}px ${getComputedStyle(document.body).fontFamily}`;
  return {
    scale,
    colour,
    axis: {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      gap: 5 * scale,
      font,
    },
  };
}
