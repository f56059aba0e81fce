import type { MixtureError } from '../../index.ts';
import { median } from '../shared/format.ts';
import type { Frame } from './frame.ts';

/** One restart: its frames, and the bounds of all its iterations. */
export interface Lane {
  readonly restart: number;
  /** In order; of very large mixtures not every one, see `History.push`. */
  readonly frames: readonly Frame[];
  /** Every iteration that has a bound, frame or not. */
  readonly points: readonly Point[];
  /** Why it ended before it converged, where a component collapsed. */
  readonly error: MixtureError | undefined;
}

export interface Point {
  readonly iteration: number;
  readonly lowerBound: number;
  /** From the point before it; NaN where there is none. */
  readonly change: number;
}

interface OwnLane extends Lane {
  readonly frames: Frame[];
  readonly points: Point[];
  error: MixtureError | undefined;
}

/** Frames that the time of an iteration is the median of. */
const RECENT = 15;
/** Bytes of parameters kept: 256 MiB. A frame of 8 components in 2 dimensions has 0.5 KB, of 10 in 784 dimensions 49 MB. */
export const MOST_BYTES = 2 ** 28;

/** Every iteration of every restart of a fit. */
export class History {
  readonly #lanes = new Map<number, OwnLane>();
  readonly #most: number;
  #bytes = 0;

  /** @param mostBytes of parameters, above which frames are thinned out */
  constructor(mostBytes = MOST_BYTES) {
    this.#most = mostBytes;
  }

  /** By restart. */
  get lanes(): readonly Lane[] {
    return [...this.#lanes.values()].sort((a, b) => a.restart - b.restart);
  }

  laneOf({ restart }: Pick<Frame, 'restart'>): Lane {
    const lane = this.#lanes.get(restart);
    if (!lane) throw new Error(`The history has no restart ${restart}.`);
    return lane;
  }

  /** Whether this restart has begun. */
  includes(restart: number): boolean {
    return this.#lanes.has(restart);
  }

  has(frame: Frame): boolean {
    return this.#lanes.get(frame.restart)?.frames.includes(frame) ?? false;
  }

  indexOf(frame: Frame): number {
    return this.laneOf(frame).frames.indexOf(frame);
  }

  last(restart: number): Frame {
    return this.laneOf({ restart }).frames.at(-1)!;
  }

  /** The one that is known to follow; undefined at the end of its restart. */
  after(frame: Frame): Frame | undefined {
    return this.laneOf(frame).frames[this.indexOf(frame) + 1];
  }

  /** The one of a restart whose iteration is nearest. */
  nearest(restart: number, iteration: number): Frame {
    const { frames } = this.laneOf({ restart });
    const distance = (frame: Frame) => Math.abs(frame.iteration - iteration);
    return frames.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  }

  /** The restart with the highest bound so far, the first of equals; undefined without any. */
  get best(): number | undefined {
    let best: Lane | undefined;
    for (const lane of this.lanes) if (!best || boundOf(lane) > boundOf(best)) best = lane;
    return best?.restart;
  }

  /** The iteration that the present run of a restart began at: of its start, or of the last change by hand. */
  begunAt(restart: number): number {
    const { frames } = this.laneOf({ restart });
    return frames.findLast(({ by }) => by !== 'iteration')?.iteration ?? 0;
  }

  /** The last milliseconds of an iteration up to this frame's, their median; undefined where nothing was measured. */
  milliseconds({ restart, iteration }: Frame): number | undefined {
    const times = (this.#lanes.get(restart)?.frames ?? [])
      .filter((frame) => frame.by === 'iteration' && frame.iteration <= iteration)
      .slice(-RECENT)
      .map(({ milliseconds }) => milliseconds);
    return times.length === 0 ? undefined : median(times);
  }

  /**
   * Adds the next frame of its restart. Where the parameters of all frames take too many bytes, every second one is forgotten, the ends
   * and changes by hand aside; their bounds stay.
   * @param shown is kept
   */
  push(frame: Frame, shown?: Frame): void {
    let lane = this.#lanes.get(frame.restart);
    if (!lane)
      this.#lanes.set(
        frame.restart,
        (lane = { restart: frame.restart, frames: [], points: [], error: undefined }),
      );
    lane.frames.push(frame);
    const { iteration, lowerBound } = frame;
    if (Number.isFinite(lowerBound)) {
      const before = lane.points.at(-1);
      // the first bound after a change by hand is that of other parameters
      const follows = before !== undefined && lane.frames.at(-2)?.by === 'iteration';
      const change = follows ? lowerBound - before.lowerBound : NaN;
      lane.points.push({ iteration, lowerBound, change });
    }
    this.#bytes += bytesOf(frame);
    while (this.#bytes > this.#most && this.#thin(shown));
  }

  /** Forgets what came after the frame in its restart. */
  truncate(frame: Frame): void {
    const lane = this.#lanes.get(frame.restart)!;
    for (const gone of lane.frames.splice(lane.frames.indexOf(frame) + 1)) {
      this.#bytes -= bytesOf(gone);
    }
    lane.error = undefined;
    const kept = lane.points.filter(({ iteration }) => iteration <= frame.iteration);
    lane.points.splice(0, lane.points.length, ...kept);
  }

  /** Says why a restart ended. */
  fail(restart: number, error: MixtureError): void {
    const lane = this.#lanes.get(restart);
    if (lane) lane.error = error;
  }

  /** Puts a frame in another's place. */
  replace(frame: Frame, by: Frame): void {
    const { frames } = this.#lanes.get(frame.restart)!;
    frames[frames.indexOf(frame)] = by;
    this.#bytes += bytesOf(by) - bytesOf(frame);
  }

  /** A fit that was made elsewhere: its end, and the bounds on the way there. */
  static of(frame: Frame): History {
    const history = new History();
    history.push(frame);
    const { points } = history.#lanes.get(frame.restart)!;
    const bounds = [...frame.mixture.lowerBounds];
    points.length = 0;
    bounds.forEach((lowerBound, t) => {
      const change = t > 0 ? lowerBound - bounds[t - 1] : NaN;
      points.push({ iteration: t + 1, lowerBound, change });
    });
    return history;
  }

  /** A restart that was kept elsewhere, with the mixture that it ended in. */
  static ofLane({ restart, frames, points, error }: Lane): History {
    const history = new History();
    history.#lanes.set(restart, { restart, frames: [...frames], points: [...points], error });
    history.#bytes = frames.reduce((sum, frame) => sum + bytesOf(frame), 0);
    return history;
  }

  /** @returns whether anything was forgotten */
  #thin(shown: Frame | undefined): boolean {
    let gone = false;
    for (const { frames } of this.#lanes.values()) {
      const kept = frames.filter(
        (frame, i) =>
          i % 2 === 0 || i === frames.length - 1 || frame.by !== 'iteration' || frame === shown,
      );
      if (kept.length === frames.length) continue;
      gone = true;
      frames.splice(0, frames.length, ...kept);
    }
    this.#bytes = this.lanes
      .flatMap(({ frames }) => frames)
      .reduce((sum, frame) => sum + bytesOf(frame), 0);
    return gone;
  }
}

function boundOf({ points }: Lane): number {
  return points.at(-1)?.lowerBound ?? -Infinity;
}

function bytesOf({ mixture }: Frame): number {
  const { weights, means, covariances, lowerBounds } = mixture;
  return 8 * (weights.length + means.length + covariances.length + lowerBounds.length);
}
