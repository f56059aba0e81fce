import type { InitParams } from '../../index.ts';
import type { FileForm } from './table.ts';

/** Samples with what the page says about them. */
export interface SourceData {
  /** Named in the menu; also the beginning of downloaded files' names. */
  readonly name: string;
  /** Row-major; NaN where an entry is missing. */
  readonly samples: {
    readonly data: Float32Array | Float64Array;
    readonly nSamples: number;
    readonly nFeatures: number;
  };
  /** The least and the greatest value of each feature, where they are known: infinite and the wrong way round of none. */
  readonly ranges?: readonly { readonly low: number; readonly high: number }[] | undefined;
  /** Words of the source, beside the usual ones, that stand for a missing value. */
  readonly missingWords?: readonly string[] | undefined;
  /** One a feature. */
  readonly featureNames: readonly string[];
  /** Columns of the source to colour by, N values each: those that are fitted, and those that are not. */
  readonly columns: readonly Column[];
  /** All that files of results can have beside them, identifiers too, in the source's order. Default `columns`. */
  readonly allColumns?: readonly Column[] | undefined;
  /** Names of those whose texts are too many to be kept. */
  readonly lostColumns?: readonly string[] | undefined;
  /** Entries that are missing. */
  readonly nMissing: number;
  /** Rows that were left out, as values are missing in them. Default 0. */
  readonly nIncomplete?: number | undefined;
  /** Set where the samples are z-scores: what was subtracted and divided by, D each. */
  readonly standardised:
    | { readonly means: Float64Array; readonly scales: Float64Array }
    | undefined;
  readonly origin: Origin;
  /** Of so many rows of the source one is taken, from the first on. Default 1. */
  readonly every?: number | undefined;
  /** Set where the source was not read to its end: so many rows were. */
  readonly nRowsRead?: number | undefined;
  /** The samples' rows of the source, from 0 and over all files, N; undefined where they are 0 to N - 1. */
  readonly rows?: Uint32Array<ArrayBuffer> | undefined;
  /** Set with `rows`: how many the source has. */
  readonly nSourceRows?: number | undefined;
  /** What webgpu-em/io has the features from the source by, where names do not do: names, or positions from 0. */
  readonly columnKeys?: readonly (string | number)[] | undefined;
  /** How the source was read, of which the features are the columns at these positions from 0. */
  readonly reading?: {
    readonly forms: readonly FileForm[];
    readonly positions: readonly number[];
  };
  /** A sentence on what they are, or on what was left out. */
  readonly note: string;
  /** A number of components and a start to begin with. */
  readonly nComponents: number;
  readonly initParams: InitParams;
  /** The seed to begin with. Default 0. */
  readonly seed?: number | undefined;
}

/** A column of the source. */
export interface Column {
  readonly name: string;
  /** Numbers, NaN where missing; of a column of words the positions in `categories`, -1 where missing. */
  readonly values: Float32Array | Float64Array | Int32Array;
  readonly categories: readonly string[] | undefined;
}

/** Where samples come from: as much as a link or a program needs to have them again. */
export type Origin =
  /** `columns` where it is a file of which some are fitted. */
  | { readonly kind: 'built-in'; readonly id: string; readonly columns?: readonly string[] }
  | { readonly kind: 'url'; readonly url: string; readonly columns: readonly string[] }
  /** Files, one after another one table, or pasted text: they never leave the browser, so a link cannot bring them. */
  | {
      readonly kind: 'file';
      readonly fileNames: readonly string[];
      readonly columns: readonly string[];
      readonly isPasted?: boolean;
    };
