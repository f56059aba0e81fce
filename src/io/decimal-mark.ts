import { cellNumber } from './csv-cell.ts';

const [COMMA, POINT] = [44, 46];
/** "1,234" and "12,345,678": a decimal comma in the first is as likely. */
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3})+$/;

/**
 * The decimal mark of a file. It is one: where numbers are written with a comma, "1.234" may be a thousand, so that cells with the
 * other mark are text.
 */
export class DecimalMark {
  /** Of the mark; 0 while none was seen. */
  byte: number;

  constructor(byte: number) {
    this.byte = byte;
  }

  /** The mark that the cells of a file's beginning have; beside commas that delimit it is a point. */
  static of(rows: readonly (readonly string[])[], delimiter: string): DecimalMark {
    if (delimiter === ',') return new DecimalMark(POINT);
    let [nCommas, nPoints, nThousands] = [0, 0, 0];
    for (const row of rows) {
      for (const cell of row) {
        const isComma = cell.includes(',');
        if ((!isComma && !cell.includes('.')) || Number.isNaN(cellNumber(cell, true))) continue;
        if (!isComma) nPoints++;
        else if (THOUSANDS.test(cell.trim())) nThousands++;
        else nCommas++;
      }
    }
    if (nPoints > nCommas) return new DecimalMark(POINT);
    return new DecimalMark(nCommas + nThousands > 0 ? COMMA : 0);
  }

  /** The number in a cell; NaN where it holds none, or one with the other mark. */
  numberIn(cell: string): number {
    const value = cellNumber(cell, this.byte !== POINT);
    if (value !== value) return value;
    const byte = cell.includes(',') ? COMMA : cell.includes('.') ? POINT : 0;
    if (byte === 0) return value;
    if (this.byte === 0) this.byte = byte;
    return byte === this.byte ? value : NaN;
  }
}

/** Numbers such as "1,234.50", "1.234,50", "1 234" and "1'234". */
export const hasThousands = (cell: string): boolean =>
  /^\D{0,2}\d{1,3}([ ,.'’\u00a0\u202f]\d{3})+([.,]\d+)?\D{0,2}$/.test(cell.trim());
