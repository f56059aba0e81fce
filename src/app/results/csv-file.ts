import { numberAt, wordAt } from './out-column.ts';
import type { OutColumn } from './out-column.ts';
import { inSlices } from '../shared/row-slices.ts';
import type { SliceOptions } from '../shared/row-slices.ts';

/** Cells of a call: about a millisecond. */
const CELLS_AT_ONCE = 2048;
/** Characters of a part, so that no string is as long as the file. */
const PART = 2 ** 20;

/** Digits that bring a float32 back exactly. */
const SINGLE_DIGITS = 9;

/** The columns as CSV, in parts of about a megabyte. A missing value is an empty cell. */
export async function csvFile(
  columns: readonly OutColumn[],
  nRows: number,
  options: SliceOptions = {},
): Promise<Blob> {
  const parts: BlobPart[] = [];
  const cells = columns.map(cellOf);
  let text = `${columns.map(({ name }) => quoted(name)).join(',')}\n`;
  const rowsAtOnce = Math.max(1, Math.floor(CELLS_AT_ONCE / columns.length));
  const encoder = new TextEncoder();
  const work = (from: number, to: number) => {
    for (let row = from; row < to; row++) {
      for (let c = 0; c < cells.length; c++) text += (c === 0 ? '' : ',') + cells[c](row);
      text += '\n';
    }
    if (text.length < PART) return;
    parts.push(encoder.encode(text));
    text = '';
  };
  await inSlices(nRows, rowsAtOnce, work, options);
  return new Blob([...parts, text], { type: 'text/csv' });
}

function cellOf(column: OutColumn): (row: number) => string {
  const { categories, values, back } = column;
  if (categories) {
    const words = categories.map(quoted);
    return (row) => wordAt({ ...column, categories: words }, row) ?? '';
  }
  const single = values instanceof Float32Array && back === undefined;
  return (row) => {
    const value = numberAt(column, row);
    if (Number.isNaN(value)) return '';
    return single && !Number.isInteger(value)
      ? String(Number(value.toPrecision(SINGLE_DIGITS)))
      : String(value);
  };
}

function quoted(word: string): string {
  return /[",\r\n]/.test(word) || word.trim() !== word || word === ''
    ? `"${word.replaceAll('"', '""')}"`
    : word;
}
