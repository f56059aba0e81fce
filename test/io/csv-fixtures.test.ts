import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCsv } from '../../src/io/csv.ts';

// Iris written in awkward ways, each file beside the matrix that a careful reader returns.
const FOLDER = new URL('../fixtures/awkward/', import.meta.url);

interface Expected {
  columns: string[];
  n: number;
  d: number;
  x: (number | null)[];
}

function readFixture(name: string): { bytes: Uint8Array; expected: Expected } {
  const bytes = readFileSync(new URL(`${name}.csv`, FOLDER));
  const json = readFileSync(new URL(`${name}.expected.json`, FOLDER), 'utf8');
  return { bytes, expected: JSON.parse(json) as Expected };
}

describe('an awkward CSV file with complete data gives exactly the expected matrix', () => {
  it.each([
    ['01-plain', []],
    ['02-bom-crlf-noeol', []],
    ['03-semicolon-decimal-comma', []],
    ['06-constant-and-duplicate-columns', []],
    ['08-huge-offsets', []],
    ['09-scientific-quoted-spaces', []],
    ['14-text-columns', ['species', 'island']],
  ])('%s', (name, skipped) => {
    const { bytes, expected } = readFixture(name);
    const { samples, columnNames, skippedColumns, hasHeader } = readCsv(bytes);
    expect(hasHeader).toBe(true);
    expect(columnNames).toEqual(expected.columns);
    expect(samples.nSamples).toBe(expected.n);
    expect(samples.nFeatures).toBe(expected.d);
    expect(Array.from(samples.data)).toEqual(expected.x);
    expect(skippedColumns.map((column) => column.name)).toEqual(skipped);
  });
});

describe('an awkward CSV file that cannot be fitted is refused with its place', () => {
  it('04-missing-tokens: names the first missing value', () => {
    const { bytes, expected } = readFixture('04-missing-tokens');
    const first = expected.x.indexOf(null);
    const line = Math.floor(first / expected.d) + 2;
    const column = expected.columns[first % expected.d];
    expect(() => readCsv(bytes)).toThrowError(
      expect.objectContaining({
        code: 'INVALID_SAMPLES',
        details: expect.objectContaining({ line, column }),
      }),
    );
  });

  it('11-ragged: names the first line of another length', () => {
    expect(() => readCsv(readFixture('11-ragged').bytes)).toThrowError(
      'Line 22 has 3 fields where the header (line 1) has 4.',
    );
  });

  it('12-header-only: says that there are no rows', () => {
    expect(() => readCsv(readFixture('12-header-only').bytes)).toThrowError(
      'The file has a header but no rows of values.',
    );
  });
});
