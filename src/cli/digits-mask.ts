/** What of an image is hidden: a half of it, or a share of its pixels at random (each image its own). */
export interface Hiding {
  readonly side: 'bottom' | 'top' | 'left' | 'right' | 'random';
  /** Of random pixels. */
  readonly share: number;
}

/** Packed as the library takes it: pixel d of image n is bit `d & 31` of word `n * ceil(D / 32) + (d >> 5)`; 1 = seen. */
export type Mask = Uint32Array<ArrayBuffer>;

/**
 * Masks for `nImages` images; the same seed hides the same pixels. Of an odd number of rows or columns the middle one stays
 * visible.
 */
export function makeMask(
  { side, share }: Hiding,
  nImages: number,
  rows: number,
  columns: number,
  seed: number,
): Mask {
  const nPixels = rows * columns;
  const words = Math.ceil(nPixels / 32);
  const random = generator(seed);
  const isHidden = (row: number, column: number): boolean => {
    switch (side) {
      case 'bottom':
        return row >= Math.ceil(rows / 2);
      case 'top':
        return row < Math.floor(rows / 2);
      case 'left':
        return column < Math.floor(columns / 2);
      case 'right':
        return column >= Math.ceil(columns / 2);
      case 'random':
        return random() < share;
    }
  };
  const mask = new Uint32Array(nImages * words);
  for (let n = 0; n < nImages; n++) {
    for (let d = 0; d < nPixels; d++) {
      if (isHidden(Math.floor(d / columns), d % columns)) continue;
      mask[n * words + (d >> 5)] |= 1 << (d & 31);
    }
  }
  return mask;
}

/** "the bottom half" */
export function hidingText({ side, share }: Hiding): string {
  return side === 'random'
    ? `${Number((100 * share).toPrecision(3))}% of the pixels, at random`
    : `the ${side} half`;
}

/** Mulberry32 (Tommy Ettinger, 2017): numbers in [0, 1) from 32 bits of state; good enough to choose pixels. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
