import { readIdxFile } from '../../io/idx.ts';
import type { TableReader } from './table.ts';

/** Images as a column a pixel, or labels as one column. @throws MixtureError INVALID_SAMPLES */
export async function readIdxTable(blob: Blob): Promise<TableReader> {
  const file = await readIdxFile(new Uint8Array(await blob.arrayBuffer()));
  const isGrid = 'images' in file;
  const { values, nRows, names } = isGrid
    ? {
        values: file.images.images,
        nRows: file.images.nImages,
        names: pixelNames(file.images.rows, file.images.columns),
      }
    : { values: file.labels, nRows: file.labels.length, names: ['label'] };
  return {
    names,
    nRows,
    note: '',
    isGrid,
    isForeign: true,
    words: () => ({ words: [], isFreeText: false }),
    async *parts() {
      const columns = names.map((_, d) => {
        const column = new Float32Array(nRows);
        for (let n = 0, i = d; n < nRows; n++, i += names.length) column[n] = values[i];
        return column;
      });
      yield { nRows, columns, bytes: blob.size };
    },
  };
}

function pixelNames(rows: number, columns: number): string[] {
  return Array.from({ length: rows * columns }, (_, pixel) =>
    rows === 1
      ? `column ${pixel + 1}`
      : `pixel ${Math.floor(pixel / columns) + 1}, ${(pixel % columns) + 1}`,
  );
}
