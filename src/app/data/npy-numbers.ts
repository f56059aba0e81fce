import { MixtureError } from '../../errors.ts';
import type { NpyHeader } from '../../io/npy-header.ts';

type Read = (view: DataView, at: number, little: boolean) => number;

/** Kinds of numbers by NumPy's names: bytes each, how one is read, and whether float32 holds it. */
const KINDS: Readonly<Record<string, { bytes: number; read: Read; single: boolean }>> = {
  f4: { bytes: 4, read: (view, at, little) => view.getFloat32(at, little), single: true },
  f8: { bytes: 8, read: (view, at, little) => view.getFloat64(at, little), single: false },
  b1: { bytes: 1, read: (view, at) => view.getUint8(at), single: true },
  u1: { bytes: 1, read: (view, at) => view.getUint8(at), single: true },
  i1: { bytes: 1, read: (view, at) => view.getInt8(at), single: true },
  u2: { bytes: 2, read: (view, at, little) => view.getUint16(at, little), single: true },
  i2: { bytes: 2, read: (view, at, little) => view.getInt16(at, little), single: true },
  u4: { bytes: 4, read: (view, at, little) => view.getUint32(at, little), single: false },
  i4: { bytes: 4, read: (view, at, little) => view.getInt32(at, little), single: false },
  u8: {
    bytes: 8,
    read: (view, at, little) => Number(view.getBigUint64(at, little)),
    single: false,
  },
  i8: { bytes: 8, read: (view, at, little) => Number(view.getBigInt64(at, little)), single: false },
};

/** An array of N x D numbers, and how they lie in a file. */
export interface NpyMatrix {
  readonly nRows: number;
  readonly nColumns: number;
  readonly bytesEach: number;
  readonly isFortran: boolean;
  /** An image or the like a row: more than two dimensions, all but the first made one. */
  readonly isGrid: boolean;
  /** Numbers of a column: `count` of them, the i-th at `first + i * stride` bytes. */
  column(
    bytes: Uint8Array,
    first: number,
    stride: number,
    count: number,
  ): Float32Array | Float64Array;
}

/** @throws MixtureError INVALID_SAMPLES for kinds of numbers that are not read */
export function npyMatrix({ descr, isFortran, shape }: NpyHeader, name: string): NpyMatrix {
  const kind = KINDS[descr.slice(1)];
  if (!kind) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${name} holds ${descr}, which is not read.`,
      'Save it as float32 or float64: array.astype(numpy.float32).',
      { name, descr },
    );
  }
  if (shape.length === 0 || (isFortran && shape.length > 2)) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${name} is an array of shape (${shape.join(', ')})${isFortran ? ' in Fortran order' : ''}.`,
      'Save an array of N x D: one sample a row.',
      { name, shape },
    );
  }
  const [nRows, ...rest] = shape;
  const { bytes: bytesEach, read, single } = kind;
  const isLittle = !descr.startsWith('>');
  return {
    nRows,
    nColumns: rest.reduce((product, length) => product * length, 1),
    bytesEach,
    isFortran: isFortran && shape.length === 2,
    isGrid: rest.length > 1,
    column(bytes, first, stride, count) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const values = single ? new Float32Array(count) : new Float64Array(count);
      for (let i = 0, at = first; i < count; i++, at += stride)
        values[i] = read(view, at, isLittle);
      return values;
    },
  };
}

/** Rows from `from` on as columns, out of all bytes of the numbers. */
export function columnsOf(
  matrix: NpyMatrix,
  bytes: Uint8Array,
  from: number,
  count: number,
): (Float32Array | Float64Array)[] {
  const { nRows, nColumns, bytesEach, isFortran } = matrix;
  return Array.from({ length: nColumns }, (_, d) =>
    isFortran
      ? matrix.column(bytes, (d * nRows + from) * bytesEach, bytesEach, count)
      : matrix.column(bytes, (from * nColumns + d) * bytesEach, nColumns * bytesEach, count),
  );
}

/** "column 1", ... as files without names have them. */
export function columnNames(nColumns: number, prefix = 'column'): string[] {
  return Array.from({ length: nColumns }, (_, d) => `${prefix} ${d + 1}`);
}

export function cutOff(name: string, bytes: number, expected: number): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    `${name} is cut off: it has ${bytes} bytes where its header says ${expected}.`,
    'Copy or download it again.',
    { name, bytes, expected },
  );
}
