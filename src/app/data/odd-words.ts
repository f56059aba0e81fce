import { quotedCell } from '../../io/csv-errors.ts';
import { count, plural } from '../shared/format.ts';
import type { OddPlace, TableColumn } from './table.ts';

/** So many places are named of a column. */
const NAMED = 5;

/** 'line 4 "six"', 'row 7 "inf"'; 'line 5, where the row ends before it'. */
export function placeOf({ file, line, row, text }: OddPlace): string {
  const where = line === undefined ? `row ${count(row + 1)}` : `line ${count(line)}`;
  const place = file === undefined ? where : `${file} ${where}`;
  return text === undefined ? `${place} (no cell)` : `${place} ${quotedCell(text)}`;
}

/** '3 of 1,000 cells: line 4 "six", line 9 "n.d." and 1 more' */
export function oddSentence({ nOdd, odd, values, nMissing }: TableColumn): string {
  const named = odd.slice(0, NAMED).map(placeOf);
  const more = nOdd > named.length ? ` and ${count(nOdd - named.length)} more` : '';
  return `${count(nOdd)} of ${plural(values.length - nMissing, 'cell')}: ${named.join(', ')}${more}`;
}
