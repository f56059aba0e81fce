import type { Colour } from '../shared/palette.ts';

/** Orange, the page, blue: apart for every kind of colour vision, and from light to dark in grey too. 0 to 1, sRGB. */
const ENDS = {
  light: { low: [0.702, 0.345, 0.024], middle: [1, 1, 1], high: [0.031, 0.318, 0.612] },
  dark: { low: [1, 0.624, 0.29], middle: [0.094, 0.11, 0.129], high: [0.42, 0.7, 1] },
} as const;

/** The colour of a correlation from -1 to 1. */
export function correlationColour(value: number, dark: boolean): Colour {
  const { low, middle, high } = ENDS[dark ? 'dark' : 'light'];
  const end = value < 0 ? low : high;
  const share = Math.abs(value);
  const at = (i: 0 | 1 | 2) => middle[i] + (end[i] - middle[i]) * share;
  return [at(0), at(1), at(2)];
}
