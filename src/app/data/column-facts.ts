import { cellNumber } from '../../io/csv-cell.ts';
import type { TableColumn } from './table.ts';

/** Fewer whole numbers in a row may be anything. */
const LEAST_IDS = 10;

export type Facts = Omit<
  TableColumn,
  'name' | 'values' | 'categories' | 'isRenamed' | 'nOdd' | 'odd' | 'oddWords'
>;

/** What there is to know of a column of numbers. Two passes, in float64. */
export function numberFacts(values: Float32Array | Float64Array): Facts {
  let [nMissing, min, max, sum] = [0, Infinity, -Infinity, 0];
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
  const mean = sum / nPresent;
  let squares = 0;
  for (let n = 0; n < values.length; n++) {
    const distance = values[n] - mean;
    if (distance === distance) squares += distance * distance;
  }
  const isId = counts && nMissing === 0 && nPresent >= LEAST_IDS;
  const type = min === max ? 'constant' : isId ? 'id' : 'number';
  return { type, nMissing, min, max, mean, deviation: Math.sqrt(squares / nPresent), nNumbers: 0 };
}

export function wordFacts(
  codes: Int32Array,
  categories: readonly string[],
  isFreeText: boolean,
): Facts {
  let nMissing = 0;
  const counts = new Uint32Array(categories.length);
  for (const code of codes) {
    if (code >= 0) counts[code]++;
    else if (code === -1) nMissing++;
  }
  const nNumbers = counts.reduce(
    (sum, count, code) =>
      Number.isFinite(cellNumber(categories[code], false)) ? sum + count : sum,
    0,
  );
  const type = isFreeText
    ? 'text'
    : categories.length === 0
      ? 'empty'
      : categories.length === 1
        ? 'constant'
        : 'words';
  return { ...NO_NUMBERS, type, nMissing, nNumbers };
}

const NO_NUMBERS = {
  min: NaN,
  max: NaN,
  mean: NaN,
  deviation: NaN,
  nNumbers: 0,
} as const;

/**
 * Whether float32 holds numbers of this spread well: where the distances between them are not lost against their size. A hundredth of
 * a standard deviation is to be told apart, and float32 tells apart one part in 2^24.
 */
export function fitsSingle({
  min,
  max,
  deviation,
}: Pick<Facts, 'min' | 'max' | 'deviation'>): boolean {
  const size = Math.max(Math.abs(min), Math.abs(max));
  return size < 1e30 && (deviation === 0 || size / deviation < 2 ** 24 / 100);
}

const KEY_NAMES = [
  /^(id|idx|index|key|nr|no|number|row|rownames?|rowid|uuid|unnamed: 0)$/i,
  /[ _.-]id$/i,
  /[a-z]I[dD]$/,
];

/** Whether whole numbers name the rows: under such a name, as far apart as they must be for each to be another. */
export function isKey(
  name: string,
  { type, nMissing, min, max, values }: Omit<TableColumn, 'name' | 'isRenamed'>,
): boolean {
  if (type !== 'number' || nMissing > 0 || max - min + 1 < values.length) return false;
  if (values.length < LEAST_IDS || !KEY_NAMES.some((pattern) => pattern.test(name.trim())))
    return false;
  for (let n = 0; n < values.length; n++) if (!Number.isInteger(values[n])) return false;
  return true;
}
