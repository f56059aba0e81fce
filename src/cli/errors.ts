import { MixtureError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';

/** Exit codes of the command. 130 is the shell's convention for an end by Ctrl-C. */
export const EXIT = { ok: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** A mistake in how the command was called: an unknown option, a missing file, a bad number. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}

/** The call is right, but something that it needs is not on this machine. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  readonly hint: string;

  constructor(message: string, hint: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.hint = hint;
  }
}

/** MixtureError codes for which the call or its input must change; with the others the fit failed. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_SAMPLES',
  'INVALID_OPTION',
  'INVALID_MODEL',
  'NON_FINITE',
  'OUTSIDE_SUPPORT',
  'TOO_FEW_SAMPLES',
  'FEATURE_MISMATCH',
]);

/** What a person reads on stderr about an error, and the exit code. */
export interface ErrorReport {
  readonly text: string;
  readonly exitCode: number;
}

/** One sentence and a hint; a stack trace only where WEBGPU_EM_DEBUG is set. */
export function reportError(error: unknown, signal: AbortSignal | undefined): ErrorReport {
  if (signal?.aborted) return { text: 'webgpu-em: Interrupted.\n', exitCode: EXIT.interrupted };
  const stack =
    process.env['WEBGPU_EM_DEBUG'] && error instanceof Error ? `${error.stack ?? ''}\n` : '';
  if (isExplained(error)) {
    const { message, hint } = error;
    return { text: `webgpu-em: ${message}\n  ${hint}\n${stack}`, exitCode: exitCodeOf(error) };
  }
  const message = error instanceof Error ? error.message : String(error);
  const [firstLine] = message.split('\n');
  const hint =
    'This is a fault of webgpu-em or of its surroundings; WEBGPU_EM_DEBUG=1 shows where.';
  return {
    text: `webgpu-em: Unexpected error: ${firstLine}\n  ${hint}\n${stack}`,
    exitCode: EXIT.failed,
  };
}

/** Every error class made for people carries a hint: MixtureError and the command's own. */
function isExplained(error: unknown): error is Error & { readonly hint: string } {
  return error instanceof Error && 'hint' in error && typeof error.hint === 'string';
}

/** The library counts columns from 0; whoever gave a file knows them by name. */
export function withColumnName(error: unknown, names: readonly string[]): unknown {
  if (!(error instanceof MixtureError)) return error;
  const { column } = error.details;
  if (typeof column !== 'number' || names[column] === undefined) return error;
  const message = error.message.replace(`column ${column} `, `column "${names[column]}" `);
  return new MixtureError(error.code, message, error.hint, error.details, error);
}

function exitCodeOf(error: Error): number {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof MixtureError && USAGE_CODES.has(error.code) ? EXIT.usage : EXIT.failed;
}
