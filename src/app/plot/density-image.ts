import type { Places } from './sample-places.ts';
import type { CanvasPixels, SplatStyle } from './splat-style.ts';
import type { ViewWindow } from './view-window.ts';

/** Brightness of a single sample, as FAINTEST in resolve.wgsl. */
const FAINTEST = 0.16;

interface DensityColours {
  /** A sample's colour, packed as in colour-table.ts. */
  readonly colourOf: (sample: number) => number;
  /** Colours of counts; undefined: the mean colour of a cell's samples. */
  readonly countColours: ArrayLike<number> | undefined;
}

/** How many samples lie in each cell, row by row from the top: the twin of splat.wgsl for one cell a sample. */
export function cellCounts(
  places: Places,
  window: ViewWindow,
  { width, height }: CanvasPixels,
  { cell, border, phase, columns, rows }: SplatStyle,
  visit: (cell: number, sample: number) => void = () => {},
): Uint32Array {
  const counts = new Uint32Array(columns * rows);
  const perX = width / (window.x.high - window.x.low);
  const perY = height / (window.y.high - window.y.low);
  for (let i = 0; i < places.x.length; i++) {
    const x = ((places.x[i] - window.x.low) * perX + phase[0]) / cell + border;
    const y = (height - (places.y[i] - window.y.low) * perY + phase[1]) / cell + border;
    if (!(x >= 0 && x < columns && y >= 0 && y < rows)) continue;
    const at = Math.floor(y) * columns + Math.floor(x);
    counts[at]++;
    visit(at, i);
  }
  return counts;
}

/** A pixel a cell: the mean colour, or the count's, the brighter the larger the logarithm of the count. */
export function densityImage(
  places: Places,
  window: ViewWindow,
  pixels: CanvasPixels,
  style: SplatStyle,
  { colourOf, countColours }: DensityColours,
): ImageData {
  const sums = new Float64Array(3 * style.columns * style.rows);
  const counts = cellCounts(places, window, pixels, style, (cell, sample) => {
    const colour = colourOf(sample);
    for (let channel = 0; channel < 3; channel++) {
      sums[3 * cell + channel] += (colour >> (8 * channel)) & 255;
    }
  });
  const peak = counts.reduce((most, count) => Math.max(most, count), 1);
  const image = new ImageData(style.columns, style.rows);
  counts.forEach((count, cell) => {
    if (count === 0) return;
    const brightness = Math.log1p(count) / Math.log1p(peak);
    const ofCount = countColours?.[Math.round(brightness * (countColours.length - 1))];
    for (let channel = 0; channel < 3; channel++) {
      image.data[4 * cell + channel] =
        ofCount === undefined ? sums[3 * cell + channel] / count : (ofCount >> (8 * channel)) & 255;
    }
    const alpha = FAINTEST + (1 - FAINTEST) * brightness;
    image.data[4 * cell + 3] = 255 * (ofCount === undefined ? alpha : 1);
  });
  return image;
}
