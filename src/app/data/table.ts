import type { OddCells } from '../../io/odd-cells.ts';

/** What a column holds, as far as it matters for a fit. */
export type ColumnType =
  | 'number'
  /** Every value that is there is the same. */
  | 'constant'
  /** Whole numbers that count up or down by one: row numbers. */
  | 'id'
  /** Whole numbers, each once, under a name such as "id". */
  | 'key'
  | 'words'
  /** More different words than are kept. */
  | 'text'
  /** No value at all. */
  | 'empty';

/** A column with the facts to choose it by. */
export interface TableColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Numbers, NaN where missing; of words their positions in `categories`, -1 where missing. */
  readonly values: Float32Array | Float64Array | Int32Array;
  /** The words, in their order; undefined of numbers. */
  readonly categories: readonly string[] | undefined;
  readonly nMissing: number;
  /** Of numbers; NaN of others. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly deviation: number;
  /** Cells of a column of numbers that hold none, as texts and infinite numbers: NaN in `values`, and not among `nMissing`. */
  readonly nOdd: number;
  /** The first of them. */
  readonly odd: readonly OddPlace[];
  /** Their texts, each once; of many the first. */
  readonly oddWords: readonly string[];
  /** Cells of a column of words that hold a number. */
  readonly nNumbers: number;
  /** Whether its name in the file is another one, or another column's too. */
  readonly isRenamed: boolean;
}

export interface ArrayForm {
  readonly name: string;
  readonly nColumns: number;
  /** One whole number a row beside an array that is wider: what a sample is called, most often. */
  readonly isLabels: boolean;
}

/** How a file was read: what a program needs to read it again. */
export interface FileForm {
  readonly format: 'csv' | 'npy' | 'npz' | 'parquet' | 'arrow' | 'idx';
  readonly isGzip: boolean;
  /** Whether webgpu-em/io, given the unpacked bytes, does not read it. */
  readonly isForeign: boolean;
  /** Of an archive: its arrays that became columns, in that order. */
  readonly arrays?: readonly ArrayForm[] | undefined;
  /** Of CSV: rows end before their last cells, which are missing. */
  readonly hasShortRows?: boolean | undefined;
  /** Of Arrow: what its buffers are packed with. */
  readonly codecs?: readonly ('lz4' | 'zstd')[] | undefined;
}

/** A cell that holds no number. */
export interface OddPlace {
  /** Of the source, from 0 and over all files. */
  readonly row: number;
  /** Of its file, from 1; undefined where that has no lines. */
  readonly line: number | undefined;
  /** Where there are several. */
  readonly file: string | undefined;
  /** Undefined where the row ends before the cell, or where it is too much to keep. */
  readonly text: string | undefined;
}

/** A file as columns. */
export interface Table {
  readonly nRows: number;
  readonly columns: readonly TableColumn[];
  /** Rows of the source, those that were passed over too. */
  readonly nSourceRows: number;
  /** Of so many rows of the source one is here, from the first on. */
  readonly every: number;
  /** Set while only the first rows are read: how many there are in all, about. */
  readonly nRowsExpected: number | undefined;
  /** What a reader has to say, such as what it left out. Sentences; or empty. */
  readonly note: string;
  /** All columns are of one unit and have no names of their own, as pixels have. */
  readonly isGrid: boolean;
  /** Of each file. */
  readonly forms: readonly FileForm[];
}

/** Whether it can be fitted. (A column of one word is constant too, and its values are positions.) */
export const isNumeric = ({
  type,
  categories,
}: Pick<TableColumn, 'type' | 'categories'>): boolean =>
  categories === undefined &&
  (type === 'number' || type === 'constant' || type === 'id' || type === 'key');

/** Some rows of a file: of each column numbers, or positions in its words. */
export interface TablePart {
  readonly nRows: number;
  readonly columns: readonly PartColumn[];
  /** One a column, where the format has cells of any kind. */
  readonly odd?: readonly (OddCells | undefined)[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
}

/** Int32Array: positions in the words. */
export type PartColumn = Float32Array | Float64Array | Int32Array;

/** A file that is being read. */
export interface TableReader {
  readonly names: readonly string[];
  /** Where the file says so before its rows. */
  readonly nRows: number | undefined;
  readonly note: string;
  readonly isGrid: boolean;
  /** Set where webgpu-em/io does not read a file like this. */
  readonly isForeign?: boolean;
  readonly arrays?: FileForm['arrays'];
  /** So far. */
  readonly hasShortRows?: boolean;
  /** Those met so far. */
  readonly codecs?: FileForm['codecs'];
  /** The words of a column so far; `isFreeText` where no more are kept. */
  words(column: number): { readonly words: readonly string[]; readonly isFreeText: boolean };
  /** Once. Its arrays are the receiver's. */
  parts(): AsyncIterable<TablePart>;
}
