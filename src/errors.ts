/** What went wrong, as a word a program can branch on. */
export type ErrorCode =
  | 'INVALID_SAMPLES'
  | 'INVALID_OPTION'
  | 'TOO_FEW_SAMPLES'
  | 'NON_FINITE'
  | 'OUTSIDE_SUPPORT'
  | 'FEATURE_MISMATCH'
  | 'COLLAPSED_COMPONENT'
  | 'NO_MODE'
  | 'NO_CANDIDATE'
  | 'INVALID_MODEL'
  | 'WEBGPU_UNAVAILABLE'
  | 'INSECURE_CONTEXT'
  | 'NO_ADAPTER'
  | 'DEVICE_REQUEST_FAILED'
  | 'DEVICE_LOST'
  | 'LIMIT_EXCEEDED'
  | 'OUT_OF_MEMORY'
  | 'SOURCE_FAILED'
  | 'SHADER_COMPILE'
  | 'DISPOSED';

/**
 * The one error class of the library. `message` is one sentence with the numbers in it, `hint` says what to do,
 * `details` holds the numbers themselves (which sample and column, which component and mass, ...).
 */
export class MixtureError extends Error {
  override readonly name = 'MixtureError';
  readonly code: ErrorCode;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    message: string,
    hint: string,
    details: Record<string, unknown> = {},
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.details = details;
  }

  /** `JSON.stringify` leaves an error's message out. */
  toJSON(): Record<string, unknown> {
    const { name, code, message, hint, details } = this;
    return { name, code, message, hint, details };
  }
}
