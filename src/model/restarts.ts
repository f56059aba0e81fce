import { Random } from '../data/random.ts';
import { Collapse, iterate, type Iteration } from '../em/loop.ts';
import { Lockstep } from '../em/lockstep.ts';
import type { Seam } from '../em/seam.ts';
import type { Move } from '../em/split-merge.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { build, explain, NO_BOUND, step, type Bound, type Fit } from './fit-report.ts';
import type { FitStep, Restart } from './fit-record.ts';
import { startMaker } from './fit-start.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { CommonOptions } from './options.ts';

/** How a restart ended; without parameters where it failed. */
interface Finished {
  readonly restart: Restart;
  readonly parameters: Parameters | undefined;
  readonly bound: Bound;
}

/** A restart under way. */
interface Runner<M extends FittedMixture> {
  /** Undefined: a turn with nothing to tell, which keeps runs in lockstep in step. */
  readonly steps: AsyncGenerator<FitStep<M> | undefined, Finished, void>;
  /** Of each iteration so far. */
  readonly bounds: number[];
  /** Whether EM itself has ended; moves may follow. */
  converged: boolean;
  /** Told to end as it is. */
  readonly stop: { dropped: boolean };
}

/** Samples times restarts that run at a time: what their working memory on a device, 8 bytes each, is bounded by. */
const SAMPLES_AT_A_TIME = 2 ** 23;
/** Iterations after which a restart that is behind is first dropped; then after twice as many, and so on. */
const FIRST_DROP = 4;
/** The stream of the seed that moves are drawn from: other numbers than the start's. */
const MOVES = 1;

/**
 * All restarts of a fit, in lockstep: as many at a time as the working memory holds, one iteration of each in turn. The best by
 * lower bound is built; one that collapses does not sink the others.
 */
export async function* runRestarts<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
): AsyncGenerator<FitStep<M>, M, void> {
  const { checked, dataset, seam } = fit;
  const start = await startMaker(fit);
  // the same start leads to the same end, but where what follows is drawn by the restart's seed
  const drawn = checked.escape !== 'none' || checked.algorithm !== 'em';
  const count = start.repeatable && !drawn ? 1 : checked.nInit;
  const { streamed } = dataset;
  // (batches of a stream come in its order: two runs would each want another)
  const width =
    streamed && checked.algorithm !== 'em'
      ? 1
      : Math.max(1, Math.floor(SAMPLES_AT_A_TIME / (streamed?.chunkSamples ?? dataset.nSamples)));
  const finished: Finished[] = [];
  for (let first = 0; first < count; first += width) {
    const lockstep = new Lockstep(seam);
    const runners = Array.from({ length: Math.min(width, count - first) }, (_, i): Runner<M> => {
      const stop = { dropped: false };
      const make = (member: Seam): Promise<Parameters> => start.make(first + i, member);
      const steps = runRestart(fit, first + i, lockstep.seam, make, stop);
      return { steps, bounds: [], converged: false, stop };
    });
    const before = checked.dropRestarts ? finished.slice() : undefined;
    finished.push(...(yield* together(runners, lockstep, before)));
  }
  const restarts = finished.map(({ restart }) => restart);
  const ended = finished.filter(({ parameters }) => parameters !== undefined);
  if (ended.length === 0) throw allFailed(restarts);
  // a dropped restart is no candidate while one that ran to its end is there
  const whole = ended.filter(({ restart }) => !restart.dropped);
  const best = (whole.length > 0 ? whole : ended).reduce((a, b) =>
    b.bound.lowerBound > a.bound.lowerBound ? b : a,
  );
  const { warningsOf } = await import('./fit-warnings.ts');
  const warnings = await warningsOf(fit, best.parameters!, best.restart, restarts);
  return build(fit, best.parameters!, best.restart, best.bound, restarts, warnings);
}

/**
 * One step of every runner in turn until all have ended, their E-steps made together.
 * @param before restarts that ended earlier; where given, those that fall behind are dropped
 */
async function* together<M extends FittedMixture>(
  runners: readonly Runner<M>[],
  lockstep: Lockstep,
  before: readonly Finished[] | undefined,
): AsyncGenerator<FitStep<M>, Finished[], void> {
  const finished = new Map<Runner<M>, Finished>();
  let drop = FIRST_DROP;
  try {
    for (;;) {
      const active = runners.filter((runner) => !finished.has(runner));
      if (active.length === 0) return runners.map((runner) => finished.get(runner)!);
      const turns = await lockstep.all(
        active.map(
          ({ steps }) =>
            () =>
              steps.next(),
        ),
      );
      for (const [i, { done, value }] of turns.entries()) {
        const runner = active[i];
        if (done === true) {
          finished.set(runner, value);
          continue;
        }
        if (!value) continue;
        // (steps of annealing are iteration 0, as the start is)
        if (value.iteration > 0) runner.bounds.push(value.lowerBound);
        runner.converged ||= value.converged;
        yield value;
      }
      if (!before) continue;
      const running = active.filter((runner) => !finished.has(runner) && !runner.converged);
      if (running.length > 0 && running.every(({ bounds }) => bounds.length >= drop)) {
        const ended = [...before, ...finished.values()].filter(({ restart }) => !restart.dropped);
        const others = ended.map(({ restart }) => restart.lowerBounds);
        dropBehind(running, [...others, ...settled(runners, finished)], drop);
        drop *= 2;
      }
    }
  } finally {
    for (const { steps } of runners) await steps.return(undefined as never);
  }
}

/** Bounds of the runners that EM has ended for, while their moves go on. */
const settled = <M extends FittedMixture>(
  runners: readonly Runner<M>[],
  finished: ReadonlyMap<Runner<M>, Finished>,
): number[][] =>
  runners.filter((runner) => runner.converged && !finished.has(runner)).map(({ bounds }) => bounds);

/**
 * Successive halving (Jamieson and Talwalkar 2016): of those that run, whoever is below the median of all after so many
 * iterations (or, of those that ended sooner, their last) ends.
 */
function dropBehind<M extends FittedMixture>(
  running: readonly Runner<M>[],
  others: readonly ArrayLike<number>[],
  after: number,
): void {
  const boundOf = (bounds: ArrayLike<number>): number =>
    bounds.length === 0 ? -Infinity : bounds[Math.min(after, bounds.length) - 1];
  const all = [...running.map(({ bounds }) => bounds), ...others].map(boundOf);
  const median = all.sort((a, b) => b - a)[Math.floor((all.length - 1) / 2)];
  for (const { bounds, stop } of running) if (boundOf(bounds) < median) stop.dropped = true;
}

/** One restart, from its start to its end. Each yields step 0, the start, then its iterations. */
async function* runRestart<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
  index: number,
  seam: Seam,
  start: (seam: Seam) => Promise<Parameters>,
  stop: { readonly dropped: boolean },
): AsyncGenerator<FitStep<M> | undefined, Finished, void> {
  const { options, checked } = fit;
  const lowerBounds: number[] = [];
  const moves: Move[] = [];
  const record = (converged: boolean, error?: MixtureError): Restart => ({
    seed: checked.seed + index,
    lowerBounds: Float64Array.from(lowerBounds),
    nIter: lowerBounds.length,
    converged,
    dropped: stop.dropped,
    moves: moves.slice(),
    error,
  });
  let bound: Bound = { ...NO_BOUND, ...warmBound(fit.warmStart) };
  let last: Parameters | undefined;
  try {
    let parameters = await start(seam);
    last = parameters;
    let converged = false;
    const { algorithm } = checked;
    const run = {
      ...fit,
      ...checked,
      seam,
      restart: index,
      how: { assignment: checked.assignment } as const,
      previousLowerBound: fit.warmStart?.lowerBound ?? -Infinity,
      signal: options.signal,
    };
    fit.timer.started();
    yield step(fit, record(false), index, undefined, parameters);
    if (checked.annealing) {
      const { anneal } = await import('../em/annealing.ts');
      const annealing = anneal(run, parameters, checked.annealing);
      for (;;) {
        const { done, value } = await annealing.next();
        parameters = done === true ? value : value.parameters;
        if (done === true) break;
        const start = step(fit, record(false), index, undefined, parameters);
        const { inverseTemperature, milliseconds } = value;
        fit.timer.iterated(milliseconds);
        const reported = { ...start, inverseTemperature, milliseconds };
        options.onIteration?.(reported);
        yield reported;
      }
    }
    const begun = parameters;
    const iterations = async function* (): AsyncGenerator<Iteration | undefined, void> {
      if (algorithm === 'em') {
        yield* iterate(run, begun);
      } else {
        const { iterateBatches } = await import('../em/batch-loop.ts');
        yield* iterateBatches({ ...run, algorithm }, begun);
      }
      if (checked.escape === 'none' || lowerBounds.length === 0) return;
      const from = { parameters, lowerBound: bound.lowerBound, iteration: lowerBounds.length };
      const random = new Random(checked.seed + index, MOVES);
      const { splitMerge } = await import('../em/split-merge.ts');
      yield* splitMerge(run, from, { ...fit, ...checked, random }, moves);
    };
    for await (const iteration of iterations()) {
      if (iteration) {
        parameters = iteration.parameters;
        last = parameters;
        converged = iteration.converged;
        bound = iteration;
        lowerBounds.push(iteration.lowerBound);
        fit.timer.iterated(iteration.milliseconds);
        const reported = step(fit, record(converged), index, iteration, parameters);
        options.onIteration?.(reported);
        yield reported;
      } else {
        yield undefined;
      }
      if (stop.dropped) break;
    }
    return { parameters, bound, restart: record(converged) };
  } catch (error) {
    if (!(error instanceof Collapse)) throw withLastMixture(error, fit, last, record(false), bound);
    const explained = explain(fit, error, index, record(false));
    return { parameters: undefined, bound, restart: record(false, explained) };
  }
}

/** A source of samples that broke off takes no parameters along: they are in the error, to go on from. */
function withLastMixture<M extends FittedMixture, O extends CommonOptions<M>>(
  error: unknown,
  fit: Fit<M, O>,
  parameters: Parameters | undefined,
  restart: Restart,
  bound: Bound,
): unknown {
  if (!(error instanceof MixtureError && error.code === 'SOURCE_FAILED' && parameters))
    return error;
  const mixture = build(fit, parameters, restart, bound, [restart], []);
  const { code, message, hint, details } = error;
  return new MixtureError(code, message, hint, { ...details, mixture }, error);
}

/** The first restart's error, with those of all in its details. */
function allFailed(restarts: readonly Restart[]): MixtureError {
  const error = restarts[0].error!;
  if (restarts.length === 1) return error;
  const reasons = restarts.map((restart) => ({ seed: restart.seed, error: restart.error }));
  return new MixtureError(
    error.code,
    `None of ${restarts.length} restarts succeeded. ${error.message}`,
    error.hint,
    { ...error.details, restarts: reasons },
    error,
  );
}

/** What a warm start already knows of the bound. */
function warmBound(warmStart: FittedMixture | undefined): Partial<Bound> {
  if (!warmStart) return {};
  const { lowerBound, logLikelihood, logPrior } = warmStart;
  return { lowerBound, logLikelihood, logPrior };
}
