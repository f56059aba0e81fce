import { csvUnits } from './csv-units.ts';
import type { CsvUnits, Units } from './csv-units.ts';
import type { CsvSamples } from './csv.ts';

const [SPACE, TAB, QUOTE, LF, CR] = [0x20, 0x09, 0x22, 0x0a, 0x0d];

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
  for (const row of rowsOf(file, layout.delimiter)) {
    if (isHeader) {
      isHeader = false;
      continue;
    }
    for (let d = 0; d < nFeatures; d++) {
      const value = data[n * nFeatures + d];
      if (value === value) continue;
      const cell = withoutSpaces(file.units, row[layout.columnIndices[d]]);
      const quoted = file.units[cell.start] === QUOTE;
      const text = escaped(textOf(n, d), layout.delimiter, quoted);
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

/** The rows that hold cells, in the features' order of `readCsv`: the header first, blank lines left out as there. */
function* rowsOf(file: CsvUnits, delimiter: string): Generator<Cell[]> {
  const { units, first } = file;
  const separator = file.encode(delimiter);
  let width: number | undefined;
  let blank: Cell[] = [];
  for (let at = first; at < units.length;) {
    const row: Cell[] = [];
    for (;;) {
      const end = endOfCell(units, at, separator);
      row.push({ start: at, end });
      at = end;
      if (at >= units.length || units[at] === LF || units[at] === CR) break;
      at += separator.length;
    }
    if (units[at] === CR && units[at + 1] === LF) at++;
    at++;
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
function escaped(text: string, delimiter: string, quoted: boolean): string {
  const needsQuotes = text.includes(delimiter) || /["\r\n]|^\s|\s$/.test(text);
  return quoted || needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
