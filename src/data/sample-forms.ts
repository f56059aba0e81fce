import { MixtureError } from '../errors.ts';
import type { BitMatrix } from './bits.ts';
import { readMask, type Mask } from './mask.ts';
import { inTurns, type Steps } from './pause.ts';

/** Numbers in a typed array. */
export type NumericArray =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Uint8ClampedArray
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array;

/** Row-major numbers with their shape. */
export interface SampleMatrix {
  /** N x D numbers, row by row: feature d of sample n is `data[n * nFeatures + d]`. NaN, null and undefined are missing. */
  data: NumericArray | readonly (number | null | undefined)[];
  /** N >= 1. */
  nSamples: number;
  /** D >= 1; `data.length` is N times D. */
  nFeatures: number;
  /** N x D: 1 (true) = observed, 0 (false) = missing, whatever `data` holds there. NaN in `data` means missing too. */
  mask?: Mask | undefined;
}

/** One column; null and undefined are missing. */
export type SampleColumn = ArrayLike<number | null | undefined>;

/** Columns of equal length, in an array or by name (in the object's order). */
export interface SampleColumns {
  /** D columns of N values each. */
  columns: readonly SampleColumn[] | Readonly<Record<string, SampleColumn>>;
  /** N x D, row-major, as in `SampleMatrix`. */
  mask?: Mask | undefined;
}

/** A column of an Arrow table. Where `nullCount` says that some are null, values are read one by one by `get`. */
export interface ArrowLikeColumn {
  /** N. */
  readonly length?: number;
  /** How many values are null. */
  readonly nullCount?: number;
  /** The raw values, whatever is null. */
  toArray(): ArrayLike<number | null | undefined>;
  /**
   * One value; null where it is missing.
   * @param index 0 .. N - 1
   */
  get?(index: number): unknown;
}

/** What is used of an Apache Arrow table (apache-arrow, @uwdata/flechette, ...): every column must be numeric. */
export interface ArrowLikeTable {
  /** N. */
  readonly numRows: number;
  /** Its fields: the names of the columns, in order. */
  readonly schema: {
    /** In order. */
    readonly fields: readonly {
      /** Of a column. */
      readonly name: string;
    }[];
  };
  /**
   * A column by name.
   * @param name one of the schema's fields
   */
  getChild(name: string): ArrowLikeColumn | null | undefined;
}

/** Consecutive samples of a stream. Its arrays are read before the next chunk is asked for, and may be used again for that. */
export interface StreamChunk extends SampleMatrix {
  /** One weight >= 0 a sample: in every chunk of a stream, or in none. */
  sampleWeights?: ArrayLike<number> | undefined;
}

/**
 * A source of chunks that can be read more than once: every call of `chunks` starts again at the first sample, and gives the same
 * samples in the same order, cut in any way. A source that breaks off must throw, not end.
 */
export interface SampleStream {
  /**
   * Begins a reading at the first sample.
   * @param options `signal`: aborted where the reading is given up
   */
  chunks(options?: {
    readonly signal?: AbortSignal | undefined;
  }): Iterable<StreamChunk> | AsyncIterable<StreamChunk>;
  /** Where known before the first reading: what is far too large for memory is then not tried there. */
  readonly nSamples?: number | undefined;
  /** D, where known before the first reading. */
  readonly nFeatures?: number | undefined;
  /** Names of the D columns, where they have any. */
  readonly columnNames?: readonly string[] | undefined;
}

/** Whether samples come as a stream. */
export const isStream = (input: unknown): input is SampleStream =>
  typeof input === 'object' &&
  input !== null &&
  typeof (input as Partial<SampleStream>).chunks === 'function';

/** Every form in which samples are accepted. */
export type SamplesInput =
  | SampleMatrix
  | BitMatrix
  | readonly ArrayLike<number | null | undefined>[]
  | SampleColumns
  | ArrowLikeTable
  | SampleStream;

const FORMS =
  'Pass { data, nSamples, nFeatures } (row-major), { bits, ... }, an array of rows, { columns }, an Arrow table or { chunks() }.';

/** A checked shape; `columnNames` where the form had them. */
export interface NamedMatrix extends SampleMatrix {
  data: NumericArray;
  columnNames?: readonly string[] | undefined;
}

/**
 * Any form but packed bits as one row-major array; NaN, null and undefined are missing.
 * @throws MixtureError INVALID_SAMPLES, or NON_FINITE for something that is no number
 */
export async function toMatrix(
  input: Exclude<SamplesInput, BitMatrix | SampleStream>,
  signal?: AbortSignal,
): Promise<NamedMatrix & { mask?: Uint8Array | undefined }> {
  const matrix = await inTurns(readForm(input), signal);
  checkShape(matrix);
  return { ...matrix, mask: await inTurns(readMask(matrix.mask, matrix.data.length), signal) };
}

function readForm(input: Exclude<SamplesInput, BitMatrix | SampleStream>): Steps<NamedMatrix> {
  if (typeof input !== 'object' || input === null) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Samples cannot be read from ${String(input)}.`,
      FORMS,
    );
  }
  if ('columns' in input) return fromColumns(input);
  if ('getChild' in input) return fromArrow(input);
  if ('data' in input) return fromMatrix(input);
  if (isArrayLike(input)) return fromRows(input);
  throw new MixtureError(
    'INVALID_SAMPLES',
    `Samples cannot be read from an object with the keys ${Object.keys(input).slice(0, 6).join(', ') || '(none)'}.`,
    FORMS,
  );
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { length?: unknown }).length === 'number'
  );
}

/** Numbers that are taken over one by one between two looks at the clock. */
const PART = 4096;

export function* fromMatrix(input: SampleMatrix): Steps<NamedMatrix> {
  const { data, nSamples, nFeatures, mask } = input;
  if (isNumericArray(data)) return { data, nSamples, nFeatures, mask };
  if (isArrayLike(data)) {
    const plain = data as ArrayLike<unknown>;
    const copy = new Float64Array(plain.length);
    for (let i = 0; i < copy.length; i++) {
      if (i % PART === PART - 1) yield;
      copy[i] = toNumber(plain[i], Math.floor(i / nFeatures), i % nFeatures);
    }
    return { data: copy, nSamples, nFeatures, mask };
  }
  throw new MixtureError('INVALID_SAMPLES', '`data` is not an array of numbers.', FORMS);
}

function* fromRows(rows: readonly ArrayLike<number | null | undefined>[]): Steps<NamedMatrix> {
  const nSamples = rows.length;
  if (nSamples === 0) return { data: new Float64Array(0), nSamples: 0, nFeatures: 0 };
  if (!isArrayLike(rows[0])) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      'Samples must have two dimensions, but a flat array was given.',
      'Pass one array a sample ([[1], [2]] for one feature), or { data, nSamples, nFeatures }.',
    );
  }
  const nFeatures = rows[0].length;
  const data = new Float64Array(nSamples * nFeatures);
  for (let n = 0; n < nSamples; n++) {
    const row = rows[n];
    const length = isArrayLike(row) ? row.length : 0;
    if (length !== nFeatures) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `Sample ${n} has ${length} features where sample 0 has ${nFeatures}.`,
        'Give every sample the same number of features.',
        { sample: n, length, nFeatures },
      );
    }
    for (let d = 0; d < nFeatures; d++) data[n * nFeatures + d] = toNumber(row[d], n, d);
    yield;
  }
  return { data, nSamples, nFeatures };
}

/** null and undefined are missing, true and false 1 and 0; anything else that is no number is refused by sample and column. */
function toNumber(value: unknown, sample: number, column: number): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (value === undefined || value === null) return Number.NaN;
  throw new MixtureError(
    'NON_FINITE',
    `Sample ${sample}, column ${column} is ${JSON.stringify(value)}, not a number.`,
    'Give numbers; NaN or null for a missing value.',
    { sample, column, value },
  );
}

function isNumericArray(value: unknown): value is NumericArray {
  return (
    ArrayBuffer.isView(value) &&
    !(value instanceof DataView) &&
    !(value instanceof BigInt64Array) &&
    !(value instanceof BigUint64Array)
  );
}

function* fromColumns(input: SampleColumns): Steps<NamedMatrix> {
  const columns: (readonly [string, SampleColumn])[] = Array.isArray(input.columns)
    ? input.columns.map((column: SampleColumn, d) => [String(d), column] as const)
    : Object.entries(input.columns as Readonly<Record<string, SampleColumn>>);
  const named = Array.isArray(input.columns) ? undefined : columns.map(([name]) => name);
  return { ...(yield* interleave(columns)), mask: input.mask, columnNames: named };
}

function* interleave(columns: readonly (readonly [string, SampleColumn])[]): Steps<NamedMatrix> {
  const nFeatures = columns.length;
  const nSamples = columns[0]?.[1].length ?? 0;
  const data = new Float64Array(nSamples * nFeatures);
  for (const [d, [name, column]] of columns.entries()) {
    if (column.length !== nSamples) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `Column ${name} has ${column.length} values where column ${columns[0][0]} has ${nSamples}.`,
        'Give every column the same number of values.',
        { column: name, length: column.length, nSamples },
      );
    }
    for (let n = 0; n < nSamples; n++) {
      if (n % PART === PART - 1) yield;
      data[n * nFeatures + d] = toNumber(column[n], n, d);
    }
  }
  return { data, nSamples, nFeatures };
}

function* fromArrow(table: ArrowLikeTable): Steps<NamedMatrix> {
  const columnNames = table.schema.fields.map(({ name }) => name);
  const columns: (readonly [string, SampleColumn])[] = [];
  for (const name of columnNames) {
    const column = yield* readArrowColumn(table.getChild(name));
    if (!isArrayLike(column)) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `The Arrow table gives no array for its column ${name}.`,
        'Select the numeric columns of the table first.',
        { column: name },
      );
    }
    columns.push([name, column]);
  }
  return { ...(yield* interleave(columns)), columnNames };
}

/** `toArray()` of a primitive column gives the raw values, whatever its validity says: nulls would count as 0. */
function* readArrowColumn(
  column: ArrowLikeColumn | null | undefined,
): Steps<SampleColumn | undefined> {
  const values = column?.toArray();
  if (!column || !values || !((column.nullCount ?? 0) > 0) || !column.get) return values;
  const read: (number | null | undefined)[] = [];
  for (let n = 0; n < (column.length ?? values.length); n++) {
    if (n % PART === PART - 1) yield;
    const value = column.get(n);
    read.push(typeof value === 'bigint' ? Number(value) : (value as number | null | undefined));
  }
  return read;
}

export function checkShape({ data, nSamples, nFeatures }: SampleMatrix, firstSample = 0): void {
  for (const [name, value] of [
    ['nSamples', nSamples],
    ['nFeatures', nFeatures],
  ] as const) {
    if (!Number.isInteger(value) || value < 0) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `${name} must be a whole number, but is ${value}.`,
        FORMS,
        { [name]: value },
      );
    }
  }
  if (nSamples === 0 || nFeatures === 0) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `There are no samples: ${nSamples} samples of ${nFeatures} features${firstSample ? ` at sample ${firstSample}` : ''}.`,
      'Give at least one sample with at least one feature.',
      { nSamples, nFeatures },
    );
  }
  if (data.length !== nSamples * nFeatures) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `data holds ${data.length} numbers, but ${nSamples} samples of ${nFeatures} features are ${nSamples * nFeatures}.`,
      'Make data.length equal nSamples * nFeatures.',
      { length: data.length, nSamples, nFeatures },
    );
  }
}
