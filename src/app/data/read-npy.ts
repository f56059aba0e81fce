import { MOST_NPY_HEADER, npyHeader } from '../../io/npy-header.ts';
import type { NpyHeader } from '../../io/npy-header.ts';
import { columnNames, columnsOf, cutOff, npyMatrix } from './npy-numbers.ts';
import type { TableReader } from './table.ts';

/** Bytes read at a time. */
const BLOCK_BYTES = 4 * 2 ** 20;

/** webgpu-em/io reads rows of at most 32-bit integers or of floats, as they lie in memory. */
function isForeign({ descr, isFortran, shape }: NpyHeader): boolean {
  return isFortran || shape.length > 2 || descr.startsWith('>') || /[iu]8$/.test(descr);
}

/** A NumPy file of one array. @throws MixtureError INVALID_SAMPLES */
export async function readNpyTable(blob: Blob, name: string): Promise<TableReader> {
  const start = new Uint8Array(await blob.slice(0, MOST_NPY_HEADER).arrayBuffer());
  const header = npyHeader(start, name);
  const matrix = npyMatrix(header, name);
  const { nRows, nColumns, bytesEach, placeOf } = matrix;
  const end = header.offset + nRows * nColumns * bytesEach;
  if (blob.size < end) throw cutOff(name, blob.size, end);
  const bytesAt = async (from: number, count: number): Promise<Uint8Array> => {
    const first = header.offset + from * bytesEach;
    return new Uint8Array(await blob.slice(first, first + count * bytesEach).arrayBuffer());
  };
  return {
    names: columnNames(nColumns),
    nRows,
    note: '',
    isGrid: matrix.isGrid,
    isForeign: isForeign(header),
    words: () => ({ words: [], isFreeText: false }),
    async *parts() {
      const most = Math.max(1, Math.floor(BLOCK_BYTES / bytesEach / nColumns));
      for (let from = 0; from < nRows; from += most) {
        const count = Math.min(most, nRows - from);
        const bytes = header.offset + (from + count) * nColumns * bytesEach;
        if (!placeOf) {
          const block = await bytesAt(from * nColumns, count * nColumns);
          yield {
            nRows: count,
            columns: columnsOf({ ...matrix, nRows: count }, block, 0, count),
            bytes,
          };
          continue;
        }
        const columns: (Float32Array | Float64Array)[] = [];
        for (let d = 0; d < nColumns; d++) {
          const block = await bytesAt(placeOf(d) * nRows + from, count);
          columns.push(matrix.column(block, 0, bytesEach, count));
        }
        yield { nRows: count, columns, bytes };
      }
    },
  };
}
