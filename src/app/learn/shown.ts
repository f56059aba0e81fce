import type { HalfStep } from './half-step.ts';

/** The numbers that the pictures draw: those of a half step, or of a moment on the way to it. */
export type Shown = Pick<
  HalfStep,
  'weights' | 'means' | 'covariances' | 'responsibilities' | 'lowerBound' | 'logLikelihood'
>;

const MILLISECONDS = 420;

/** Every number part of the way from one to the other; covariances stay covariances. */
export function between(from: Shown, to: Shown, part: number): Shown {
  const number = (a: number, b: number) => a + (b - a) * part;
  const array = (a: Float64Array, b: Float64Array) => a.map((value, i) => number(value, b[i]));
  return {
    weights: array(from.weights, to.weights),
    means: array(from.means, to.means),
    covariances: array(from.covariances, to.covariances),
    responsibilities: array(from.responsibilities, to.responsibilities),
    lowerBound: number(from.lowerBound, to.lowerBound),
    logLikelihood: number(from.logLikelihood, to.logLikelihood),
  };
}

/** Glides from what is drawn to what is to be drawn, or jumps where motion is not wanted. */
export class Glide {
  readonly #draw: (shown: Shown) => void;
  #at: Shown | undefined;
  #frame = 0;

  constructor(draw: (shown: Shown) => void) {
    this.#draw = draw;
  }

  jump(to: Shown): void {
    cancelAnimationFrame(this.#frame);
    this.#at = to;
    this.#draw(to);
  }

  to(to: Shown): void {
    const from = this.#at;
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (still || !from || from.responsibilities.length !== to.responsibilities.length) {
      this.jump(to);
      return;
    }
    cancelAnimationFrame(this.#frame);
    const begun = performance.now();
    const frame = (now: number) => {
      const time = Math.min(1, Math.max(0, (now - begun) / MILLISECONDS));
      if (time === 1) {
        this.jump(to);
        return;
      }
      // slow, fast, slow
      this.#at = between(from, to, time * time * (3 - 2 * time));
      this.#draw(this.#at);
      this.#frame = requestAnimationFrame(frame);
    };
    this.#frame = requestAnimationFrame(frame);
  }
}
