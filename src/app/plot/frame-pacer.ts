/** Frames whose work may wait on the device at a time: one that is computed, one that is next. */
const MOST_IN_FLIGHT = 2;

/** Renders the newest wish once a frame at most, and never further ahead of the device than it can follow. */
export class FramePacer<T> {
  readonly #render: (wish: T) => Promise<void> | void;
  #wish: { readonly value: T } | undefined;
  #scheduled: number | undefined;
  #inFlight = 0;

  /** @param render settles when the device has done the frame */
  constructor(render: (wish: T) => Promise<void> | void) {
    this.#render = render;
  }

  ask(value: T): void {
    this.#wish = { value };
    this.#schedule();
  }

  dispose(): void {
    this.#wish = undefined;
    if (this.#scheduled !== undefined) cancelAnimationFrame(this.#scheduled);
  }

  #schedule(): void {
    if (this.#scheduled !== undefined || this.#inFlight >= MOST_IN_FLIGHT || !this.#wish) return;
    this.#scheduled = requestAnimationFrame(() => {
      this.#scheduled = undefined;
      void this.#frame();
    });
  }

  async #frame(): Promise<void> {
    const wish = this.#wish;
    if (!wish) return;
    this.#wish = undefined;
    this.#inFlight++;
    try {
      await this.#render(wish.value);
    } finally {
      this.#inFlight--;
      this.#schedule();
    }
  }
}
