import { describe, expect, it } from 'vitest';
import { fillCsv } from '../../src/io/csv-fill.ts';
import { readCsv } from '../../src/io/csv.ts';
import type { CsvOptions } from '../../src/io/csv.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);

/** The file with each missing cell replaced by `n,d` of its place, or by what `textOf` says. */
function filled(
  bytes: Uint8Array,
  options: CsvOptions = {},
  textOf = (n: number, d: number) => `${n}.${d}`,
): Uint8Array {
  return fillCsv(bytes, readCsv(bytes, { allowMissing: true, ...options }), textOf);
}

/** Both columns, where one has no value at all and would be left out. */
const BOTH = { columns: [0, 1] };

describe('fillCsv writes missing cells and leaves every other byte', () => {
  it.each<[string, string, string, CsvOptions?]>([
    ['line ends of Windows', 'a,b\r\n1,NA\r\n,4\r\n', 'a,b\r\n1,0.1\r\n1.0,4\r\n'],
    ['no line end at the end', 'a,b\n1,2\n3,', 'a,b\n1,2\n3,1.1'],
    ['spaces', 'a,b\n 1 , NA \n2,  \n', 'a,b\n 1 , 0.1 \n2,1.1\n', BOTH],
    ['quotes', '"a, b", "c"\n"1","NA"\n"",4\n', '"a, b", "c"\n"1","0.1"\n"1.0",4\n'],
    ['blank lines', '\na,b\n\n1,\n   \n,2\n\n', '\na,b\n\n1,0.1\n   \n1.0,2\n\n'],
    ['no header', '1,2\n?,4\n', '1,2\n1.0,4\n'],
    ['one column', 'a\n1\n\n2\n""\n3\n\n', 'a\n1\n1.0\n2\n"3.0"\n3\n\n'],
    [
      'columns in another order',
      'a,t,b\n1,x,\n,y,4\n',
      'a,t,b\n1,x,0.0\n1.1,y,4\n',
      { columns: ['b', 'a'] },
    ],
    ['columns left alone', 'a,b\n,\n1,2\n', 'a,b\n,0.0\n1,2\n', { columns: ['b'] }],
    [
      'spaces between, prose above and names of rows',
      'Measured at noon in May,\n\n   x   y\n1  1.5  NA\n2   ?  4 \r\n3 2.5 5\n4 3.5 "NA"',
      'Measured at noon in May,\n\n   x   y\n1  1.5  0.1\n2   1.0  4 \r\n3 2.5 5\n4 3.5 "3.1"',
      { columns: ['x', 'y'] },
    ],
    ['comments', '# "a\na;b\n1,5;\n  % none\n;2\n', '# "a\na;b\n1,5;0.1\n  % none\n1.0;2\n', BOTH],
    ['a delimiter too many', 'sep=|\na|b|\n1||\n|2|\n', 'sep=|\na|b|\n1|0.1|\n1.0|2|\n', BOTH],
    ['a byte order mark', '\ufeffa;b\n1,5;\n', '\ufeffa;b\n1,5;0.1\n', BOTH],
    ['a delimiter of two bytes', 'c§d\n1§2\n§4\n', 'c§d\n1§2\n1.0§4\n', { delimiter: '§' }],
    ['a line end in quotes', '"a\nb",c\n1,\n', '"a\nb",c\n1,0.1\n', BOTH],
  ])('%s', (_, before, after, options = {}) => {
    const bytes = filled(utf8(before), options);
    expect(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)).toBe(after);
  });

  it('bytes that are no UTF-8 stay what they are', () => {
    const bytes = Uint8Array.of(...utf8('a,t\n1,'), 0xff, 0xe9, ...utf8('\n,x\n'));
    const expected = Uint8Array.of(...utf8('a,t\n1,'), 0xff, 0xe9, ...utf8('\n1.0,x\n'));
    expect(filled(bytes)).toEqual(expected);
  });

  it.each([
    ['little-endian', true],
    ['big-endian', false],
  ])('UTF-16, %s', (_, littleEndian) => {
    const encode = (text: string) => {
      const view = new DataView(new ArrayBuffer(2 * text.length + 2));
      `\ufeff${text}`
        .split('')
        .forEach((letter, i) => view.setUint16(2 * i, letter.charCodeAt(0), littleEndian));
      return new Uint8Array(view.buffer);
    };
    expect(filled(encode('é\tb\n1\t2\n\t4\n'))).toEqual(encode('é\tb\n1\t2\n1.0\t4\n'));
  });

  it('a word of a Windows-1252 file is written as it is there', () => {
    const bytes = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'));
    const after = filled(bytes('Ort;x\nKöln;1\n;2\n'), { words: { most: 9 } }, () => 'Köln');
    expect(after).toEqual(bytes('Ort;x\nKöln;1\nKöln;2\n'));
  });

  it('puts a word into quotes where it needs them', () => {
    const bytes = utf8('a,b\n"x, ""y""",1\n,2\n"",3\n');
    const after = new TextDecoder().decode(filled(bytes, { words: { most: 9 } }, () => 'x, "y"'));
    expect(after).toBe('a,b\n"x, ""y""",1\n"x, ""y""",2\n"x, ""y""",3\n');
  });
});

describe('words', () => {
  const votes = utf8('name,v,n\nann,y,1\nbob,n,0\ncay,,1\ndan,y,0\n');

  it('become categories in their order, a header of words is found', () => {
    const options = { allowMissing: true, words: { least: 2, most: 2 } };
    const { samples, columnNames, categories, skippedColumns, missing } = readCsv(votes, options);
    expect(columnNames).toEqual(['v', 'n']);
    expect(categories).toEqual([['n', 'y'], undefined]);
    expect(Array.from(samples.data)).toEqual([1, 1, 0, 0, NaN, 1, 1, 0]);
    expect(skippedColumns).toEqual([
      { name: 'name', reason: 'text of 4 different words (2 can be used)' },
    ]);
    expect(missing).toBe(1);
    const all = readCsv(utf8('a,b\nx,u\ny,u\nx,v\n'), { words: { most: 9 } });
    expect(all.hasHeader).toBe(true);
    expect(all.samples.nSamples).toBe(3);
  });

  it('that hold numbers are ordered by size', () => {
    const { categories } = readCsv(utf8('a\n10\n2\n1+\n2\n'), { words: { most: 9 } });
    expect(categories).toEqual([['1+', '2', '10']]);
  });

  it('that are known keep their numbers, and another is an error', () => {
    const known = [['n', 'y'], undefined];
    const options = { columns: ['v', 'n'], words: { most: 9, known } };
    const some = readCsv(utf8('n,v\n1,y\n0,y\n'), options);
    expect(Array.from(some.samples.data)).toEqual([1, 1, 1, 0]);
    expect(() => readCsv(utf8('n,v\n1,y\n0,maybe\n'), options)).toThrow(
      'Line 3, column "v": "maybe" is none of the words that the model was fitted on.',
    );
  });

  it('do not make a column of numbers one of words', () => {
    const options = { words: { most: 9 } };
    expect(readCsv(utf8('a,b\n1,x\n2,y\n1,x\n'), options).categories).toEqual([
      undefined,
      ['x', 'y'],
    ]);
  });
});
