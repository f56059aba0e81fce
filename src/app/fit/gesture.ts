import type { GaussianMixture } from '../../index.ts';
import type { Frame } from './frame.ts';
import type { Timeline } from './timeline.ts';

/** While components are dragged: of many edits the last is kept, in one frame. */
export class Gesture {
  readonly #timeline: Timeline;
  /** Whether the fit ran before, and the frame that takes the edits. */
  #now: { readonly ran: boolean; frame: Frame | undefined } | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  begin(ran: boolean): void {
    this.#now ??= { ran, frame: undefined };
  }

  /** @returns whether the fit ran before */
  end(): boolean {
    const ran = this.#now?.ran === true;
    this.#now = undefined;
    return ran;
  }

  /** Puts this mixture in place of what came after the frame. */
  put(frame: Frame, mixture: GaussianMixture): Frame {
    const now = this.#now;
    const put = this.#timeline.put(frame, mixture, now?.frame === frame);
    if (now) now.frame = put;
    return put;
  }
}
