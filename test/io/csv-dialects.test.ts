import { describe, expect, test } from 'vitest';
import { fromFile } from '../../src/io/index.ts';
import type { MixtureError } from '../../src/errors.ts';
import { isNumeric } from '../../src/app/data/table.ts';
import type { Table } from '../../src/app/data/table.ts';
import { cellsOf, columnsBy, readFiles } from '../setup/read-files.ts';
import { allOf } from './stream-files.ts';

async function cells(content: string | Uint8Array) {
  const { table } = await readFiles({ 'some.csv': content });
  const columns = Object.entries(columnsBy(table));
  return {
    table,
    columns: Object.fromEntries(columns.map(([name, column]) => [name, cellsOf(column)])),
  };
}

const utf16 = (text: string, isLittle: boolean): Uint8Array => {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return isLittle ? bytes : bytes.swap16();
};

const XY = { x: [1.5, 2.5, 3.5], y: [10, 20, 30] };
const FAITHFUL = `Old Faithful Geyser Data

Description: (From R manual):

     Waiting time between eruptions and the duration of the eruption
     for the Old Faithful geyser in Yellowstone National Park, Wyoming,
     USA.

eruptions  numeric  Eruption time in mins
waiting    numeric  Waiting time to next eruption

      eruptions waiting
1         3.600      79
2         1.800      54
3         3.333      74
4         2.283      62
`;
const CARS = `18.0   8   307.0      130.0      3504.\t"chevrolet chevelle malibu"
15.0   8   ?          165.0      3693.\t"buick skylark 320"
`;

/** The columns of numbers by `fromFile`, all and each by name or position, and the missing values as on the page. */
async function expectSameInLibrary(content: string | Uint8Array, table: Table) {
  const blob = new Blob([typeof content === 'string' ? content : Uint8Array.from(content)]);
  const open = (columns?: (string | number)[]) => fromFile(blob, { format: 'csv', columns });
  const numbers = [...table.columns.keys()].filter((c) => isNumeric(table.columns[c]));
  // (row numbers are no feature by themselves)
  const names = await open().then(
    ({ columnNames }) => columnNames,
    (error: MixtureError) => error.code,
  );
  const all = numbers.map((c) => table.columns[c].name.replace(/ \(2\)$/, ''));
  const features = all.filter((name) => name !== 'row');
  expect(names).toEqual(features.length > 0 ? features : 'INVALID_SAMPLES');
  if (features.length === 0) return;
  const asked = numbers.map((c) => (table.columns[c].isRenamed ? c : table.columns[c].name));
  const values = await allOf(await open(asked));
  const expected = Array.from({ length: table.nRows }, (_, n) =>
    numbers.map((c) => table.columns[c].values[n]),
  );
  expect(values).toEqual(expected.flat());
}

describe('a table of numbers is read', () => {
  test.each<[string, string | Uint8Array, Record<string, unknown[]>]>([
    ['parted by one space', 'x y\n1.5 10\n2.5 20\n3.5 30\n', XY],
    ['parted by many, before and after too', '  x    y \n 1.5   10\n 2.5 20  \n3.5\t 30', XY],
    ['parted by |', 'x|y\n1.5|10\n2.5|20\n3.5|30\n', XY],
    ['with a decimal comma', 'x;y\r\n1,5;10\r\n2,5;20\r\n3,5;30\r\n', XY],
    ['with a decimal comma and tabs', 'x\ty\n1,5\t10\n2,5\t20\n3,5\t30\n', XY],
    ['with a decimal comma and spaces', 'x   y\n1,5  10\n2,5  20\n3,5  30\n', XY],
    ['with a mark of the byte order', '\ufeffx,y\n1.5,10\n2.5,20\n3.5,30\n', XY],
    ["as Excel's Unicode text", utf16('x\ty\r\n1.5\t10\r\n2.5\t20\r\n3.5\t30\r\n', true), XY],
    ['in UTF-16, the other way round', utf16('x;y\n1,5;10\n2,5;20\n3,5;30\n', false), XY],
    ['with CR alone', 'x,y\r1.5,10\r2.5,20\r3.5,30\r', XY],
    ['with all line ends', 'x,y\r\n1.5,10\r2.5,20\n3.5,30', XY],
    ['with blank lines after it', 'x,y\n1.5,10\n2.5,20\n3.5,30\n\n  \n\n', XY],
    ['with a delimiter after each row', 'x,y\n1.5,10,\n2.5,20,\n3.5,30,\n', XY],
    ['with a delimiter after the header', 'x,y,\n1.5,10\n2.5,20\n3.5,30\n', XY],
    ['with comments above', '# a file\n#\n\nx,y\n1.5,10\n2.5,20\n# so far\n3.5,30\n', XY],
    ['with a title above', 'Measured in May\n\nx,y\n1.5,10\n2.5,20\n3.5,30\n', XY],
    [
      'with a title of its width above a description',
      'Two words\nand a line of more\n\nx y\n1.5 10\n2.5 20\n3.5 30\n',
      XY,
    ],
    ["with names in numpy's comment", '# x,y\n1.5,10\n2.5,20\n3.5,30\n', XY],
    ["with names in numpy's comment, by spaces", '# x y\n1.5e0 1e1\n2.5 20\n3.5 30\n', XY],
    ["with Excel's first line", 'sep=|\nx|y\n1.5|10\n2.5|20\n3.5|30\n', XY],
    ['without a header', '1.5,10\n2.5,20\n3.5,30\n', { 'column 1': XY.x, 'column 2': XY.y }],
    ['of one column', 'x\n1.5\n2.5\n3.5\n', { x: XY.x }],
    ['of one row', '1 2 3\n', { 'column 1': [1], 'column 2': [2], 'column 3': [3] }],
    ['with a name twice', 'x,x\n1,2\n3,4\n', { x: [1, 3], 'x (2)': [2, 4] }],
    [
      'with quotes around delimiters and line ends',
      'x,"the ""name""",y\n1,"a, b",2\n3,"c\nd",4\n5,plain,6\n',
      { x: [1, 3, 5], 'the "name"': ['a, b', 'c\nd', 'plain'], y: [2, 4, 6] },
    ],
    [
      "with R's names of rows",
      '"x" "kind"\n"1" 1.5 "a b"\n"2" NA "c"\n"3" 3.5 "a b"\n',
      { row: [1, 2, 3], x: [1.5, undefined, 3.5], kind: ['a b', 'c', 'a b'] },
    ],
    [
      'below its description',
      FAITHFUL,
      { row: [1, 2, 3, 4], eruptions: [3.6, 1.8, 3.333, 2.283], waiting: [79, 54, 74, 62] },
    ],
    [
      'as the UCI repository has it',
      CARS,
      {
        'column 1': [18, 15],
        'column 2': [8, 8],
        'column 3': [307, undefined],
        'column 4': [130, 165],
        'column 5': [3504, 3693],
        'column 6': ['chevrolet chevelle malibu', 'buick skylark 320'],
      },
    ],
    [
      'in Windows-1252',
      Buffer.from('Größe;Ort\n1,5;Köln\n2,5;Mainz\n3,5;Köln\n', 'latin1'),
      { Größe: XY.x, Ort: ['Köln', 'Mainz', 'Köln'] },
    ],
    [
      'with dates and sentences',
      'day,note,x\n2020-01-01,one two three,1.5\n2020-01-02,four five six,2.5\n',
      {
        day: ['2020-01-01', '2020-01-02'],
        note: ['one two three', 'four five six'],
        x: [1.5, 2.5],
      },
    ],
    [
      'of names with spaces',
      'first name\nAnn Lee\nBo Poe\n',
      { 'first name': ['Ann Lee', 'Bo Poe'] },
    ],
  ])('%s', async (_, content, expected) => {
    const { table, columns } = await cells(content);
    expect(columns).toEqual(expected);
    await expectSameInLibrary(content, table);
  });

  test('and says what it passed over, and which numbers it does not take for numbers', async () => {
    expect((await cells(FAITHFUL)).table.note).toBe(
      'The first 11 lines are no part of the table and are passed over.',
    );
    const prices = ['"1,234.50"', '"2,000"', '"12,345"'].map((cell, n) => `${n},${cell}`);
    const { table } = await cells(`n,price\n${prices.join('\n')}\n`);
    expect(table.columns[1].type).toBe('words');
    expect(table.note).toBe(
      'Column "price" is read as text: "1,234.50" seems to have thousands separators. Write its numbers without them to fit it.',
    );
    const european = await cells('x;y\n1.234,5;1,5\n2.345,5;2,5\n');
    expect(european.table.columns.map(({ type }) => type)).toEqual(['words', 'number']);
    expect(european.table.note).toContain('"1.234,5" seems to have thousands separators');
  });

  test('identifiers and row numbers are not chosen by themselves', async () => {
    const rows = Array.from(
      { length: 12 },
      (_, n) => `${n},${(n * 7919) % 10_007},${n % 3},${n * n},5`,
    );
    const { table } = await cells(`,PassengerId,class_id,x,same\n${rows.join('\n')}\n`);
    expect(table.columns.map(({ name, type }) => [name, type])).toEqual([
      ['column 1', 'id'],
      ['PassengerId', 'key'],
      ['class_id', 'number'],
      ['x', 'number'],
      ['same', 'constant'],
    ]);
  });

  test('in one piece or in many', async () => {
    const long = `# from a logger\n${'1,5   20\n'.repeat(90_000)}2,5  oops\n  3,5 40\n`;
    const { table } = await cells(long);
    const file = new File([long], 'long.txt');
    const stream = await fromFile(file, { missing: ['oops'] });
    const values = await allOf(stream);
    expect([values.length, values.at(-4), values.at(-3), values.at(-1)]).toEqual([
      180_004,
      2.5,
      NaN,
      40,
    ]);
    const named = { columns: ['column 2'], name: 'long.csv' };
    await expect(fromFile(file, named).then(allOf)).rejects.toThrow(/^Line 90002, .*"oops"/);
    const [x, y] = table.columns;
    expect([table.nRows, x.max, y.nOdd, y.odd[0].line]).toEqual([90_002, 3.5, 1, 90_002]);
  });
});
