import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNumeric } from '../../src/app/data/table.ts';
import { fromFile } from '../../src/io/index.ts';
import { readFiles } from '../setup/read-files.ts';
import { sameCases } from '../support/seeded.ts';
import { allOf } from './stream-files.ts';

sameCases();

const odd = fc.constantFrom('NA', '?', 'oops', 'inf', '-Inf');
const whole = fc.nat({ max: 99 }).map(String);
const decimal = fc.integer({ min: -5000, max: 5000 }).map((value) => (value / 100).toFixed(2));
const number = fc.oneof(
  { weight: 8, arbitrary: decimal },
  { weight: 5, arbitrary: whole },
  { weight: 1, arbitrary: odd },
);
const word = fc.constantFrom('"a b"', 'Köln', 'x', '"q""r"', '"n\nm"');
const above = fc.constantFrom(
  [],
  ['# a comment of 5"', '', '% more'],
  ['A title of it', '', 'Some prose here that goes on', ''],
);

/** Tables as people have them: how they are written, and their cells. */
const files = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', ' ', '   '),
  comma: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  latin: fc.boolean(),
  above,
  header: fc.boolean(),
  hasNames: fc.boolean(),
  isEnded: fc.boolean(),
  /** This row lacks its last cell; of most files none. */
  short: fc.nat({ max: 40 }),
  rows: fc.array(fc.tuple(number, number, word, number), { minLength: 3, maxLength: 12 }),
});
type TableFile = typeof files extends fc.Arbitrary<infer T> ? T : never;

function bytesOf(file: TableFile): Uint8Array<ArrayBuffer> {
  const { delimiter, rows, short } = file;
  const isComma = file.comma && delimiter !== ',';
  const end = file.isEnded && delimiter.trim() !== '' ? delimiter : '';
  const body = rows.map((cells, n) => {
    const written = cells.map((cell) => (isComma ? cell.replace('.', ',') : cell));
    const row = n === short ? written.slice(0, -1) : written;
    return [...(file.hasNames ? [`"${n + 1}"`] : []), ...row].join(delimiter) + end;
  });
  const header = file.header ? [['x', 'y', 'kind', 'z'].join(delimiter)] : [];
  const text = [...file.above, ...header, ...body].join(file.lineEnd);
  return Uint8Array.from(Buffer.from(text, file.latin ? 'latin1' : 'utf8'));
}

test('a table is the same to the page and to fromFile, however it is written', async () => {
  let nRead = 0;
  await fc.assert(
    fc.asyncProperty(files, async (file) => {
      const bytes = bytesOf(file);
      const open = (options: Parameters<typeof fromFile>[1]) =>
        fromFile(new File([bytes], 'table.csv'), options).then(allOf);
      const read = await readFiles({ 'table.csv': bytes }).catch(() => undefined);
      if (!read) {
        const isRefused = await open({}).then(
          () => false,
          () => true,
        );
        if (!isRefused) throw new Error('The page refuses it.');
        return;
      }
      const { columns, nRows, forms } = read.table;
      const chosen = [...columns.keys()].filter((c) => isNumeric(columns[c]));
      if (chosen.length === 0) return;
      const numbers = await open({
        columns: chosen,
        missing: chosen.flatMap((c) => columns[c].oddWords),
        shortRows: forms[0].hasShortRows === true ? 'missing' : 'refuse',
      });
      const expected = Array.from({ length: nRows }, (_, n) =>
        chosen.map((c) => columns[c].values[n]),
      );
      expect(numbers.map((value) => value + 0)).toEqual(expected.flat().map((value) => value + 0));
      nRead++;
    }),
    { numRuns: 200 },
  );
  expect(nRead).toBeGreaterThan(100);
});
