import { MixtureError } from '../errors.ts';
import { MOST_WORDS } from './csv-column.ts';
import type { CsvColumn } from './csv-column.ts';

/**
 * Columns of text as categories: every different cell is a word, and the words become 0, 1, ... in their order
 * (numbers within them by size: "2" before "10"). A column of numbers stays as it is.
 */
export interface WordRules {
  /** A column of fewer different words is left out. Default 1. */
  readonly least?: number | undefined;
  /** A column of more different words is left out. */
  readonly most: number;
  /** The words of each feature in use, where they are known already; undefined for a feature of numbers. */
  readonly known?: readonly (readonly string[] | undefined)[] | undefined;
}

/** Whether a column in use, the feature-th, is read as categories. */
export function areCategories(
  column: CsvColumn,
  rules: WordRules | undefined,
  feature: number,
): boolean {
  if (rules === undefined) return false;
  if (rules.known) return rules.known[feature] !== undefined;
  return column.hasText && whyNotCategories(column, rules) === undefined;
}

/** Why a column of text cannot be categories, as a phrase; undefined where it can. */
export function whyNotCategories(
  column: CsvColumn,
  { least = 1, most }: WordRules,
): string | undefined {
  const { size } = column.words;
  if (size >= least && size <= most) return undefined;
  const count = size >= MOST_WORDS ? `${MOST_WORDS} or more` : String(size);
  const wanted = least === most ? `${most}` : `at most ${most}`;
  return `text of ${count} different words (${wanted} can be used)`;
}

/**
 * The rows of a column as numbers of categories, and the words that these stand for.
 * @throws MixtureError INVALID_SAMPLES for a word that is none of the known ones
 */
export function encodeWords(
  column: CsvColumn,
  name: string,
  known: readonly string[] | undefined,
): { values: Float64Array; categories: readonly string[] } {
  const categories = known ?? [...column.words.keys()].toSorted(inOrder);
  const { values, unknown } = column.encode(categories);
  if (unknown !== undefined) {
    const { line } = column.words.get(unknown)!;
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Line ${line}, column "${name}": "${unknown}" is none of the words that the model was fitted on.`,
      `They are ${categories
        .slice(0, 20)
        .map((word) => `"${word}"`)
        .join(', ')}${categories.length > 20 ? ', ...' : ''}.`,
      { line, column: name, value: unknown },
    );
  }
  return { values, categories };
}

const { compare: inOrder } = new Intl.Collator('en', { numeric: true });
