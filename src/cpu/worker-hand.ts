import {
  buffersToSend,
  type Hand,
  type Job,
  type JobResult,
  type Rows,
  type ShardSpec,
} from './job.ts';
import { startThread, type Thread } from './thread.ts';
import type { Answer, FromWorker, ToWorker } from './worker.ts';

interface Waiting {
  resolve(result: Answer | undefined): void;
  reject(reason: unknown): void;
}

/** Requests and answers of one worker thread. */
export class WorkerHands {
  readonly #thread: Thread;
  /** Settles when the worker is there, or is known never to be. */
  readonly ready: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #failed: (reason: Error) => void;
  #failure: Error | undefined;
  #next = 0;

  constructor() {
    let ready: (value: void) => void;
    let failed: (reason: Error) => void;
    this.ready = new Promise<void>((resolve, reject) => {
      ready = resolve;
      failed = reject;
    });
    this.ready.catch(() => {});
    this.#failed = failed!;
    this.#thread = startThread({
      message: (message) => {
        if (message.type !== 'ready') return this.#settle(message);
        this.#thread.busy(false);
        ready();
      },
      failure: (reason) => this.#fail(new Error(reason)),
    });
    this.#thread.busy(true);
  }

  /** A shard in this worker. */
  async open(module: WebAssembly.Module, spec: ShardSpec): Promise<Hand> {
    const shard = this.#next++;
    await this.#request({ type: 'open', shard, spec, module });
    return {
      spec,
      load: async (first, rows, weights) => {
        const buffers = buffersToSend(weights ? [rows, weights] : [rows]);
        const message = { type: 'load', shard, rows: [first, rows, weights] } as const;
        return ((await this.#request(message, buffers)) as { rows: Rows }).rows;
      },
      guide: async (number, known) => {
        const buffers = known ? [known.buffer] : [];
        await this.#request({ type: 'guide', shard, number, known }, buffers);
      },
      run: (job, signal) => this.#run(shard, job, signal),
      close: () => {
        if (!this.#failure) this.#thread.post({ type: 'close', shard }, []);
      },
    };
  }

  terminate(): void {
    this.#thread.terminate();
    this.#fail(new Error('the worker was ended'));
  }

  async #run(shard: number, job: Job, signal?: AbortSignal): Promise<JobResult> {
    signal?.throwIfAborted();
    const request = this.#next;
    const answer = this.#request({ type: 'run', shard, job });
    if (!signal) return (await answer) as JobResult;
    // the caller goes on at once; the worker stops within a slice
    let abort: () => void;
    const aborted = new Promise<never>((_, reject) => {
      abort = () => {
        if (!this.#failure) this.#thread.post({ type: 'cancel', request }, []);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort);
    });
    try {
      return (await Promise.race([answer, aborted])) as JobResult;
    } finally {
      signal.removeEventListener('abort', abort!);
      answer.catch(() => {});
    }
  }

  #request(
    message: ToWorker extends infer M
      ? M extends { request: number }
        ? Omit<M, 'request'>
        : never
      : never,
    transfer: ArrayBuffer[] = [],
  ): Promise<Answer | undefined> {
    if (this.#failure) return Promise.reject(this.#failure);
    const request = this.#next++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(request, { resolve, reject });
      this.#thread.busy(true);
      this.#thread.post({ ...message, request }, transfer);
    });
  }

  #settle(message: Exclude<FromWorker, { type: 'ready' }>): void {
    const waiting = this.#waiting.get(message.request);
    this.#waiting.delete(message.request);
    if (this.#waiting.size === 0) this.#thread.busy(false);
    if (message.type === 'done') waiting?.resolve(message.result);
    else waiting?.reject(new Error(message.message));
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#failed(reason);
    for (const waiting of this.#waiting.values()) waiting.reject(reason);
    this.#waiting.clear();
  }
}
