import { css, pointColour, textColourOn } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';

/** A component's number at its mean, counted from 1 as in the lecture. */
export function badge(component: number, x: number, y: number, dark: boolean): SVGElement {
  const colour = pointColour(component, dark);
  return svg('g', { class: 'badge', transform: `translate(${x.toFixed(2)} ${y.toFixed(2)})` }, [
    svg('circle', { r: 12, fill: css(colour) }),
    svg('text', { y: 4.5, 'text-anchor': 'middle', fill: textColourOn(colour) }, [
      String(component + 1),
    ]),
  ]);
}
