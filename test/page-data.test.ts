import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import {
  CompressionType,
  setCompressionCodec,
  tableFromArrays,
  tableToIPC,
  utf8,
} from '@uwdata/flechette';
import { zipSync } from 'fflate';
import { compress, decompress } from 'lz4js';
import { describe, expect, test } from 'vitest';
import { assemble } from '../src/app/data/assemble.ts';
import { choiceOf, defaultChoice, whyNot } from '../src/app/data/choice.ts';
import { progressText } from '../src/app/data/reading-strip.ts';
import { ownFiles, ownUrl } from '../src/app/data/sources.ts';
import type { Table } from '../src/app/data/table.ts';
import { sourceColumns, wordAt } from '../src/app/results/out-column.ts';
import { arrowFile, faithful, fixture, parquetFile } from './io/stream-files.ts';
import { idx } from './setup/idx-bytes.ts';
import { readFiles } from './setup/read-files.ts';

const LABEL = ownFiles([new File([], 'some.csv')]);

const valuesOf = ({ columns }: Table, c: number) => Array.from(columns[c].values);

/** A .npy file. */
function npy(descr: string, shape: number[], bytes: ArrayBuffer, isFortran = false): Uint8Array {
  const order = isFortran ? 'True' : 'False';
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(117)}\n`;
  const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0];
  return Uint8Array.from([...magic, ...new TextEncoder().encode(header), ...new Uint8Array(bytes)]);
}

describe('a table out of a file', () => {
  const eruptions = Array.from(faithful.samples.data).filter((_, i) => i % 2 === 0);
  const csv = readFileSync(fixture('faithful.csv'));

  test.each<[string, string | Uint8Array]>([
    ['faithful.csv', csv],
    ['faithful.csv.gz', gzipSync(csv)],
    ['faithful.tsv', csv.toString().replaceAll(',', '\t')],
    ['faithful.arrow', arrowFile('file', true)],
    ['stream.arrow', arrowFile('stream', true)],
    ['without an ending', csv],
  ])('%s', async (name, content) => {
    const { table } = await readFiles({ [name]: content });
    expect(table.nRows).toBe(272);
    expect(valuesOf(table, 0)).toEqual(eruptions);
    expect(table.columns.map((column) => column.name)).toEqual(['eruptions', 'waiting']);
  });

  test('Parquet, with its words, a row group after another', async () => {
    const { table } = await readFiles({ 'faithful.parquet': parquetFile() });
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([
      ['place', 'constant'],
      ['eruptions', 'number'],
      ['waiting', 'number'],
    ]);
    expect(valuesOf(table, 1)).toEqual(eruptions.map(Math.fround));
  });

  test('Feather as pandas writes it: LZ4, dictionaries, nulls', async () => {
    setCompressionCodec(CompressionType.LZ4_FRAME, { decode: decompress, encode: compress });
    const values = Array.from({ length: 500 }, (_, n) => (n === 3 ? null : n / 4));
    const kinds = Array.from({ length: 500 }, (_, n) => (n % 3 === 0 ? 'b' : 'a'));
    const source = tableFromArrays({ values, kinds });
    const bytes = tableToIPC(source, { format: 'file', codec: CompressionType.LZ4_FRAME })!;
    const { table } = await readFiles({ 'some.feather': bytes });
    expect(valuesOf(table, 0)).toEqual(values.map((value) => value ?? NaN));
    expect(table.columns[0].nMissing).toBe(1);
    expect(table.columns[1].categories).toEqual(['a', 'b']);
    expect(valuesOf(table, 1).slice(0, 4)).toEqual([1, 0, 0, 1]);
  });

  test.each(['f4', 'f8', 'u1', 'i4', 'big-endian', 'fortran'])('npy: %s', async (name) => {
    const { table } = await readFiles({
      [`${name}.npy`]: readFileSync(fixture(`npy/${name}.npy`)),
    });
    const { table: plain } = await readFiles({ 'f8.npy': readFileSync(fixture('npy/f8.npy')) });
    expect(table.columns.length).toBe(plain.columns.length);
    // (rounded where they are whole numbers)
    const most = name === 'u1' || name === 'i4' ? 0.5 : 1e-6;
    table.columns.forEach((column, c) => {
      const expected = valuesOf(plain, c);
      const errors = Array.from(column.values, (value, n) => Math.abs(value - expected[n]));
      expect(Math.max(...errors)).toBeLessThanOrEqual(most);
    });
  });

  test('npz: arrays of as many rows side by side, whole numbers of 64 bits too', async () => {
    const archive = zipSync({
      'X.npy': npy('<f8', [3, 2], Float64Array.of(1, 2, 3, 4, 5, 6).buffer),
      'y.npy': npy('<i8', [3], BigInt64Array.of(7n, 8n, -9n).buffer),
      'seed.npy': npy('<f4', [1], Float32Array.of(1).buffer),
    });
    const { table } = await readFiles({ 'some.npz': archive });
    expect(table.columns.map(({ name }) => name)).toEqual(['X 1', 'X 2', 'y']);
    expect([0, 1, 2].map((c) => valuesOf(table, c))).toEqual([
      [1, 3, 5],
      [2, 4, 6],
      [7, 8, -9],
    ]);
    expect(table.note).toContain('seed');
  });

  test('IDX: a column a pixel, of which those that vary most are chosen', async () => {
    const images = Array.from({ length: 20 * 4 }, (_, i) => (i % 4 === 2 ? (i * 37) % 256 : i % 2));
    const { table } = await readFiles({ 'some-idx3-ubyte.gz': gzipSync(idx([20, 2, 2], images)) });
    expect(table.columns.map(({ name }) => name)).toEqual([
      'pixel 1, 1',
      'pixel 1, 2',
      'pixel 2, 1',
      'pixel 2, 2',
    ]);
    expect(defaultChoice(table).columns).toEqual([2]);
  });

  test('several files with the same columns are one table, words by their names', async () => {
    const { table } = await readFiles({ 'a.csv': 'x,k\n1,b\n2,a\n', 'b.csv': 'x,k\n3,c\n4,b\n' });
    expect(valuesOf(table, 0)).toEqual([1, 2, 3, 4]);
    expect(table.columns[1].categories).toEqual(['a', 'b', 'c']);
    expect(valuesOf(table, 1)).toEqual([1, 0, 2, 1]);
  });

  test('a column without a value in a later file, there one of words, is missing there', async () => {
    const part = (x: (number | string | null)[], types = {}) =>
      tableToIPC(tableFromArrays({ x, y: [1, 2] }, { types }), { format: 'file' })!;
    const files = { 'a.arrow': part([1.5, 2.5]), 'b.arrow': part([null, null], { x: utf8() }) };
    const { table } = await readFiles(files);
    expect(valuesOf(table, 0)).toEqual([1.5, 2.5, NaN, NaN]);
    expect(table.columns[0]).toMatchObject({ type: 'number', nMissing: 2, min: 1.5 });
  });

  test.each<[string, Record<string, string | Uint8Array>, RegExp]>([
    [
      'other columns',
      { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x,z\n1,2\n' },
      /b\.csv has the columns x, z, and a\.csv/,
    ],
    [
      'words for numbers',
      { 'a.csv': 'x,y\n1,2\n', 'b.csv': 'x,y\n1,w\n2,w\n3,w\n' },
      /Column "y" of b\.csv/,
    ],
    ['a spreadsheet', { 'a.xlsx': 'PK\x03\x04 and more than that' }, /spreadsheet/],
    [
      'a zip of something',
      { 'a.zip': zipSync({ 'a.txt': Uint8Array.of(1) }) },
      /without NumPy arrays/,
    ],
    ['half an npy', { 'a.npy': npy('<f8', [9, 9], new ArrayBuffer(8)) }, /cut off/],
    ['complex numbers', { 'a.npy': npy('<c8', [1, 1], new ArrayBuffer(8)) }, /<c8/],
    [
      'half a gzip',
      { 'a.csv.gz': gzipSync(`x,y\n${'1,2\n'.repeat(99)}`).subarray(0, 30) },
      /breaks off/,
    ],
    ['a bad Parquet', { 'a.parquet': 'PAR1 and nothing of it PAR1' }, /Parquet/],
  ])('says what is wrong: %s', async (_, files, message) => {
    await expect(readFiles(files)).rejects.toThrow(message);
  });

  test('shows the first rows of a long file, asks about much memory, and takes every third', async () => {
    const rows = Array.from({ length: 120_000 }, (_, n) => `${n % 977},${n}`);
    const limits = { first: 1e5, memory: 1e6 };
    const { table, firsts, estimates } = await readFiles(
      { 'long.csv': `x,n\n${rows.join('\n')}\n` },
      limits,
      3,
    );
    expect(firsts).toHaveLength(1);
    expect(firsts[0].nRows).toBe(32_768);
    expect(firsts[0].nRowsExpected).toBeGreaterThan(100_000);
    expect(estimates).toEqual([
      expect.objectContaining({ nRows: firsts[0].nRowsExpected, nColumns: 2 }),
    ]);
    expect(table.nRows).toBe(40_000);
    expect(valuesOf(table, 1)).toEqual(Array.from({ length: 40_000 }, (_, i) => 3 * i));
    expect(table.note).toBe('One of every 3 rows is taken.');
    // (a program cannot stop where the page did, and says so)
    expect((await assemble(firsts[0], defaultChoice(table), LABEL)).nRowsRead).toBe(32_768);
    expect((await assemble(table, defaultChoice(table), LABEL)).nRowsRead).toBeUndefined();
    const { rows: taken } = await assemble(table, defaultChoice(table), LABEL);
    expect([...taken!.subarray(0, 3), taken!.at(-1)]).toEqual([0, 3, 6, 119_997]);
  });
});

const MIXED = `id,size,weight,same,kind,note
${Array.from({ length: 12 }, (_, n) => `${n + 1},${n === 4 ? 'NA' : n * n},${10 - n},5,${n % 2 ? 'odd' : 'even'},`).join('\n')}
`;

describe('the choice of columns', () => {
  test('begins with what can be fitted, and knows of each column what it holds', async () => {
    const { table } = await readFiles({ 'mixed.csv': MIXED });
    expect(table.columns.map(({ name, type, nMissing }) => [name, type, nMissing])).toEqual([
      ['id', 'id', 0],
      ['size', 'number', 1],
      ['weight', 'id', 0],
      ['same', 'constant', 0],
      ['kind', 'words', 0],
      ['note', 'empty', 12],
    ]);
    const [, size] = table.columns;
    expect([size.min, size.max]).toEqual([0, 121]);
    expect(defaultChoice(table)).toEqual({ columns: [1], standardise: false, missing: 'fit' });
    expect(choiceOf(table, { columns: ['weight', 'kind', 'size'], standardise: true })).toEqual({
      columns: [1, 2],
      standardise: true,
      missing: 'fit',
    });
  });

  test('does not take a column of one word for numbers', async () => {
    const { table } = await readFiles({ 'a.csv': 'place,x\nhere,5\n,5\nhere,5\n' });
    expect(table.columns.map(({ type }) => type)).toEqual(['constant', 'constant']);
    expect(defaultChoice(table).columns).toEqual([1]);
    expect(choiceOf(table, { columns: ['place'] }).columns).toEqual([1]);
    expect(table.columns.map(whyNot)).toEqual(['no numbers', undefined]);
  });

  test('files of results have identifiers and constants too, in the order of the source; what is not kept is named', async () => {
    const rows = Array.from({ length: 70_000 }, (_, n) =>
      ['DE', `C-${n % 2000}`, `free ${n}`, n / 3, '', n % 2 ? 'a' : 'b'].join(','),
    );
    const table = (
      await readFiles({ 'a.csv': `country,customer,note,x,none,kind\n${rows.join('\n')}\n` })
    ).table;
    const data = await assemble(table, defaultChoice(table), LABEL);
    expect(data.columns.map(({ name }) => name)).toEqual(['x', 'kind']);
    expect(sourceColumns(data).map(({ name }) => name)).toEqual([
      'country',
      'customer',
      'x',
      'kind',
    ]);
    expect(wordAt(sourceColumns(data)[1], 69_999)).toBe('C-1999');
    expect(data.lostColumns).toEqual(['note']);
  });

  test('makes samples with columns to colour by', async () => {
    const { table } = await readFiles({ 'mixed.csv': MIXED });
    const choice = { columns: [1, 2], standardise: false, missing: 'fit' } as const;
    const data = await assemble(table, choice, LABEL);
    expect(data.samples.nSamples).toBe(12);
    expect(Array.from(data.samples.data.slice(6, 10))).toEqual([9, 7, NaN, 6]);
    expect(data.nMissing).toBe(1);
    expect(data.columns.map(({ name }) => name)).toEqual(['id', 'size', 'weight', 'kind']);
    expect(data.note).toMatch(/2 of 6 columns fitted.*1 row with missing values fitted too/);
    expect(data.origin).toMatchObject({ kind: 'file', columns: ['size', 'weight'] });
  });

  test('leaves incomplete rows out on demand, in the columns to colour by too', async () => {
    const { table } = await readFiles({ 'mixed.csv': MIXED });
    const choice = { columns: [1, 2], standardise: false, missing: 'leave out' } as const;
    const data = await assemble(table, choice, LABEL);
    expect(data.samples.nSamples).toBe(11);
    expect(data.nMissing).toBe(0);
    expect(Array.from(data.columns[0].values)).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12]);
    expect(data.note).toContain('1 row with missing values left out.');
    // which rows they are
    expect([...data.rows!]).toEqual([0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11]);
    expect((await assemble(table, { ...choice, missing: 'fit' }, LABEL)).rows).toBeUndefined();
  });

  test('standardises what is there, and keeps how', async () => {
    const { table } = await readFiles({ 'mixed.csv': MIXED });
    const choice = { columns: [1, 3], standardise: true, missing: 'fit' } as const;
    const { samples, standardised } = await assemble(table, choice, LABEL);
    const sizes = Array.from(samples.data).filter((value, i) => i % 2 === 0 && value === value);
    const mean = sizes.reduce((sum, value) => sum + value) / 11;
    expect(mean).toBeCloseTo(0, 12);
    expect(sizes.reduce((sum, value) => sum + value ** 2, 0) / 11).toBeCloseTo(1, 12);
    // a constant is only moved
    expect([samples.data[1], standardised!.means[1], standardised!.scales[1]]).toEqual([0, 5, 1]);
    expect(samples.data[2] * standardised!.scales[0] + standardised!.means[0]).toBeCloseTo(1, 12);
  });

  test('refuses nothing, no row, and infinity', async () => {
    const { table } = await readFiles({ 'a.csv': 'x,y\n,1\n2,\n' });
    const leave = { columns: [0, 1], standardise: false, missing: 'leave out' } as const;
    await expect(assemble(table, leave, LABEL)).rejects.toThrow(/Every one of the 2 rows/);
    await expect(assemble(table, { ...leave, columns: [] }, LABEL)).rejects.toThrow(
      /no column of numbers to fit among 2 columns: x \(constant\)/,
    );
    const infinite = npy('<f8', [3, 2], Float64Array.of(1, 5, 2, Infinity, 3, 8).buffer);
    const { table: bad } = await readFiles({ 'a.npy': infinite });
    await expect(assemble(bad, defaultChoice(bad), LABEL)).rejects.toThrow(
      'Column "column 2" holds no number in 1 of 3 cells: row 2 "inf".',
    );
    const { samples, nMissing, note } = await assemble(
      bad,
      { ...defaultChoice(bad), odd: 'missing' },
      LABEL,
    );
    expect([...samples.data]).toEqual([1, 5, 2, NaN, 3, 8]);
    expect(nMissing).toBe(1);
    expect(note).toContain('column 2, 1 of 3 cells: row 2 "inf"');
    // a column that is not chosen is nobody's question
    const { samples: clean } = await assemble(bad, { ...leave, columns: [0] }, LABEL);
    expect([...clean.data]).toEqual([1, 2, 3]);
  });
});

test.each([
  ['https://x.org/data/50%.csv?version=1', '50%'],
  ['https://x.org/two%20words.csv.gz', 'two words'],
])('an address names its data: %s', (url, name) => {
  expect(ownUrl(url)).toMatchObject({ name, inputs: [{ kind: 'url', url }] });
});

test('progress in words', () => {
  const progress = { bytes: 43e6, total: 100e6, nRows: 871_000, milliseconds: 700 };
  expect(progressText(progress)).toBe('43 of 100 MB (43%), 871,000 rows, 61 MB/s');
  expect(progressText({ ...progress, total: undefined, bytes: 5e5 })).toBe(
    '0.5 MB, 871,000 rows, 0.7 MB/s',
  );
});
