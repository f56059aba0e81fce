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
  | 'DEVICE_ERROR'
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
  /** Always 'MixtureError'. */
  override readonly name = 'MixtureError';
  /** What a program branches on; docs/errors.md has a place for each. */
  readonly code: ErrorCode;
  /** What to do about it, a sentence. */
  readonly hint: string;
  /** The numbers of the message as data; each code has its own. */
  readonly details: Readonly<Record<string, unknown>>;

  /**
   * @param code what a program branches on
   * @param message one sentence with the numbers in it
   * @param hint what to do about it
   * @param details the numbers as data
   * @param cause what was thrown below, if anything
   */
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
