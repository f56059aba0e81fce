import type { PlotMap } from './overlay.ts';
import { svg } from '../shared/svg.ts';
import { ticks } from './view-window.ts';
import type { ViewWindow } from './view-window.ts';

const PIXELS_A_TICK = { x: 88, y: 56 };

/** Grid lines, tick labels in the user's units and the features' names. */
export function axisMarks(
  window: ViewWindow,
  xName: string,
  yName: string | undefined,
  map: PlotMap,
): SVGElement {
  return svg('g', { class: 'axis' }, [
    ...xMarks(window, xName, map),
    ...(yName === undefined ? [] : yMarks(window, yName, map)),
    svg('path', {
      class: 'frame',
      d: `M${map.left} ${map.top}V${map.bottom}H${map.right}`,
    }),
  ]);
}

function xMarks(window: ViewWindow, name: string, map: PlotMap): SVGElement[] {
  const { values, decimals } = ticks(window.x, (map.right - map.left) / PIXELS_A_TICK.x);
  const marks = values.flatMap((value) => [
    svg('path', { class: 'grid', d: `M${map.x(value)} ${map.top}V${map.bottom}` }),
    svg('text', { x: map.x(value), y: map.bottom + 17, 'text-anchor': 'middle' }, [
      label(value, decimals),
    ]),
  ]);
  const middle = (map.left + map.right) / 2;
  const title = { class: 'name', x: middle, y: map.bottom + 37, 'text-anchor': 'middle' };
  return [...marks, svg('text', title, [name])];
}

function yMarks(window: ViewWindow, name: string, map: PlotMap): SVGElement[] {
  const { values, decimals } = ticks(window.y, (map.bottom - map.top) / PIXELS_A_TICK.y);
  const marks = values.flatMap((value) => [
    svg('path', { class: 'grid', d: `M${map.left} ${map.y(value)}H${map.right}` }),
    svg('text', { x: map.left - 8, y: map.y(value) + 4, 'text-anchor': 'end' }, [
      label(value, decimals),
    ]),
  ]);
  const middle = (map.top + map.bottom) / 2;
  const title = {
    class: 'name',
    'text-anchor': 'middle',
    transform: `translate(14 ${middle}) rotate(-90)`,
  };
  return [...marks, svg('text', title, [name])];
}

/** As many decimals as tell the ticks apart; powers of ten where the number would not fit the margin. */
function label(value: number, decimals: number): string {
  const plain = value.toFixed(decimals);
  const text = plain.length > 7 ? value.toPrecision(3) : plain;
  return (Number(text) === 0 ? '0' : text).replace('-', '−');
}
