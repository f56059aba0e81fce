import { numberAt } from './out-column.ts';
import type { OutColumn } from './out-column.ts';
import { inSlices } from '../shared/row-slices.ts';
import type { SliceOptions } from '../shared/row-slices.ts';

const DESCRIPTIONS = { Int32Array: '<i4', Float32Array: '<f4', Float64Array: '<f8' } as const;

/**
 * An array as NumPy saves it: version 1.0, little-endian as all machines that browsers run on.
 * @param shape of one dimension or more, row-major
 */
export function npyFile(
  values: Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>,
  shape: readonly number[],
): Blob {
  const descr = DESCRIPTIONS[values.constructor.name as keyof typeof DESCRIPTIONS];
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${tuple}), }`;
  // magic, version and the length of the dictionary; then all of it ends at a multiple of 64
  const before = 10;
  const length = Math.ceil((before + dictionary.length + 1) / 64) * 64 - before;
  const header = new Uint8Array(before + length);
  header.set([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, length & 255, length >> 8]);
  header.set(new TextEncoder().encode(`${dictionary.padEnd(length - 1)}\n`), before);
  return new Blob([header, values], { type: 'application/octet-stream' });
}

/** Columns of numbers side by side, N x C in float64; those of words have no place in it and are left out. */
export async function npyTable(
  columns: readonly OutColumn[],
  nRows: number,
  options: SliceOptions = {},
): Promise<Blob> {
  const numbers = columns.filter(({ categories }) => categories === undefined);
  const values = new Float64Array(nRows * numbers.length);
  const work = (from: number, to: number) => {
    for (let row = from, i = from * numbers.length; row < to; row++) {
      for (const column of numbers) values[i++] = numberAt(column, row);
    }
  };
  await inSlices(nRows, 4096, work, options);
  return npyFile(values, [nRows, numbers.length]);
}
