import { MOST_WORDS } from '../../io/csv-column.ts';
import type { PartColumn } from './table.ts';

/** Values of a column as a reader gives them. */
export type Values = ArrayLike<unknown>;

/** A column of a file whose format names types. */
export interface TypedColumn {
  readonly name: string;
  readonly kind: 'single' | 'double' | 'words';
}

/** Makes columns of numbers and words of values; null and undefined are missing, and so is an empty text. */
export class TypedColumns {
  readonly columns: readonly TypedColumn[];
  readonly #words: string[][];
  readonly #positions: Map<string, number>[];
  readonly #isFull: boolean[];

  constructor(columns: readonly TypedColumn[]) {
    this.columns = columns;
    this.#words = columns.map(() => []);
    this.#positions = columns.map(() => new Map<string, number>());
    this.#isFull = columns.map(() => false);
  }

  get names(): string[] {
    return this.columns.map(({ name }) => name);
  }

  words(c: number): { words: readonly string[]; isFreeText: boolean } {
    return { words: this.#words[c], isFreeText: this.#isFull[c] };
  }

  take(c: number, values: Values): PartColumn {
    const { kind } = this.columns[c];
    if (kind === 'words') return Int32Array.from(values, (value) => this.#position(c, value));
    const numbers =
      kind === 'single' ? new Float32Array(values.length) : new Float64Array(values.length);
    for (let n = 0; n < numbers.length; n++) numbers[n] = numberOf(values[n]);
    return numbers;
  }

  #position(c: number, value: unknown): number {
    if (value === null || value === undefined || value === '') return -1;
    const word = typeof value === 'string' ? value : JSON.stringify(value);
    const known = this.#positions[c].get(word);
    if (known !== undefined) return known;
    if (this.#words[c].length >= MOST_WORDS) {
      this.#isFull[c] = true;
      // (there, but not kept)
      return -2;
    }
    const position = this.#words[c].push(word) - 1;
    this.#positions[c].set(word, position);
    return position;
  }
}

/** A date is its milliseconds since 1970. */
function numberOf(value: unknown): number {
  if (typeof value === 'number') return value;
  return value === null || value === undefined ? NaN : Number(value);
}

/** What is said of columns of lists, structures and bytes. */
export function leftOut(names: readonly string[]): string {
  if (names.length === 0) return '';
  return `Left out, as neither numbers nor words: ${names.join(', ')}.`;
}
