import { MixtureError } from '../errors.ts';

/** What is wrong with a CSV file, by line and column, as every reader of them says it. */

export function raggedRow(
  line: number,
  fields: number,
  header: { readonly isNamed: boolean; readonly line: number; readonly fields: number },
): MixtureError {
  const first = header.isNamed ? 'the header' : 'the first row';
  return new MixtureError(
    'INVALID_SAMPLES',
    `Line ${line} has ${fields} field${fields === 1 ? '' : 's'} where ${first} (line ${header.line}) has ${header.fields}.`,
    'Give every row one field a column; look for a missing value, a stray delimiter or a comma outside quotes.',
    { line, fields, expected: header.fields },
  );
}

export function brokenQuotes(line: number): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    `Line ${line} has a quoted field that does not end where it should.`,
    'Close every quote, and write a quote inside a quoted field twice ("").',
    { line },
  );
}

/** @param why more about the column, as a phrase */
export function notANumber(
  line: number,
  column: string,
  value: string,
  why?: string,
): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    `Line ${line}, column "${column}": ${quotedCell(value)} is not a number${why === undefined ? '' : `, and the column is ${why}`}.`,
    'Correct the value, or choose columns that hold numbers only.',
    { line, column, value },
  );
}

export function notFinite(line: number, column: string, value: string): MixtureError {
  return new MixtureError(
    'NON_FINITE',
    `Line ${line}, column "${column}": ${quotedCell(value)} is not a finite number.`,
    'Correct the value or delete the line: a Gaussian has no place for infinity.',
    { line, column, value },
  );
}

/** A cell with the column that it stands in. */
export interface NamedCell {
  readonly line: number;
  readonly column: string;
  readonly text: string;
}

/** `1,234` beside `1.5` may be a thousands separator: refuse to guess. */
export function mixedDecimalMarks(comma: NamedCell, point: NamedCell): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    `Line ${comma.line}, column "${comma.column}" writes ${quotedCell(comma.text)} with a comma, but line ${point.line}, column "${point.column}" writes ${quotedCell(point.text)} with a point.`,
    'Use one decimal mark in the whole file, and no thousands separators.',
    { line: comma.line, column: comma.column, value: comma.text },
  );
}

export function noRows(hasHeader: boolean): MixtureError {
  return new MixtureError(
    'INVALID_SAMPLES',
    hasHeader ? 'The file has a header but no rows of values.' : 'The file is empty.',
    'Give a file with one sample a line.',
  );
}

export function quotedCell(text: string): string {
  const trimmed = text.trim();
  return JSON.stringify(trimmed.length > 40 ? `${trimmed.slice(0, 40)}…` : trimmed);
}
