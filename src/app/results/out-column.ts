import type { SourceData } from '../data/source-data.ts';

/** A column of a file to be written: a view of an array that may hold several side by side. */
export interface OutColumn {
  readonly name: string;
  /** Numbers, NaN where missing; with `categories` positions in them, -1 where missing. */
  readonly values: Float32Array | Float64Array | Int32Array;
  /** Row n is `values[first + n * stride]`. */
  readonly first: number;
  readonly stride: number;
  readonly categories: readonly string[] | undefined;
  /** What a number is multiplied by, and what is added then; undefined where it stands as it is. */
  readonly back: { readonly scale: number; readonly shift: number } | undefined;
}

/** A whole array as a column. */
export function plainColumn(
  name: string,
  values: OutColumn['values'],
  categories?: readonly string[],
): OutColumn {
  return { name, values, first: 0, stride: 1, categories, back: undefined };
}

/** The N x K responsibilities as K columns, `component 0` and so on. */
export function responsibilityColumns(
  responsibilities: Float32Array,
  nComponents: number,
): OutColumn[] {
  return Array.from({ length: nComponents }, (_, k) => ({
    name: `component ${k}`,
    values: responsibilities,
    first: k,
    stride: nComponents,
    categories: undefined,
    back: undefined,
  }));
}

/** The samples' rows of the source, from 0; none where those are all its rows in their order. */
export function rowColumns({ rows }: Pick<SourceData, 'rows'>): OutColumn[] {
  // (not copied: a table of 2^31 rows does not fit into memory)
  return rows
    ? [plainColumn('row', new Int32Array(rows.buffer, rows.byteOffset, rows.length))]
    : [];
}

/** The columns of the source, in its own units: those that it keeps, and the features that are not among them. */
export function sourceColumns({
  samples,
  featureNames,
  columns,
  allColumns = columns,
  standardised,
}: SourceData): OutColumn[] {
  const kept = allColumns.map(({ name, values, categories }) =>
    plainColumn(name, values, categories),
  );
  const known = new Set(allColumns.map(({ name }) => name));
  const features = featureNames.map((name, d) => ({
    name,
    values: samples.data,
    first: d,
    stride: samples.nFeatures,
    categories: undefined,
    back: standardised && { scale: standardised.scales[d], shift: standardised.means[d] },
  }));
  return [...features.filter(({ name }) => !known.has(name)), ...kept];
}

/** Columns with names that no other one has: a second "label" becomes "label 2". */
export function withOwnNames(columns: readonly OutColumn[]): OutColumn[] {
  const taken = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let i = 2; taken.has(name); i++) name = `${column.name} ${i}`;
    taken.add(name);
    return { ...column, name };
  });
}

/** A number of a column without categories. */
export function numberAt({ values, first, stride, back }: OutColumn, row: number): number {
  const value = values[first + row * stride];
  return back ? value * back.scale + back.shift : value;
}

/** A word of a column with categories; undefined where it is missing. */
export function wordAt(
  { values, first, stride, categories }: OutColumn,
  row: number,
): string | undefined {
  return categories?.[values[first + row * stride]];
}
