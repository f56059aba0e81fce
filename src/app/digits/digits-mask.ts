/** What of an image is hidden: a byte a pixel, row by row, 1 = hidden. */
export type Mask = Uint8Array;

export type Hiding = 'bottom' | 'top' | 'left' | 'right' | 'random' | 'nothing';

/** Of random pixels, the share that is hidden. */
const RANDOM_SHARE = 0.6;

/** The mask that a button makes. Of an odd number of rows or columns the middle one stays visible. */
export function hide(hiding: Hiding, rows: number, columns: number): Mask {
  const isHidden: Record<Hiding, (row: number, column: number) => boolean> = {
    bottom: (row) => row >= Math.ceil(rows / 2),
    top: (row) => row < Math.floor(rows / 2),
    left: (_, column) => column < Math.floor(columns / 2),
    right: (_, column) => column >= Math.ceil(columns / 2),
    random: () => Math.random() < RANDOM_SHARE,
    nothing: () => false,
  };
  return Uint8Array.from({ length: rows * columns }, (_, pixel) =>
    isHidden[hiding](Math.floor(pixel / columns), pixel % columns) ? 1 : 0,
  );
}

/** A place on the image in pixels from its top left corner; the middle of the first pixel is (0.5, 0.5). */
export interface Place {
  x: number;
  y: number;
}

/**
 * The pixels that a round brush of that diameter touches on its way: those with their middle under it, and at least
 * the one it points at.
 */
export function touched(
  from: Place,
  to: Place,
  diameter: number,
  rows: number,
  columns: number,
): Set<number> {
  const pixels = new Set<number>();
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y)));
  for (let step = 0; step <= steps; step++) {
    const x = from.x + ((to.x - from.x) * step) / steps;
    const y = from.y + ((to.y - from.y) * step) / steps;
    const add = (row: number, column: number) => {
      if (row >= 0 && row < rows && column >= 0 && column < columns) {
        pixels.add(row * columns + column);
      }
    };
    add(Math.floor(y), Math.floor(x));
    const radius = diameter / 2;
    for (let row = Math.floor(y - radius); row <= y + radius; row++) {
      for (let column = Math.floor(x - radius); column <= x + radius; column++) {
        if (Math.hypot(column + 0.5 - x, row + 0.5 - y) <= radius) add(row, column);
      }
    }
  }
  return pixels;
}
