import { ticks } from '../plot/ticks.ts';

/** The vertical axis of a curve of lower bounds. */
export interface BoundAxis {
  readonly range: [number, number];
  readonly values: number[];
  /** Told apart, however close the bounds are. */
  readonly labels: string[];
  /** Room for the labels, in CSS pixels at a text size of 16. */
  readonly width: number;
}

const LEAST_WIDTH = 62;
/** CSS pixels of a digit, and of the gaps beside a label. */
const DIGIT = 7.2;
const GAPS = 12;
const WANTED = 4;
/** Intervals between labels of the changes. */
const MOST_POWERS = 3;

/** @param least the smallest difference that is worth an axis: bounds closer than that are drawn as a level line */
export function boundAxis(bounds: readonly number[], least: number): BoundAxis {
  let [low, high] = [Infinity, -Infinity];
  for (const bound of bounds) {
    if (bound < low) low = bound;
    if (bound > high) high = bound;
  }
  if (!(low <= high)) [low, high] = [-1, 0];
  // float64 tells no bounds apart that are closer
  const spread = Math.max(high - low, least, 1e-12 * Math.abs(high), Number.MIN_VALUE);
  const middle = (low + high) / 2;
  const range: [number, number] = [middle - 0.58 * spread, middle + 0.58 * spread];
  const values = [...ticks({ low: range[0], high: range[1] }, WANTED).values];
  const labels = apart(values);
  const longest = Math.max(0, ...labels.map(({ length }) => length));
  return { range, values, labels, width: Math.max(LEAST_WIDTH, DIGIT * longest + GAPS) };
}

/** With as many decimals as the step between two of them has. */
function apart(values: readonly number[]): string[] {
  const step = values.length > 1 ? values[1] - values[0] : Math.abs(values[0] ?? 1) || 1;
  const decimals = Math.min(15, Math.max(0, -Math.floor(Math.log10(step) + 1e-6)));
  return values.map((value) => {
    const text = value.toFixed(decimals);
    return (Number(text) === 0 ? '0' : text).replace('-', '−');
  });
}

/** Powers of ten, every so many that there is room for them. */
export function powers(low: number, high: number): number[] {
  const [first, last] = [Math.round(Math.log10(low)), Math.round(Math.log10(high))];
  const every = Math.max(1, Math.ceil((last - first) / MOST_POWERS));
  return Array.from(
    { length: Math.floor((last - first) / every) + 1 },
    (_, i) => 10 ** (first + i * every),
  );
}

/** "1e−5" */
export function power(value: number | null): string {
  return value === null ? '' : `1e${String(Math.round(Math.log10(value))).replace('-', '−')}`;
}
