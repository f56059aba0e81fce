import type { Field } from './address.ts';
import type { PackedModel } from './packed-model.ts';

/** Rows of numbers and lists of those: of what an address may hold, only digits, ".", "-" and "e" are in numbers. */
const [NUMBERS, ROWS, LISTS] = [',', '~', '_'];

export function rows(key: string): Field<PackedModel> {
  return { key, write: rowsText, read: readRows };
}

export function lists(key: string): Field<readonly PackedModel[]> {
  return {
    key,
    write: (all) => all.map(rowsText).join(LISTS),
    read: (text) => whole(text.split(LISTS).map(readRows)),
  };
}

/** So many characters of an address are these rows. */
export function rowsText(all: PackedModel): string {
  // (a "+" would be read as a space, and a 0 before the point is a character)
  const number = (value: number) =>
    String(value)
      .replace('+', '')
      .replace(/^(-?)0\./, '$1.');
  return all.map((row) => row.map(number).join(NUMBERS)).join(ROWS);
}

export function numberOf(text: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

function readRows(text: string): PackedModel | undefined {
  return whole(text.split(ROWS).map((row) => whole(row.split(NUMBERS).map(finite))));
}

function finite(text: string): number | undefined {
  const value = numberOf(text);
  return Number.isFinite(value) ? value : undefined;
}

function whole<T>(values: readonly (T | undefined)[]): T[] | undefined {
  return values.includes(undefined) ? undefined : (values as T[]);
}
