import type { BinaryImages } from '../io/binarise.ts';
import { blankPicture } from '../io/png.ts';
import type { RgbPicture } from '../io/png.ts';
import type { Mask } from './digits-mask.ts';
import { bitAt } from './digits-measures.ts';

type Rgb = readonly [red: number, green: number, blue: number];

// The page's colours: ink on paper for what was seen, blue for what was filled in.
const PAPER: Rgb = [255, 255, 255];
const INK: Rgb = [25, 29, 34];
const FILLED: Rgb = [27, 95, 174];
const LINE: Rgb = [200, 204, 209];

const PER_ROW = 20;
/** An image is drawn at least so wide or high, in whole multiples of its pixels. */
const LEAST_SIZE = 56;

export interface Gallery {
  readonly rows: number;
  readonly columns: number;
  readonly test: BinaryImages;
  readonly mask: Mask;
  /** N x D. */
  readonly completed: ArrayLike<number>;
  /** Which test images are shown. */
  readonly shown: readonly number[];
  /** K x D. */
  readonly probabilities: Float64Array;
  /** In the order in which they are drawn. */
  readonly components: readonly number[];
}

/** An image: the colour of each pixel. */
type Tile = (pixel: number) => Rgb;

/**
 * The picture of a completion: for every twenty test images three rows, the image, what is seen of it (the hidden part
 * hatched) and the image completed (in blue, the darker the likelier a 1); under a line the component images.
 */
export function drawGallery(gallery: Gallery): RgbPicture {
  const { rows, columns, shown, components } = gallery;
  const bands = chunks(shown, PER_ROW).map((images) => [
    images.map((n) => original(gallery, n)),
    images.map((n) => seen(gallery, n)),
    images.map((n) => completion(gallery, n)),
  ]);
  const grid = chunks(components, PER_ROW).map((some) => some.map((k) => component(gallery, k)));
  const scale = Math.max(1, Math.ceil(LEAST_SIZE / Math.max(rows, columns)));
  const [tileWidth, tileHeight] = [columns * scale, rows * scale];
  const gap = 4;
  const perRow = Math.min(PER_ROW, Math.max(shown.length, components.length));
  const width = gap + perRow * (tileWidth + gap);
  const rowHeight = tileHeight + gap;
  const bandHeight = 3 * rowHeight + 2 * gap;
  const height = gap + bands.length * bandHeight + 3 * gap + grid.length * rowHeight;
  const picture = blankPicture(width, height);
  const drawRow = (tiles: readonly Tile[], y: number) =>
    tiles.forEach((tile, i) =>
      drawTile(picture, tile, gap + i * (tileWidth + gap), y, { rows, columns, scale }),
    );
  bands.forEach((band, i) =>
    band.forEach((tiles, j) => drawRow(tiles, gap + i * bandHeight + j * rowHeight)),
  );
  const line = gap + bands.length * bandHeight;
  for (let x = gap; x < width - gap; x++) setPixel(picture, x, line, LINE);
  grid.forEach((tiles, i) => drawRow(tiles, line + 2 * gap + i * rowHeight));
  return picture;
}

const original = ({ test }: Gallery, n: number): Tile => {
  return (d) => (bitAt(test.bits, test.nFeatures, n, d) === 1 ? INK : PAPER);
};

/** What is hidden is hatched, so that it is told from blank paper without colour too. */
const seen = (gallery: Gallery, n: number): Tile => {
  const { test, mask, columns } = gallery;
  const whole = original(gallery, n);
  const [light, dark] = [mix(PAPER, FILLED, 0.12), mix(PAPER, FILLED, 0.3)];
  return (d) => {
    if (bitAt(mask, test.nFeatures, n, d) === 1) return whole(d);
    return (Math.floor(d / columns) + (d % columns)) % 4 < 2 ? light : dark;
  };
};

const completion = (gallery: Gallery, n: number): Tile => {
  const { test, mask, completed } = gallery;
  const whole = original(gallery, n);
  return (d) =>
    bitAt(mask, test.nFeatures, n, d) === 1
      ? whole(d)
      : mix(PAPER, FILLED, completed[n * test.nFeatures + d]);
};

const component = ({ probabilities, rows, columns }: Gallery, k: number): Tile => {
  return (d) => mix(PAPER, INK, probabilities[k * rows * columns + d]);
};

function drawTile(
  picture: RgbPicture,
  tile: Tile,
  left: number,
  top: number,
  { rows, columns, scale }: { rows: number; columns: number; scale: number },
): void {
  for (let row = 0; row < rows * scale; row++) {
    for (let column = 0; column < columns * scale; column++) {
      const pixel = Math.floor(row / scale) * columns + Math.floor(column / scale);
      setPixel(picture, left + column, top + row, tile(pixel));
    }
  }
  // A frame, or two blank digits side by side could not be told apart.
  for (let column = -1; column <= columns * scale; column++) {
    setPixel(picture, left + column, top - 1, LINE);
    setPixel(picture, left + column, top + rows * scale, LINE);
  }
  for (let row = 0; row < rows * scale; row++) {
    setPixel(picture, left - 1, top + row, LINE);
    setPixel(picture, left + columns * scale, top + row, LINE);
  }
}

function setPixel({ data, width }: RgbPicture, x: number, y: number, colour: Rgb): void {
  data.set(colour, 3 * (y * width + x));
}

function mix(from: Rgb, to: Rgb, amount: number): Rgb {
  const at = (i: 0 | 1 | 2) => Math.round(from[i] + (to[i] - from[i]) * amount);
  return [at(0), at(1), at(2)];
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
}
