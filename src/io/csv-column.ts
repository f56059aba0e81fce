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
}

/** One column while the file is read: its numbers, and where the first cells stand that are none. */
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

  /** Reads the cell of the next row. */
  add(cell: string, line: number, rules: CellRules): void {
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length++] = this.#read(cell, line, rules);
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
