/** A polite live region that speaks at most every few seconds, and then the newest sentence. */
export class Announcer {
  readonly #region: HTMLElement;
  readonly #pause: number;
  #next: string | undefined;
  /** Sentences that no newer one replaces. */
  readonly #first: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last = -Infinity;

  /** @param pause milliseconds from the beginning of a sentence to that of the next */
  constructor(region: HTMLElement, pause = 4000) {
    this.#region = region;
    this.#pause = pause;
  }

  say(sentence: string): void {
    this.#next = sentence;
    this.#schedule();
  }

  /** Says a sentence that must be heard before all that are said with `say`. */
  sayFirst(sentence: string): void {
    this.#first.push(sentence);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + this.#pause - performance.now());
    this.#timer = setTimeout(() => this.#speak(), wait);
  }

  #speak(): void {
    this.#timer = undefined;
    this.#last = performance.now();
    const first = this.#first.shift();
    this.#region.textContent = first ?? this.#next ?? '';
    if (first === undefined) this.#next = undefined;
    if (this.#first.length > 0 || this.#next !== undefined) this.#schedule();
  }
}
