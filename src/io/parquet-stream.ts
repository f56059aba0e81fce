import type { FileMetaData } from 'hyparquet';
import type { SampleStream } from '../data/sample-forms.ts';
import { MixtureError } from '../errors.ts';
import type { ByteReading, ByteSource } from './byte-source.ts';
import { chooseColumns, rowsOf, type ColumnValues, type NumberColumn } from './columns-stream.ts';
import { loadPackage } from './load-package.ts';

/**
 * Samples of a Parquet file, a row group at a time: memory grows with the longest row group, not with the file.
 * @param asked columns by name or position; default: all of numbers
 * @throws MixtureError INVALID_SAMPLES, INVALID_OPTION, SOURCE_FAILED
 */
export async function parquetStream(
  source: ByteSource,
  asked: readonly (string | number)[] | undefined,
  signal?: AbortSignal,
): Promise<SampleStream> {
  const { parquetMetadataAsync, parquetRead } = await loadPackage(
    'hyparquet',
    () => import('hyparquet'),
  );
  const metadata = await withReading(source, signal, (file) =>
    parquetMetadataAsync(file).catch((error: unknown) => {
      throw unreadable(source, 0, error);
    }),
  );
  const columns = chooseColumns(source.name, columnsOf(metadata), asked);
  const names = columns.map(({ name }) => name);
  const nSamples = Number(metadata.num_rows);
  return {
    nSamples,
    nFeatures: columns.length,
    columnNames: names,
    async *chunks({ signal } = {}) {
      const reading = await source.begin();
      try {
        const file = asyncBuffer(source, reading, signal);
        let first = 0;
        for (const group of metadata.row_groups) {
          const nRows = Number(group.num_rows);
          const found = new Map<string, ColumnValues>();
          const range = { rowStart: first, rowEnd: first + nRows };
          await parquetRead({
            file,
            metadata,
            columns: names,
            ...range,
            onChunk: ({ columnName, columnData }) =>
              void found.set(columnName, joined(found.get(columnName), columnData as ColumnValues)),
          }).catch((error: unknown) => {
            throw unreadable(source, first, error);
          });
          yield* rowsOf(
            columns,
            names.map((name) => found.get(name)!),
            nRows,
          );
          first += nRows;
        }
      } finally {
        await reading.close();
      }
    },
  };
}

/** Pages of one column may come one by one. */
function joined(before: ColumnValues | undefined, more: ColumnValues): ColumnValues {
  return before ? [...Array.from(before), ...Array.from(more)] : more;
}

/** As hyparquet's, whose types the package's own do not ask for. */
interface SchemaElement {
  readonly num_children?: number | undefined;
}
interface AsyncBuffer {
  byteLength: number;
  slice(start: number, end?: number): Promise<ArrayBuffer>;
}

/** The columns of a schema's root; of a nested one its outermost element. */
export function rootColumns<Element extends SchemaElement>({
  schema,
}: {
  readonly schema: readonly Element[];
}): Element[] {
  const [root] = schema;
  const flat: Element[] = [];
  for (let i = 1; flat.length < (root.num_children ?? 0) && i < schema.length;) {
    flat.push(schema[i]);
    i += sizeOf(schema, i);
  }
  return flat;
}

/** The flat columns; `single` is undefined for those that hold no numbers. */
function columnsOf(
  metadata: FileMetaData,
): (NumberColumn | { name: string; single?: undefined })[] {
  return rootColumns(metadata).map((element) => {
    const { name, type, num_children, repetition_type, converted_type, logical_type } = element;
    const integer =
      (converted_type === undefined || /^U?INT_/.test(converted_type)) &&
      (logical_type === undefined || logical_type.type === 'INTEGER');
    const numeric =
      num_children === undefined &&
      repetition_type !== 'REPEATED' &&
      (type === 'FLOAT' ||
        type === 'DOUBLE' ||
        type === 'BOOLEAN' ||
        ((type === 'INT32' || type === 'INT64') && integer));
    return numeric ? { name, single: type === 'FLOAT' || type === 'BOOLEAN' } : { name };
  });
}

/** How many elements of the schema a column takes. */
function sizeOf(schema: readonly SchemaElement[], at: number): number {
  let size = 1;
  for (let child = 0; child < (schema[at].num_children ?? 0); child++)
    size += sizeOf(schema, at + size);
  return size;
}

export function asyncBuffer(
  { size }: ByteSource,
  reading: ByteReading,
  signal: AbortSignal | undefined,
): AsyncBuffer {
  return {
    byteLength: size,
    async slice(start, end = size) {
      const from = start < 0 ? size + start : start;
      const bytes = new Uint8Array(Math.max(0, end - from));
      await reading.read(from, bytes, signal);
      return bytes.buffer;
    },
  };
}

async function withReading<T>(
  source: ByteSource,
  signal: AbortSignal | undefined,
  use: (file: AsyncBuffer) => Promise<T>,
): Promise<T> {
  const reading = await source.begin();
  try {
    return await use(asyncBuffer(source, reading, signal));
  } finally {
    await reading.close();
  }
}

function unreadable({ name }: ByteSource, sample: number, error: unknown): unknown {
  if (error instanceof DOMException) return error;
  const inside = error instanceof MixtureError ? error.details['byte'] : undefined;
  const message = error instanceof Error ? error.message : String(error);
  return new MixtureError(
    'SOURCE_FAILED',
    error instanceof MixtureError
      ? `${message.replace(/\.$/, '')} (in the row group from sample ${sample} on).`
      : `${name} cannot be read as Parquet, in the row group from sample ${sample} on: ${message}`,
    'Look whether the file is whole; of compressions, snappy and none are read.',
    { source: name, sample, byte: inside },
    error,
  );
}
