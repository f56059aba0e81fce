/** Milliseconds of device time that a frame of a moving view should take; slower ones draw fewer samples next time. */
const SLOW = 20;
const FAST = 9;
/** Fewest that are drawn of a moving view. */
const LEAST = 5000;
/** Milliseconds without a change of the window after which the view is still. */
const SETTLED = 140;

/** How many samples a frame draws: all that may be, but fewer while the view moves on a device that cannot follow. */
export class DrawBudget {
  readonly #onStill: () => void;
  #most: number;
  #moving: number;
  #movedAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param onStill told when a view that was drawn with fewer has come to rest */
  constructor(most: number, movingAtFirst: number, onStill: () => void) {
    this.#most = most;
    this.#moving = movingAtFirst;
    this.#onStill = onStill;
  }

  /** The most for the next frame. @param moved whether its window is another one than the frame's before */
  next(moved: boolean, now: number): number {
    if (moved) {
      this.#movedAt = now;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    if (now - this.#movedAt >= SETTLED || this.#moving >= this.#most) return this.#most;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onStill();
    }, SETTLED);
    return this.#moving;
  }

  /** How long the device took for so many. */
  took(drawn: number, milliseconds: number): void {
    if (milliseconds > SLOW) {
      this.#moving = Math.max(LEAST, Math.min(this.#moving, drawn) / 2);
    } else if (milliseconds < FAST && drawn >= this.#moving * 0.9) {
      this.#moving = Math.min(this.#most, this.#moving * 1.5);
    }
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
