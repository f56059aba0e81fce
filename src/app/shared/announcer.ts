const LEAST_MILLISECONDS = 4000;

/** A polite live region that speaks at most every few seconds, and then the newest sentence. */
export class Announcer {
  readonly #region: HTMLElement;
  #next = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  constructor(region: HTMLElement) {
    this.#region = region;
  }

  say(sentence: string): void {
    this.#next = sentence;
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + LEAST_MILLISECONDS - performance.now());
    this.#timer = setTimeout(() => this.#speak(), wait);
  }

  #speak(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    this.#region.textContent = this.#next;
  }
}
