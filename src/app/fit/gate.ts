/**
 * Says when the next iteration may be pulled: while open one after another at a pace that the eye can follow,
 * while closed one for each `stepOnce`.
 */
export class Gate {
  #open: boolean;
  #held = false;
  #granted = 0;
  #lastPass = 0;
  #wake: () => void = () => undefined;
  #interval: number;

  /** @param interval least milliseconds between two iterations while open; 0 for none */
  constructor(open: boolean, interval: number) {
    this.#open = open;
    this.#interval = interval;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  get interval(): number {
    return this.#interval;
  }

  set interval(milliseconds: number) {
    this.#interval = milliseconds;
    this.#wake();
  }

  open(): void {
    this.#granted = 0;
    this.#held = false;
    this.#open = true;
    this.#wake();
  }

  close(): void {
    this.#granted = 0;
    this.#held = false;
    this.#open = false;
    this.#wake();
  }

  /** Closes for a look back; what begins anew after it is not held up: `release`. */
  hold(): void {
    const held = this.#held || this.#open;
    this.close();
    this.#held = held;
  }

  /** Opens where `hold` was what closed. */
  release(): void {
    if (this.#held) this.open();
  }

  stepOnce(): void {
    this.#open = false;
    this.#held = false;
    this.#granted++;
    this.#wake();
  }

  /** Forgets steps that were granted and not taken. */
  clear(): void {
    this.#granted = 0;
  }

  /** Has whoever waits look again at what `pass` was told to ask. */
  wake(): void {
    this.#wake();
  }

  /**
   * Resolves when an iteration may be pulled; rejects with the signal's reason when aborted.
   * @param onWait called before every wait that time alone does not end
   * @param isThere asked at every look: whether there is anything to pull
   */
  async pass(signal: AbortSignal, onWait: () => void, isThere = () => true): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const there = isThere();
      if (!there) this.#granted = 0;
      if (this.#granted > 0) {
        this.#granted--;
        break;
      }
      const left = this.#lastPass + this.#interval - performance.now();
      const timed = this.#open && there;
      if (timed && left <= 0) break;
      if (!timed) onWait();
      await this.#woken(timed ? left : undefined, signal);
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
