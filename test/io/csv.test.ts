import { array, assert, boolean, constantFrom, double, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MixtureError } from '../../src/errors.ts';
import { readCsv } from '../../src/io/csv.ts';
import type { CsvOptions } from '../../src/io/csv.ts';
import { sameCases } from '../support/seeded.ts';

sameCases();

function rows(text: string | Uint8Array, options?: CsvOptions): number[][] {
  const { data, nSamples, nFeatures } = readCsv(text, options).samples;
  return Array.from({ length: nSamples }, (_, row) =>
    Array.from(data.subarray(row * nFeatures, (row + 1) * nFeatures)),
  );
}

function failure(text: string | Uint8Array, options?: CsvOptions): MixtureError {
  try {
    readCsv(text, options);
  } catch (error) {
    if (error instanceof MixtureError) return error;
    throw error;
  }
  throw new Error('the text was read without an error');
}

describe('the shape of the file', () => {
  it.each([
    ['commas', 'a,b\n1,2\n3,4\n'],
    ['semicolons', 'a;b\n1;2\n3;4\n'],
    ['tabs', 'a\tb\n1\t2\n3\t4\n'],
    ['bars', 'a|b\n1|2\n3|4\n'],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n'],
    ['CR alone', 'a,b\r1,2\r3,4\r'],
    ['mixed line ends', 'a,b\r\n1,2\n3,4\r'],
    ['no line end at the end', 'a,b\n1,2\n3,4'],
    ['blank lines around and between', '\n\na,b\n1,2\n\n3,4\n\n  \n'],
    ['a byte order mark', '\ufeffa,b\n1,2\n3,4\n'],
    ['quoted numbers', '"a","b"\n"1","2"\n"3",4\n'],
    ['spaces around values and before quotes', '"a", "b"\n 1 , "2" \n "3",\t4\n'],
  ])('%s are understood', (_, text) => {
    expect(rows(text)).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(readCsv(text).columnNames).toEqual(['a', 'b']);
  });

  it('a delimiter or a line end in quotes is part of the value', () => {
    const text = '"width, in\ncm","say ""b"""\n1,2\n3,4,5\n';
    const names: string[] = [];
    const choose = (found: readonly string[]) => {
      names.push(...found);
      return undefined;
    };
    expect(readCsv(text.replace(',5', ''), { columns: choose }).columnNames).toEqual([
      'width, in\ncm',
      'say "b"',
    ]);
    expect(names).toEqual(['width, in\ncm', 'say "b"']);
    // Lines are counted as an editor counts them.
    expect(failure(text).message).toBe('Line 4 has 3 fields where the header (line 1) has 2.');
  });

  it('spaces before quotes that hold a delimiter do not split the value', () => {
    expect(readCsv('"a", "b, c"\n1, "2"\n').columnNames).toEqual(['a', 'b, c']);
  });

  it('decimal commas beat comma-separated fields of digits', () => {
    expect(rows('5,1;3,5\n2,2;4,5\n')).toEqual([
      [5.1, 3.5],
      [2.2, 4.5],
    ]);
  });

  it('UTF-16 with a byte order mark is read, as Excel writes "Unicode text"', () => {
    const text = 'é\tb\r\n1\t2\r\n';
    const bytes = new Uint8Array(2 + 2 * text.length);
    bytes.set([0xff, 0xfe]);
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < text.length; i++) view.setUint16(2 + 2 * i, text.charCodeAt(i), true);
    expect(readCsv(bytes).columnNames).toEqual(['é', 'b']);
    expect(rows(bytes)).toEqual([[1, 2]]);
  });

  it('a delimiter that is asked for is used', () => {
    expect(rows('1:2\n3:4\n', { delimiter: ':' })).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(failure('1,2\n', { delimiter: '::' }).code).toBe('INVALID_OPTION');
  });
});

describe('the header', () => {
  it('is found where a column of numbers begins with text', () => {
    expect(readCsv('height,name\n1.5,ann\n1.6,bob\n').hasHeader).toBe(true);
  });

  it('is not seen in text above text', () => {
    const { hasHeader, columnNames } = readCsv('ann,1.5\nbob,1.6\n');
    expect(hasHeader).toBe(false);
    expect(columnNames).toEqual(['column 2']);
  });

  it('can be stated against appearances', () => {
    expect(rows('2019,2020\n1,2\n', { header: true })).toEqual([[1, 2]]);
    expect(readCsv('2019,2020\n1,2\n', { header: true }).columnNames).toEqual(['2019', '2020']);
    expect(failure('a,b\n1,2\n', { header: false }).message).toBe(
      'Line 1, column "column 1": "a" is not a number.',
    );
  });

  it('gives a nameless column its position', () => {
    expect(readCsv('"",x\n1,2\n2,3\n').columnNames).toEqual(['column 1', 'x']);
  });
});

describe('the choice of columns', () => {
  const text = 'name,x,y\nann,1,2\nbob,3,4\n';

  it('leaves text out with its reason, and columns without values', () => {
    const { columnNames, skippedColumns } = readCsv('name,x,empty\nann,1,\nbob,3,\n');
    expect(columnNames).toEqual(['x']);
    expect(skippedColumns).toEqual([
      { name: 'name', reason: 'text (line 2: "ann")' },
      { name: 'empty', reason: 'no values' },
    ]);
  });

  it('takes names and positions, in the order asked for', () => {
    expect(rows(text, { columns: ['y', 1] })).toEqual([
      [2, 1],
      [4, 3],
    ]);
    expect(readCsv(text, { columns: ['y', 1] }).columnNames).toEqual(['y', 'x']);
  });

  it('refuses a text column that was asked for, with line and column', () => {
    const error = failure(text, { columns: ['name', 'x'] });
    expect(error.code).toBe('INVALID_SAMPLES');
    expect(error.message).toBe('Line 2, column "name": "ann" is not a number.');
    expect(error.details).toEqual({ line: 2, column: 'name', value: 'ann' });
  });

  it.each([
    ['an unknown name', ['z'], 'The file has no column "z".'],
    ['an unknown position', [3], 'There is no column number 4: the file has 3.'],
    ['a column twice', ['x', 1], 'The column "x" is asked for twice.'],
    ['nothing', [], 'The list of columns is empty.'],
  ])('refuses %s', (_, columns, message) => {
    const error = failure(text, { columns });
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toBe(message);
  });

  it('does not mind missing values in a column that is not used', () => {
    expect(rows('a,b\n1,\n3,4\n', { columns: ['a'] })).toEqual([[1], [3]]);
  });

  it('refuses a name that two columns have, but takes their positions', () => {
    expect(failure('x,x\n1,2\n', { columns: ['x'] }).message).toBe(
      'The file has more than one column "x".',
    );
    expect(rows('x,x\n1,2\n', { columns: [1] })).toEqual([[2]]);
  });
});

describe('what is no complete table of numbers is refused with its place', () => {
  it.each([
    ['', 'The file is empty.'],
    ['\n \n', 'The file is empty.'],
    ['a,b\n', 'The file has a header but no rows of values.'],
    ['cat,dog\nx,y\n', 'No column holds numbers; the first, "cat", holds text (line 2: "x").'],
    ['a,b\n1,2\n3\n', 'Line 3 has 1 field where the header (line 1) has 2.'],
    ['1,2\n3,4,5\n', 'Line 2 has 3 fields where the first row (line 1) has 2.'],
    ['a,b\n1,\n3,4\n', 'Line 2, column "b": the value is missing.'],
    ['a,b\n1,N/A\n3,4\n', 'Line 2, column "b": the value is missing ("N/A").'],
    ['x\n1\n\n2\n', 'Line 3, column "x": the value is missing.'],
    ['a,b\n1,2\n3,4x\n5,6\n', 'Line 3, column "b": "4x" is not a number.'],
    ['a,b\n1,0x1f\n3,4\n', 'Line 2, column "b": "0x1f" is not a number.'],
    ['a,b\n1,-inf\n3,4\n', 'Line 2, column "b": "-inf" is not a finite number.'],
    ['a,b\n1,1e999\n3,4\n', 'Line 2, column "b": "1e999" is not a finite number.'],
    ['a,b\n1,"2\n3,4\n', 'Line 2 has a quoted field that does not end where it should.'],
    ['a,b\n1,"2"x\n3,4\n', 'Line 2 has a quoted field that does not end where it should.'],
    [
      'a;b\n1,234;2.5\n',
      'Line 2, column "a" writes "1,234" with a comma, but line 2, column "b" writes "2.5" with a point.',
    ],
  ])('%j', (text, message) => {
    const error = failure(text);
    expect(error.message).toBe(message);
    expect(['INVALID_SAMPLES', 'NON_FINITE']).toContain(error.code);
    expect(error.hint).toMatch(/\.$/);
  });

  it.each(['NA', 'na', 'NaN', 'null', 'None', '?', '-', '.', '#N/A', ' '])(
    'takes %j for a missing value',
    (spelling) => {
      expect(failure(`a,b\n1,${spelling}\n3,4\n`).message).toContain('the value is missing');
    },
  );

  it('takes a number for a missing value where it is said to be one', () => {
    expect(failure('a,b\n1,-999\n3,4\n', { missing: ['-999'] }).message).toBe(
      'Line 2, column "b": the value is missing ("-999").',
    );
  });

  it.each([
    ['gzip', [0x1f, 0x8b, 8], 'The input is gzip-compressed, not CSV text.'],
    ['zip', [0x50, 0x4b, 3], 'The input is a zip archive (or an Excel workbook), not CSV text.'],
    ['binary', [1, 0, 2], 'The input is binary data, not CSV text.'],
  ])('knows %s data from text', (_, bytes, message) => {
    expect(failure(Uint8Array.from(bytes)).message).toBe(message);
  });
});

describe('any table of numbers', () => {
  const table = integer({ min: 2, max: 5 }).chain((width) =>
    array(
      array(double({ noNaN: true, noDefaultInfinity: true }), {
        minLength: width,
        maxLength: width,
      }),
      { minLength: 1, maxLength: 20 },
    ),
  );

  it('comes back bit for bit, whatever the dialect', () => {
    assert(
      property(
        table,
        constantFrom(',', ';', '\t', '|'),
        constantFrom('\n', '\r\n'),
        boolean(),
        (numbers, delimiter, lineEnd, quoted) => {
          const cell = (value: number) => {
            const text = Object.is(value, -0) ? '-0' : String(value);
            return quoted ? `"${text}"` : text;
          };
          const text = numbers.map((row) => row.map(cell).join(delimiter)).join(lineEnd);
          expect(rows(text)).toEqual(numbers);
        },
      ),
    );
  });

  it('is read across the chunks of a long file, and lines are still counted right', () => {
    const line = '"1.25",2.5,"3",4\n';
    const nLines = 200_000; // 3.4 MB: several chunks
    const text = `"a","b\nb","c","d"\n${line.repeat(nLines)}`;
    const { samples } = readCsv(text);
    expect(samples.nSamples).toBe(nLines);
    expect(samples.data.subarray(-4)).toEqual(Float64Array.of(1.25, 2.5, 3, 4));
    expect(failure(`${text}1,2\n`).details).toMatchObject({ line: nLines + 3, fields: 2 });
    expect(failure(`${text}"1"2,3,4,5\n${line}`).details).toMatchObject({ line: nLines + 3 });
  });
});
