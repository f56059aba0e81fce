import { encode } from 'fast-png';
import type { BitMatrix } from '../src/index.ts';
import { bitAt } from './binary-data.ts';
import type { Shown } from './binary-figures.ts';

/** Colours by number, a byte each. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Screen pixels a pixel, and between images. */
const SCALE = 2;
const GAP = 4;
const ACROSS = 20;
/** Shades of each ramp: 16 are enough for the eye, and the file stays small. */
const SHADES = 16;
const PAPER = 2 * SHADES;
const HIDDEN = PAPER + 1;

/** Ramps from 0 to 1 in grey (observed) and blue (completed), the ground, and what hides. */
const PALETTE: [number, number, number][] = [
  ...ramp([255, 255, 255], [0, 0, 0]),
  ...ramp([232, 240, 255], [0, 40, 140]),
  [208, 212, 218],
  [176, 184, 196],
];

/**
 * The components by falling weight, then some test images in three rows: with their hidden part, completed (blue), and as they
 * are.
 */
export function drawCompletions(
  { weights, probabilities, completions }: Shown,
  test: BitMatrix,
  columns: number,
  firstHidden: number,
): Picture {
  const { nFeatures } = test;
  const order = Array.from(weights.keys()).toSorted((a, b) => weights[b] - weights[a]);
  const components = order.map((k) => (d: number) => shade(probabilities[k * nFeatures + d], 0));
  const truth = (n: number) => (d: number) => shade(bitAt(test.bits, nFeatures, n, d) ? 1 : 0, 0);
  const indices = Array.from({ length: Math.min(ACROSS, completions.length) }, (_, n) => n);
  const rows = [
    ...chunked(components, ACROSS),
    indices.map((n) => (d: number) => (d < firstHidden ? truth(n)(d) : HIDDEN)),
    indices.map((n) => (d: number) => shade(completions[n][d], d < firstHidden ? 0 : SHADES)),
    indices.map(truth),
  ];
  const componentRows = rows.length - 3;
  const cellWidth = columns * SCALE + GAP;
  const cellHeight = (nFeatures / columns) * SCALE + GAP;
  const width = ACROSS * cellWidth + GAP;
  const height = rows.length * cellHeight + 4 * GAP;
  const pixels = new Uint8Array(width * height).fill(PAPER);
  rows.forEach((row, j) => {
    const top = GAP + j * cellHeight + (j >= componentRows ? 3 * GAP : 0);
    row.forEach((colour, i) => {
      for (let d = 0; d < nFeatures; d++) {
        const x = GAP + i * cellWidth + (d % columns) * SCALE;
        const y = top + Math.floor(d / columns) * SCALE;
        for (let dy = 0; dy < SCALE; dy++) {
          const at = (y + dy) * width + x;
          pixels.fill(colour(d), at, at + SCALE);
        }
      }
    });
  });
  return { width, height, pixels };
}

/** A PNG with a palette: a byte a pixel before compression. */
export function encodePicture({ width, height, pixels }: Picture): Uint8Array {
  return encode(
    { width, height, data: pixels, channels: 1, depth: 8, palette: PALETTE },
    { zlib: { level: 9 } },
  );
}

function shade(probability: number, firstShade: number): number {
  return firstShade + Math.round(Math.min(1, Math.max(0, probability)) * (SHADES - 1));
}

function ramp(
  from: readonly [number, number, number],
  to: readonly [number, number, number],
): [number, number, number][] {
  return Array.from({ length: SHADES }, (_, i) => {
    const mix = (c: 0 | 1 | 2): number =>
      Math.round(from[c] + ((to[c] - from[c]) * i) / (SHADES - 1));
    return [mix(0), mix(1), mix(2)];
  });
}

function chunked<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
    all.slice(i * size, (i + 1) * size),
  );
}
