import { MixtureError } from '../errors.ts';
import type { CsvColumn } from './csv-column.ts';
import type { CsvTable } from './csv-table.ts';
import { mixedDecimalMarks, notANumber, notFinite, quotedCell } from './csv-errors.ts';
import { areCategories, whyNotCategories } from './csv-words.ts';
import type { WordRules } from './csv-words.ts';

/** A column that does not take part, and why, e.g. `text (line 2: "setosa")`. */
export interface SkippedColumn {
  /** As the header has it. */
  readonly name: string;
  /** What is in it instead of numbers. */
  readonly reason: string;
}

/** Which columns become features: positions in the file, in the order of the features. */
export interface ColumnSelection {
  readonly indices: number[];
  readonly skippedColumns: SkippedColumn[];
}

/** What may stand in the columns in use beside finite numbers. */
export interface Allowances {
  readonly missing: boolean;
  /** Undefined: columns of text cannot be used. */
  readonly words: WordRules | undefined;
}

/** The columns asked for, or else all that can be used. Throws where one cannot be used. */
export function selectColumns(
  table: CsvTable,
  asked: readonly (string | number)[] | undefined,
  allowed: Allowances,
): ColumnSelection {
  const { words } = allowed;
  const selection = asked === undefined ? usableColumns(table, words) : askedColumns(table, asked);
  const numbers: number[] = [];
  selection.indices.forEach((index, feature) => {
    const column = table.columns[index];
    if (areCategories(column, words, feature)) return;
    checkCells(column, table.names[index], allowed);
    numbers.push(index);
  });
  checkDecimalMarks(table, numbers);
  return selection;
}

function usableColumns(table: CsvTable, words: WordRules | undefined): ColumnSelection {
  const indices: number[] = [];
  const skippedColumns: SkippedColumn[] = [];
  table.columns.forEach((column, index) => {
    const usable =
      words === undefined || !column.hasText
        ? column.isNumeric
        : whyNotCategories(column, words) === undefined;
    if (usable) indices.push(index);
    else skippedColumns.push({ name: table.names[index], reason: reasonToSkip(column, words) });
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

function reasonToSkip(column: CsvColumn, words: WordRules | undefined): string {
  const { firstText } = column;
  if (firstText === undefined) return 'no values';
  const why = words === undefined ? undefined : whyNotCategories(column, words);
  return why ?? `text (line ${firstText.line}: ${quotedCell(firstText.text)})`;
}

/** A column of numbers must hold finite numbers only; reports the first cell that is none. */
function checkCells(column: CsvColumn, name: string, allowed: Allowances): void {
  const { firstText, firstInfinite } = column;
  const firstMissing = allowed.missing ? undefined : column.firstMissing;
  const places = [firstMissing, firstText, firstInfinite].filter((place) => place !== undefined);
  if (places.length === 0) return;
  const place = places.reduce((first, other) => (other.line < first.line ? other : first));
  const { line, text } = place;
  const where = `Line ${line}, column "${name}":`;
  const details = { line, column: name, value: text };
  if (place === firstMissing) {
    const spelling = text.trim() === '' ? '' : ` (${quotedCell(text)})`;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${where} the value is missing${spelling}.`,
      'Fill it in, delete the line, or choose columns without missing values.',
      details,
    );
  }
  if (place === firstText) {
    const why = allowed.words && whyNotCategories(column, allowed.words);
    throw notANumber(line, name, text, why);
  }
  throw notFinite(line, name, text);
}

function checkDecimalMarks(table: CsvTable, indices: number[]): void {
  const withComma = indices.find((index) => table.columns[index].firstDecimalComma);
  const withPoint = indices.find((index) => table.columns[index].firstDecimalPoint);
  if (withComma === undefined || withPoint === undefined) return;
  const comma = table.columns[withComma].firstDecimalComma;
  const point = table.columns[withPoint].firstDecimalPoint;
  if (comma === undefined || point === undefined) return;
  throw mixedDecimalMarks(
    { ...comma, column: table.names[withComma] },
    { ...point, column: table.names[withPoint] },
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `"${name}"`);
  if (names.length > shown.length) shown.push(`and ${names.length - shown.length} more`);
  return shown.join(', ');
}
