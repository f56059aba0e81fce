import Papa from 'papaparse';
import { MixtureError } from '../errors.ts';
import { cellNumber, isMissing } from './csv-cell.ts';
import { CsvColumn } from './csv-column.ts';
import type { CellRules } from './csv-column.ts';
import { usualWidth } from './csv-preamble.ts';
import { withoutSpacesBeforeQuotes } from './csv-text.ts';

const CANDIDATES = [',', ';', '\t', '|'];
const SAMPLED_CHARACTERS = 65_536;
const SAMPLED_ROWS = 200;
/** Sentences are parted by spaces too. */
const LEAST_NUMBERS = 0.3;

/**
 * The delimiter that splits the first lines into the most regular table of numbers; ',' for a file
 * of one column. Counting fields alone would take `5,1;3,5` for three columns of a comma file.
 */
export function guessDelimiter(text: string): string {
  let best = ',';
  let bestScore = 0;
  for (const delimiter of CANDIDATES) {
    const score = tableScore(firstRows(text, delimiter), delimiter !== ',');
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return best;
}

/**
 * Whether cells are parted by runs of spaces rather than by this delimiter: so where that makes a more regular table, with numbers in it.
 * @param spaced the text with its runs of spaces made tabs
 */
export function isSpaced(text: string, spaced: string, delimiter: string): boolean {
  // (prose stands above a table, if anywhere)
  const lower = (rows: string[][]) => rows.slice(rows.length >> 1);
  const rows = lower(firstRows(spaced, '\t'));
  const cells = rows.flat();
  const nNumbers = cells.filter((cell) => !Number.isNaN(cellNumber(cell, true))).length;
  if (nNumbers < LEAST_NUMBERS * cells.length) return false;
  return tableScore(rows, true) > tableScore(lower(firstRows(text, delimiter)), delimiter !== ',');
}

/** Checks a delimiter that the caller named. */
export function checkDelimiter(delimiter: string): string {
  if (delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The delimiter ${JSON.stringify(delimiter)} is not a single character.`,
      "Use one character such as ',', ';' or a tab; a quote or a line end cannot be one.",
      { delimiter },
    );
  }
  return delimiter;
}

/**
 * Whether the first line names the columns: it does where one of its cells is text while the rest
 * of that column is numeric. A lone line of texts is a header too, and so is a line of texts none of
 * which its column has again.
 */
export function guessHeader(text: string, delimiter: string, rules: CellRules): boolean {
  const [first, ...rest] = firstRows(text, delimiter);
  if (first === undefined) return false;
  const isText = (cell: string) =>
    Number.isNaN(cellNumber(cell, rules.decimalComma)) && !isMissing(cell);
  if (rest.length === 0) return first.every((cell) => isText(cell) || isMissing(cell));
  const aboveNumbers = first.some((cell, index) => {
    if (!isText(cell)) return false;
    const column = new CsvColumn();
    for (const row of rest) if (index < row.length) column.add(row[index], 0, rules);
    return column.isNumeric;
  });
  if (aboveNumbers) return true;
  return first.every(
    (cell, index) => isText(cell) && rest.every((row) => row[index]?.trim() !== cell.trim()),
  );
}

/** Share of rows of the usual width plus share of cells that are numbers; 0 for a single column. */
function tableScore(rows: string[][], decimalComma: boolean): number {
  const widths = rows.map(({ length }) => length);
  let cells = 0;
  let numbers = 0;
  for (const row of rows) {
    cells += row.length;
    for (const cell of row) if (!Number.isNaN(cellNumber(cell, decimalComma))) numbers++;
  }
  const usual = usualWidth(widths);
  const usualRows = widths.filter((width) => width === usual).length;
  return usual > 1 ? usualRows / rows.length + numbers / cells : 0;
}

function firstRows(text: string, delimiter: string): string[][] {
  const sample = withoutSpacesBeforeQuotes(text.slice(0, SAMPLED_CHARACTERS), delimiter);
  const rows = Papa.parse<string[]>(sample, {
    delimiter,
    newline: '\n',
    preview: SAMPLED_ROWS,
    skipEmptyLines: 'greedy',
  }).data;
  // The last row of the slice may be cut in the middle.
  const isCut = text.length > SAMPLED_CHARACTERS && rows.length < SAMPLED_ROWS;
  return isCut && rows.length > 1 ? rows.slice(0, -1) : rows;
}
