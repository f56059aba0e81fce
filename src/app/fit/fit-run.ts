import { GaussianMixture } from '../../index.ts';
import type { Context, Dataset, FitStep, MixtureError } from '../../index.ts';
import type { Frame } from './frame.ts';
import type { History } from './history.ts';
import type { FitSettings } from './settings.ts';

/** What is still to be fitted. */
export interface Plan {
  /** Restarts from their seeds: the first one's number, and how many. */
  readonly fresh: { readonly first: number; readonly count: number };
  /** The frames that restarts under way go on from. */
  readonly from: readonly Frame[];
}

export interface RunOptions {
  readonly settings: FitSettings;
  readonly context: Context;
  readonly signal: AbortSignal;
  readonly history: History;
}

const NONE = { first: 0, count: 0 };
export const NOTHING: Plan = { fresh: NONE, from: [] };

/** The plan after changes by hand: restarts that were changed begin again there, and the others go on. */
export function onwards({ fresh, from }: Plan, history: History): Plan {
  const changed = history.lanes.filter(({ frames }) => frames.at(-1)!.by === 'edit');
  const going = new Set([...from, ...changed].map(({ restart }) => restart));
  return { fresh, from: [...going].map((restart) => history.last(restart)) };
}

type Steps = AsyncGenerator<FitStep<GaussianMixture>, GaussianMixture>;

/**
 * The fit of a plan, a turn at a time: one iteration of every restart that is under way. The library runs fresh restarts in
 * lockstep; those that go on from a frame, after an edit or on another device, are fits of their own.
 */
export class FitRun {
  readonly #strands: Strand[];
  readonly #history: History;

  constructor(dataset: Dataset, plan: Plan, options: RunOptions) {
    this.#history = options.history;
    const { fresh, from } = plan;
    this.#strands = from.map((frame) => Strand.from(frame, dataset, options));
    if (fresh.count > 0) this.#strands.push(Strand.fresh(fresh, dataset, options));
  }

  /** The next frames, none at the end. */
  async turn(): Promise<Frame[]> {
    const frames: Frame[] = [];
    for (const strand of this.#strands) frames.push(...(await strand.turn()));
    return frames;
  }

  get ended(): boolean {
    return this.#strands.every(({ result }) => result);
  }

  /** Whether all restarts have come to their ends, and only the ends themselves are left to be told. */
  get isSpent(): boolean {
    const history = this.#history;
    return this.#strands.every(
      (strand) => strand.going.length === 0 && strand.unbegun(history).count === 0,
    );
  }

  /** The mixtures that the library gives at the end, by the restart that each of them is the end of. */
  get results(): [restart: number, mixture: GaussianMixture][] {
    return this.#strands.flatMap((strand) =>
      strand.result ? [[strand.winner, strand.result]] : [],
    );
  }

  /** Why restarts that collapsed ended, where others did not. */
  get failures(): [restart: number, error: MixtureError][] {
    return this.#strands.flatMap((strand) => strand.failures);
  }

  /** What is left to do, from the last frames in the history. */
  get rest(): Plan {
    const history = this.#history;
    const known = new Set(history.lanes.map(({ restart }) => restart));
    const going = this.#strands.flatMap((strand) => strand.going).filter((r) => known.has(r));
    const fresh = this.#strands
      .map((strand) => strand.unbegun(history))
      .find(({ count }) => count > 0);
    return { fresh: fresh ?? NONE, from: going.map((restart) => history.last(restart)) };
  }

  /** Ends what is under way and frees what it holds. */
  async close(): Promise<void> {
    for (const strand of this.#strands) await strand.close();
  }
}

/** One call of the library's: several restarts in lockstep, or one that goes on. */
class Strand {
  /** The mixture that it ended in. */
  result: GaussianMixture | undefined;
  readonly #steps: Steps;
  readonly #plan: {
    readonly first: number;
    readonly count: number;
    readonly from: Frame | undefined;
  };
  readonly #maxIter: number;
  /** The last step of every restart that has begun. */
  readonly #last = new Map<number, FitStep<GaussianMixture>>();
  /** A step that was pulled and belongs to the next turn. */
  #ahead: FitStep<GaussianMixture> | undefined;
  /** Restarts that ended without a last step: a component collapsed. */
  readonly #collapsed = new Set<number>();

  private constructor(
    steps: Steps,
    plan: { readonly first: number; readonly count: number; readonly from: Frame | undefined },
    maxIter: number,
  ) {
    this.#steps = steps;
    this.#plan = plan;
    this.#maxIter = maxIter;
  }

  static fresh(
    plan: Plan['fresh'],
    dataset: Dataset,
    { settings, context, signal }: RunOptions,
  ): Strand {
    const { nComponents, covarianceType, initParams, regCovar, tol, maxIter } = settings;
    const seed = settings.seed + plan.first;
    const model = { nComponents, covarianceType, initParams, regCovar, tol, maxIter };
    const steps = GaussianMixture.fitSteps(dataset, {
      ...model,
      seed,
      nInit: plan.count,
      context,
      signal,
    });
    return new Strand(steps, { ...plan, from: undefined }, maxIter);
  }

  /** Where the frame's bound is known, the first change is from there, as if nothing had come between. */
  static from(frame: Frame, dataset: Dataset, options: RunOptions): Strand {
    const { settings, context, signal, history } = options;
    const { covarianceType, regCovar, tol } = settings;
    const { mixture, restart, iteration } = frame;
    const maxIter = Math.max(0, settings.maxIter - (iteration - history.begunAt(restart)));
    const steps = GaussianMixture.fitSteps(dataset, {
      nComponents: mixture.nComponents,
      covarianceType,
      regCovar,
      tol,
      maxIter,
      warmStart: mixture,
      context,
      signal,
    });
    return new Strand(steps, { first: restart, count: 1, from: frame }, maxIter);
  }

  /**
   * One step of every restart under way; the very first turn is one start alone, so that it is soon there. Which steps make a turn is
   * told by who took the last one; a restart that collapsed is missed when the next turn's first step comes in its place.
   */
  async turn(): Promise<Frame[]> {
    const frames: Frame[] = [];
    const seen = new Set<number>();
    let last: FitStep<GaussianMixture> | undefined;
    while (!this.result) {
      const isFirst = this.#last.size === 0;
      const step = this.#ahead ?? (await this.#pull());
      this.#ahead = undefined;
      if (!step) break;
      const isNextTurn =
        last !== undefined &&
        last.iteration > 0 &&
        (step.restart <= last.restart || step.iteration === 0);
      if (isNextTurn) {
        this.#ahead = step;
        for (const restart of this.#going) if (!seen.has(restart)) this.#collapsed.add(restart);
        break;
      }
      const frame = this.#frame(step);
      this.#last.set(step.restart, step);
      seen.add(step.restart);
      if (frame) frames.push(frame);
      last = step;
      const { from } = this.#plan;
      if (isFirst ? !from : step.iteration > 0 && !this.#going.some((r) => r > step.restart)) break;
    }
    return frames;
  }

  /** Restarts under way, by the history's numbers. */
  get going(): number[] {
    if (this.result) return [];
    const { first, from } = this.#plan;
    if (from) return [first];
    return this.#going.map((restart) => first + restart);
  }

  /** Restarts of which the history has nothing yet. */
  unbegun(history: History): Plan['fresh'] {
    const { first, count, from } = this.#plan;
    if (from || this.result) return NONE;
    const begun = history.lanes.filter(
      ({ restart }) => restart >= first && restart < first + count,
    );
    return { first: first + begun.length, count: count - begun.length };
  }

  /** The restart that the result is of. */
  get winner(): number {
    const steps = [...this.#last.entries()];
    const won = steps.find(([, step]) => step.lowerBound === this.result?.lowerBound);
    return this.#plan.first + (won ?? steps[0])[0];
  }

  get failures(): [restart: number, error: MixtureError][] {
    const restarts = this.result?.restarts ?? [];
    return restarts.flatMap(({ error }, i) => (error ? [[this.#plan.first + i, error]] : []));
  }

  async close(): Promise<void> {
    // before its first step the generator holds nothing, or has ended by itself
    await this.#steps.return(undefined as never);
  }

  get #going(): number[] {
    return [...this.#last.entries()]
      .filter(
        ([restart, { converged, iteration }]) =>
          !converged && iteration < this.#maxIter && !this.#collapsed.has(restart),
      )
      .map(([restart]) => restart);
  }

  async #pull(): Promise<FitStep<GaussianMixture> | undefined> {
    const { done, value } = await this.#steps.next();
    if (done !== true) return value;
    this.result = value;
    return undefined;
  }

  /** Undefined for the start of a restart that goes on: it is the frame before. */
  #frame(step: FitStep<GaussianMixture>): Frame | undefined {
    const { lowerBound, milliseconds, converged, mixture } = step;
    const { first, from } = this.#plan;
    if (step.iteration === 0 && from) return undefined;
    return {
      iteration: (from?.iteration ?? 0) + step.iteration,
      restart: first + step.restart,
      by: step.iteration === 0 ? 'start' : 'iteration',
      lowerBound,
      change: Number.isFinite(step.change) ? step.change : NaN,
      milliseconds,
      converged,
      mixture,
    };
  }
}
