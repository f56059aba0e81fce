/**
 * Runs one task at a time, and of those that wait only the newest: `replace` aborts the task under way, lets it
 * clean up, and then starts the new one. So a file dropped during a fit never overlaps the fit.
 */
export class LatestTask {
  #controller = new AbortController();
  #tail: Promise<void> = Promise.resolve();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Settles, never rejecting, when the task has ended; errors other than the abort go to `onError`. */
  replace(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#controller.abort();
    const controller = new AbortController();
    this.#controller = controller;
    this.#tail = this.#tail.then(async () => {
      if (controller.signal.aborted) return;
      try {
        await work(controller.signal);
      } catch (error) {
        if (!isAbort(error, controller.signal)) this.#onError(error);
      }
    });
    return this.#tail;
  }
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted && (error === signal.reason || (error as Error).name === 'AbortError');
}

/** Actions that must not overlap, in the order in which they were asked for. */
export class Turns {
  #tail: Promise<unknown> = Promise.resolve();

  take<T>(action: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(action);
    // the next turn comes whether or not this one failed; the failure itself goes to this turn's caller
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}
