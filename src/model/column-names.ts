import { MixtureError } from '../errors.ts';

/** @throws MixtureError FEATURE_MISMATCH where both have names, and these differ */
export function checkColumnNames(
  expected: readonly string[] | undefined,
  given: readonly string[] | undefined,
): void {
  if (!expected || !given) return;
  const column = expected.findIndex((name, d) => name !== given[d]);
  if (column < 0) return;
  throw new MixtureError(
    'FEATURE_MISMATCH',
    `Column ${column} is named "${given[column]}", but the model was fitted to "${expected[column]}" there.`,
    'Pass the same columns in the same order as in the fit, or arrays without names.',
    { column, name: given[column], expected: expected[column] },
  );
}
