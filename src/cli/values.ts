import Papa from 'papaparse';
import { UsageError } from './errors.ts';

// Each reads the value of an option, and gives undefined for an option that is not there: the library
// has the defaults.

/** A whole number of at least `least`. */
export function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\+?\d+$/.test(text.trim()) || !Number.isSafeInteger(value) || value < least) {
    throw new UsageError(
      `${option} needs a whole number of at least ${least}, not "${text}".`,
      `For example ${option} ${Math.max(least, 3)}.`,
    );
  }
  return value;
}

/** A finite number, zero or greater. */
export function nonNegative(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new UsageError(
      `${option} needs a number that is zero or greater, not "${text}".`,
      `For example ${option} 1e-4.`,
    );
  }
  return value;
}

/** Numbers by commas (rows of a matrix may end in a semicolon), each finite and at least `least`. */
export function numberList(option: string, text: string, least: number): number[] {
  return text.split(/[,;]/).map((word) => {
    const value = Number(word);
    if (word.trim() !== '' && Number.isFinite(value) && value >= least) return value;
    throw new UsageError(
      `${option} needs numbers${least === -Infinity ? '' : ` of at least ${least}`} with commas between them, not "${text}".`,
      `For example ${option} 2, or ${option} 1.5,2.`,
    );
  });
}

/** One number, or several. */
export function oneOrMore(
  option: string,
  text: string | undefined,
  least: number,
): number | number[] | undefined {
  if (text === undefined) return undefined;
  const numbers = numberList(option, text, least);
  return numbers.length === 1 ? numbers[0] : numbers;
}

/** One of the words that an option takes. */
export function choice<const Word extends string>(
  option: string,
  text: string | undefined,
  words: readonly Word[],
): Word | undefined {
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) {
    throw new UsageError(`${option} cannot be "${text}".`, `Use one of ${words.join(', ')}.`);
  }
  return word;
}

/**
 * The columns of `--columns a,b,3`: names, and positions as the reader counts them (from 0) for
 * what is all digits. A name with a comma stands in quotes: `--columns 'a,"b, c"'`.
 */
export function columnList(text: string): (string | number)[] {
  const [names = []] = Papa.parse<string[]>(text, { delimiter: ',' }).data;
  return names.map((name) => {
    const word = name.trim();
    if (word === '') {
      throw new UsageError(
        `--columns has an empty name in "${text}".`,
        'Separate names or positions by commas: --columns height,weight,5.',
      );
    }
    if (!/^\d+$/.test(word)) return word;
    if (Number(word) === 0) {
      throw new UsageError('--columns counts positions from 1, not 0.', 'The first column is 1.');
    }
    return Number(word) - 1;
  });
}

/** A delimiter as people type it: a character, or "tab" or "\t". */
export function delimiter(text: string): string {
  return text === 'tab' || text === '\\t' ? '\t' : text;
}
