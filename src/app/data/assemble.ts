import { MixtureError } from '../../errors.ts';
import { count, plural } from '../shared/format.ts';
import { inSlices } from '../shared/row-slices.ts';
import { incompleteRows, rowsAtOnce, unclearColumns } from './choice.ts';
import { oddSentence } from './odd-words.ts';
import type { Choice } from './choice.ts';
import type { Column, Origin, SourceData } from './source-data.ts';
import type { Table, TableColumn } from './table.ts';

/** More words have no colours. */
const MOST_COLOURED = 1000;

/** What a table is called, and what it begins with. */
export interface TableLabel extends Pick<SourceData, 'name' | 'nComponents' | 'initParams'> {
  readonly origin: (columns: readonly string[]) => Origin;
  /** A sentence on what it is; or empty. */
  readonly about: string;
}

/**
 * The samples of the columns chosen, made a slice at a time: of 6.7 million rows of four columns it is 0.3 s of work. Columns are not
 * copied where all rows are fitted.
 * @throws MixtureError INVALID_SAMPLES where no column or no row is left, or a cell of those chosen holds no number
 */
export async function assemble(
  table: Table,
  choice: Choice,
  label: TableLabel,
): Promise<SourceData> {
  const chosen = choice.columns.map((c) => table.columns[c]);
  check(table, chosen, unclearColumns(table, choice)[0]);
  const { nIncomplete, nEmpty, isIncomplete } = await incompleteRows(table, choice.columns);
  const drop = choice.missing === 'leave out' && nIncomplete > 0;
  const kept = drop ? keptRows(isIncomplete!, table.nRows - nIncomplete) : undefined;
  const nSamples = kept?.length ?? table.nRows;
  if (nSamples === 0) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Every one of the ${count(table.nRows)} rows has a missing value in the columns chosen.`,
      'Fit the incomplete rows too, or choose columns with fewer missing values.',
      { nRows: table.nRows, nIncomplete },
    );
  }
  if (nSamples === 1) {
    throw new MixtureError(
      'TOO_FEW_SAMPLES',
      `There is one row to fit${drop ? `, as the other ${count(nIncomplete)} have missing values and are left out` : ''}.`,
      'Give at least two rows: a sample a row, its features in columns.',
      { nRows: table.nRows },
    );
  }
  const rows = sourceRows(kept, nSamples, table.every);
  const values: (Float32Array | Float64Array)[] = [];
  for (const column of chosen) {
    values.push((await rowsOf(column, kept)) as Float32Array | Float64Array);
  }
  const scaling = choice.standardise ? await scalingOf(values) : undefined;
  const single = values.every((column) => column instanceof Float32Array);
  const isSingle = single || (choice.standardise && table.nRows * chosen.length > 2 ** 24);
  const names = chosen.map(({ name }) => name);
  const { data, ranges } = await interleave(
    values,
    scaling,
    isSingle ? Float32Array : Float64Array,
  );
  const missingWords = [...new Set(chosen.flatMap(({ oddWords }) => oddWords))];
  return {
    name: label.name,
    samples: {
      data,
      nSamples,
      nFeatures: chosen.length,
    },
    ranges,
    ...(missingWords.length > 0 && { missingWords }),
    featureNames: names,
    ...(await keptColumns(table, kept)),
    nMissing: drop ? 0 : chosen.reduce((sum, { nMissing, nOdd }) => sum + nMissing + nOdd, 0),
    ...(drop && { nIncomplete }),
    standardised: scaling,
    origin: label.origin(names),
    ...(table.every > 1 && { every: table.every }),
    ...(table.nRowsExpected !== undefined && { nRowsRead: table.nRows }),
    ...(rows && { rows, nSourceRows: table.nSourceRows }),
    ...(chosen.some(({ isRenamed }) => isRenamed) && {
      columnKeys: chosen.map(({ name, isRenamed }, d) => (isRenamed ? choice.columns[d] : name)),
    }),
    reading: { forms: table.forms, positions: choice.columns },
    note: [
      label.about,
      table.note,
      partSentence(table),
      columnSentence(table, choice),
      choice.standardise ? 'Standardised: each column has mean 0 and standard deviation 1.' : '',
      oddNote(chosen),
      missingSentence(nIncomplete, nEmpty, drop),
    ]
      .filter((sentence) => sentence !== '')
      .join(' '),
    nComponents: Math.min(label.nComponents, nSamples),
    initParams: label.initParams,
  };
}

function check(
  table: Table,
  chosen: readonly TableColumn[],
  unclear: TableColumn | undefined,
): void {
  if (chosen.length === 0) {
    const names = table.columns.slice(0, 12).map((column) => `${column.name} (${kindOf(column)})`);
    const more = table.columns.length > 12 ? ', ...' : '';
    throw new MixtureError(
      'INVALID_SAMPLES',
      `There is no column of numbers to fit among ${plural(table.columns.length, 'column')}: ${names.join(', ')}${more}.`,
      table.columns.length === 1
        ? 'If it should be several columns: they may be parted by comma, semicolon, tab, | or spaces.'
        : 'Clustering needs at least one column of numbers. Words can be given numbers of their own in a further column.',
    );
  }
  if (!unclear) return;
  const { name, odd } = unclear;
  throw new MixtureError(
    'INVALID_SAMPLES',
    `Column "${name}" holds no number in ${oddSentence(unclear)}.`,
    'Choose it under Columns to treat these cells as missing, or correct them in the file.',
    { column: name, row: odd[0].row, ...(odd[0].line !== undefined && { line: odd[0].line }) },
  );
}

function keptRows(isIncomplete: Uint8Array, nKept: number): Uint32Array {
  const kept = new Uint32Array(nKept);
  for (let n = 0, i = 0; n < isIncomplete.length; n++) if (isIncomplete[n] === 0) kept[i++] = n;
  return kept;
}

/** Undefined where they are all there are. */
function sourceRows(
  kept: Uint32Array | undefined,
  nSamples: number,
  every: number,
): Uint32Array<ArrayBuffer> | undefined {
  if (!kept && every === 1) return undefined;
  const rows = new Uint32Array(nSamples);
  for (let n = 0; n < nSamples; n++) rows[n] = (kept ? kept[n] : n) * every;
  return rows;
}

async function rowsOf(
  { values }: TableColumn,
  kept: Uint32Array | undefined,
): Promise<TableColumn['values']> {
  if (!kept) return values;
  const some = values.slice(0, kept.length);
  await inSlices(kept.length, rowsAtOnce(1), (from, to) => {
    for (let i = from; i < to; i++) some[i] = values[kept[i]];
  });
  return some;
}

/** Of the rows that are fitted; a column that does not vary is only moved. */
async function scalingOf(columns: readonly (Float32Array | Float64Array)[]): Promise<{
  means: Float64Array;
  scales: Float64Array;
}> {
  const means = new Float64Array(columns.length);
  const scales = new Float64Array(columns.length);
  for (const [d, values] of columns.entries()) {
    let [sum, squares, nPresent] = [0, 0, 0];
    await inSlices(values.length, rowsAtOnce(1), (from, to) => {
      for (let n = from; n < to; n++) {
        const value = values[n];
        if (value !== value) continue;
        sum += value;
        nPresent++;
      }
    });
    const mean = nPresent > 0 ? sum / nPresent : 0;
    await inSlices(values.length, rowsAtOnce(1), (from, to) => {
      for (let n = from; n < to; n++) {
        const distance = values[n] - mean;
        if (distance === distance) squares += distance ** 2;
      }
    });
    means[d] = mean;
    scales[d] = squares > 0 ? Math.sqrt(squares / nPresent) : 1;
  }
  return { means, scales };
}

async function interleave(
  columns: readonly (Float32Array | Float64Array)[],
  scaling: { means: Float64Array; scales: Float64Array } | undefined,
  NumberArray: typeof Float32Array | typeof Float64Array,
): Promise<{
  readonly data: Float32Array | Float64Array;
  readonly ranges: { low: number; high: number }[];
}> {
  const nFeatures = columns.length;
  const nRows = columns[0].length;
  const data = new NumberArray(nRows * nFeatures);
  const ranges = columns.map(() => ({ low: Infinity, high: -Infinity }));
  await inSlices(nRows, rowsAtOnce(nFeatures), (from, to) => {
    columns.forEach((values, d) => {
      const [mean, scale] = scaling ? [scaling.means[d], scaling.scales[d]] : [0, 1];
      let { low, high } = ranges[d];
      for (let n = from, i = from * nFeatures + d; n < to; n++, i += nFeatures) {
        data[i] = scaling ? (values[n] - mean) / scale : values[n];
        if (data[i] < low) low = data[i];
        if (data[i] > high) high = data[i];
      }
      ranges[d] = { low, high };
    });
  });
  return { data, ranges };
}

/** Of the columns with something in them those that tell samples apart by colours, and all that a file of results can have beside it. */
async function keptColumns(
  table: Table,
  kept: Uint32Array | undefined,
): Promise<Pick<SourceData, 'columns' | 'allColumns' | 'lostColumns'>> {
  const columns: Column[] = [];
  const allColumns: Column[] = [];
  const lostColumns: string[] = [];
  for (const column of table.columns) {
    const { name, type, categories } = column;
    if (type === 'text') lostColumns.push(name);
    if (type === 'empty' || type === 'text') continue;
    const one = { name, values: await rowsOf(column, kept), categories };
    allColumns.push(one);
    if (type !== 'constant' && (categories?.length ?? 0) <= MOST_COLOURED) columns.push(one);
  }
  return { columns, allColumns, ...(lostColumns.length > 0 && { lostColumns }) };
}

function partSentence({ nRows, nRowsExpected }: Table): string {
  if (nRowsExpected === undefined) return '';
  return `The first ${count(nRows)} of about ${count(nRowsExpected)} rows.`;
}

function columnSentence({ columns }: Table, choice: Choice): string {
  const others = columns.filter((_, c) => !choice.columns.includes(c));
  if (others.length === 0) return '';
  const shown = others.slice(0, 4).map((column) => `${column.name} (${kindOf(column)})`);
  const more = others.length > 4 ? ` and ${count(others.length - 4)} more` : '';
  return `${choice.columns.length} of ${plural(columns.length, 'column')} fitted; not fitted: ${shown.join(', ')}${more}.`;
}

/** A column's type in words. */
export function kindOf({ type, categories }: TableColumn): string {
  switch (type) {
    case 'number':
      return 'number';
    case 'constant':
      return 'constant';
    case 'id':
      return 'row numbers';
    case 'key':
      return 'identifiers';
    case 'words':
      return plural(categories!.length, 'word');
    case 'text':
      return 'free text';
    case 'empty':
      return 'empty';
  }
}

function oddNote(chosen: readonly TableColumn[]): string {
  const odd = chosen.filter(({ nOdd }) => nOdd > 0);
  if (odd.length === 0) return '';
  return `Cells that hold no number are taken as missing: ${odd.map((column) => `${column.name}, ${oddSentence(column)}`).join('; ')}.`;
}

function missingSentence(nIncomplete: number, nEmpty: number, dropped: boolean): string {
  if (nIncomplete === 0) return '';
  const rows = `${plural(nIncomplete, 'row')} with missing values`;
  if (dropped) return `${rows} left out.`;
  const empty = nEmpty > 0 ? ` (${count(nEmpty)} without any value)` : '';
  return `${rows}${empty} fitted too, as missing at random; full and tied covariances then compute on the CPU.`;
}
