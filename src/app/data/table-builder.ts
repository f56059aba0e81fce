import { MixtureError } from '../../errors.ts';
import { fitsSingle, numberFacts, wordFacts } from './column-facts.ts';
import type { FileForm, PartColumn, Table, TableColumn, TablePart, TableReader } from './table.ts';

/** From so many numbers on they are kept in float32 where that loses nothing that matters: 134 MB in float64. */
export const MANY_NUMBERS = 2 ** 24;

/** Gathers the parts of a file, or of several with the same columns. */
export class TableBuilder {
  nRows = 0;
  readonly names: readonly string[];
  readonly #isRenamed: readonly boolean[];
  readonly #notes: string[] = [];
  readonly #isGrid: boolean;
  readonly #columns: Gathered[];
  readonly #forms: { form: Pick<FileForm, 'format' | 'isGzip'>; reader: TableReader }[] = [];
  #reader: TableReader;
  #file = '';
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
    this.#columns = reader.names.map(() => new Gathered());
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
    if (reader.note !== '' && !this.#notes.includes(reader.note)) this.#notes.push(reader.note);
    for (const column of this.#columns) column.beginFile();
  }

  /** @throws MixtureError INVALID_SAMPLES where a column holds words that held numbers in the file before */
  add(part: TablePart): void {
    const { nRows, columns } = thinned(part, this.#every, this.#rowsSeen);
    this.#rowsSeen += part.nRows;
    columns.forEach((values, c) => {
      const isFitting = this.#columns[c].add(values, this.#reader.words(c), this.#isMany);
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
    const columns = this.#columns.map((column, c) => ({
      ...column.finish(this.nRows, isMany, nRowsExpected === undefined),
      name: this.names[c],
      isRenamed: this.#isRenamed[c],
    }));
    const notes = [...this.#notes];
    if (this.#every > 1) notes.push(`One of every ${this.#every} rows is taken.`);
    if (isMany && columns.some(({ values }) => values instanceof Float32Array)) {
      notes.push('More than 16.7 million numbers: kept with 7 digits (float32).');
    }
    const note = notes.join(' ');
    const [every, isGrid, nSourceRows] = [this.#every, this.#isGrid, this.#rowsSeen];
    const forms = this.#forms.map(({ form, reader: { isForeign = false, arrays, codecs } }) => ({
      ...form,
      isForeign,
      arrays,
      codecs,
    }));
    const [nRows, size] = [this.nRows, { nSourceRows, nRowsExpected }];
    return { nRows, columns, every, ...size, note, isGrid, forms };
  }
}

type ColumnContent = Omit<TableColumn, 'name' | 'isRenamed'>;

/** The parts of one column. */
class Gathered {
  #parts: PartColumn[] = [];
  /** Undefined while there is nothing but missing values. */
  #kind: 'numbers' | 'words' | undefined;
  readonly #words: string[] = [];
  readonly #positions = new Map<string, number>();
  /** The positions of the present file's words. */
  #translation: number[] = [];
  #isFreeText = false;

  get isWords(): boolean {
    return this.#kind === 'words';
  }

  beginFile(): void {
    this.#translation = [];
  }

  add(
    values: PartColumn,
    { words, isFreeText }: ReturnType<TableReader['words']>,
    isMany: boolean,
  ): boolean {
    const kind = values instanceof Int32Array ? 'words' : 'numbers';
    const isNothing =
      kind === 'words'
        ? values.every((code) => code < 0)
        : values.every((value) => value !== value);
    if (!isNothing || (kind === 'words' && this.#kind === undefined)) {
      if ((this.#kind ??= kind) !== kind) return false;
    }
    this.#isFreeText ||= isFreeText;
    if (values instanceof Int32Array) this.#parts.push(this.#translated(values, words));
    else {
      const isWide = values instanceof Float64Array && isMany && this.fitsSingle();
      this.#parts.push(isWide ? Float32Array.from(values) : values);
    }
    return true;
  }

  /** Whether float32 does for the first part. */
  fitsSingle(): boolean {
    const [first] = this.#parts;
    return first instanceof Float32Array || (this.#firstFits ??= doesFit(first));
  }
  #firstFits: boolean | undefined;

  thin(every: number): void {
    let seen = 0;
    this.#parts = this.#parts.map((part) => {
      const kept = part.filter((_, n) => (seen + n) % every === 0);
      seen += part.length;
      return kept;
    });
  }

  finish(nRows: number, isMany: boolean, isLast: boolean): ColumnContent {
    const parts = this.#parts;
    if (isLast) this.#parts = [];
    return this.isWords ? this.#wordColumn(nRows, parts) : numberColumn(parts, nRows, isMany);
  }

  #translated(codes: Int32Array, words: readonly string[]): Int32Array {
    for (let code = this.#translation.length; code < words.length; code++) {
      const word = words[code];
      let position = this.#positions.get(word);
      if (position === undefined) {
        position = this.#words.push(word) - 1;
        this.#positions.set(word, position);
      }
      this.#translation.push(position);
    }
    return codes.map((code) => (code < 0 ? -1 : this.#translation[code]));
  }

  #wordColumn(nRows: number, parts: readonly PartColumn[]): ColumnContent {
    const codes = new Int32Array(nRows);
    let at = 0;
    for (const part of parts) {
      // before its first word a column was taken for one of numbers, all of them missing
      if (part instanceof Int32Array) codes.set(part, at);
      else codes.fill(-1, at, at + part.length);
      at += part.length;
    }
    const categories = inOrder(codes, this.#words);
    const facts = wordFacts(codes, categories, this.#isFreeText);
    return { values: codes, categories, ...facts };
  }
}

const doesFit = (part: PartColumn | undefined): boolean =>
  part instanceof Float64Array && fitsSingle(numberFacts(part));

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

function numberColumn(parts: readonly PartColumn[], nRows: number, isMany: boolean): ColumnContent {
  const isSingle =
    parts.some((part) => part instanceof Float32Array) &&
    parts.every((part) => !(part instanceof Float64Array));
  const all = isSingle ? new Float32Array(nRows) : new Float64Array(nRows);
  let at = 0;
  for (const part of parts) {
    // a file in which a column has no value at all may have it as one of words
    if (part instanceof Int32Array) all.fill(NaN, at, at + part.length);
    else all.set(part, at);
    at += part.length;
  }
  const facts = numberFacts(all);
  const values = isMany && !isSingle && fitsSingle(facts) ? Float32Array.from(all) : all;
  return { values, categories: undefined, ...facts };
}

/** The words that occur, sorted with numbers in them by size, and the codes made positions among them. */
function inOrder(codes: Int32Array, words: readonly string[]): string[] {
  const used = new Uint8Array(words.length);
  for (const code of codes) if (code >= 0) used[code] = 1;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const order = words
    .map((word, code) => ({ word, code }))
    .filter(({ code }) => used[code] === 1)
    .sort((a, b) => compare(a.word, b.word));
  const position = new Int32Array(words.length);
  order.forEach(({ code }, i) => (position[code] = i));
  for (let n = 0; n < codes.length; n++) if (codes[n] >= 0) codes[n] = position[codes[n]];
  return order.map(({ word }) => word);
}

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
