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
): Promise<Result> {
  return what === 'labels'
    ? ((await mixture.predict(dataset, { context })) as Int32Array<ArrayBuffer>)
    : ((await mixture.predictProba(dataset, { context })) as Float32Array<ArrayBuffer>);
}

/**
 * The result as a file: a row a sample. Where rows of the source were left out, CSV and Parquet begin with the column `row`; in npy, whose
 * columns have no names, it would be taken for a value.
 */
export function resultFile(
  { mixture, data }: Pick<Fitted, 'mixture' | 'data'>,
  result: Result,
  { what, format, withColumns }: ResultRequest,
  options: SliceOptions = {},
): Promise<Blob> {
  const { nSamples } = data.samples;
  const { nComponents } = mixture;
  if (format === 'npy' && !withColumns) {
    const shape = what === 'labels' ? [nSamples] : [nSamples, nComponents];
    return Promise.resolve(npyFile(result, shape));
  }
  const own: OutColumn[] =
    what === 'labels'
      ? [plainColumn('label', result)]
      : responsibilityColumns(result as Float32Array, nComponents);
  const columns = withOwnNames([
    ...(format === 'npy' ? [] : rowColumns(data)),
    ...(withColumns ? sourceColumns(data) : []),
    ...own,
  ]);
  switch (format) {
    case 'csv':
      return csvFile(columns, nSamples, options);
    case 'npy':
      return npyTable(columns, nSamples, options);
    case 'parquet':
      return parquetFile(columns, nSamples, options);
  }
}
