import type { Column } from '../data/source-data.ts';

/** Words that have a colour each, most common first; the rest share one. */
const MOST_WORDS = 9;

/** How a column of numbers is coloured: from its smallest to its largest. */
export interface NumberScale {
  readonly kind: 'numbers';
  readonly low: number;
  readonly high: number;
  readonly nMissing: number;
}

/** How a column of words is coloured. */
export interface WordScale {
  readonly kind: 'words';
  /** Those with a colour each, most common first. */
  readonly words: readonly string[];
  /** How many more words there are; they share the colour of the slot after the last. */
  readonly nOthers: number;
  /** The slot of each of the column's categories. */
  readonly slots: Int32Array;
  readonly nMissing: number;
}

export type ColumnScale = NumberScale | WordScale;

/** Of samples without an entry: as a slot, and as a share of a number scale. */
export const MISSING_ENTRY = -1;

const known = new WeakMap<Column, ColumnScale>();

/** One pass over the column, the first time. */
export function columnScale(column: Column): ColumnScale {
  let scale = known.get(column);
  if (!scale) {
    scale = column.categories ? wordScale(column, column.categories) : numberScale(column);
    known.set(column, scale);
  }
  return scale;
}

/**
 * What the colour of these entries is: shares of the way from low to high (f32), or slots (i32); MISSING_ENTRY where missing.
 * @param at the row of each of them
 */
export function columnEntries(
  column: Column,
  count: number,
  at: (i: number) => number,
): Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer> {
  const scale = columnScale(column);
  const { values } = column;
  if (scale.kind === 'words') {
    const slots = new Int32Array(count);
    for (let i = 0; i < count; i++) {
      const position = values[at(i)];
      slots[i] = position >= 0 ? scale.slots[position] : MISSING_ENTRY;
    }
    return slots;
  }
  const shares = new Float32Array(count);
  const span = scale.high - scale.low || 1;
  for (let i = 0; i < count; i++) {
    const value = values[at(i)];
    shares[i] = Number.isFinite(value) ? (value - scale.low) / span : MISSING_ENTRY;
  }
  return shares;
}

function numberScale({ values }: Column): NumberScale {
  let [low, high, nMissing] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (!Number.isFinite(value)) nMissing++;
    else {
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  // (nothing but missing entries: any scale does)
  return low > high
    ? { kind: 'numbers', low: 0, high: 1, nMissing }
    : { kind: 'numbers', low, high, nMissing };
}

function wordScale({ values }: Column, categories: readonly string[]): WordScale {
  const counts = new Float64Array(categories.length);
  let nMissing = 0;
  for (const position of values) {
    if (position >= 0) counts[position]++;
    else nMissing++;
  }
  const byCount = [...categories.keys()]
    .filter((position) => counts[position] > 0)
    .sort((a, b) => counts[b] - counts[a] || a - b);
  // a single word beyond the most takes the slot that the others would share
  const shown = byCount.length <= MOST_WORDS + 1 ? byCount : byCount.slice(0, MOST_WORDS);
  const slots = new Int32Array(categories.length).fill(shown.length);
  shown.forEach((position, slot) => (slots[position] = slot));
  return {
    kind: 'words',
    words: shown.map((position) => categories[position]),
    nOthers: byCount.length - shown.length,
    slots,
    nMissing,
  };
}
