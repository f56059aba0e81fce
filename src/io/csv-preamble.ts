import Papa from 'papaparse';
import { cellNumber } from './csv-cell.ts';

/** Lines that are looked at. */
const MOST_LINES = 400;
/** Rows of the table's width that begin it. */
const LEAST_ROWS = 3;

export const cellsOf = (line: string, delimiter: string): string[] =>
  Papa.parse<string[]>(line, { delimiter }).data[0] ?? [''];

/** Lines at the beginning that are comments (#, %), or blank. */
export function commentLines(lines: readonly string[]): number {
  const end = lines.findIndex((line) => line.trim() !== '' && !/^\s*[#%]/.test(line));
  return end < 0 ? lines.length : end;
}

/**
 * Lines of prose before a table: a title, a description, as old data sets have them. The table begins where rows have the width that
 * most have; above them may stand a header, of one name less where rows have names (R).
 */
export function proseLines(all: readonly string[], delimiter: string): number {
  const lines = all.slice(0, MOST_LINES);
  // (of fields that go on over several lines no widths are known)
  if (lines.some((line) => line.split('"').length % 2 === 0)) return 0;
  const rows = lines
    .map((line, at) => ({ at, cells: cellsOf(line, delimiter) }))
    .filter(({ cells }) => cells.length > 1 || cells[0].trim() !== '');
  const widths = rows.map(({ cells }) => cells.length);
  const usual = usualWidth(widths);
  if (usual < 2 || rows.length < 3) return 0;
  const following = widths.slice(1, 1 + LEAST_ROWS);
  const nFollowing = following.filter((width) => width === usual).length;
  // (a line of text that is too long for the table, below another: prose, of which the first line happens to have its width)
  const tooLong = following.findIndex((width) => width > usual);
  const isProse = tooLong >= 0 && !rows.slice(0, tooLong + 2).some(({ cells }) => hasNumber(cells));
  const isTable = Math.abs(widths[0] - usual) <= 1 && nFollowing >= 2 && !isProse;
  if (isTable) {
    // one cell less: R's header above rows with names, or a title above the header
    const isTitle = widths[0] === usual - 1 && isHeader(rows[1].cells, rows[2].cells);
    return isTitle ? rows[1].at : 0;
  }
  const first = rows.findIndex(
    (_, i) =>
      rows.length - i >= 2 && widths.slice(i, i + LEAST_ROWS).every((width) => width === usual),
  );
  if (first < 1) return 0;
  const above = rows[first - 1].cells;
  const isNamed = above.length === usual - 1 && isHeader(above, rows[first].cells.slice(1));
  return rows[isNamed ? first - 1 : first].at;
}

/** Texts, above a row in which one is a number. */
function isHeader(cells: readonly string[], below: readonly string[]): boolean {
  return cells.length === below.length && !hasNumber(cells) && hasNumber(below);
}

const hasNumber = (cells: readonly string[]): boolean =>
  cells.some((cell) => !Number.isNaN(cellNumber(cell, true)));

/** The most frequent; of several the first. */
export function usualWidth(widths: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  let [usual, most] = [0, 0];
  for (const [width, count] of counts) if (count > most) [usual, most] = [width, count];
  return usual;
}
