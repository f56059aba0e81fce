import { MOST_WORDS } from '../../io/csv-column.ts';
import { areSlips } from '../../io/odd-cells.ts';
import type { OddCells } from '../../io/odd-cells.ts';
import { fitsSingle, numberFacts, wordFacts } from './column-facts.ts';
import type { OddPlace, PartColumn, TableColumn, TableReader } from './table.ts';

/** So many odd cells are named. */
const MOST_PLACES = 20;
/** And so many of their texts. */
const MOST_WORDS_KEPT = 100;

export type ColumnContent = Omit<TableColumn, 'name' | 'isRenamed'>;

/** What a reader says of a column with its part. */
export interface PartContext extends ReturnType<TableReader['words']> {
  readonly odd: OddCells | undefined;
  /** The part's first row of the source. */
  readonly firstRow: number;
  readonly isMany: boolean;
}

/** A cell that holds no number, by row and line of the source and position of its text. */
interface Odd {
  readonly rows: number[];
  readonly lines: number[];
  readonly codes: number[];
}

/** The parts of one column. */
export class GatheredColumn {
  #parts: PartColumn[] = [];
  /** Undefined while there is nothing but missing values. */
  #kind: 'numbers' | 'words' | undefined;
  readonly #words: string[] = [];
  readonly #positions = new Map<string, number>();
  /** The positions of the present file's words. */
  #translation: number[] = [];
  #isFreeText = false;
  readonly #odd: Odd = { rows: [], lines: [], codes: [] };
  #firstFits: boolean | undefined;

  get isWords(): boolean {
    return this.#kind === 'words';
  }

  beginFile(): void {
    this.#translation = [];
  }

  /** @param values of the rows that are taken @returns whether it holds what the parts before hold */
  add(values: PartColumn, { words, isFreeText, odd, firstRow, isMany }: PartContext): boolean {
    const kind = values instanceof Int32Array ? 'words' : 'numbers';
    const isNothing =
      kind === 'words'
        ? values.every((code) => code === -1)
        : odd === undefined && values.every((value) => value !== value);
    if (!isNothing || (kind === 'words' && this.#kind === undefined)) {
      if ((this.#kind ??= kind) !== kind) return false;
    }
    this.#isFreeText ||= isFreeText;
    this.#translate(words);
    if (values instanceof Int32Array) {
      this.#parts.push(values.map((code) => this.#translated(code)));
      return true;
    }
    odd?.rows.forEach((row, i) => {
      this.#addOdd(firstRow + row, odd.lines[i], this.#translated(odd.codes[i]));
    });
    const isWide = values instanceof Float64Array && isMany && this.fitsSingle();
    this.#parts.push(isWide ? Float32Array.from(values) : values);
    return true;
  }

  /** Makes infinite numbers missing, and notes them. */
  takeInfinite(values: PartColumn, firstRow: number): void {
    if (values instanceof Int32Array) return;
    for (let n = 0; n < values.length; n++) {
      if (values[n] !== Infinity && values[n] !== -Infinity) continue;
      this.#addOdd(firstRow + n, 0, this.#positionOf(values[n] < 0 ? '-inf' : 'inf'));
      values[n] = NaN;
    }
  }

  /** Whether float32 does for the first part. */
  fitsSingle(): boolean {
    const [first] = this.#parts;
    if (first instanceof Float32Array) return true;
    this.#firstFits ??= first instanceof Float64Array && fitsSingle(numberFacts(first));
    return this.#firstFits;
  }

  thin(every: number): void {
    let seen = 0;
    this.#parts = this.#parts.map((part) => {
      const kept = part.filter((_, n) => (seen + n) % every === 0);
      seen += part.length;
      return kept;
    });
  }

  /** @param fileOf the file that a row of the source is of, where there are several */
  finish(nRows: number, every: number, { isMany, isLast, fileOf }: FinishOptions): ColumnContent {
    const parts = this.#parts;
    if (isLast) this.#parts = [];
    const noOdd = { nOdd: 0, odd: [], oddWords: [] };
    if (this.isWords)
      return { ...wordColumn(nRows, parts, this.#words, this.#isFreeText), ...noOdd };
    const { rows, lines, codes } = this.#odd;
    const kept = [...rows.keys()].filter((i) => rows[i] % every === 0);
    const numbers = numberColumn(parts, nRows, isMany);
    const nNumbers = nRows - numbers.nMissing;
    if (!areSlips(kept.length, nNumbers) && kept.length > 0) {
      const odd = kept.map((i) => ({ row: rows[i] / every, code: codes[i] }));
      const words = [...this.#words];
      const all = withNumbersAsWords(numbers.values, odd, words);
      const isFull = this.#isFreeText || words.length >= MOST_WORDS;
      return { ...wordColumn(nRows, [all], words, isFull), ...noOdd };
    }
    const odd = kept.slice(0, MOST_PLACES).map((i): OddPlace => ({
      row: rows[i],
      line: lines[i] === 0 ? undefined : lines[i],
      file: fileOf(rows[i]),
      text: this.#words[codes[i]],
    }));
    const nMissing = numbers.nMissing - kept.length;
    const known = [...new Set(kept.map((i) => codes[i]))]
      .filter((code) => code >= 0)
      .slice(0, MOST_WORDS_KEPT);
    const oddWords = known.map((code) => this.#words[code]);
    return { ...numbers, nMissing, nOdd: kept.length, odd, oddWords };
  }

  #addOdd(row: number, line: number, code: number): void {
    this.#odd.rows.push(row);
    this.#odd.lines.push(line);
    this.#odd.codes.push(code);
  }

  #translate(words: readonly string[]): void {
    for (let code = this.#translation.length; code < words.length; code++) {
      this.#translation.push(this.#positionOf(words[code]));
    }
  }

  #translated(code: number): number {
    return code < 0 ? code : this.#translation[code];
  }

  #positionOf(word: string): number {
    const known = this.#positions.get(word);
    if (known !== undefined) return known;
    const position = this.#words.push(word) - 1;
    this.#positions.set(word, position);
    return position;
  }
}

export interface FinishOptions {
  readonly isMany: boolean;
  /** The parts are given up. */
  readonly isLast: boolean;
  readonly fileOf: (row: number) => string | undefined;
}

function numberColumn(parts: readonly PartColumn[], nRows: number, isMany: boolean) {
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

function wordColumn(
  nRows: number,
  parts: readonly PartColumn[],
  words: readonly string[],
  isFreeText: boolean,
) {
  const codes = new Int32Array(nRows);
  let at = 0;
  for (const part of parts) {
    // before its first word a column was taken for one of numbers, all of them missing
    if (part instanceof Int32Array) codes.set(part, at);
    else codes.fill(-1, at, at + part.length);
    at += part.length;
  }
  const categories = inOrder(codes, words);
  return { values: codes, categories, ...wordFacts(codes, categories, isFreeText) };
}

/** A column of numbers that turned out to be one of text. @param words those of the odd cells; the numbers are added */
function withNumbersAsWords(
  values: ArrayLike<number>,
  odd: readonly { readonly row: number; readonly code: number }[],
  words: string[],
): Int32Array {
  const positions = new Map<number, number>();
  const codes = Int32Array.from({ length: values.length }, (_, n) => {
    const value = values[n];
    if (value !== value) return -1;
    const known = positions.get(value);
    if (known !== undefined) return known;
    if (words.length >= MOST_WORDS) return -2;
    const position = words.push(String(value)) - 1;
    positions.set(value, position);
    return position;
  });
  for (const { row, code } of odd) codes[row] = code;
  return codes;
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
