import { openCsvColumns } from '../../io/csv-columns.ts';
import type { OpenedBytes } from './open-bytes.ts';
import type { TableReader } from './table.ts';

export async function readCsvTable(bytes: OpenedBytes): Promise<TableReader> {
  const csv = await openCsvColumns(bytes.blocks());
  return {
    names: csv.names,
    nRows: undefined,
    note: csv.note,
    isGrid: false,
    get hasShortRows() {
      return csv.hasShortRows;
    },
    words: (c) => csv.column(c),
    async *parts() {
      for await (const part of csv.parts()) {
        const { nRows, columns, odd, share } = part;
        yield { nRows, columns, odd, bytes: Math.round(share * bytes.nRead) };
      }
    },
  };
}
