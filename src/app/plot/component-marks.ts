import { ellipse } from './marginal.ts';
import type { Marginal } from './marginal.ts';
import type { PlotMap } from './overlay.ts';
import { css, lineColour, pointColour, textColourOn } from '../shared/palette.ts';
import { svg } from '../shared/svg.ts';
import type { Range } from './view-window.ts';

const CURVE_POINTS = 240;

/** For every component its 2-sigma (dashed) and 1-sigma ellipse, and its number at the mean. */
export function ellipseMarks(
  components: readonly Marginal[],
  map: PlotMap,
  dark: boolean,
): SVGElement[] {
  const outlines = components.flatMap((component) => {
    const stroke = css(lineColour(component.component, dark));
    return [2, 1].flatMap((sigmas) => {
      const { cx, cy, rx, ry, angle } = ellipse(component, sigmas, map);
      const degrees = (angle * 180) / Math.PI;
      const shape = {
        rx,
        ry,
        transform: `translate(${fixed(cx)} ${fixed(cy)}) rotate(${fixed(degrees)})`,
      };
      return [
        svg('ellipse', { class: 'halo', ...shape }),
        svg('ellipse', { class: `sigma sigma-${sigmas}`, stroke, ...shape }),
      ];
    });
  });
  const badges = components.map((component) =>
    badge(component.component, map.x(component.mean[0]), map.y(component.mean[1]), dark),
  );
  return [...outlines, ...badges];
}

/** One feature: every component's weighted density as a curve, the highest just under the top. */
export function densityCurves(
  components: readonly Marginal[],
  map: PlotMap,
  range: Range,
  dark: boolean,
): SVGElement[] {
  const peak = ({ weight, covariance }: Marginal) => weight / Math.sqrt(covariance[0]);
  const highest = Math.max(...components.map(peak));
  const height = (map.bottom - map.top) * 0.9;
  return components.flatMap((component) => {
    const stroke = css(lineColour(component.component, dark));
    const [mean] = component.mean;
    const top = (peak(component) / highest) * height;
    const points = Array.from({ length: CURVE_POINTS + 1 }, (_, i) => {
      const value = range.low + ((range.high - range.low) * i) / CURVE_POINTS;
      const density = Math.exp(-((value - mean) ** 2) / (2 * component.covariance[0]));
      return `${fixed(map.x(value))},${fixed(map.bottom - top * density)}`;
    });
    return [
      svg('polyline', { class: 'halo', points: points.join(' ') }),
      svg('polyline', { class: 'sigma', stroke, points: points.join(' ') }),
      badge(component.component, map.x(mean), map.bottom - top, dark),
    ];
  });
}

function badge(component: number, x: number, y: number, dark: boolean): SVGElement {
  const colour = pointColour(component, dark);
  return svg('g', { class: 'badge', transform: `translate(${fixed(x)} ${fixed(y)})` }, [
    svg('circle', { r: 11, fill: css(colour) }),
    svg('text', { y: 4.5, 'text-anchor': 'middle', fill: textColourOn(colour) }, [
      String(component),
    ]),
  ]);
}

function fixed(value: number): string {
  return value.toFixed(2);
}
