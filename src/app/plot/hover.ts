import { SIGMAS } from './component-marks.ts';
import { ellipse } from './marginal.ts';
import type { Marginal } from './marginal.ts';
import type { PlotMap, Point } from './plot-map.ts';

/** CSS pixels to a line within which it is pointed at. */
const REACH = 7;

/** The component one of whose ellipses' lines is nearest to a place in CSS pixels; undefined where none is near. */
export function componentAt(
  marginals: readonly Marginal[],
  map: PlotMap,
  at: Point,
): number | undefined {
  let nearest: number | undefined;
  let least = REACH;
  for (const marginal of marginals) {
    const distance = distanceToRings(marginal, map, at);
    if (distance >= least) continue;
    least = distance;
    nearest = marginal.component;
  }
  return nearest;
}

/** Along the ray from the centre, which is within a few pixels of the distance where the ellipse is not a needle. */
function distanceToRings(marginal: Marginal, map: PlotMap, at: Point): number {
  const { cx, cy, rx, ry, angle } = ellipse(marginal, 1, map);
  const [dx, dy] = [at.x - cx, at.y - cy];
  const along = (dx * Math.cos(angle) + dy * Math.sin(angle)) / rx;
  const beside = (dy * Math.cos(angle) - dx * Math.sin(angle)) / ry;
  const sigmas = Math.hypot(along, beside);
  if (!(sigmas > 0)) return Infinity;
  // the gradient's length turns a difference of sigmas into pixels
  const steepness = Math.hypot(along / rx, beside / ry) / sigmas;
  return Math.min(...SIGMAS.map((ring) => Math.abs(sigmas - ring) / steepness));
}
