import { MixtureError } from '../../errors.ts';
import { isKey } from './column-facts.ts';
import { GatheredColumn } from './gathered-column.ts';
import type { FileForm, Table, TableColumn, TablePart, TableReader } from './table.ts';

/** From so many numbers on they are kept in float32 where that loses nothing that matters: 134 MB in float64. */
export const MANY_NUMBERS = 2 ** 24;

/** Gathers the parts of a file, or of several with the same columns. */
export class TableBuilder {
  nRows = 0;
  readonly names: readonly string[];
  readonly #isRenamed: readonly boolean[];
  readonly #notes: string[] = [];
  readonly #isGrid: boolean;
  readonly #columns: GatheredColumn[];
  readonly #forms: { form: Pick<FileForm, 'format' | 'isGzip'>; reader: TableReader }[] = [];
  #reader: TableReader;
  #file = '';
  /** The files with the rows of the source before each. */
  readonly #files: { readonly file: string; readonly firstRow: number }[] = [];
  #rowsSeen = 0;
  /** Of so many rows one is kept. */
  #every = 1;
  /** Whether there will be many numbers: those that come are kept in float32, where that does for the first. */
  #isMany = false;

  constructor(reader: TableReader) {
    this.#reader = reader;
    this.names = uniqueNames(reader.names);
    this.#isRenamed = reader.names.map(
      (name, c) => name !== this.names[c] || reader.names.includes(name, c + 1),
    );
    this.#isGrid = reader.isGrid;
    this.#columns = reader.names.map(() => new GatheredColumn());
  }

  /** The parts that follow are this file's. @throws MixtureError INVALID_SAMPLES where its columns are others */
  begin(reader: TableReader, file: string, form: Pick<FileForm, 'format' | 'isGzip'>): void {
    const names = uniqueNames(reader.names);
    if (names.length !== this.names.length || names.some((name, c) => name !== this.names[c])) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `${file} has the columns ${listed(names)}, and ${this.#file} has ${listed(this.names)}.`,
        'Files read together are one table: give files with the same columns in the same order.',
        { file },
      );
    }
    this.#reader = reader;
    this.#file = file;
    this.#forms.push({ form, reader });
    this.#files.push({ file, firstRow: this.#rowsSeen });
    if (reader.note !== '' && !this.#notes.includes(reader.note)) this.#notes.push(reader.note);
    for (const column of this.#columns) column.beginFile();
  }

  /** @throws MixtureError INVALID_SAMPLES where a column holds words that held numbers in the file before */
  add(part: TablePart): void {
    const firstRow = this.#rowsSeen;
    this.#rowsSeen += part.nRows;
    // (only of a CSV file are cells read one by one, and the infinite ones found then)
    if (!part.odd)
      part.columns.forEach((values, c) => this.#columns[c].takeInfinite(values, firstRow));
    const { nRows, columns } = thinned(part, this.#every, firstRow);
    columns.forEach((values, c) => {
      const context = { odd: part.odd?.[c], firstRow, isMany: this.#isMany };
      const isFitting = this.#columns[c].add(values, { ...this.#reader.words(c), ...context });
      if (isFitting) return;
      throw new MixtureError(
        'INVALID_SAMPLES',
        `Column "${this.names[c]}" of ${this.#file} does not hold what it holds in the files before: numbers in one, words in the other.`,
        'Files read together are one table: give files with the same columns.',
        { file: this.#file, column: this.names[c] },
      );
    });
    this.nRows += nRows;
  }

  /** Columns of numbers, as far as can be told. */
  get nNumeric(): number {
    return this.#columns.filter(({ isWords }) => !isWords).length;
  }

  /** Bytes that a number takes in the samples, if there will be many. */
  get bytesEach(): number {
    const all = this.#columns.filter(({ isWords }) => !isWords);
    return all.every((column) => column.fitsSingle()) ? 4 : 8;
  }

  expectMany(): void {
    this.#isMany = true;
  }

  /** From now on, and of the rows so far, one of so many is kept. */
  thin(every: number): void {
    this.#every = every;
    for (const column of this.#columns) column.thin(every);
    this.nRows = Math.ceil(this.nRows / every);
  }

  /**
   * The rows so far as a table.
   * @param nRowsExpected where more will come: the parts are kept; else they are given up
   */
  table(nRowsExpected?: number): Table {
    const isMany = this.nRows * this.nNumeric > MANY_NUMBERS;
    const isLast = nRowsExpected === undefined;
    const fileOf = (row: number) =>
      this.#files.length > 1
        ? this.#files.findLast(({ firstRow }) => firstRow <= row)?.file
        : undefined;
    const columns = this.#columns.map((column, c): TableColumn => {
      const content = column.finish(this.nRows, this.#every, { isMany, isLast, fileOf });
      const name = this.names[c];
      const type = isKey(name, content) ? 'key' : content.type;
      return { ...content, type, name, isRenamed: this.#isRenamed[c] };
    });
    const notes = [...this.#notes];
    if (this.#every > 1) notes.push(`One of every ${this.#every} rows is taken.`);
    if (isMany && columns.some(({ values }) => values instanceof Float32Array)) {
      notes.push('More than 16.7 million numbers: kept with 7 digits (float32).');
    }
    const note = notes.join(' ');
    const [every, isGrid, nSourceRows] = [this.#every, this.#isGrid, this.#rowsSeen];
    const forms = this.#forms.map(
      ({ form, reader: { isForeign = false, arrays, codecs, hasShortRows } }) => ({
        ...form,
        isForeign,
        arrays,
        codecs,
        ...(hasShortRows === true && { hasShortRows }),
      }),
    );
    const [nRows, size] = [this.nRows, { nSourceRows, nRowsExpected }];
    return { nRows, columns, every, ...size, note, isGrid, forms };
  }
}

/** Of so many rows one. @param seen rows before these */
function thinned(
  part: TablePart,
  every: number,
  seen: number,
): Pick<TablePart, 'nRows' | 'columns'> {
  if (every === 1) return part;
  const isKept = (_: number, n: number) => (seen + n) % every === 0;
  const columns = part.columns.map((values) => values.filter(isKept));
  return { nRows: columns[0].length, columns };
}

const listed = (names: readonly string[]): string =>
  `${names.slice(0, 8).join(', ')}${names.length > 8 ? `, ... (${names.length})` : ''}`;

/** "x", "x" -> "x", "x (2)": features are told apart by their names. */
export function uniqueNames(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let i = 2; seen.has(unique); i++) unique = `${name} (${i})`;
    seen.add(unique);
    return unique;
  });
}
