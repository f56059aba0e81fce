import type { PlotMap } from './plot-map.ts';
import { svg } from '../shared/svg.ts';
import { ticks } from './ticks.ts';
import type { ViewWindow } from './view-window.ts';

const PIXELS_A_TICK = { x: 88, y: 56 };

/** Grid lines, tick labels in the user's units and the features' names. */
export function axisMarks(
  window: ViewWindow,
  xName: string,
  yName: string | undefined,
  map: PlotMap,
): SVGElement {
  return svg('g', { class: 'axis', 'aria-hidden': 'true' }, [
    ...xMarks(window, xName, map),
    ...(yName === undefined ? [] : yMarks(window, yName, map)),
    svg('path', {
      class: 'frame',
      d: `M${map.left} ${map.top}V${map.bottom}H${map.right}`,
    }),
  ]);
}

function xMarks(window: ViewWindow, name: string, map: PlotMap): SVGElement[] {
  const { values, labels, note } = ticks(window.x, (map.right - map.left) / PIXELS_A_TICK.x);
  const marks = values.flatMap((value, i) => [
    svg('path', { class: 'grid', d: `M${at(map.x(value))} ${map.top}V${map.bottom}` }),
    svg('text', { class: 'tick-x', x: map.x(value), y: map.bottom + 17, 'text-anchor': 'middle' }, [
      labels[i],
    ]),
  ]);
  const middle = (map.left + map.right) / 2;
  const title = { class: 'name', x: middle, y: map.bottom + 37, 'text-anchor': 'middle' };
  return [...marks, svg('text', title, withNote(name, note))];
}

function yMarks(window: ViewWindow, name: string, map: PlotMap): SVGElement[] {
  const { values, labels, note } = ticks(window.y, (map.bottom - map.top) / PIXELS_A_TICK.y);
  const marks = values.flatMap((value, i) => [
    svg('path', { class: 'grid', d: `M${map.left} ${at(map.y(value))}H${map.right}` }),
    svg('text', { class: 'tick-y', x: map.left - 8, y: map.y(value) + 4, 'text-anchor': 'end' }, [
      labels[i],
    ]),
  ]);
  const middle = (map.top + map.bottom) / 2;
  const title = {
    class: 'name',
    'text-anchor': 'middle',
    transform: `translate(14 ${middle}) rotate(-90)`,
  };
  return [...marks, svg('text', title, withNote(name, note))];
}

/** The name, and how to read the labels where they are not the values. */
function withNote(name: string, note: string): (SVGElement | string)[] {
  return note === '' ? [name] : [name, svg('tspan', { class: 'scale' }, [` (${note})`])];
}

function at(pixels: number): string {
  return pixels.toFixed(2);
}
