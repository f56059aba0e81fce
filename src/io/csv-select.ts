import { MixtureError } from '../errors.ts';
import type { CsvColumn } from './csv-column.ts';
import type { CsvTable } from './csv-table.ts';

/** A column that does not take part, and why, e.g. `text (line 2: "setosa")`. */
export interface SkippedColumn {
  readonly name: string;
  readonly reason: string;
}

/** Which columns become features: positions in the file, in the order of the features. */
export interface ColumnSelection {
  readonly indices: number[];
  readonly skippedColumns: SkippedColumn[];
}

/** The columns asked for, or else all numeric ones. Throws where one cannot be used. */
export function selectColumns(
  table: CsvTable,
  asked: readonly (string | number)[] | undefined,
): ColumnSelection {
  const selection = asked === undefined ? numericColumns(table) : askedColumns(table, asked);
  for (const index of selection.indices) checkCells(table.columns[index], table.names[index]);
  checkDecimalMarks(table, selection.indices);
  return selection;
}

function numericColumns(table: CsvTable): ColumnSelection {
  const indices: number[] = [];
  const skippedColumns: SkippedColumn[] = [];
  table.columns.forEach((column, index) => {
    if (column.isNumeric) indices.push(index);
    else skippedColumns.push({ name: table.names[index], reason: reasonToSkip(column) });
  });
  if (indices.length === 0) {
    const [{ name, reason }] = skippedColumns;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `No column holds numbers; the first, "${name}", holds ${reason}.`,
      'Check the delimiter, and that the file holds one sample a line with numbers as values.',
      { skippedColumns },
    );
  }
  return { indices, skippedColumns };
}

function askedColumns(table: CsvTable, asked: readonly (string | number)[]): ColumnSelection {
  const indices: number[] = [];
  for (const column of asked) {
    const index = typeof column === 'number' ? position(table, column) : named(table, column);
    if (indices.includes(index)) {
      throw new MixtureError(
        'INVALID_OPTION',
        `The column "${table.names[index]}" is asked for twice.`,
        'Name every column once: a repeated column makes covariances singular.',
        { column },
      );
    }
    indices.push(index);
  }
  if (indices.length === 0) {
    throw new MixtureError(
      'INVALID_OPTION',
      'The list of columns is empty.',
      'Name at least one column, or leave the option out to use every numeric column.',
    );
  }
  return { indices, skippedColumns: [] };
}

function named(table: CsvTable, name: string): number {
  const index = table.names.indexOf(name);
  if (index === -1) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The file has no column "${name}".`,
      `Its columns are ${listed(table.names)}.`,
      { column: name, columns: table.names },
    );
  }
  if (table.names.includes(name, index + 1)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `The file has more than one column "${name}".`,
      'Ask for it by its position instead of its name.',
      { column: name, columns: table.names },
    );
  }
  return index;
}

function position(table: CsvTable, index: number): number {
  if (!Number.isInteger(index) || index < 0 || index >= table.columns.length) {
    throw new MixtureError(
      'INVALID_OPTION',
      `There is no column number ${index + 1}: the file has ${table.columns.length}.`,
      `Its columns are ${listed(table.names)}.`,
      { column: index, columns: table.names },
    );
  }
  return index;
}

function reasonToSkip(column: CsvColumn): string {
  const { firstText } = column;
  return firstText === undefined
    ? 'no values'
    : `text (line ${firstText.line}: ${quoted(firstText.text)})`;
}

/** A column in use must hold finite numbers only; reports the first cell that is none. */
function checkCells(column: CsvColumn, name: string): void {
  const { firstMissing, firstText, firstInfinite } = column;
  const places = [firstMissing, firstText, firstInfinite].filter((place) => place !== undefined);
  if (places.length === 0) return;
  const place = places.reduce((first, other) => (other.line < first.line ? other : first));
  const { line, text } = place;
  const where = `Line ${line}, column "${name}":`;
  const details = { line, column: name, value: text };
  if (place === firstMissing) {
    const spelling = text.trim() === '' ? '' : ` (${quoted(text)})`;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${where} the value is missing${spelling}.`,
      'Fill it in, delete the line, or choose columns without missing values.',
      details,
    );
  }
  if (place === firstText) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${where} ${quoted(text)} is not a number.`,
      'Correct the value, or choose columns that hold numbers only.',
      details,
    );
  }
  throw new MixtureError(
    'NON_FINITE',
    `${where} ${quoted(text)} is not a finite number.`,
    'Correct the value or delete the line: a Gaussian has no place for infinity.',
    details,
  );
}

/** `1,234` beside `1.5` may be a thousands separator: refuse to guess. */
function checkDecimalMarks(table: CsvTable, indices: number[]): void {
  const withComma = indices.find((index) => table.columns[index].firstDecimalComma);
  const withPoint = indices.find((index) => table.columns[index].firstDecimalPoint);
  if (withComma === undefined || withPoint === undefined) return;
  const comma = table.columns[withComma].firstDecimalComma;
  const point = table.columns[withPoint].firstDecimalPoint;
  if (comma === undefined || point === undefined) return;
  throw new MixtureError(
    'INVALID_SAMPLES',
    `Line ${comma.line}, column "${table.names[withComma]}" writes ${quoted(comma.text)} with a comma, but line ${point.line}, column "${table.names[withPoint]}" writes ${quoted(point.text)} with a point.`,
    'Use one decimal mark in the whole file, and no thousands separators.',
    { line: comma.line, column: table.names[withComma], value: comma.text },
  );
}

function quoted(text: string): string {
  const trimmed = text.trim();
  return JSON.stringify(trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`);
  if (names.length > shown.length) shown.push(`and ${names.length - shown.length} more`);
  return shown.join(', ');
}
