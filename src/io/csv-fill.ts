import { csvUnits } from './csv-units.ts';
import type { CsvUnits, Units } from './csv-units.ts';
import type { CsvLayout, CsvSamples } from './csv.ts';

const [SPACE, TAB, QUOTE, LF, CR, HASH, PERCENT] = [0x20, 0x09, 0x22, 0x0a, 0x0d, 0x23, 0x25];

/** Where a cell stands: units from `start` up to `end`, without the delimiters. */
interface Cell {
  readonly start: number;
  readonly end: number;
}

/**
 * A CSV file with its missing cells filled in, and every other byte as it is: quotes, spaces, line ends and the columns that
 * are not among the features too.
 * @param bytes as given to `readCsv`
 * @param table what `readCsv` gave for them, with `allowMissing`
 * @param textOf what to write for feature d of sample n, where that is missing
 */
export function fillCsv(
  bytes: Uint8Array,
  { samples, layout }: CsvSamples,
  textOf: (n: number, d: number) => string,
): Uint8Array<ArrayBuffer> {
  const { data, nSamples, nFeatures } = samples;
  const file = csvUnits(bytes);
  const parts: Units[] = [];
  let copied = 0;
  let n = 0;
  let isHeader = layout.hasHeader;
  for (const row of rowsOf(file, layout)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    for (let d = 0; d < nFeatures; d++) {
      const value = data[n * nFeatures + d];
      if (value === value) continue;
      const cell = withoutSpaces(file.units, row[layout.columnIndices[d]]);
      const quoted = file.units[cell.start] === QUOTE;
      const text = escaped(textOf(n, d), layout, quoted);
      parts.push(file.units.subarray(copied, cell.start), file.encode(text));
      copied = cell.end;
    }
    n++;
  }
  // The walk below and the parser that read the samples must agree on what a row is.
  if (n !== nSamples) throw new Error(`${n} rows were found again of ${nSamples}`);
  parts.push(file.units.subarray(copied));
  return file.toBytes(parts);
}

/** The rows that hold cells, in the features' order of `readCsv`: the header first, what it passes over left out as there. */
function* rowsOf(file: CsvUnits, layout: CsvLayout): Generator<Cell[]> {
  const { units, first } = file;
  const { delimiter, isSpaced, nLinesBefore, hasComments } = layout;
  const separator = file.encode(delimiter);
  let width: number | undefined;
  let blank: Cell[] = [];
  let line = 0;
  for (let at = first; at < units.length;) {
    const text = isSpaced || hasComments ? afterSpaces(units, at) : at;
    const isComment = hasComments && (units[text] === HASH || units[text] === PERCENT);
    if (line++ < nLinesBefore || isComment) {
      while (at < units.length && units[at] !== LF && units[at] !== CR) at++;
      at = afterLine(units, at);
      continue;
    }
    if (isSpaced) at = text;
    const row: Cell[] = [];
    for (;;) {
      const end = isSpaced ? endOfSpaced(units, at) : endOfCell(units, at, separator);
      row.push({ start: at, end });
      at = isSpaced ? afterSpaces(units, end) : end;
      if (at >= units.length || units[at] === LF || units[at] === CR) break;
      if (!isSpaced) at += separator.length;
    }
    at = afterLine(units, at);
    if (row.length === 1 && isBlank(units, row[0])) {
      blank.push(row[0]);
      continue;
    }
    // In a file of one column a blank line between two others is a missing value.
    if (width === 1) for (const cell of blank) yield [cell];
    blank = [];
    width ??= row.length;
    yield row;
  }
}

const afterLine = (units: Units, at: number): number =>
  units[at] === CR && units[at + 1] === LF ? at + 2 : at + 1;

function afterSpaces(units: Units, from: number): number {
  let at = from;
  while (isSpace(units[at])) at++;
  return at;
}

/** Where runs of spaces part the cells. */
function endOfSpaced(units: Units, start: number): number {
  let at = start;
  if (units[at] === QUOTE) {
    for (at++; at < units.length && (units[at] !== QUOTE || units[at + 1] === QUOTE); at++) {
      if (units[at] === QUOTE) at++;
    }
  }
  while (at < units.length && !isSpace(units[at]) && units[at] !== LF && units[at] !== CR) at++;
  return at;
}

function endOfCell(units: Units, start: number, separator: Units): number {
  let at = start;
  while (units[at] === SPACE && separator[0] !== SPACE) at++;
  if (units[at] === QUOTE) {
    for (at++; at < units.length; at++) {
      if (units[at] !== QUOTE) continue;
      if (units[at + 1] !== QUOTE) break;
      at++;
    }
  } else at = start;
  while (at < units.length && units[at] !== LF && units[at] !== CR) {
    if (startsWith(units, at, separator)) break;
    at++;
  }
  return at;
}

function startsWith(units: Units, at: number, separator: Units): boolean {
  for (let i = 0; i < separator.length; i++) if (units[at + i] !== separator[i]) return false;
  return true;
}

const isSpace = (unit: number): boolean => unit === SPACE || unit === TAB;

/** Nothing, spaces, or nothing in quotes. */
function isBlank(units: Units, { start, end }: Cell): boolean {
  const text = units.subarray(start, end).filter((unit) => !isSpace(unit));
  return text.length === 0 || (text.length === 2 && text[0] === QUOTE && text[1] === QUOTE);
}

/** The cell without the spaces around its text; of nothing but spaces all of them. */
function withoutSpaces(units: Units, cell: Cell): Cell {
  let { start, end } = cell;
  if (units.subarray(start, end).every(isSpace)) return cell;
  while (isSpace(units[start])) start++;
  while (isSpace(units[end - 1])) end--;
  return { start, end };
}

/** Text as a CSV cell: in quotes where it needs them, or where they stood before. */
function escaped(text: string, { delimiter, isSpaced }: CsvLayout, quoted: boolean): string {
  const isParted = isSpaced ? /\s|^$/.test(text) : text.includes(delimiter);
  const needsQuotes = isParted || /["\r\n]|^\s|\s$/.test(text);
  return quoted || needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
