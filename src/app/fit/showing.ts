import { Turns } from '../shared/latest-task.ts';
import type { Frame } from './frame.ts';

/** Milliseconds after which a page that draws nothing, in a hidden tab, counts as having drawn. */
const MOST_WAIT = 250;

/** Shows frames one at a time, and of those that wait only the newest. */
export class Showing {
  readonly #turns = new Turns();
  readonly #draw: (frame: Frame) => Promise<void> | void;
  #next: Frame | undefined;
  #work: Promise<void> | undefined;

  constructor(draw: (frame: Frame) => Promise<void> | void) {
    this.#draw = draw;
  }

  /**
   * Settles when this frame, or a newer one, is shown.
   * @param atRest no more often than the screen is drawn
   */
  show(frame: Frame, atRest = false): Promise<void> {
    this.#next = frame;
    this.#work ??= this.#all(atRest);
    return this.#work;
  }

  /** What waits is not shown any more: it is of samples that are gone. */
  forget(): void {
    this.#next = undefined;
  }

  /** Settles when nothing waits to be shown. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Does something that must not overlap the showing of a frame. */
  between<T>(action: () => Promise<T>): Promise<T> {
    return this.#turns.take(action);
  }

  async #all(atRest: boolean): Promise<void> {
    try {
      while (this.#next) {
        if (atRest) await screenDrawn();
        await this.#turns.take(async () => {
          const frame = this.#next;
          this.#next = undefined;
          if (frame) await this.#draw(frame);
        });
      }
    } finally {
      // in the same moment as the last look: a frame that comes later begins anew
      this.#work = undefined;
    }
  }
}

function screenDrawn(): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, MOST_WAIT);
    requestAnimationFrame(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
