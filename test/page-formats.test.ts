import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { int64, tableFromArrays, tableToIPC } from '@uwdata/flechette';
import { describe, expect, test } from 'vitest';
import { defaultChoice } from '../src/app/data/choice.ts';
import { MixtureError } from '../src/errors.ts';
import { fromFile } from '../src/io/index.ts';
import { fixture } from './io/stream-files.ts';
import { cellsOf, columnsBy, readFiles } from './setup/read-files.ts';

const bytesOf = (name: string): Uint8Array => readFileSync(fixture(`formats/${name}`));
const read = async (name: string, bytes = bytesOf(name)) =>
  (await readFiles({ [name]: bytes })).table;
const named = (pattern: RegExp) =>
  readdirSync(fixture('formats')).filter((name) => pattern.test(name));

/** By pyarrow. */
const EXPECTED = JSON.parse(readFileSync(fixture('formats/expected.json'), 'utf8')) as Record<
  string,
  (number | string | null)[]
>;
/** 0 to 23 less 6, in four rows. */
const MATRIX = Array.from({ length: 6 }, (_, d) => [0, 1, 2, 3].map((n) => 6 * n + d - 6));

describe('what pyarrow writes is read as it was written', () => {
  test.each(named(/\.(parquet|feather|arrow)$/))('%s', async (name) => {
    for (const [file, bytes] of [
      [name, bytesOf(name)],
      [`${name}.gz`, gzipSync(bytesOf(name))],
    ] as const) {
      const table = await read(file, bytes);
      const columns = columnsBy(table);
      expect(table.nRows).toBe(60);
      expect(Object.keys(columns)).toEqual(Object.keys(EXPECTED));
      for (const [column, values] of Object.entries(EXPECTED)) {
        const isWide = columns[column].values instanceof Float64Array;
        const expected = values.map((value) => {
          if (value === null) return undefined;
          return typeof value === 'number' && !isWide ? Math.fround(value) : value;
        });
        expect(cellsOf(columns[column]), column).toEqual(expected);
      }
      expect(columns['flag'].nMissing).toBe(1);
      // nested ones fail nothing
      expect(table.note).toBe('Left out, as neither numbers nor words: list, struct.');
    }
  });
});

test('integers beyond 2^53 in an Arrow file are rounded, and refuse no other column; by the library too', async () => {
  const ids = Array.from({ length: 20 }, (_, n) => 2n ** 60n + BigInt(n * n));
  const x = ids.map((_, n) => n / 2);
  const table = tableFromArrays({ id: ids, x }, { types: { id: int64() }, useBigInt: true });
  const bytes = tableToIPC(table, { format: 'file' })!;
  const columns = columnsBy(await read('ids.arrow', bytes));
  expect(cellsOf(columns['x'])).toEqual(x);
  expect(cellsOf(columns['id'])).toEqual(ids.map(Number));
  const stream = await fromFile(new Blob([bytes as BlobPart]), { format: 'arrow' });
  for await (const { data } of stream.chunks()) {
    expect([...data]).toEqual(ids.flatMap((id, n) => [Number(id), x[n]]));
  }
});

test('texts that are too many to be kept are not missing, whatever the format', async () => {
  const text = Array.from({ length: 70_000 }, (_, n) => (n === 3 ? null : `id ${n}`));
  const arrow = tableToIPC(tableFromArrays({ text, x: text.map((_, n) => n % 9) }), {
    format: 'file',
  })!;
  const csv = `text,x\n${text.map((word, n) => `${word ?? ''},${n % 9}`).join('\n')}\n`;
  for (const [name, content] of [
    ['a.arrow', arrow],
    ['a.csv', csv],
  ] as const) {
    const [column] = (await readFiles({ [name]: content })).table.columns;
    expect([name, column.type, column.nMissing]).toEqual([name, 'text', 1]);
  }
});

describe('what NumPy writes is read as it was written', () => {
  test.each(named(/^(big-)?([iuf]\d|bool|fortran|cube.*)\.npy$/))('%s', async (name) => {
    const least = /^(big-)?u/.test(name) ? 6 : 0;
    for (const bytes of [bytesOf(name), gzipSync(bytesOf(name))]) {
      const { columns, nRows } = await read(name, bytes);
      expect(nRows).toBe(4);
      expect(columns.map(cellsOf)).toEqual(
        MATRIX.map((column) =>
          column.map((value) => (name === 'bool.npy' ? Math.abs(value % 2) : value + least)),
        ),
      );
    }
  });

  test('arrays of one dimension, and archives', async () => {
    expect(cellsOf((await read('line.npy')).columns[0])).toEqual(MATRIX[1]);
    for (const name of ['plain.npz', 'packed.npz']) {
      const table = await read(name);
      expect(table.columns.map((column) => column.name).slice(5)).toEqual(['X 6', 'y']);
      expect(table.columns.map(cellsOf)).toEqual([...MATRIX, MATRIX[0]]);
      // (whole numbers beside them are what rows are called)
      expect(defaultChoice(table).columns).toEqual([0, 1, 2, 3, 4, 5]);
      expect(table.note).toMatch(/labels by the look of it: y\./);
    }
    expect((await read('plain.npz')).note).toContain('other');
    const mixed = await read('mixed.npz');
    expect(mixed.columns.map(cellsOf)).toEqual(MATRIX);
    expect(mixed.note).toContain('names');
  });

  test.each([
    ['structured.npy', /fields of several kinds/],
    ['objects.npy', /Python objects/],
    ['words.npy', /text/],
    ['complex.npy', /complex numbers/],
    ['scalar.npy', /one number/],
  ])('%s is refused by its name', async (name, message) => {
    await expect(read(name)).rejects.toThrow(message);
    await expect(read(name)).rejects.toThrow(name);
  });
});

test.each(named(/-idx3/))('IDX: %s', async (name) => {
  const least = name.startsWith('u1') ? 6 : 0;
  const { columns } = await read(name);
  expect(columns.map(({ name: pixel }) => pixel).slice(0, 3)).toEqual([
    'pixel 1, 1',
    'pixel 1, 2',
    'pixel 2, 1',
  ]);
  expect(columns.map(cellsOf)).toEqual(
    MATRIX.map((column) => column.map((value) => value + least)),
  );
});

describe('what is no table is refused by what it is', () => {
  test.each<[string, string | Uint8Array, RegExp, RegExp]>([
    ['a.pdf', '%PDF-1.7 and so on', /^a\.pdf is a PDF document/, /CSV/],
    ['a.png', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), /a PNG picture/, /CSV, Parquet/],
    ['a.jpg', Buffer.from('\xff\xd8\xff\xe0 JFIF', 'latin1'), /a JPEG picture/, /CSV/],
    ['a.xlsx', 'PK\x03\x04 and more than that', /a spreadsheet/, /Save the sheet as CSV/],
    ['a.xls', Buffer.from('\xd0\xcf\x11\xe0\xa1\xb1', 'latin1'), /old Excel/, /as CSV/],
    ['a.pkl', Buffer.from('\x80\x04\x95', 'latin1'), /Python pickle/, /Parquet/],
    ['a.h5', Buffer.from('\x89HDF\r\n', 'latin1'), /HDF5/, /to_parquet/],
    ['a.json', '[{"x": 1}, {"x": 2}]', /JSON/, /to_csv/],
    [
      'm.json',
      '{\n  "format": "webgpu-em/gaussian-mixture"',
      /a model of webgpu-em/,
      /Load a model/,
    ],
    ['a.csv', '\n<!DOCTYPE html><html>', /a web page/, /Raw/],
    ['a.bin', Uint8Array.from({ length: 99 }, (_, i) => (i * 7) % 5), /binary data/, /text file/],
    ['a.csv', '', /The file is empty/, /one sample a line/],
    ['a.csv', 'x,y\n', /a header but no rows/, /one sample a line/],
  ])('%s %#', async (name, content, message, hint) => {
    const error: unknown = await readFiles({ [name]: content }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(MixtureError);
    expect((error as MixtureError).message).toMatch(message);
    expect((error as MixtureError).hint).toMatch(hint);
  });
});
