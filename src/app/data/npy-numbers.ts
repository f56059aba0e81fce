import { MixtureError } from '../../errors.ts';
import type { NpyHeader } from '../../io/npy-header.ts';

type Read = (view: DataView, at: number, little: boolean) => number;

/** What else NumPy saves, by the letter of its kind, and what to do about it. */
const OTHERS: Readonly<Record<string, readonly [what: string, hint: string]>> = {
  O: ['Python objects', 'Save numbers: array.astype(numpy.float64).'],
  U: ['text', 'Save numbers, or write a table with words as CSV or Parquet.'],
  S: ['text', 'Save numbers, or write a table with words as CSV or Parquet.'],
  c: ['complex numbers', 'Save their real and imaginary parts as two columns.'],
  M: ['dates', 'Save numbers: array.astype("datetime64[s]").astype(numpy.float64).'],
  m: ['durations', 'Save numbers: array.astype("timedelta64[s]").astype(numpy.float64).'],
  V: ['raw bytes', 'Save numbers: array.astype(numpy.float64).'],
};

/** Kinds of numbers by NumPy's names: bytes each, how one is read, and whether float32 holds it. */
const half: Read = (view, at, little) => {
  const bits = view.getUint16(at, little);
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits >> 15 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
};

const KINDS: Readonly<Record<string, { bytes: number; read: Read; single: boolean }>> = {
  f2: { bytes: 2, read: half, single: true },
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
  /** Whole numbers by their kind. */
  readonly isWhole: boolean;
  /** Set where columns lie one after another (Fortran order): the place of each, counted in columns. */
  readonly placeOf: ((column: number) => number) | undefined;
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
    const [what, hint] = OTHERS[descr[1]] ?? [
      `numbers of the kind ${descr}`,
      'Save it as float32 or float64: array.astype(numpy.float32).',
    ];
    const message = `${name} holds ${what} (${descr}), and only arrays of real numbers are read.`;
    throw new MixtureError('INVALID_SAMPLES', message, hint, { name, descr });
  }
  if (shape.length === 0 || shape.includes(0)) {
    const what =
      shape.length === 0 ? 'one number' : `an empty array of shape (${shape.join(', ')})`;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `${name} is ${what}, not samples.`,
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
    isWhole: /[biu]\d$/.test(descr),
    placeOf: isFortran && shape.length > 1 ? fortranPlaces(rest) : undefined,
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

/** Columns are counted by their last index first, as rows are in C order; in the file the first index runs first. */
function fortranPlaces(lengths: readonly number[]): (column: number) => number {
  return (column) => {
    let [place, rest] = [0, column];
    let stride = lengths.reduce((product, length) => product * length, 1);
    for (const length of lengths.toReversed()) {
      stride /= length;
      place += (rest % length) * stride;
      rest = Math.floor(rest / length);
    }
    return place;
  };
}

/** Rows from `from` on as columns, out of all bytes of the numbers. */
export function columnsOf(
  matrix: NpyMatrix,
  bytes: Uint8Array,
  from: number,
  count: number,
): (Float32Array | Float64Array)[] {
  const { nRows, nColumns, bytesEach, placeOf } = matrix;
  return Array.from({ length: nColumns }, (_, d) =>
    placeOf
      ? matrix.column(bytes, (placeOf(d) * nRows + from) * bytesEach, bytesEach, count)
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
