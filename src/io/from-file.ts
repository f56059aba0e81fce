import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import { arrowStream } from './arrow-stream.ts';
import { blobSource } from './blob-source.ts';
import type { ByteSource } from './byte-source.ts';
import { csvStream } from './csv-stream.ts';
import type { SkippedColumn } from './csv-select.ts';
import type { CsvOptions } from './csv.ts';
import { nodeSource } from './node-source.ts';
import { npyStream } from './npy-stream.ts';
import { parquetStream } from './parquet-stream.ts';
import { rawStream } from './rows-stream.ts';
import { pickColumns } from './pick-columns.ts';
import { urlSource, type UrlOptions } from './url-source.ts';

/** 'float32' and 'float64' are rows of little-endian numbers without a header. */
export type FileFormat = 'npy' | 'float32' | 'float64' | 'csv' | 'parquet' | 'arrow';

/** How a file is read; every option may be left out, but for what a file without a header cannot say. */
export interface FileOptions extends Pick<CsvOptions, 'header' | 'delimiter' | 'missing'> {
  /** Default: by the name's ending (.npy, .f32, .f64, .csv, .tsv, .txt, .parquet, .arrow, .feather). */
  readonly format?: FileFormat | undefined;
  /** Of a file without a header. */
  readonly nFeatures?: number | undefined;
  /** Names, or positions from 0. Default: every column of numbers but `weightColumn`. */
  readonly columns?: readonly (string | number)[] | undefined;
  /** The column of sample weights, by name; in a file without names by position. Default: 1 each. */
  readonly weightColumn?: string | number | undefined;
  /** Aborting it ends the opening with its reason; readings have the signal of their fit. */
  readonly signal?: AbortSignal | undefined;
}

/** A file's samples. */
export interface FileStream extends SampleStream {
  /** Of the file, as messages have it. */
  readonly name: string;
  /** Bytes of the file. */
  readonly byteLength: number;
  /** How it is read. */
  readonly format: FileFormat;
  /** D, of the columns that are taken. */
  readonly nFeatures: number;
  /** Columns of a CSV file that hold no numbers, and why. */
  readonly skippedColumns: readonly SkippedColumn[];
}

const ENDINGS: Readonly<Record<string, FileFormat>> = {
  npy: 'npy',
  f32: 'float32',
  f64: 'float64',
  csv: 'csv',
  tsv: 'csv',
  txt: 'csv',
  parquet: 'parquet',
  arrow: 'arrow',
  feather: 'arrow',
};

/**
 * The samples of a File or Blob, read a chunk at a time.
 * @param file what was dropped or chosen, or any Blob with `options.name`
 * @param options format and columns; see `FileOptions`
 * @throws MixtureError INVALID_OPTION, INVALID_SAMPLES, NON_FINITE, SOURCE_FAILED (with byte and sample)
 */
export async function fromFile(
  file: Blob,
  options: FileOptions & { readonly name?: string | undefined } = {},
): Promise<FileStream> {
  return open(blobSource(file, options.name), options);
}

/**
 * The samples of a file on a server that knows HTTP ranges.
 * @param url absolute, or relative to the page
 * @param options format and columns; see `FileOptions` and `UrlOptions`
 * @throws MixtureError as `fromFile`
 */
export async function fromUrl(
  url: string | URL,
  options: FileOptions & UrlOptions = {},
): Promise<FileStream> {
  return open(await urlSource(String(url), options), options);
}

/**
 * The samples of a file on the disk; in Node, Deno or Bun.
 * @param path absolute, or from the folder that the program runs in
 * @param options format and columns; see `FileOptions`
 * @throws MixtureError as `fromFile`
 */
export async function fromNodeFile(path: string, options: FileOptions = {}): Promise<FileStream> {
  return open(await nodeSource(path), options);
}

async function open(source: ByteSource, options: FileOptions): Promise<FileStream> {
  const format = options.format ?? formatOf(source.name);
  const stream = await streamOf(source, format, options);
  return {
    skippedColumns: [],
    ...stream,
    nFeatures: stream.nFeatures!,
    name: source.name,
    byteLength: source.size,
    format,
  };
}

async function streamOf(
  source: ByteSource,
  format: FileFormat,
  { nFeatures, columns, weightColumn, signal, header, delimiter, missing }: FileOptions,
): Promise<SampleStream> {
  // (a column of weights is read with the others, and then taken out)
  const read =
    columns && weightColumn !== undefined && !columns.includes(weightColumn)
      ? [...columns, weightColumn]
      : columns;
  const named = format === 'csv' || format === 'parquet' || format === 'arrow';
  if (named && typeof weightColumn === 'number') {
    throw new MixtureError(
      'INVALID_OPTION',
      `weightColumn is ${weightColumn}, a position, but columns of ${format} files have names.`,
      'Give its name.',
      { option: 'weightColumn', value: weightColumn },
    );
  }
  switch (format) {
    case 'npy':
      return pickColumns(await npyStream(source, signal), columns, weightColumn);
    case 'float32':
    case 'float64': {
      const raw = rawStream(source, format === 'float32' ? 'f4' : 'f8', nFeatures);
      return pickColumns(raw, columns, weightColumn);
    }
    case 'csv': {
      const csv = await csvStream(source, { columns: read, header, delimiter, missing }, signal);
      return pickColumns(csv, undefined, weightColumn);
    }
    case 'parquet':
      return pickColumns(await parquetStream(source, read, signal), undefined, weightColumn);
    case 'arrow':
      return pickColumns(await arrowStream(source, read, signal), undefined, weightColumn);
  }
}

/** The format of a file by its name. @throws MixtureError INVALID_OPTION */
export function formatOf(name: string): FileFormat {
  const [path] = name.split(/[?#]/);
  const ending = /\.([a-z0-9]+)$/i.exec(path)?.[1].toLowerCase() ?? '';
  const format = ENDINGS[ending];
  if (format !== undefined) return format;
  throw new MixtureError(
    'INVALID_OPTION',
    `The ending of "${name}" names no format.`,
    `Give format, or a name that ends with one of ${Object.keys(ENDINGS).join(', ')}.`,
    { name },
  );
}
