import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { MixtureError } from '../../errors.ts';
import { blobSource } from '../../io/blob-source.ts';
import { asyncBuffer, rootColumns } from '../../io/parquet-stream.ts';
import { leftOut, TypedColumns } from './typed-values.ts';
import type { TypedColumn, Values } from './typed-values.ts';
import type { PartColumn, TableReader } from './table.ts';

/** A Parquet file, a row group at a time. @throws MixtureError INVALID_SAMPLES, SOURCE_FAILED */
export async function readParquetTable(blob: Blob, name: string): Promise<TableReader> {
  const source = blobSource(blob, name);
  const file = asyncBuffer(source, await source.begin(), undefined);
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw damaged(name, 0, error);
  });
  const elements = rootColumns(metadata);
  const typed = new TypedColumns(elements.flatMap((element) => typedColumn(element) ?? []));
  const others = elements.filter((element) => !typedColumn(element)).map((element) => element.name);
  const { names } = typed;
  return {
    names,
    nRows: Number(metadata.num_rows),
    note: leftOut(others),
    isGrid: false,
    isForeign: isForeign(metadata, elements),
    words: (c) => typed.words(c),
    async *parts() {
      let first = 0;
      for (const group of metadata.row_groups) {
        const nRows = Number(group.num_rows);
        const pages = new Map<string, { rowStart: number; values: Values }[]>();
        const range = { rowStart: first, rowEnd: first + nRows };
        await parquetRead({
          file,
          metadata,
          columns: names,
          compressors,
          ...range,
          onChunk({ columnName, columnData, rowStart }) {
            const list = pages.get(columnName) ?? [];
            list.push({ rowStart, values: columnData as Values });
            pages.set(columnName, list);
          },
        }).catch((error: unknown) => {
          throw damaged(name, first, error);
        });
        const columns = names.map((column, c) => {
          const list = (pages.get(column) ?? []).sort((a, b) => a.rowStart - b.rowStart);
          return joined(list.map(({ values }) => typed.take(c, values)));
        });
        first += nRows;
        yield {
          nRows,
          columns,
          bytes: Math.round((blob.size * first) / Number(metadata.num_rows)),
        };
      }
    },
  };
}

/** webgpu-em/io unpacks Snappy alone, and reads plain numbers. */
function isForeign({ row_groups }: FileMetaData, elements: readonly SchemaElement[]): boolean {
  const [group] = row_groups;
  const isPacked = (group?.columns ?? []).some(
    ({ meta_data }) => meta_data && !['UNCOMPRESSED', 'SNAPPY'].includes(meta_data.codec),
  );
  const isConverted = elements.some(
    (element) =>
      typedColumn(element)?.kind === 'double' &&
      ((element.converted_type !== undefined && !/^U?INT_/.test(element.converted_type)) ||
        (element.logical_type !== undefined && element.logical_type.type !== 'INTEGER') ||
        element.type === 'INT96'),
  );
  return isConverted || isPacked;
}

function typedColumn(element: SchemaElement): TypedColumn | undefined {
  const { name, type, num_children, repetition_type, converted_type, logical_type } = element;
  if (num_children !== undefined || repetition_type === 'REPEATED') return undefined;
  const isHalf = logical_type?.type === 'FLOAT16';
  if (type === 'FLOAT' || type === 'BOOLEAN' || isHalf) return { name, kind: 'single' };
  const isDecimal = converted_type === 'DECIMAL' || logical_type?.type === 'DECIMAL';
  if (type === 'DOUBLE' || type === 'INT32' || type === 'INT64' || type === 'INT96' || isDecimal) {
    return { name, kind: 'double' };
  }
  const isText =
    converted_type === 'UTF8' ||
    converted_type === 'ENUM' ||
    logical_type?.type === 'STRING' ||
    logical_type?.type === 'ENUM';
  return isText ? { name, kind: 'words' } : undefined;
}

function joined(parts: readonly PartColumn[]): PartColumn {
  if (parts.length === 1) return parts[0];
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all =
    parts[0] instanceof Int32Array
      ? new Int32Array(length)
      : parts[0] instanceof Float32Array
        ? new Float32Array(length)
        : new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function damaged(name: string, row: number, error: unknown): MixtureError {
  const reason = error instanceof Error ? error.message : String(error);
  return new MixtureError(
    'INVALID_SAMPLES',
    `${name} cannot be read as Parquet, in the row group from row ${row + 1} on: ${reason}.`,
    'Look whether the file is whole, and write it again.',
    { name, row },
    error,
  );
}
