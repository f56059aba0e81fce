import type { StreamChunk } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';

/** A column of a file that holds numbers. */
export interface NumberColumn {
  readonly name: string;
  /** Whether float32 holds its numbers. */
  readonly single: boolean;
}

/** Values of a column; null and undefined are missing. */
export type ColumnValues = ArrayLike<number | bigint | boolean | null | undefined>;

/** Rows made at a time: parts of long row groups. */
const ROWS_BYTES = 4 * 2 ** 20;

/**
 * The columns asked for, by name or position; default: all that hold numbers.
 * @throws MixtureError INVALID_OPTION, INVALID_SAMPLES
 */
export function chooseColumns<C extends NumberColumn>(
  file: string,
  columns: readonly (C | { readonly name: string; readonly single?: undefined })[],
  asked: readonly (string | number)[] | undefined,
): C[] {
  const isNumeric = (column: (typeof columns)[number]): column is C => column.single !== undefined;
  if (asked === undefined) {
    const numeric = columns.filter(isNumeric);
    if (numeric.length > 0) return numeric;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `No column of ${file} holds numbers.`,
      `Its columns are ${columns.map(({ name }) => name).join(', ')}.`,
    );
  }
  return asked.map((wanted) => {
    const column = columns.find(({ name }, i) => name === wanted || i === wanted);
    if (column && isNumeric(column)) return column;
    throw new MixtureError(
      'INVALID_OPTION',
      `${file} has no column ${JSON.stringify(wanted)}${column ? ' of numbers' : ''}.`,
      `Its columns are ${columns.map(({ name }) => name).join(', ')}.`,
      { column: wanted },
    );
  });
}

/** Columns of equal length as chunks of rows. */
export function* rowsOf(
  columns: readonly NumberColumn[],
  values: readonly ColumnValues[],
  nRows: number,
): Generator<StreamChunk, void> {
  const nFeatures = columns.length;
  const NumberArray = columns.every(({ single }) => single) ? Float32Array : Float64Array;
  const most = Math.max(1, Math.floor(ROWS_BYTES / NumberArray.BYTES_PER_ELEMENT / nFeatures));
  const rows = new NumberArray(Math.min(most, nRows) * nFeatures);
  for (let first = 0; first < nRows; first += most) {
    const count = Math.min(most, nRows - first);
    for (let d = 0; d < nFeatures; d++) {
      const column = values[d];
      for (let n = 0, i = d; n < count; n++, i += nFeatures) {
        const value = column[first + n];
        rows[i] = value === null || value === undefined ? Number.NaN : Number(value);
      }
    }
    yield { data: rows.subarray(0, count * nFeatures), nSamples: count, nFeatures };
  }
}
