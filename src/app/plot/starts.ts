import type { SourceData } from '../data/source-data.ts';
import { liftedMove } from './component-edit.ts';
import { nearestSamples, placeOf } from './pick.ts';
import type { PlotMap, Point } from './plot-map.ts';
import type { Projection } from './projection.ts';

/**
 * Means for starts that were placed in the plane (the user's units), n x D: what the plane does not say is that of the nearest
 * sample in it, and a missing entry the mean of its column.
 */
export function startMeans(
  data: SourceData,
  projection: Projection,
  map: PlotMap,
  places: readonly Point[],
): Float64Array {
  const { nFeatures } = data.samples;
  const means = new Float64Array(places.length * nFeatures);
  const ofColumns = new Map<number, number>();
  places.forEach((place, n) => {
    const at = { x: map.x(place.x), y: map.y(place.y) };
    const [nearest] = nearestSamples(data, projection, map, at, {
      within: Infinity,
      most: 1,
    });
    const from = nearest === undefined ? undefined : placeOf(data, projection, nearest);
    const mean = Float64Array.from({ length: nFeatures }, (_, d) => {
      const value = nearest === undefined ? NaN : data.samples.data[nearest * nFeatures + d];
      if (!Number.isNaN(value)) return value;
      if (!ofColumns.has(d)) ofColumns.set(d, columnMean(data, d));
      return ofColumns.get(d)!;
    });
    if (from) {
      const move = liftedMove(projection, { x: place.x - from.x, y: place.y - from.y || 0 });
      for (let d = 0; d < nFeatures; d++) mean[d] += move[d];
    }
    means.set(mean, n * nFeatures);
  });
  return means;
}

function columnMean({ samples }: SourceData, column: number): number {
  const { data, nSamples, nFeatures } = samples;
  let sum = 0;
  let present = 0;
  for (let n = 0; n < nSamples; n++) {
    const value = data[n * nFeatures + column];
    if (Number.isNaN(value)) continue;
    sum += value;
    present++;
  }
  return present === 0 ? 0 : sum / present;
}
