import type { TableColumn } from './table.ts';

/** Fewer whole numbers in a row may be anything. */
const LEAST_IDS = 10;

type Facts = Omit<TableColumn, 'name' | 'values' | 'categories' | 'isRenamed'>;

/** What there is to know of a column of numbers. Two passes, in float64. */
export function numberFacts(values: Float32Array | Float64Array): Facts {
  let [nMissing, min, max, sum, infiniteRow] = [0, Infinity, -Infinity, 0, -1];
  const step = values.length > 1 ? values[1] - values[0] : 0;
  let counts = Math.abs(step) === 1 && Number.isInteger(values[0]);
  for (let n = 0; n < values.length; n++) {
    const value = values[n];
    if (value !== value) {
      nMissing++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    if (counts && value !== values[0] + n * step) counts = false;
    sum += value;
  }
  const nPresent = values.length - nMissing;
  if (nPresent === 0) {
    return { ...NO_NUMBERS, type: 'empty', nMissing };
  }
  if (min === -Infinity || max === Infinity) {
    infiniteRow = values.findIndex((value) => Math.abs(value) === Infinity);
  }
  const mean = sum / nPresent;
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    const distance = values[n] - mean;
    if (distance === distance) squares += distance * distance;
  }
  const isId = counts && nMissing === 0 && nPresent >= LEAST_IDS;
  const type = min === max ? 'constant' : isId ? 'id' : 'number';
  return { type, nMissing, min, max, mean, deviation: Math.sqrt(squares / nPresent), infiniteRow };
}

export function wordFacts(
  codes: Int32Array,
  categories: readonly string[],
  isFreeText: boolean,
): Facts {
  let nMissing = 0;
  for (const code of codes) if (code < 0) nMissing++;
  const type = isFreeText
    ? 'text'
    : categories.length === 0
      ? 'empty'
      : categories.length === 1
        ? 'constant'
        : 'words';
  return { ...NO_NUMBERS, type, nMissing };
}

const NO_NUMBERS = {
  min: NaN,
  max: NaN,
  mean: NaN,
  deviation: NaN,
  infiniteRow: -1,
} as const;

/**
 * Whether float32 holds numbers of this spread well: where the distances between them are not lost against their size. A hundredth of
 * a standard deviation is to be told apart, and float32 tells apart one part in 2^24.
 */
export function fitsSingle({ min, max, deviation }: Facts): boolean {
  const size = Math.max(Math.abs(min), Math.abs(max));
  return size < 1e30 && (deviation === 0 || size / deviation < 2 ** 24 / 100);
}
