import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openCsvColumns } from '../../src/io/csv-columns.ts';
import { readCsv } from '../../src/io/csv.ts';
import { fixture } from './stream-files.ts';
import { sameCases } from '../support/seeded.ts';

sameCases();

/** All columns of a file that comes in blocks of that many bytes: numbers, or words by name. */
async function columnsOf(input: string | Uint8Array, blockBytes = 1 << 20) {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input;
  async function* blocks() {
    for (let at = 0; at < bytes.length; at += blockBytes) {
      yield bytes.slice(at, at + blockBytes);
    }
  }
  const csv = await openCsvColumns(blocks());
  const all: (number | string | undefined)[][] = csv.names.map(() => []);
  for await (const { columns } of csv.parts()) {
    columns.forEach((values, c) => {
      const { words } = csv.column(c);
      for (const value of values) {
        all[c].push(values instanceof Int32Array ? words[value] : value);
      }
    });
  }
  return { names: csv.names, columns: all, kinds: csv.names.map((_, c) => csv.column(c).kind) };
}

/** The same by `readCsv`, of the columns that are numbers to it. */
function numbersOf(input: string | Uint8Array): Map<string, number[]> {
  const { samples, columnNames } = readCsv(input, { allowMissing: true });
  const { data, nSamples, nFeatures } = samples;
  return new Map(
    columnNames.map((name, d) => [
      name,
      Array.from({ length: nSamples }, (_, n) => data[n * nFeatures + d]),
    ]),
  );
}

function attempt<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    return (error as Error).message;
  }
}

describe('columns of a CSV file out of its bytes', () => {
  test.each(
    readdirSync(fixture('awkward')).filter(
      (name) => name.endsWith('.csv') && !name.startsWith('12'),
    ),
  )('are those of readCsv: %s', async (name) => {
    const bytes = readFileSync(fixture(`awkward/${name}`));
    const expected = attempt(() => [...numbersOf(bytes)]);
    // cut anywhere, between bytes of a letter and within quotes too
    for (const blockBytes of [1 << 20, 61]) {
      const found = await columnsOf(bytes, blockBytes).then(
        ({ names, columns, kinds }) =>
          names.map((name, c) => [name, columns[c]]).filter((_, c) => kinds[c] === 'numbers'),
        (error: Error) => error.message,
      );
      expect(found).toEqual(expected);
    }
  });

  test('are the same numbers as Number() makes, to the last bit', async () => {
    const spelled = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc
        .tuple(
          fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
          fc.integer({ min: -40, max: 40 }),
        )
        .map(([mantissa, power]) => `${mantissa}e${power}`),
      fc
        .tuple(fc.nat(), fc.nat({ max: 1e9 }), fc.boolean())
        .map(([whole, part, plus]) => `${plus ? '+' : '-'}${whole}.${part}`),
      fc.constantFrom('.5', '5.', '-0', '007', ' 3 ', '1E5', '9007199254740993', '0.1'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(spelled, { minLength: 1, maxLength: 40 }), async (cells) => {
        const { columns } = await columnsOf(`x,y\n${cells.map((cell) => `${cell},1`).join('\n')}`);
        expect(columns[0]).toEqual(cells.map(Number));
      }),
      { numRuns: 100 },
    );
  });

  test('keep words, quoted and in any script, and know what is missing', async () => {
    const text = 'name;x\n"Å, ""b""";1,5\n  plain ;NA\n;2\nplain;-\n"two\nlines";3\n';
    const { names, columns, kinds } = await columnsOf(text, 7);
    expect(names).toEqual(['name', 'x']);
    expect(kinds).toEqual(['words', 'numbers']);
    expect(columns[0]).toEqual(['Å, "b"', 'plain', undefined, 'plain', 'two\nlines']);
    expect(columns[1]).toEqual([1.5, NaN, 2, NaN, 3]);
  });

  test('of nothing at first become what comes', async () => {
    const rows = (cells: string) => `1,${cells}\n`.repeat(70_000);
    const { columns, kinds } = await columnsOf(`a,b,c\n${rows(',')}2,w,7\n`);
    expect(kinds).toEqual(['numbers', 'words', 'numbers']);
    expect([columns[1].at(-1), columns[2].at(-1), columns[2][0]]).toEqual(['w', 7, NaN]);
  });

  test.each([
    [
      'a text among numbers',
      'x,y\n1,2\n'.padEnd(600_000, '3,4\n') + '5,six\n',
      /column "y": "six"/,
    ],
    [
      'a row too short',
      'x,y\n1,2\n3\n4,5\n',
      /^Line 3 has 1 field where the header \(line 1\) has 2/,
    ],
    ['a row too long', '1,2\n3,4,5\n', /^Line 2 has 3 fields where the first row/],
    ['an open quote', 'x,y\n1,"2\n3,4\n', /^Line 2 has a quoted field/],
    ['infinity', 'x,y\n1,2\n3,-inf\n', /^Line 3, column "y": "-inf" is not a finite number/],
    [
      'two decimal marks',
      'x;y\n1,5;2\n2;1.5\n',
      /^Line 2, column "x" writes "1,5" with a comma, but line 3/,
    ],
    ['no rows', 'x,y\n', /a header but no rows/],
    ['nothing', '', /The file is empty/],
  ])('name the place of %s', async (_, text, message) => {
    await expect(columnsOf(text, 1000)).rejects.toThrow(message);
  });

  test('count lines in quotes and blank ones', async () => {
    const text = 'x,y\r\n\r\n"1\r\n",2\r\n3,oops\r\n4,5\r\n6,7\r\n';
    await expect(columnsOf(text)).rejects.toThrow(/^Line 5, column "y": "oops"/);
  });

  test('of one column take a blank line between two others as missing', async () => {
    expect((await columnsOf('x\n1\n\n2\n\n\n')).columns).toEqual([[1, NaN, 2]]);
  });
});
