import type { ErrorCode } from '../../errors.ts';
import type { Input } from './open-bytes.ts';
import type { Estimate, Progress } from './read-tables.ts';
import type { Synthetic } from './synthetic.ts';
import type { Table } from './table.ts';

/** To the worker. */
export type ReaderRequest =
  | { readonly kind: 'read'; readonly inputs: readonly Input[] }
  /** The answer to an estimate. */
  | { readonly kind: 'take'; readonly every: number }
  | { readonly kind: 'generate'; readonly nSamples: number; readonly seed: number };

/** From the worker. After `table`, `samples` or `failed` it waits for the next request. */
export type ReaderReply =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'first'; readonly table: Table }
  | { readonly kind: 'estimate'; readonly estimate: Estimate }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'samples'; readonly samples: Synthetic }
  | { readonly kind: 'failed'; readonly error: PlainError };

/** A MixtureError, or any other where `code` is undefined, as it passes between threads. */
export interface PlainError {
  readonly code: ErrorCode | undefined;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}
