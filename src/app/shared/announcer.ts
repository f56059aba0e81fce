/** A polite live region that speaks at most every few seconds, and then the newest sentence. */
export class Announcer {
  readonly #region: HTMLElement;
  readonly #pause: number;
  #next = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  /** @param pause milliseconds from the beginning of a sentence to that of the next */
  constructor(region: HTMLElement, pause = 4000) {
    this.#region = region;
    this.#pause = pause;
  }

  say(sentence: string): void {
    this.#next = sentence;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + this.#pause - performance.now());
    this.#timer = setTimeout(() => this.#speak(), wait);
  }

  #speak(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.#region.textContent = this.#next;
  }
}
