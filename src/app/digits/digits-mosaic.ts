import { pixelsOf } from './digits-data.ts';
import type { DigitData } from './digits-data.ts';
import { drawPixels } from './digits-ink.ts';
import type { Inks } from './digits-ink.ts';

const ACROSS = 12;
const DOWN = 3;

/** Draws the first digits to fit side by side, as a look at the data. */
export function drawMosaic(
  canvas: HTMLCanvasElement,
  { train, rows, columns }: DigitData,
  { paper, ink }: Inks,
): void {
  const digits = Array.from({ length: Math.min(ACROSS * DOWN, train.nSamples) }, (_, n) =>
    pixelsOf(train, n),
  );
  const down = Math.ceil(digits.length / ACROSS);
  drawPixels(canvas, down * rows, ACROSS * columns, (pixel) => {
    const y = Math.floor(pixel / (ACROSS * columns));
    const x = pixel % (ACROSS * columns);
    const digit = digits[Math.floor(y / rows) * ACROSS + Math.floor(x / columns)];
    return digit?.[(y % rows) * columns + (x % columns)] === 1 ? ink : paper;
  });
}
