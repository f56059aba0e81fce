import type { SourceData } from '../data/source-data.ts';
import type { Projection } from './projection.ts';

export interface Range {
  low: number;
  high: number;
}

/** The part of the plane that is shown, in the user's units. */
export interface ViewWindow {
  x: Range;
  y: Range;
}

const PADDING = 0.06;

/** The window that holds every sample, with a margin. One feature: y runs from 0 to 1. */
export function windowOf({ samples }: SourceData, projection: Projection): ViewWindow {
  const { data, nFeatures } = samples;
  const range = (direction: Float64Array) => {
    let low = Infinity;
    let high = -Infinity;
    for (let row = 0; row < data.length; row += nFeatures) {
      let value = 0;
      for (let d = 0; d < nFeatures; d++) {
        if (direction[d] !== 0) value += direction[d] * (data[row + d] - projection.origin[d]);
      }
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return padded({ low, high });
  };
  return {
    x: range(projection.x),
    y: projection.y === undefined ? { low: 0, high: 1 } : range(projection.y),
  };
}

/** A constant column gets a window around its value. */
function padded({ low, high }: Range): Range {
  const margin = high > low ? (high - low) * PADDING : Math.abs(low) * 0.1 || 1;
  return { low: low - margin, high: high + margin };
}

/** About `wanted` round values (1, 2 or 5 times a power of ten apart) inside the range, and the decimals that tell them apart. */
export function ticks(
  { low, high }: Range,
  wanted: number,
): { values: number[]; decimals: number } {
  const rough = (high - low) / Math.max(1, wanted);
  const power = Math.floor(Math.log10(rough));
  const lead = rough / 10 ** power;
  // the nearest by ratio, so the borders are geometric means
  const step =
    (lead < Math.SQRT2 ? 1 : lead < Math.sqrt(10) ? 2 : lead < Math.sqrt(50) ? 5 : 10) *
    10 ** power;
  const first = Math.ceil(low / step);
  const last = Math.floor(high / step);
  // i * step, not a running sum: the sum drifts
  const values = Array.from(
    { length: Math.max(0, last - first + 1) },
    (_, i) => (first + i) * step,
  );
  return { values, decimals: Math.min(12, Math.max(0, -Math.floor(Math.log10(step)))) };
}
