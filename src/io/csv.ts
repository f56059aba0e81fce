import type { CellRules } from './csv-column.ts';
import { checkDelimiter } from './csv-dialect.ts';
import { layoutOfText } from './csv-layout.ts';
import type { FoundLayout } from './csv-layout.ts';
import { selectColumns } from './csv-select.ts';
import type { SkippedColumn } from './csv-select.ts';
import { parseTable } from './csv-table.ts';
import { csvText, withoutPreamble, withoutSpacesBeforeQuotes } from './csv-text.ts';
import { areCategories, encodeWords } from './csv-words.ts';
import type { WordRules } from './csv-words.ts';
import { SpacesToTabs } from './spaces-to-tabs.ts';

export type { SkippedColumn } from './csv-select.ts';
export type { WordRules } from './csv-words.ts';

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
  /** Whether the first line names the columns. Default 'auto': found out from its cells, below prose or comments too. */
  readonly header?: boolean | 'auto' | undefined;
  /** The character between values. Default: found out among comma, semicolon, tab, '|' and runs of spaces. */
  readonly delimiter?: string | undefined;
  /** Spellings of a missing value besides the usual ones (empty, NA, NaN, null, ?, ...). */
  readonly missing?: readonly string[] | undefined;
  /** What cells are that a row lacks at its end. Default 'refuse': such a row is an error that names its line. */
  readonly shortRows?: 'refuse' | 'missing' | undefined;
  /** Whether a missing value is NaN in the samples. Default: it is an error that names line and column. */
  readonly allowMissing?: boolean | undefined;
  /** Takes columns of text as categories. Default: they are left out. */
  readonly words?: WordRules | undefined;
}

/** Where the samples stand in the file: what `fillCsv` needs. */
export interface CsvLayout extends Pick<
  FoundLayout,
  'delimiter' | 'hasHeader' | 'nLinesBefore' | 'hasComments' | 'isSpaced'
> {
  /** Positions of the features' columns in the file, from 0. */
  readonly columnIndices: readonly number[];
  /** Whether numbers are written with a decimal comma. */
  readonly decimalComma: boolean;
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
  /** One a feature: the words that 0, 1, ... stand for; undefined for a column of numbers. */
  readonly categories: (readonly string[] | undefined)[];
  /** Missing values in the columns in use. */
  readonly missing: number;
  readonly layout: CsvLayout;
}

/**
 * Reads the samples of a CSV file: a text, or its bytes (UTF-8, UTF-16 with a byte order mark, or Windows-1252).
 *
 * Understands quoted fields, any line ends, decimal commas where the comma is not the delimiter, columns
 * parted by spaces, comments (# and %), prose above the table, a header one name short (R's row names: they
 * become the column "row", which is used where it is asked for), Excel's `sep=` line and delimiters after the last cell. Blank lines are passed over. A
 * column of text is left out with a note; a column that is mostly numbers is not, so a stray text in it is an
 * error (with `words`, any text makes a column one of words).
 *
 * Throws MixtureError: INVALID_SAMPLES (a missing value, a text among numbers, rows of unequal
 * length, no rows, an unknown word), NON_FINITE (an infinite value), each naming line and column; INVALID_OPTION (no
 * such column or delimiter); LIMIT_EXCEEDED (a file too long for one string, about 512 MiB).
 */
export function readCsv(input: string | Uint8Array, options: CsvOptions = {}): CsvSamples {
  if (options.delimiter !== undefined) checkDelimiter(options.delimiter);
  const text = csvText(input);
  return readRows(text, layoutOfText(text, options), options);
}

/**
 * The same of a text, or of a part of one, whose layout is known.
 * @param text with line ends as "\n"
 * @param isContinued whether other parts came before
 * @throws MixtureError
 */
export function readRows(
  text: string,
  layout: FoundLayout,
  options: Omit<CsvOptions, 'delimiter' | 'header'>,
  isContinued = false,
): CsvSamples {
  const { columns, missing = [], words, shortRows } = options;
  const { delimiter, names, hasComments, isSpaced } = layout;
  const hasHeader = layout.hasHeader && !isContinued;
  const nLinesBefore = isContinued ? 0 : layout.nLinesBefore;
  const rules: CellRules = {
    decimalComma: delimiter !== ',',
    missing: new Set(missing),
    words: words !== undefined,
  };
  const lines = withoutPreamble(text, nLinesBefore, hasComments);
  const table = parseTable(
    withoutSpacesBeforeQuotes(isSpaced ? SpacesToTabs.of(lines) : lines, delimiter),
    { names, delimiter, hasHeader, isContinued, areShortRowsRead: shortRows === 'missing' },
    rules,
  );
  const asked = typeof columns === 'function' ? columns(table.names, hasHeader) : columns;
  const { indices, skippedColumns } = selectColumns(table, asked, {
    missing: options.allowMissing ?? false,
    words,
    rowNames: !layout.hasRowNames,
  });
  const features = indices.map((index, feature) => {
    const column = table.columns[index];
    return areCategories(column, words, feature)
      ? encodeWords(column, table.names[index], words?.known?.[feature])
      : { values: column.values, categories: undefined };
  });
  const data = rowMajor(features.map(({ values }) => values));
  return {
    samples: { data, nSamples: table.nRows, nFeatures: indices.length },
    columnNames: indices.map((index) => table.names[index]),
    skippedColumns,
    hasHeader,
    categories: features.map(({ categories }) => categories),
    missing: data.reduce((count, value) => (value === value ? count : count + 1), 0),
    layout: {
      delimiter,
      hasHeader,
      nLinesBefore,
      hasComments,
      isSpaced,
      columnIndices: indices,
      decimalComma: indices.some((index) => table.columns[index].firstDecimalComma),
    },
  };
}

function rowMajor(columns: Float64Array[]): Float64Array {
  const nFeatures = columns.length;
  const data = new Float64Array(columns[0].length * nFeatures);
  columns.forEach((values, feature) => {
    for (let row = 0; row < values.length; row++) data[row * nFeatures + feature] = values[row];
  });
  return data;
}
