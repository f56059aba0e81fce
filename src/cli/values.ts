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

/** Bytes: a number, or one with K, M or G (of 1024), as in 256M or 1.5GB. */
export function byteSize(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const match = /^(\d+(?:\.\d+)?)\s*(?:([KMG])(?:i?B)?|B)?$/i.exec(text.trim());
  if (!match) {
    throw new UsageError(
      `${option} needs a number of bytes, not "${text}".`,
      `For example ${option} 256M, or ${option} 1.5G.`,
    );
  }
  const power = match[2] === undefined ? 0 : 'KMG'.indexOf(match[2].toUpperCase()) + 1;
  return Math.floor(Number(match[1]) * 1024 ** power);
}

/** Longer ranges are a slip of the keyboard. */
const MOST_NUMBERS = 1000;

/** Whole numbers of at least 1, each once: by commas, and as ranges: "1-16", "2,4,8", "1-4,8". */
export function wholeNumbers(option: string, text: string): number[] {
  const numbers = text.split(',').flatMap((part) => {
    const [first, last = first] = part.split('-').map((word) => word.trim());
    const [from, to] = [Number(first), Number(last)];
    const isRange = /^\s*\d+\s*(-\s*\d+\s*)?$/.test(part) && from >= 1 && to >= from;
    if (!isRange) {
      throw new UsageError(
        `${option} needs whole numbers of at least 1 and ranges of them, not "${text}".`,
        `For example ${option} 1-16, or ${option} 2,4,8.`,
      );
    }
    if (to - from >= MOST_NUMBERS) {
      throw new UsageError(
        `${option} ${part.trim()} is ${to - from + 1} numbers, and at most ${MOST_NUMBERS} are taken.`,
        `For example ${option} 1-16, or ${option} 10,20,50,100.`,
      );
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  return eachOnce(option, numbers);
}

/** Several of the words that an option takes, each once, by commas. */
export function choices<const Word extends string>(
  option: string,
  text: string | undefined,
  words: readonly Word[],
): Word[] | undefined {
  if (text === undefined) return undefined;
  const chosen = text.split(',').map((word) => choice(option, word.trim(), words)!);
  return eachOnce(option, chosen);
}

function eachOnce<Value extends string | number>(option: string, values: Value[]): Value[] {
  const twice = values.find((value, i) => values.indexOf(value) < i);
  if (twice === undefined) return values;
  throw new UsageError(`${option} has ${twice} twice.`, 'Name each once.');
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
