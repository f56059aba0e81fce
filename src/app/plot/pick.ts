import type { SourceData } from '../data/source-data.ts';
import type { PlotMap, Point } from './plot-map.ts';
import { Direction } from './projection.ts';
import type { Projection } from './projection.ts';

/** Which samples are looked at. */
export interface PickOptions {
  /** CSS pixels; Infinity for the nearest anywhere. */
  readonly within: number;
  /** How many, nearest first. */
  readonly most: number;
}

/**
 * The samples nearest to a place in the plot, distances in CSS pixels. One pass over the samples: most are told to
 * be too far by their first coordinate. One feature: only the horizontal distance counts.
 */
export function nearestSamples(
  { samples }: Pick<SourceData, 'samples'>,
  projection: Projection,
  map: PlotMap,
  at: Point,
  { within, most }: PickOptions,
): number[] {
  const { data, nSamples, nFeatures } = samples;
  const across = new Direction(projection, projection.x);
  const up = projection.y && new Direction(projection, projection.y);
  const centre = map.unitsAt(at);
  const { scaleX, scaleY } = map;
  const found: { sample: number; distance: number }[] = [];
  // squared, as all distances below
  let farthest = within * within;
  for (let i = 0; i < nSamples; i++) {
    const row = i * nFeatures;
    const x = across.feature < 0 ? across.at(data, row) : data[row + across.feature];
    const dx = (x - centre.x) * scaleX;
    let distance = dx * dx;
    // (so written, a missing entry is far as well)
    if (!(distance <= farthest)) continue;
    if (up) {
      const y = up.feature < 0 ? up.at(data, row) : data[row + up.feature];
      const dy = (y - centre.y) * scaleY;
      distance += dy * dy;
      if (!(distance <= farthest)) continue;
    }
    let place = found.length;
    while (place > 0 && found[place - 1].distance > distance) place--;
    found.splice(place, 0, { sample: i, distance });
    if (found.length > most) found.pop();
    // a later one at the same distance does not push out an earlier one
    if (found.length === most) farthest = Math.min(farthest, found[most - 1].distance);
  }
  return found.slice(0, most).map(({ sample }) => sample);
}

/** Where a sample lies in the plane, in the user's units; y is NaN where there is one feature. */
export function placeOf(
  { samples }: Pick<SourceData, 'samples'>,
  projection: Projection,
  sample: number,
): Point {
  const row = sample * samples.nFeatures;
  const at = (vector: Float64Array) => new Direction(projection, vector).at(samples.data, row);
  return { x: at(projection.x), y: projection.y ? at(projection.y) : NaN };
}
