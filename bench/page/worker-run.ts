import type { Answer, Order } from './messages.ts';

/** One run in a worker of its own. Stopping it ends the worker, whatever it is doing. */
export class WorkerRun {
  readonly #worker: Worker;

  /** @param onEnd what went wrong, if anything; not called after `stop` */
  constructor(
    order: Order,
    onAnswer: (answer: Answer) => void,
    onEnd: (error: Error | undefined) => void,
  ) {
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#worker.addEventListener('message', ({ data }: MessageEvent<Answer>) => {
      onAnswer(data);
      if (data.kind === 'end') {
        this.stop();
        onEnd(undefined);
      }
    });
    this.#worker.addEventListener('error', (event) => {
      event.preventDefault();
      this.stop();
      onEnd(new Error(event.message || 'The worker could not be started.'));
    });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
    this.#worker.postMessage(order);
  }

  stop(): void {
    this.#worker.terminate();
  }
}
