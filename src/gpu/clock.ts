/** Adds up the wall-clock time in which something goes on; twice at a time counts once. */
export class Clock {
  #running = 0;
  #since = 0;
  #total = 0;

  /** Milliseconds so far. */
  get milliseconds(): number {
    return this.#total + (this.#running > 0 ? performance.now() - this.#since : 0);
  }

  async during<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running++ === 0) this.#since = performance.now();
    try {
      return await work();
    } finally {
      if (--this.#running === 0) this.#total += performance.now() - this.#since;
    }
  }
}
