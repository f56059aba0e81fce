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
  const odd: string[] = [];
  for await (const { columns, odd: found } of csv.parts()) {
    found.forEach((cells, c) => {
      cells?.lines.forEach((line, i) => {
        odd.push(`line ${line}, ${csv.names[c]}: ${csv.column(c).words[cells.codes[i]]}`);
      });
    });
    columns.forEach((values, c) => {
      const { words } = csv.column(c);
      for (const value of values) {
        all[c].push(values instanceof Int32Array ? words[value] : value);
      }
    });
  }
  const kinds = csv.names.map((_, c) => csv.column(c).kind);
  return { names: csv.names, columns: all, kinds, odd };
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
    readdirSync(fixture('awkward')).filter((name) => name.endsWith('.csv') && !/^1[12]/.test(name)),
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

  const pairs = 'x,y\n1,2\n'.padEnd(600_000, '3,4\n');
  test.each([
    ['a text', `${pairs}5,six\n6,7\n`, ['line 150001, y: six']],
    ['a row too short', 'x,y\n1,2\n3\n4,5\n', ['line 3, y: undefined']],
    ['infinity', 'x,y\n1,2\n3,-inf\n4,1e999\n5,6', ['line 3, y: -inf', 'line 4, y: 1e999']],
    ['another decimal mark', 'x;y\n1,5;2\n2;1.5\n', ['line 3, y: 1.5']],
    ['thousands', 'x\ty\n1.5\t999\n2.5\t"1,234"\n3.5\t2\n4.5\t3\n', ['line 3, y: 1,234']],
    [
      'lines in quotes and blank ones',
      'x,y\r\n\r\n"1\r\n",2\r\n3,oops\r\n4,5\r\n6,7\r\n',
      ['line 5, y: oops'],
    ],
    [
      'a row that goes on in the next block',
      `x,y,z\n1,2,a\nodd,2,"${'b\n'.repeat(1500)}"\n3,4,c\n`,
      ['line 3, x: odd'],
    ],
  ])('note what is no number among numbers: %s', async (_, text, expected) => {
    const { odd, columns } = await columnsOf(text, 1000);
    expect(odd).toEqual(expected);
    expect(columns.flat().filter((value) => Number.isNaN(value))).toHaveLength(expected.length);
  });

  test.each([
    ['a row too long', '1,2\n3,4,5\n', /^Line 2 has 3 fields where the first row/],
    ['an open quote', 'x,y\n1,"2\n3,4\n', /^Line 2 has a quoted field/],
    ['no rows', 'x,y\n', /a header but no rows/],
    ['nothing', '', /The file is empty/],
  ])('name the place of %s', async (_, text, message) => {
    await expect(columnsOf(text, 1000)).rejects.toThrow(message);
  });

  test('of one column take a blank line between two others as missing', async () => {
    expect((await columnsOf('x\n1\n\n2\n\n\n')).columns).toEqual([[1, NaN, 2]]);
  });
});
