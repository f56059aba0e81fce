import { describe, expect, test } from 'vitest';
import { assemble, kindOf } from '../src/app/data/assemble.ts';
import { clearChoice, defaultChoice, unclearColumns } from '../src/app/data/choice.ts';
import { oddSentence } from '../src/app/data/odd-words.ts';
import { ownFiles } from '../src/app/data/sources.ts';
import { axesProjection } from '../src/app/plot/projection.ts';
import { windowOf } from '../src/app/plot/view-window.ts';
import { columnsBy, readFiles } from './setup/read-files.ts';

const LABEL = ownFiles([new File([], 'some.csv')]);
const lines = (n: number, cell: (n: number) => string) =>
  `x,y\n${Array.from({ length: n }, (_, i) => `${i % 7},${cell(i)}`).join('\n')}\n`;

describe('cells of a column of numbers that hold none', () => {
  test('are named, asked about, and missing on the word', async () => {
    const text = lines(100, (n) =>
      n === 40 ? 'n.d.' : n === 90 ? 'inf' : n === 95 ? 'NA' : `${n}`,
    );
    const { table } = await readFiles({ 'a.csv': text });
    const [, y] = table.columns;
    expect([y.type, y.nOdd, y.nMissing, y.min, y.max]).toEqual(['number', 2, 1, 0, 99]);
    expect(oddSentence(y)).toBe('2 of 99 cells: line 42 "n.d.", line 92 "inf"');
    const choice = defaultChoice(table);
    expect(unclearColumns(table, choice)).toEqual([y]);
    expect(clearChoice(table, choice).columns).toEqual([0]);
    await expect(assemble(table, choice, LABEL)).rejects.toThrow('line 42 "n.d."');
    const data = await assemble(table, { ...choice, odd: 'missing' }, LABEL);
    expect(data.missingWords).toEqual(['n.d.', 'inf']);
    expect(data.ranges).toEqual([
      { low: 0, high: 6 },
      { low: 0, high: 99 },
    ]);
    const plane = axesProjection(['x', 'y'], 0, 1);
    expect(windowOf(data, plane)).toEqual(windowOf({ samples: data.samples }, plane));
    expect([data.nMissing, data.samples.data[81], data.samples.data[83]]).toEqual([3, NaN, 41]);
    const out = await assemble(table, { ...choice, odd: 'missing', missing: 'leave out' }, LABEL);
    expect(out.samples.nSamples).toBe(97);
    expect(out.note).toContain('y, 2 of 99 cells: line 42 "n.d.", line 92 "inf"');
  });

  test('are too many, wherever they stand: the column is one of words, numbers too', async () => {
    // the first 256 KiB hold numbers only
    const text = lines(120_000, (n) =>
      n < 70_000 ? `${n % 50}` : n % 3 === 0 ? '7' : `late ${n % 5}`,
    );
    const { table, firsts } = await readFiles({ 'a.csv': text }, { first: 1e5, memory: 1e9 });
    expect(firsts[0].columns[1].type).toBe('number');
    const [, y] = table.columns;
    expect([y.type, y.categories!.length, y.nMissing, y.nOdd]).toEqual(['words', 55, 0, 0]);
    expect(y.nNumbers).toBe(text.split(/,\d+\n/).length - 1);
    const word = (row: number) => y.categories![y.values[row]];
    expect([word(0), word(69_999), word(70_001), word(119_999)]).toEqual([
      '0',
      '49',
      'late 1',
      'late 4',
    ]);
    expect(defaultChoice(table).columns).toEqual([0]);
    expect(kindOf(y)).toBe('55 words');
    // the choice made by the first rows goes on without it
    expect(clearChoice(table, defaultChoice(firsts[0])).columns).toEqual([0]);
  });

  test.each([
    ['1,2,3,four', 'number', 1],
    ['1,2,three,four,five', 'words', 0],
    ['one,2,3', 'number', 1],
    ['inf,-inf', 'words', 0],
    ['1,inf,2,3', 'number', 1],
    ['1,NA,n/a,NULL,None,?,-,#N/A,nAn,<NA>,2', 'number', 0],
  ])('%s: %s, %i', async (cells, type, nOdd) => {
    const { table } = await readFiles({ 'a.csv': `x\n${cells.replaceAll(',', '\n')}\n` });
    expect([table.columns[0].type, table.columns[0].nOdd]).toEqual([type, nOdd]);
  });

  test('of several files, and of rows of which some are taken, are found by their places', async () => {
    const part = (odd: number) => lines(40, (n) => (n === odd ? 'odd' : `${n * n}`));
    const { table } = await readFiles({ 'a.csv': part(3), 'b.csv': part(5) });
    expect(oddSentence(columnsBy(table)['y'])).toBe(
      '2 of 80 cells: a.csv line 5 "odd", b.csv line 7 "odd"',
    );
    const long = lines(120_000, (n) => (n % 40_000 === 39 ? 'odd' : `${n}`));
    const third = await readFiles({ 'long.csv': long }, { first: 1e5, memory: 1e6 }, 3);
    const { nOdd, values } = columnsBy(third.table)['y'];
    // of the rows 39, 40039 and 80039 one is taken
    expect([third.table.nRows, nOdd, values[13], values[14]]).toEqual([40_000, 1, NaN, 42]);
  });
});

test('one row is no sample to cluster, and words alone are none', async () => {
  const one = (await readFiles({ 'a.csv': 'x,y\n1,2\n' })).table;
  await expect(assemble(one, defaultChoice(one), LABEL)).rejects.toThrow(
    'There is one row to fit.',
  );
  const words = (await readFiles({ 'a.csv': 'a,b\nred,x\nblue,y\n' })).table;
  await expect(assemble(words, defaultChoice(words), LABEL)).rejects.toThrow(
    'There is no column of numbers to fit among 2 columns: a (2 words), b (2 words).',
  );
});
