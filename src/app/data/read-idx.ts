import { readIdxArray } from '../../io/idx.ts';
import { columnNames, columnsOf, npyMatrix } from './npy-numbers.ts';
import type { TableReader } from './table.ts';

/** Images as a column a pixel, or labels as one column; numbers of any type. @throws MixtureError INVALID_SAMPLES */
export async function readIdxTable(blob: Blob, name: string): Promise<TableReader> {
  const { descr, shape, bytes } = readIdxArray(new Uint8Array(await blob.arrayBuffer()));
  const matrix = npyMatrix({ descr, isFortran: false, shape, offset: 0 }, name);
  const { nRows, nColumns } = matrix;
  const isGrid = shape.length > 1;
  return {
    names: isGrid ? pixelNames(nColumns, shape.length === 2 ? 1 : shape[1]) : ['label'],
    nRows,
    note: '',
    isGrid,
    isForeign: true,
    words: () => ({ words: [], isFreeText: false }),
    async *parts() {
      yield { nRows, columns: columnsOf(matrix, bytes, 0, nRows), bytes: blob.size };
    },
  };
}

function pixelNames(nColumns: number, rows: number): string[] {
  if (rows === 1) return columnNames(nColumns);
  const columns = nColumns / rows;
  return Array.from(
    { length: nColumns },
    (_, pixel) => `pixel ${Math.floor(pixel / columns) + 1}, ${(pixel % columns) + 1}`,
  );
}
