import { stat } from 'node:fs/promises';
import { MixtureError } from '../index.ts';
import { formatOf, fromNodeFile, type FileFormat, type FileStream } from '../io/from-file.ts';
import type { InputArguments } from './argument-parts.ts';
import { UsageError } from './errors.ts';
import type { FamilyName } from './families.ts';
import type { ModelColumns } from './model-file.ts';
import type { TableFacts } from './table-facts.ts';

/** Bytes that the samples of a file may take in memory. */
const MEMORY_LIMIT = 256 * 2 ** 20;

export const memoryLimitOf = ({ memoryLimit }: InputArguments): number =>
  memoryLimit ?? MEMORY_LIMIT;

/**
 * The samples of a file that is read a chunk at a time: a binary one, or a CSV file beyond the memory limit; undefined for any other.
 * @param model the columns that a model was fitted on, where one is gone on from or asked
 * @param family of a fit
 * @throws UsageError, MixtureError
 */
export async function openStream(
  input: InputArguments,
  browser: boolean,
  model: ModelColumns | undefined,
  family?: FamilyName,
): Promise<FileStream | undefined> {
  const { file, columns, header, delimiter, nFeatures } = input;
  if (file === '-') return undefined;
  const format = input.format ?? formatByName(file);
  const large = await stat(file).then(
    ({ size }) => size > memoryLimitOf(input),
    () => false, // whoever reads it says why not
  );
  // (words are numbered by those of the whole file, or of the model)
  const words = model?.categories?.some((known) => known !== undefined) ?? false;
  if (format === 'csv' && (!large || words)) return undefined;
  if (browser) {
    throw new UsageError(
      `--browser takes all samples of a CSV file into memory, and "${file}" is ${format === 'csv' ? 'larger than --memory-limit' : `a ${format} file`}.`,
      'Leave --browser out, or give a larger --memory-limit for a CSV file.',
    );
  }
  const stream = await fromNodeFile(file, {
    format,
    nFeatures,
    columns: columns ?? namedColumns(model?.columnNames, format),
    header,
    delimiter,
  });
  const [skipped] = stream.skippedColumns;
  if (skipped && (family === 'categorical' || family === 'bernoulli')) {
    throw new UsageError(
      `Column "${skipped.name}" holds ${skipped.reason}, and words are not read from a file larger than --memory-limit.`,
      'Number them, choose --columns of numbers, or give a larger --memory-limit.',
    );
  }
  return stream;
}

/** A file of no known ending is CSV, as ever. */
function formatByName(file: string): FileFormat {
  try {
    return formatOf(file);
  } catch (error) {
    if (error instanceof MixtureError) return 'csv';
    throw error;
  }
}

/** A model's columns by name, where names say anything. */
function namedColumns(
  names: readonly string[] | undefined,
  format: FileFormat,
): readonly string[] | undefined {
  const hasNames = format === 'csv' || format === 'parquet' || format === 'arrow';
  if (!hasNames || names === undefined || new Set(names).size < names.length) return undefined;
  return names.every((name) => /^column \d+$/.test(name)) ? undefined : names;
}

/** What is known of a stream before it is read. */
export function streamFacts({
  nSamples,
  nFeatures,
  columnNames,
  skippedColumns,
}: FileStream): TableFacts {
  return {
    samples: { nSamples: nSamples ?? 0, nFeatures },
    columnNames: columnNames
      ? [...columnNames]
      : Array.from({ length: nFeatures }, (_, d) => `column ${d + 1}`),
    categories: Array.from({ length: nFeatures }),
    missing: 0,
    skippedColumns: [...skippedColumns],
  };
}
