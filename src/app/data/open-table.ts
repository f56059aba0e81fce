import { MixtureError } from '../../errors.ts';
import { isNpy } from '../../io/npy-header.ts';
import { otherFormat } from './other-formats.ts';
import type { OpenedBytes } from './open-bytes.ts';
import type { FileForm, TableReader } from './table.ts';

/** The formats that are told apart, by what files begin with; what is none of the others is text. */
export type Format = FileForm['format'];

/** @throws MixtureError INVALID_SAMPLES for what is known to be none of them */
export function formatOf(start: Uint8Array, name: string): Format {
  const magic = new TextDecoder('latin1').decode(start);
  const other = otherFormat(magic, name);
  if (other) {
    const { what, hint } = other;
    throw new MixtureError('INVALID_SAMPLES', `${name} is ${what}.`, hint, { name });
  }
  if (isNpy(start)) return 'npy';
  if (magic.startsWith('PK')) return 'npz';
  if (magic.startsWith('PAR1')) return 'parquet';
  // a file, or a stream, which begins with the mark of a message
  if (
    magic.startsWith('ARROW1') ||
    (start.length >= 8 && start.subarray(0, 4).every((b) => b === 255))
  ) {
    return 'arrow';
  }
  if (start[0] === 0 && start[1] === 0 && start[2] >= 8 && start[2] <= 14 && start[3] > 0) {
    return 'idx';
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
      return (await import('./read-idx.ts')).readIdxTable(await bytes.blob(), name);
  }
}
