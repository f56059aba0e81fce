const MISSING = new Set([
  '',
  'na',
  'n/a',
  '#n/a',
  'nan',
  'null',
  'none',
  '?',
  '-',
  '--',
  '.',
  'undefined',
  // what pandas takes for missing beside these
  '#na',
  '#n/a n/a',
  '<na>',
  '-nan',
  '1.#ind',
  '-1.#ind',
  '1.#qnan',
  '-1.#qnan',
]);
const DECIMAL_COMMA = /^[+-]?(\d+,\d*|,\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;
const RADIX_PREFIX = /^0[xob]/i;

/**
 * The number in a cell, or NaN where it holds none (missing or text). Spaces around the number are
 * allowed, and a comma as decimal mark where `decimalComma` is true. Infinity is returned for
 * "inf" and for values beyond float64.
 */
export function cellNumber(cell: string, decimalComma: boolean): number {
  const value = Number(cell);
  if (value === value && !isEmptyOrRadix(cell, value)) return value;
  const text = cell.trim();
  if (decimalComma && DECIMAL_COMMA.test(text)) return Number(text.replace(',', '.'));
  const infinite = INFINITE.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return NaN;
}

/** Whether a cell is empty or one of the usual spellings of "no value" (NA, NaN, null, ?, ...). */
export function isMissing(cell: string): boolean {
  return MISSING.has(cell.trim().toLowerCase());
}

/** Number() also reads '' as 0 and '0x1f' as 31; neither is a number in a CSV file. */
function isEmptyOrRadix(cell: string, value: number): boolean {
  if (value === 0) return !cell.includes('0');
  return Number.isInteger(value) && RADIX_PREFIX.test(cell.trim());
}
