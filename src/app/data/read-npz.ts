import { unzipSync } from 'fflate';
import { MixtureError } from '../../errors.ts';
import { npyHeader } from '../../io/npy-header.ts';
import { columnNames, columnsOf, cutOff, npyMatrix } from './npy-numbers.ts';
import type { NpyMatrix } from './npy-numbers.ts';
import type { TableReader } from './table.ts';

interface NamedArray {
  readonly name: string;
  readonly matrix: NpyMatrix;
  readonly bytes: Uint8Array;
}

/** Numbers made at a time. */
const PART_NUMBERS = 2 ** 20;

/**
 * A NumPy archive: its arrays side by side, those that have as many rows as the widest one. Others are left out, and named.
 * @throws MixtureError INVALID_SAMPLES
 */
export async function readNpzTable(blob: Blob, name: string): Promise<TableReader> {
  const { arrays, refused } = arraysOf(new Uint8Array(await blob.arrayBuffer()), name);
  const widest = arrays.reduce((a, b) => (b.matrix.nColumns > a.matrix.nColumns ? b : a));
  const { nRows } = widest.matrix;
  const used = arrays.filter(({ matrix }) => matrix.nRows === nRows);
  const others = arrays.filter(({ matrix }) => matrix.nRows !== nRows);
  const isLabels = ({ nColumns, isWhole }: NpyMatrix): boolean =>
    isWhole && nColumns === 1 && widest.matrix.nColumns > 1;
  const labels = used.filter(({ matrix }) => isLabels(matrix)).map((array) => array.name);
  const width = used.reduce((sum, { matrix }) => sum + matrix.nColumns, 0);
  return {
    names: used.flatMap((array) => {
      if (array.matrix.nColumns === 1) return [array.name];
      return columnNames(array.matrix.nColumns, array.name);
    }),
    nRows,
    note: [
      others.length > 0
        ? `Arrays with another number of rows are left out: ${others.map((array) => array.name).join(', ')}.`
        : '',
      labels.length > 0
        ? `Not fitted unless you choose so, as labels by the look of it: ${labels.join(', ')}.`
        : '',
      refused.length > 0 ? `Arrays of no numbers are left out: ${refused.join(', ')}.` : '',
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    isGrid: widest.matrix.isGrid,
    isForeign: true,
    arrays: used.map(({ name, matrix }) => ({
      name,
      nColumns: matrix.nColumns,
      isLabels: isLabels(matrix),
    })),
    words: () => ({ words: [], isFreeText: false }),
    async *parts() {
      const most = Math.max(1, Math.floor(PART_NUMBERS / width));
      for (let from = 0; from < nRows; from += most) {
        const count = Math.min(most, nRows - from);
        const columns = used.flatMap(({ matrix, bytes }) => columnsOf(matrix, bytes, from, count));
        yield { nRows: count, columns, bytes: Math.round((blob.size * (from + count)) / nRows) };
      }
    },
  };
}

function arraysOf(
  archive: Uint8Array,
  name: string,
): { readonly arrays: readonly NamedArray[]; readonly refused: readonly string[] } {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(archive, { filter: ({ name }) => name.endsWith('.npy') });
  } catch (error) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${name} cannot be unpacked: ${(error as Error).message}.`,
      'Copy or download it again.',
      { name },
      error,
    );
  }
  const arrays: NamedArray[] = [];
  const refused: string[] = [];
  let reason: MixtureError | undefined;
  for (const [file, content] of Object.entries(files)) {
    const label = file.replace(/\.npy$/, '');
    try {
      arrays.push(namedArray(content, label, `${name}, ${file}`));
    } catch (error) {
      if (!(error instanceof MixtureError) || error.details['expected'] !== undefined) throw error;
      reason ??= error;
      refused.push(label);
    }
  }
  if (arrays.length > 0) return { arrays, refused };
  throw (
    reason ??
    new MixtureError(
      'INVALID_SAMPLES',
      `${name} is a zip archive without NumPy arrays.`,
      'Unpack it and give the file within; a spreadsheet is saved as CSV, NumPy arrays by numpy.savez.',
      { name },
    )
  );
}

/** @throws MixtureError INVALID_SAMPLES */
function namedArray(content: Uint8Array, name: string, place: string): NamedArray {
  const header = npyHeader(content, place);
  const matrix = npyMatrix(header, place);
  const bytes = content.subarray(header.offset);
  const expected = matrix.nRows * matrix.nColumns * matrix.bytesEach;
  if (bytes.length < expected) throw cutOff(place, bytes.length, expected);
  return { name, matrix, bytes };
}
