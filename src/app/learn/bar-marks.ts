import { svg } from '../shared/svg.ts';

/** Where a bar stands, and the pixels of its upper ends: that of L and that of KL on it. */
export interface BarPlace {
  readonly x: number;
  readonly width: number;
  readonly top: number;
  readonly middle: number;
  readonly bottom: number;
}

/** L from below, KL on it, ln p as the line above. */
export function barMarks(at: BarPlace): SVGElement[] {
  const { x, width, top, middle, bottom } = at;
  return [
    svg('rect', { class: 'bar-bound', x, y: middle, width, height: Math.max(0, bottom - middle) }),
    svg('rect', { class: 'bar-gap', x, y: top, width, height: Math.max(0, middle - top) }),
    svg('path', { class: 'bar-top', d: `M${x.toFixed(1)} ${top.toFixed(2)}h${width.toFixed(1)}` }),
    ...(middle - top > 18 ? [text('gap-label', 'KL', at, (top + middle) / 2 + 4)] : []),
    ...(bottom - middle > 18 ? [text('bound-label', 'L', at, (middle + bottom) / 2 + 4)] : []),
  ];
}

export function text(
  name: string,
  content: string,
  { x, width }: Pick<BarPlace, 'x' | 'width'>,
  y: number,
): SVGElement {
  return svg('text', { class: name, x: x + width / 2, y, 'text-anchor': 'middle' }, [content]);
}
