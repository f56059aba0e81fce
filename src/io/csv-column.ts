import { cellNumber, isMissing } from './csv-cell.ts';

/** A cell worth naming in a message: the first of its kind in a column. `line` counts from 1. */
export interface CellPlace {
  readonly line: number;
  readonly text: string;
}

/** How cells are read; one object for the whole file. */
export interface CellRules {
  /** A comma may be the decimal mark: so where it is not the delimiter. */
  readonly decimalComma: boolean;
  /** Further spellings of a missing value, e.g. '-999'. */
  readonly missing: ReadonlySet<string>;
  /** Whether words are kept: text columns may become categories. */
  readonly words?: boolean;
}

/** More different words are an identifier, or free text: no more are kept. */
export const MOST_WORDS = 65_536;

/** One column while the file is read: its numbers, its words, and where the first cells stand that are no numbers. */
export class CsvColumn {
  firstMissing: CellPlace | undefined;
  firstText: CellPlace | undefined;
  firstInfinite: CellPlace | undefined;
  firstDecimalComma: CellPlace | undefined;
  firstDecimalPoint: CellPlace | undefined;
  #values = new Float64Array(64);
  #length = 0;
  #numbers = 0;
  #texts = 0;
  /** Where rules.words: every different cell but the missing ones, in the order of appearance. */
  readonly #words = new Map<string, { readonly code: number; readonly line: number }>();
  /** The word of each row; -1 where it is missing. */
  readonly #codes: number[] = [];

  /** Reads the cell of the next row. */
  add(cell: string, line: number, rules: CellRules): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = this.#read(cell, line, rules);
    if (rules.words === true && this.#words.size < MOST_WORDS) {
      const missing = rules.missing.has(cell.trim()) || isMissing(cell);
      this.#codes.push(missing ? -1 : this.#codeOf(cell.trim(), line));
    }
  }

  /** The cells as numbers, in the order of the rows; NaN where a cell holds none. */
  get values(): Float64Array {
    return this.#values.subarray(0, this.#length);
  }

  /**
   * A column with at least as many numbers as texts is meant to be numeric: a text in it is a
   * mistake to report, not a reason to leave the column out.
   */
  get isNumeric(): boolean {
    return this.#numbers > 0 && this.#numbers >= this.#texts;
  }

  /** Whether some cell holds text; kept as words where the rules say so. */
  get hasText(): boolean {
    return this.#texts > 0;
  }

  /** The different words with the line of each one's first appearance. Complete below MOST_WORDS. */
  get words(): ReadonlyMap<string, { readonly line: number }> {
    return this.#words;
  }

  /** The rows as positions in `categories`, NaN where missing; `unknown` is the first word that is none of them. */
  encode(categories: readonly string[]): { values: Float64Array; unknown: string | undefined } {
    const position = new Map(categories.map((word, index) => [word, index]));
    const codes = [...this.#words.keys()].map((word) => position.get(word) ?? NaN);
    const unknown = [...this.#words.keys()].find((word) => !position.has(word));
    return { values: Float64Array.from(this.#codes, (code) => codes[code] ?? NaN), unknown };
  }

  #codeOf(word: string, line: number): number {
    const known = this.#words.get(word);
    if (known) return known.code;
    const code = this.#words.size;
    this.#words.set(word, { code, line });
    return code;
  }

  #read(cell: string, line: number, rules: CellRules): number {
    if (rules.missing.size > 0 && rules.missing.has(cell.trim())) {
      this.firstMissing ??= { line, text: cell };
      return NaN;
    }
    const value = cellNumber(cell, rules.decimalComma);
    if (value !== value) {
      if (isMissing(cell)) this.firstMissing ??= { line, text: cell };
      else {
        this.#texts++;
        this.firstText ??= { line, text: cell };
      }
      return value;
    }
    this.#numbers++;
    if (!Number.isFinite(value)) this.firstInfinite ??= { line, text: cell };
    if (rules.decimalComma) {
      if (cell.includes(',')) this.firstDecimalComma ??= { line, text: cell };
      else if (cell.includes('.')) this.firstDecimalPoint ??= { line, text: cell };
    }
    return value;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#values.length);
    longer.set(this.#values);
    this.#values = longer;
  }
}
