/** Cells among numbers that hold none: texts, infinite numbers, and those that a row lacks. */
export interface OddCells {
  /** Rows of the part, from 0, in order. */
  readonly rows: readonly number[];
  /** Lines of the file, from 1. */
  readonly lines: readonly number[];
  /** Positions in the column's words; -1 where the row ends before the cell, -2 where no more words are kept. */
  readonly codes: readonly number[];
}

/** So few odd cells may always be slips. */
const A_FEW = 3;

/**
 * Whether a column of numbers stays one with so many cells that are none: three, or a fifth of those that are not missing. With more
 * it is one of text.
 */
export function areSlips(nOdd: number, nNumbers: number): boolean {
  return nNumbers >= nOdd && nNumbers > 0 && (nOdd <= A_FEW || 4 * nOdd <= nNumbers);
}
