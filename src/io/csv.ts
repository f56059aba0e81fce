import { MixtureError } from '../errors.ts';
import type { CellRules, CsvColumn } from './csv-column.ts';
import { checkDelimiter, guessDelimiter, guessHeader } from './csv-dialect.ts';
import { selectColumns } from './csv-select.ts';
import type { SkippedColumn } from './csv-select.ts';
import { parseTable } from './csv-table.ts';
import { csvText, withoutSpacesBeforeQuotes } from './csv-text.ts';

export type { SkippedColumn } from './csv-select.ts';

export type ColumnList = readonly (string | number)[];
export type ColumnChooser = (
  names: readonly string[],
  hasHeader: boolean,
) => ColumnList | undefined;

export interface CsvOptions {
  /**
   * Columns to use, in this order: names, or positions from 0; or a function that chooses them from
   * the file's names. Default, and where the function returns undefined: every numeric column.
   */
  readonly columns?: ColumnList | ColumnChooser | undefined;
  /** Whether the first line names the columns. Default 'auto': found out from its cells. */
  readonly header?: boolean | 'auto' | undefined;
  /** The character between values. Default: found out among comma, semicolon, tab and '|'. */
  readonly delimiter?: string | undefined;
  /** Spellings of a missing value besides the usual ones (empty, NA, NaN, null, ?, ...). */
  readonly missing?: readonly string[] | undefined;
}

export interface CsvSamples {
  /** Row-major: feature d of sample n is `data[n * nFeatures + d]`. */
  readonly samples: {
    readonly data: Float64Array;
    readonly nSamples: number;
    readonly nFeatures: number;
  };
  /** One a feature; "column 1", "column 2", ... by position where the file names none. */
  readonly columnNames: string[];
  /** Columns left out because they hold no numbers; empty where `columns` was given. */
  readonly skippedColumns: SkippedColumn[];
  readonly hasHeader: boolean;
}

/**
 * Reads the samples of a CSV file: a text, or its bytes (UTF-8, or UTF-16 with a byte order mark).
 *
 * Understands quoted fields, any line ends, and decimal commas where the comma is not the
 * delimiter. Blank lines are passed over. A column of text is left out with a note; a column that
 * is mostly numbers is not, so a stray text in it is an error.
 *
 * Throws MixtureError: INVALID_SAMPLES (a missing value, a text among numbers, rows of unequal
 * length, no rows), NON_FINITE (an infinite value), each naming line and column; INVALID_OPTION (no
 * such column or delimiter); LIMIT_EXCEEDED (a file too long for one string, about 512 MiB).
 */
export function readCsv(input: string | Uint8Array, options: CsvOptions = {}): CsvSamples {
  const { columns, header = 'auto', delimiter: askedDelimiter, missing = [] } = options;
  const raw = csvText(input);
  const delimiter =
    askedDelimiter === undefined ? guessDelimiter(raw) : checkDelimiter(askedDelimiter);
  const text = withoutSpacesBeforeQuotes(raw, delimiter);
  const rules: CellRules = { decimalComma: delimiter !== ',', missing: new Set(missing) };
  const hasHeader = header === 'auto' ? guessHeader(text, delimiter, rules) : header;

  const table = parseTable(text, delimiter, hasHeader, rules);
  if (table.nRows === 0) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      table.names.length > 0
        ? 'The file has a header but no rows of values.'
        : 'The file is empty.',
      'Give a file with one sample a line.',
    );
  }
  const asked = typeof columns === 'function' ? columns(table.names, hasHeader) : columns;
  const { indices, skippedColumns } = selectColumns(table, asked);
  return {
    samples: {
      data: rowMajor(indices.map((index) => table.columns[index])),
      nSamples: table.nRows,
      nFeatures: indices.length,
    },
    columnNames: indices.map((index) => table.names[index]),
    skippedColumns,
    hasHeader,
  };
}

function rowMajor(columns: CsvColumn[]): Float64Array {
  const nFeatures = columns.length;
  const data = new Float64Array(columns[0].values.length * nFeatures);
  columns.forEach(({ values }, feature) => {
    for (let row = 0; row < values.length; row++) data[row * nFeatures + feature] = values[row];
  });
  return data;
}
