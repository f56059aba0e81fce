/**
 * Says when the next iteration may be pulled: while open one after another at a pace that the eye can follow,
 * while closed one for each `stepOnce`.
 */
export class Gate {
  #open: boolean;
  #granted = 0;
  #lastPass = 0;
  #wake: () => void = () => undefined;
  readonly #interval: number;

  /** @param interval least milliseconds between two iterations while open */
  constructor(open: boolean, interval: number) {
    this.#open = open;
    this.#interval = interval;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  open(): void {
    this.#granted = 0;
    this.#open = true;
    this.#wake();
  }

  close(): void {
    this.#granted = 0;
    this.#open = false;
    this.#wake();
  }

  stepOnce(): void {
    this.#open = false;
    this.#granted++;
    this.#wake();
  }

  /** Forgets steps that were granted and not taken. */
  clear(): void {
    this.#granted = 0;
  }

  /**
   * Resolves when an iteration may be pulled; rejects with the signal's reason when aborted.
   * @param onClosed called whenever the gate is found closed, before waiting for it
   */
  async pass(signal: AbortSignal, onClosed: () => void): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#granted > 0) {
        this.#granted--;
        break;
      }
      const left = this.#lastPass + this.#interval - performance.now();
      if (this.#open && left <= 0) break;
      if (!this.#open) onClosed();
      await this.#woken(this.#open ? left : undefined, signal);
    }
    this.#lastPass = performance.now();
  }

  #woken(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      const timer = milliseconds === undefined ? undefined : setTimeout(wake, milliseconds);
      signal.addEventListener('abort', wake);
      this.#wake = wake;
    });
  }
}
