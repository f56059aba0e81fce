import { invalid, type FamilyDefinition } from './family-definition.ts';

/** T(x), and an error that says so where it is no S numbers. */
export function statisticsAt(
  { name, neutral, sufficientStatistics }: FamilyDefinition,
  x: number,
): ArrayLike<number> {
  const t = sufficientStatistics(x);
  return numbersOf(name, `sufficientStatistics(${x})`, t, neutral.length, 'neutral has');
}

/**
 * What a function of the definition returned, if it is `length` numbers.
 * @throws MixtureError INVALID_OPTION
 */
export function numbersOf(
  name: string,
  what: string,
  given: ArrayLike<number>,
  length: number,
  because: string,
): ArrayLike<number> {
  const array = Array.isArray(given) || ArrayBuffer.isView(given);
  if (array && given.length === length) {
    let proper = true;
    for (let s = 0; s < length; s++) proper &&= typeof given[s] === 'number';
    if (proper) return given;
  }
  const found = !array
    ? given === null
      ? 'null'
      : typeof given
    : given.length === length
      ? 'an array, not all of it numbers'
      : `${given.length} numbers`;
  throw invalid(
    name,
    `${what} gives ${found}, but ${because} ${length}`,
    `Return an array of ${length} number${length === 1 ? '' : 's'}.`,
  );
}
