import { MixtureError } from '../../errors.ts';
import { isNpy } from '../../io/npy-header.ts';
import type { OpenedBytes } from './open-bytes.ts';
import type { FileForm, TableReader } from './table.ts';

/** The formats that are told apart, by what files begin with; what is none of the others is text. */
export type Format = FileForm['format'];

/** @throws MixtureError INVALID_SAMPLES for what is known to be none of them */
export function formatOf(start: Uint8Array, name: string): Format {
  const magic = new TextDecoder('latin1').decode(start.subarray(0, 6));
  if (isNpy(start)) return 'npy';
  if (magic.startsWith('PK')) {
    if (!/\.(xlsx?|ods)$/i.test(name)) return 'npz';
    throw refused(name, 'is a spreadsheet', 'Save the sheet as CSV.');
  }
  if (magic.startsWith('PAR1')) return 'parquet';
  // a file, or a stream, which begins with the mark of a message
  if (magic === 'ARROW1' || (start.length >= 8 && start.subarray(0, 4).every((b) => b === 255))) {
    return 'arrow';
  }
  if (magic.startsWith('FEA1')) {
    throw refused(name, 'is Feather of version 1', 'Write it again with version 2, the default.');
  }
  if (start[0] === 0 && start[1] === 0 && start[2] >= 8 && start[2] <= 14 && start[3] > 0) {
    return 'idx';
  }
  if (magic.startsWith('\x89HDF')) {
    throw refused(name, 'is HDF5', 'Write it as Parquet, Arrow, npy or CSV.');
  }
  return 'csv';
}

/** Opens a file of any of the formats, and fetches its reader. @throws MixtureError */
export async function openTable(bytes: OpenedBytes): Promise<TableReader> {
  const { name } = bytes;
  switch (formatOf(bytes.start, name)) {
    case 'csv':
      return (await import('./read-csv.ts')).readCsvTable(bytes);
    case 'npy':
      return (await import('./read-npy.ts')).readNpyTable(await bytes.blob(), name);
    case 'npz':
      return (await import('./read-npz.ts')).readNpzTable(await bytes.blob(), name);
    case 'parquet':
      return (await import('./read-parquet.ts')).readParquetTable(await bytes.blob(), name);
    case 'arrow':
      return (await import('./read-arrow.ts')).readArrowTable(await bytes.blob(), name);
    case 'idx':
      return (await import('./read-idx.ts')).readIdxTable(await bytes.blob());
  }
}

function refused(name: string, what: string, hint: string): MixtureError {
  return new MixtureError('INVALID_SAMPLES', `${name} ${what}, which is not read.`, hint, { name });
}
