import { MixtureError } from '../../errors.ts';
import type { Input } from './open-bytes.ts';
import type { ReadingListener } from './read-tables.ts';
import type { PlainError, ReaderReply, ReaderRequest } from './reader-messages.ts';
import type { Synthetic } from './synthetic.ts';
import type { Table } from './table.ts';

/**
 * The page's side of the reader's worker. One thing at a time: what is asked for next ends what is under way, and so does `cancel`, at
 * once, with all its memory; a worker that is done waits for the next file.
 */
export class ReaderClient {
  #worker: Worker | undefined;
  #end: ((reason: Error) => void) | undefined;

  /**
   * Reads files into one table.
   * @throws MixtureError; DOMException AbortError where it was cancelled, or another reading has begun
   */
  read(inputs: readonly Input[], listener: ReadingListener): Promise<Table> {
    return this.#ask<Table>({ kind: 'read', inputs }, (reply, resolve) => {
      if (reply.kind === 'progress') listener.onProgress(reply.progress);
      if (reply.kind === 'first') listener.onFirst(reply.table);
      if (reply.kind === 'table') resolve(reply.table);
      if (reply.kind !== 'estimate') return;
      const worker = this.#worker;
      void listener.onEstimate(reply.estimate).then((every) => {
        if (worker === this.#worker) this.#post({ kind: 'take', every });
      });
    });
  }

  /** Draws samples of the synthetic mixture. @throws as `read` */
  generate(nSamples: number, seed: number): Promise<Synthetic> {
    return this.#ask<Synthetic>({ kind: 'generate', nSamples, seed }, (reply, resolve) => {
      if (reply.kind === 'samples') resolve(reply.samples);
    });
  }

  /** Ends what is under way; its promise rejects with an AbortError. */
  cancel(): void {
    if (!this.#end) return;
    this.#free();
    this.#end?.(new DOMException('The reading was cancelled.', 'AbortError'));
  }

  /** @param onReply resolves with what was asked for */
  #ask<T>(
    request: ReaderRequest,
    onReply: (reply: ReaderReply, resolve: (value: T) => void) => void,
  ): Promise<T> {
    this.cancel();
    return new Promise<T>((resolve, reject) => {
      const end = (reason: Error) => {
        this.#end = undefined;
        reject(reason);
      };
      this.#end = end;
      const worker = (this.#worker ??= new Worker(new URL('./reader-worker.ts', import.meta.url), {
        type: 'module',
        name: 'reader',
      }));
      worker.onmessage = ({ data }: MessageEvent<ReaderReply>) => {
        if (data.kind === 'failed') {
          this.#free();
          return end(errorOf(data.error));
        }
        onReply(data, (value) => {
          this.#end = undefined;
          resolve(value);
        });
      };
      worker.onerror = (event) => {
        event.preventDefault();
        this.#free();
        end(new Error(event.message || 'The reader could not be loaded.'));
      };
      this.#post(request);
    });
  }

  #post(request: ReaderRequest): void {
    this.#worker?.postMessage(request);
  }

  #free(): void {
    this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function errorOf({ code, message, hint, details }: PlainError): Error {
  return code === undefined ? new Error(message) : new MixtureError(code, message, hint, details);
}
