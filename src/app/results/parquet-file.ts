import type { SchemaElement } from 'hyparquet';
import { numberAt, wordAt } from './out-column.ts';
import type { OutColumn } from './out-column.ts';
import { inSlices } from '../shared/row-slices.ts';
import type { SliceOptions } from '../shared/row-slices.ts';

/** Values of a row group: some 30 ms of packing, between which the page has its turn. */
const GROUP_VALUES = 100_000;

/** The columns as Parquet, compressed with Snappy, a row group at a time; a missing value is null. */
export async function parquetFile(
  columns: readonly OutColumn[],
  nRows: number,
  options: SliceOptions = {},
): Promise<Blob> {
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const schema: SchemaElement[] = [
    { name: 'root', num_children: columns.length },
    ...columns.map(elementOf),
  ];
  const writer = new ByteWriter();
  const file = new ParquetWriter({ writer, schema, createdBy: 'webgpu-em' });
  const rowsAtOnce = Math.max(1000, Math.floor(GROUP_VALUES / columns.length));
  const work = (from: number, to: number) => {
    const columnData = columns.map((column) => ({
      name: column.name,
      data: dataOf(column, from, to),
    }));
    void file.write({ columnData, rowGroupSize: to - from });
  };
  await inSlices(nRows, rowsAtOnce, work, options);
  void file.finish();
  return new Blob([writer.getBytes()], {
    type: 'application/vnd.apache.parquet',
  });
}

function elementOf({ name, values, categories, back }: OutColumn): SchemaElement {
  if (categories) {
    return {
      name,
      type: 'BYTE_ARRAY',
      converted_type: 'UTF8',
      repetition_type: 'OPTIONAL',
    };
  }
  if (values instanceof Int32Array) return { name, type: 'INT32', repetition_type: 'REQUIRED' };
  const single = values instanceof Float32Array && back === undefined;
  return { name, type: single ? 'FLOAT' : 'DOUBLE', repetition_type: 'OPTIONAL' };
}

type Values = (number | string | null)[] | Float32Array | Float64Array | Int32Array;

/** Typed arrays where nothing is missing: the writer is faster with them. */
function dataOf(column: OutColumn, from: number, to: number): Values {
  const length = to - from;
  if (column.categories) {
    return Array.from({ length }, (_, i) => wordAt(column, from + i) ?? null);
  }
  const { values, back } = column;
  const Kind = back ? Float64Array : (values.constructor as typeof Float64Array);
  const numbers = new Kind(length);
  let missing = false;
  for (let i = 0; i < length; i++) {
    numbers[i] = numberAt(column, from + i);
    missing ||= Number.isNaN(numbers[i]);
  }
  return missing ? Array.from(numbers, (value) => (Number.isNaN(value) ? null : value)) : numbers;
}
