import { MixtureError } from '../errors.ts';

/** What a careful user should know of a fit that succeeded, as a word a program can branch on. See docs/diagnostics.md. */
export type WarningCode =
  | 'NOT_CONVERGED'
  | 'RESTARTS_FAILED'
  | 'CONSTANT_COLUMNS'
  | 'EMPTY_COLUMNS'
  | 'MISSING_ENTRIES'
  | 'BOUND_FELL'
  | 'NEARLY_EMPTY_COMPONENT'
  | 'SINGLE_SAMPLE_COMPONENT'
  | 'K_AT_EDGE'
  | 'FEW_DISTINCT_CLUSTERS'
  | 'CANDIDATES_FAILED'
  | 'CANDIDATES_NOT_CONVERGED';

/** As an error's: `message` is a sentence with the numbers in it, `details` (JSON) holds the numbers themselves. */
export interface Warning {
  /** What a program branches on; docs/diagnostics.md explains each. */
  readonly code: WarningCode;
  /** One sentence with the numbers in it. */
  readonly message: string;
  /** The numbers as data, JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}

/**
 * The warnings of a saved model: none in files older than they are.
 * @throws MixtureError INVALID_MODEL
 */
export function readWarnings(value: unknown): readonly Warning[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every(isWarning)) return value;
  throw new MixtureError(
    'INVALID_MODEL',
    "The model's warnings are no array of { code, message, details }.",
    'Check how the model was saved, or leave its warnings out.',
  );
}

function isWarning(value: unknown): value is Warning {
  if (typeof value !== 'object' || value === null) return false;
  const { code, message, details } = value as Record<string, unknown>;
  return (
    typeof code === 'string' &&
    typeof message === 'string' &&
    typeof details === 'object' &&
    details !== null
  );
}
