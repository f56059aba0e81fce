import { MixtureError } from '../errors.ts';

/** N x D numbers, row-major, checked: every one finite. `data` may be the caller's own array: it is only read. */
export interface Samples {
  readonly data: Float32Array | Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** Row-major numbers with their shape. */
export interface SampleMatrix {
  data: Float32Array | Float64Array;
  nSamples: number;
  nFeatures: number;
}

/** Columns of equal length, in an array or by name (in the object's order). */
export interface SampleColumns {
  columns: readonly ArrayLike<number>[] | Readonly<Record<string, ArrayLike<number>>>;
}

/** What is used of an Apache Arrow table (apache-arrow, @uwdata/flechette, ...): every column must be numeric. */
export interface ArrowLikeTable {
  readonly numRows: number;
  readonly schema: { readonly fields: readonly { readonly name: string }[] };
  getChild(name: string): { toArray(): ArrayLike<number> } | null | undefined;
}

/** A source of chunks that can be read more than once: every call of `chunks` starts again at the first sample. */
export interface SampleStream {
  chunks(): Iterable<SampleMatrix> | AsyncIterable<SampleMatrix>;
}

/** Every form in which samples are accepted. */
export type SamplesInput =
  | SampleMatrix
  | readonly ArrayLike<number>[]
  | SampleColumns
  | ArrowLikeTable
  | SampleStream;

const FORMS =
  'Pass { data, nSamples, nFeatures } (row-major), an array of rows, { columns }, an Arrow table or { chunks() }.';

/**
 * Brings any accepted form to `Samples` and checks it at the door.
 * A `Float32Array` or `Float64Array` that is row-major already is used as it is, without a copy.
 * @throws MixtureError INVALID_SAMPLES (empty, ragged, wrong length, unknown form) or NON_FINITE (names sample and column)
 */
export async function readSamples(input: SamplesInput): Promise<Samples> {
  const matrix = await toMatrix(input);
  checkShape(matrix);
  checkFinite(matrix);
  return { data: matrix.data, nSamples: matrix.nSamples, nFeatures: matrix.nFeatures };
}

async function toMatrix(input: SamplesInput): Promise<SampleMatrix> {
  if (typeof input !== 'object' || input === null) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Samples cannot be read from ${String(input)}.`,
      FORMS,
    );
  }
  if ('chunks' in input && typeof input.chunks === 'function') return fromStream(input);
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

function fromMatrix(input: SampleMatrix): SampleMatrix {
  const { data, nSamples, nFeatures } = input;
  if (data instanceof Float32Array || data instanceof Float64Array)
    return { data, nSamples, nFeatures };
  if (isArrayLike(data)) return { data: Float64Array.from(data), nSamples, nFeatures };
  throw new MixtureError('INVALID_SAMPLES', '`data` is not an array of numbers.', FORMS);
}

function fromRows(rows: readonly ArrayLike<number>[]): SampleMatrix {
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
    for (let d = 0; d < nFeatures; d++) data[n * nFeatures + d] = toNumber(row[d]);
  }
  return { data, nSamples, nFeatures };
}

/** Anything but a number (a string, null, undefined) becomes NaN, which the door then names by sample and column. */
function toNumber(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : Number.NaN;
}

function fromColumns(input: SampleColumns): SampleMatrix {
  const columns: (readonly [string, ArrayLike<number>])[] = Array.isArray(input.columns)
    ? input.columns.map((column: ArrayLike<number>, d) => [String(d), column] as const)
    : Object.entries(input.columns as Readonly<Record<string, ArrayLike<number>>>);
  return interleave(columns);
}

function interleave(columns: readonly (readonly [string, ArrayLike<number>])[]): SampleMatrix {
  const nFeatures = columns.length;
  const nSamples = columns[0]?.[1].length ?? 0;
  const data = new Float64Array(nSamples * nFeatures);
  columns.forEach(([name, column], d) => {
    if (column.length !== nSamples) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `Column ${name} has ${column.length} values where column ${columns[0][0]} has ${nSamples}.`,
        'Give every column the same number of values.',
        { column: name, length: column.length, nSamples },
      );
    }
    for (let n = 0; n < nSamples; n++) data[n * nFeatures + d] = toNumber(column[n]);
  });
  return { data, nSamples, nFeatures };
}

function fromArrow(table: ArrowLikeTable): SampleMatrix {
  return interleave(
    table.schema.fields.map(({ name }) => {
      const column = table.getChild(name)?.toArray();
      if (!isArrayLike(column)) {
        throw new MixtureError(
          'INVALID_SAMPLES',
          `The Arrow table gives no array for its column ${name}.`,
          'Select the numeric columns of the table first.',
          { column: name },
        );
      }
      return [name, column] as const;
    }),
  );
}

/** The whole stream in memory (float32 stays float32). */
async function fromStream(stream: SampleStream): Promise<SampleMatrix> {
  const parts: SampleMatrix[] = [];
  let nSamples = 0;
  for await (const chunk of stream.chunks()) {
    const part = fromMatrix(chunk);
    checkShape(part, nSamples);
    const nFeatures = parts[0]?.nFeatures ?? part.nFeatures;
    if (part.nFeatures !== nFeatures) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `The chunk at sample ${nSamples} has ${part.nFeatures} features where the first has ${nFeatures}.`,
        'Give every chunk the same number of features.',
        { sample: nSamples, nFeatures: part.nFeatures },
      );
    }
    parts.push(part);
    nSamples += part.nSamples;
  }
  const nFeatures = parts[0]?.nFeatures ?? 0;
  const single = parts.every((part) => part.data instanceof Float32Array);
  const data = single
    ? new Float32Array(nSamples * nFeatures)
    : new Float64Array(nSamples * nFeatures);
  let at = 0;
  for (const part of parts) {
    data.set(part.data, at);
    at += part.data.length;
  }
  return { data, nSamples, nFeatures };
}

function checkShape({ data, nSamples, nFeatures }: SampleMatrix, firstSample = 0): void {
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

function checkFinite({ data, nFeatures }: SampleMatrix): void {
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    // x - x is 0 for every finite x and NaN for NaN and infinities: one test, no call
    if (value - value !== 0) {
      const sample = Math.floor(i / nFeatures);
      const column = i % nFeatures;
      throw new MixtureError(
        'NON_FINITE',
        `Sample ${sample}, column ${column} is ${Number.isNaN(value) ? 'not a number (NaN)' : value}.`,
        'Remove or fill in missing and infinite values before the fit.',
        { sample, column, value },
      );
    }
  }
}

/**
 * Checks sample weights (>= 0, finite, not all zero, one a sample) and copies them to float64.
 * @throws MixtureError INVALID_SAMPLES
 */
export function readSampleWeights(weights: ArrayLike<number>, nSamples: number): Float64Array {
  if (!isArrayLike(weights) || weights.length !== nSamples) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `There are ${(weights as ArrayLike<number> | null)?.length ?? 0} sample weights for ${nSamples} samples.`,
      'Give one weight a sample.',
      { length: weights?.length, nSamples },
    );
  }
  const checked = Float64Array.from(weights);
  let total = 0;
  for (let n = 0; n < nSamples; n++) {
    const weight = checked[n];
    if (!(weight >= 0 && weight < Infinity)) {
      throw new MixtureError(
        'INVALID_SAMPLES',
        `The weight of sample ${n} is ${weight}.`,
        'Sample weights must be finite and not negative.',
        { sample: n, weight },
      );
    }
    total += weight;
  }
  if (!(total > 0 && total < Infinity)) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The sample weights sum to ${total}.`,
      'At least one sample weight must be greater than zero, and their sum finite.',
      { total },
    );
  }
  return checked;
}
