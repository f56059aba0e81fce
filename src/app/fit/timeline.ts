import type { GaussianMixture } from '../../index.ts';
import { NOTHING } from './fit-run.ts';
import type { Frame } from './frame.ts';
import { History } from './history.ts';
import type { SessionView } from './session-view.ts';
import { Showing } from './showing.ts';

/** What is known of the fit, and which of it is shown. */
export interface Position {
  readonly history: History;
  /** Undefined before the first frame. */
  readonly frame: Frame | undefined;
  /** The restart that the user picked; undefined where the best so far is followed. */
  readonly picked: number | undefined;
}

/** The history of a fit, and a place in it. */
export class Timeline implements Position {
  history = new History();
  frame: Frame | undefined;
  picked: number | undefined;
  /** Counts what the user looks back at, so that an iteration that ends later does not take it away. */
  looks = 0;
  /** What is still to be fitted; kept up to date when playing ends, for whatever reason. */
  plan = NOTHING;
  showing: Showing;
  readonly #view: SessionView;
  readonly #onError: (error: unknown) => void;

  constructor(view: SessionView, onError: (error: unknown) => void) {
    this.#view = view;
    this.#onError = onError;
    this.showing = new Showing((frame) => view.onFrame(frame));
  }

  /** Waits no more for what is being shown, where the picture's device is gone: whether it fails or never settles. */
  renewShowing(): void {
    this.showing = new Showing((frame) => this.#view.onFrame(frame));
  }

  /** Nothing is known. */
  clear(history = new History()): void {
    this.history = history;
    this.plan = NOTHING;
    this.frame = undefined;
    this.picked = undefined;
    this.#view.onPosition(this);
  }

  add(frames: readonly Frame[]): void {
    for (const frame of frames) this.history.push(frame, this.frame);
    this.#view.onPosition(this);
  }

  /** The frame that follows the one shown, where one is known. */
  get known(): Frame | undefined {
    return this.frame && this.history.after(this.frame);
  }

  /** Of the restart shown the frame of that index, or the nearest end; undefined where nothing is shown. */
  at(index: number): Frame | undefined {
    if (!this.frame) return undefined;
    const { frames } = this.history.laneOf(this.frame);
    return frames[Math.max(0, Math.min(frames.length - 1, index))];
  }

  /** The last frame of the restart that is followed. */
  get followed(): Frame | undefined {
    const { history, picked } = this;
    // (one that a link picks may not have begun)
    const restart = picked !== undefined && history.includes(picked) ? picked : history.best;
    return restart === undefined ? undefined : history.last(restart);
  }

  /**
   * Shows a frame; settles when it, or a newer one, is there.
   * @param atRest no more often than the screen is drawn
   */
  async show(frame: Frame, atRest = false): Promise<void> {
    this.frame = frame;
    this.#view.onPosition(this);
    const { showing } = this;
    try {
      await showing.show(frame, atRest);
    } catch (error) {
      // of a picture that is no more
      if (showing === this.showing) throw error;
    }
  }

  /** Shows what the user asks for, now. */
  look(frame: Frame): void {
    this.looks++;
    this.show(frame).catch(this.#onError);
  }

  /** Follows this restart; undefined: the best so far. Stays at the iteration where the user looked back. */
  follow(restart: number | undefined): void {
    const { frame } = this;
    const isAtEnd = this.known === undefined;
    this.picked = restart;
    const { followed } = this;
    if (!frame || !followed) return;
    if (isAtEnd) this.show(followed).catch(this.#onError);
    else this.look(this.history.nearest(followed.restart, frame.iteration));
  }

  /**
   * Puts a changed mixture after the frame in place of what came there.
   * @param replacing puts it in the frame's place
   */
  put(frame: Frame, mixture: GaussianMixture, replacing: boolean): Frame {
    const { restart, iteration } = frame;
    const edit: Frame = {
      iteration,
      restart,
      by: 'edit',
      lowerBound: -Infinity,
      change: NaN,
      milliseconds: 0,
      converged: false,
      mixture,
    };
    if (replacing) {
      this.history.replace(frame, edit);
    } else {
      this.history.truncate(frame);
      this.history.push(edit, frame);
    }
    if (this.history.lanes.length > 1) this.picked = restart;
    this.look(edit);
    return edit;
  }

  /** The end of a restart, with what only the whole fit can tell of it. */
  finish(restart: number, mixture: GaussianMixture): void {
    const last = this.history.last(restart);
    const whole = { ...last, mixture };
    this.history.replace(last, whole);
    if (this.frame === last) this.frame = whole;
    this.#view.onPosition(this);
  }
}
