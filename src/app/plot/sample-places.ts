import type { SourceData } from '../data/source-data.ts';
import { thinnedSample } from '../shared/thinned.ts';
import type { Projection } from './projection.ts';
import type { ViewWindow } from './view-window.ts';

/** Where rows lie in the plane, in the user's units; NaN where one cannot be placed. */
export interface Places {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** Steps by the golden ratio spread heights evenly over [0, 1). */
const GOLDEN = 0.6180339887498949;
/** Rows that tell how many samples a window holds: to a hundredth or so of all. */
const PROBED = 4096;

/** A direction along one feature, whose missing entries leave a sample out: that feature. */
export function featureOf(direction: Float64Array): number | undefined {
  const along = direction.findIndex((part) => part !== 0);
  const only = along >= 0 && direction.every((part, d) => part === 0 || d === along);
  return only ? along : undefined;
}

/**
 * Places one row of every so many. Where several features make a direction a missing entry counts as its column's mean, unless the
 * projection leaves such samples out.
 * @param means of the columns, D
 */
export function placeRows(
  { samples: { data, nSamples, nFeatures } }: SourceData,
  projection: Projection,
  means: Float64Array,
  every: number,
): Places {
  const count = Math.ceil(nSamples / every);
  const along = (direction: Float64Array): Float64Array => {
    const out = new Float64Array(count);
    const isFilled = featureOf(direction) === undefined && !projection.leavesOut;
    for (let i = 0; i < count; i++) {
      const row = thinnedSample(i, every, nSamples) * nFeatures;
      let sum = 0;
      for (let d = 0; d < nFeatures; d++) {
        if (direction[d] === 0) continue;
        const value = data[row + d];
        const present = isFilled && Number.isNaN(value) ? means[d] : value;
        sum += direction[d] * (present - projection.origin[d]);
      }
      out[i] = sum;
    }
    return out;
  };
  return {
    x: along(projection.x),
    y: projection.y
      ? along(projection.y)
      : Float64Array.from(
          { length: count },
          (_, i) => (thinnedSample(i, every, nSamples) * GOLDEN) % 1,
        ),
  };
}

/** Tells about how many samples a window holds, from a few of them. */
export class WindowCount {
  readonly #data: SourceData;
  readonly #means: Float64Array;
  readonly #places = new WeakMap<Projection, Places>();

  constructor(data: SourceData, means: Float64Array) {
    this.#data = data;
    this.#means = means;
  }

  /** A share of all samples, above 0. */
  share(projection: Projection, { x, y }: ViewWindow): number {
    const places = this.#placesOf(projection);
    let inside = 0;
    for (let i = 0; i < places.x.length; i++) {
      const [px, py] = [places.x[i], places.y[i]];
      if (px >= x.low && px < x.high && py >= y.low && py < y.high) inside++;
    }
    return Math.max(0.5, inside) / places.x.length;
  }

  #placesOf(projection: Projection): Places {
    let places = this.#places.get(projection);
    if (!places) {
      const every = Math.ceil(this.#data.samples.nSamples / PROBED);
      places = placeRows(this.#data, projection, this.#means, every);
      this.#places.set(projection, places);
    }
    return places;
  }
}
