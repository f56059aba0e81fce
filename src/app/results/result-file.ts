import type { SourceData } from '../data/source-data.ts';
import { csvFile } from './csv-file.ts';
import type { Fitted } from './fitted.ts';
import { npyFile, npyTable } from './npy-file.ts';
import {
  plainColumn,
  responsibilityColumns,
  rowColumns,
  sourceColumns,
  withOwnNames,
} from './out-column.ts';
import type { OutColumn } from './out-column.ts';
import { parquetFile } from './parquet-file.ts';
import { inSlices } from '../shared/row-slices.ts';
import type { SliceOptions } from '../shared/row-slices.ts';

export type ResultFormat = 'csv' | 'npy' | 'parquet';

/** What is said of every sample, and how it is written. */
export interface ResultRequest {
  readonly what: 'labels' | 'responsibilities';
  readonly format: ResultFormat;
  /** Whether the columns of the source stand before it. */
  readonly withColumns: boolean;
}

type Result = Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer>;

/** The labels, N, or responsibilities, N x K in float32, of all samples, by their order. */
export async function computeResult(
  { mixture, dataset, context }: Fitted,
  { what }: ResultRequest,
  signal?: AbortSignal,
): Promise<Result> {
  return what === 'labels'
    ? ((await mixture.predict(dataset, { context, signal })) as Int32Array<ArrayBuffer>)
    : ((await mixture.predictProba(dataset, { context, signal })) as Float32Array<ArrayBuffer>);
}

/** Rows of the file. */
export function nRowsOf(data: SourceData, { withColumns }: ResultRequest): number {
  const { samples, rows, nSourceRows } = data;
  return withColumns || !rows ? samples.nSamples : (nSourceRows ?? samples.nSamples);
}

/**
 * The result as a file, in the source's order. Where rows of the source were left out it still has a row for each, so that it stands
 * beside the source as it is: label -1, no responsibilities. With the columns it has the samples alone, and first their rows.
 */
export async function resultFile(
  { mixture, data }: Pick<Fitted, 'mixture' | 'data'>,
  ofSamples: Result,
  request: ResultRequest,
  options: SliceOptions = {},
): Promise<Blob> {
  const { what, format, withColumns } = request;
  const { nComponents } = mixture;
  const nRows = nRowsOf(data, request);
  const width = what === 'labels' ? 1 : nComponents;
  const result =
    data.rows && !withColumns
      ? await spread(ofSamples, data.rows, nRows, width, options)
      : ofSamples;
  if (format === 'npy' && !withColumns) {
    return npyFile(result, what === 'labels' ? [nRows] : [nRows, nComponents]);
  }
  const own: OutColumn[] =
    what === 'labels'
      ? [plainColumn('label', result)]
      : responsibilityColumns(result as Float32Array, nComponents);
  const columns = withColumns
    ? withOwnNames([...rowColumns(data), ...sourceColumns(data), ...own])
    : own;
  switch (format) {
    case 'csv':
      return csvFile(columns, nRows, options);
    case 'npy':
      return npyTable(columns, nRows, options);
    case 'parquet':
      return parquetFile(columns, nRows, options);
  }
}

/** Each sample's numbers in its row of the source; -1, or NaN of responsibilities, in the others. */
async function spread(
  result: Result,
  rows: Uint32Array,
  nRows: number,
  width: number,
  { signal }: SliceOptions,
): Promise<Result> {
  const all =
    result instanceof Int32Array
      ? new Int32Array(nRows).fill(-1)
      : new Float32Array(nRows * width).fill(NaN);
  const work = (from: number, to: number) => {
    for (let n = from; n < to; n++) {
      for (let i = 0; i < width; i++) all[rows[n] * width + i] = result[n * width + i];
    }
  };
  await inSlices(rows.length, 16_384, work, { signal });
  return all;
}
