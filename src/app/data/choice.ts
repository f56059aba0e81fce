import { inSlices } from '../shared/row-slices.ts';
import { isNumeric } from './table.ts';
import type { Table, TableColumn } from './table.ts';

/** What is fitted of a table, and how. */
export interface Choice {
  /** Positions of the columns in the table, in its order. */
  readonly columns: readonly number[];
  /** Z-scores: mean 0 and standard deviation 1 of every column. */
  readonly standardise: boolean;
  /** Rows with a missing value among the columns chosen: fitted with the rest, or left out. */
  readonly missing: 'fit' | 'leave out';
  /** Cells of the columns chosen that hold no number are missing: on the visitor's word. */
  readonly odd?: 'missing' | undefined;
}

/** No more columns by themselves: a full covariance of 32 has 528 numbers a component. */
export const MOST_BY_DEFAULT = 32;

/** Positions of an archive's arrays of labels. */
function labelColumns({ forms: [form] }: Table): Set<number> {
  const positions = new Set<number>();
  let at = 0;
  for (const { nColumns, isLabels } of form?.arrays ?? []) {
    if (isLabels) positions.add(at);
    at += nColumns;
  }
  return positions;
}

/** All columns of numbers that are neither constant, row numbers nor labels; of a grid those that vary most. */
export function defaultChoice(table: Table): Choice {
  const { columns, isGrid } = table;
  const labels = labelColumns(table);
  const usable = columns
    .map((column, c) => ({ column, c }))
    .filter(({ column, c }) => column.type === 'number' && !labels.has(c));
  // row numbers are better than nothing, and so is a constant
  const chosen =
    usable.length > 0
      ? usable
      : columns.map((column, c) => ({ column, c })).filter(({ column }) => isNumeric(column));
  if (isGrid) chosen.sort((a, b) => b.column.deviation - a.column.deviation);
  return {
    columns: chosen
      .slice(0, MOST_BY_DEFAULT)
      .map(({ c }) => c)
      .sort((a, b) => a - b),
    standardise: false,
    missing: 'fit',
  };
}

/** The default with columns by their names, as an address has them; unknown ones are passed over. */
export function choiceOf(
  table: Table,
  wanted: { columns?: readonly string[] | undefined } & Partial<Omit<Choice, 'columns'>>,
): Choice {
  const standard = defaultChoice(table);
  const named = table.columns.flatMap((column, c) =>
    wanted.columns?.includes(column.name) && isNumeric(column) ? [c] : [],
  );
  return {
    columns: named.length > 0 ? named : standard.columns,
    standardise: wanted.standardise ?? standard.standardise,
    missing: wanted.missing ?? standard.missing,
  };
}

/** Which rows lack something of what is chosen. */
export interface Incomplete {
  /** Rows with at least one missing value in these columns, and with nothing else. */
  readonly nIncomplete: number;
  readonly nEmpty: number;
  /** A 1 a row; undefined where there are none. */
  readonly isIncomplete: Uint8Array | undefined;
}

/** A slice at a time, as there may be millions of rows. */
export async function incompleteRows(
  { nRows, columns }: Table,
  chosen: readonly number[],
): Promise<Incomplete> {
  const gappy = chosen.map((c) => columns[c]).filter(({ nMissing, nOdd }) => nMissing + nOdd > 0);
  let [nIncomplete, nEmpty] = [0, 0];
  if (gappy.length === 0) return { nIncomplete, nEmpty, isIncomplete: undefined };
  const isIncomplete = new Uint8Array(nRows);
  await inSlices(nRows, rowsAtOnce(gappy.length), (from, to) => {
    const nMissing = new Uint16Array(to - from);
    for (const { values } of gappy) {
      for (let n = from; n < to; n++) if (values[n] !== values[n]) nMissing[n - from]++;
    }
    for (let i = 0; i < nMissing.length; i++) {
      if (nMissing[i] === 0) continue;
      isIncomplete[from + i] = 1;
      nIncomplete++;
      if (nMissing[i] === chosen.length) nEmpty++;
    }
  });
  return { nIncomplete, nEmpty, isIncomplete };
}

/** So many rows are a millisecond's work or two. */
export const rowsAtOnce = (nColumns: number): number =>
  Math.max(256, Math.floor(2 ** 17 / Math.max(1, nColumns)));

/** Those of the columns chosen that have cells without a number, of which the visitor has not said what they are. */
export function unclearColumns(
  { columns }: Table,
  { columns: chosen, odd }: Choice,
): TableColumn[] {
  if (odd === 'missing') return [];
  return chosen.map((c) => columns[c]).filter(({ nOdd }) => nOdd > 0);
}

/** The choice without columns that cannot be fitted, or about which there is a question. */
export function clearChoice({ columns }: Table, choice: Choice): Choice {
  const isClear = (c: number) =>
    isNumeric(columns[c]) && (choice.odd === 'missing' || columns[c].nOdd === 0);
  return { ...choice, columns: choice.columns.filter(isClear) };
}

/** Why a column cannot be fitted; undefined where it can. */
export function whyNot(column: TableColumn): string | undefined {
  return isNumeric(column) ? undefined : 'no numbers';
}
