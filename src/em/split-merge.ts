import type { Random } from '../data/random.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { ComponentSlots } from './component-slots.ts';
import type { Guidance } from './guidance.ts';
import { Lockstep } from './lockstep.ts';
import { Collapse, iterate, type Iteration, type Run } from './loop.ts';
import { mStep } from './m-step.ts';
import { leastMass, rankMoves, type Candidate } from './move-ranking.ts';

/** Iterations over a candidate's own components alone, before those over all, at most. */
const PARTIAL_ITERATIONS = 10;
/** Rounds in a row that no candidate wins, after which a run is at its end: each draws its splits anew. */
const ROUNDS = 2;
/** Iterations of a candidate before it may be given up. */
const PATIENCE = 12;
/** How many times over the gain that is projected for a candidate is believed. */
const BELIEF = 2;

/** One candidate that was tried. */
export interface Move {
  /** Components that became one, and the one that became two: one of the former where those were parted anew. */
  readonly merged: readonly [number, number];
  /** The component that became two. */
  readonly split: number;
  /** The lower bound that it had to beat, per sample. */
  readonly lowerBoundBefore: number;
  /** The best that it reached, up to the iteration that decided. */
  readonly lowerBound: number;
  /** Its iterations until then; those of a move that was not accepted are in no other count. */
  readonly nIter: number;
  /** Whether the fit went on from it. */
  readonly accepted: boolean;
}

export interface MoveOptions {
  /** Moves accepted, at most. */
  readonly maxMoves: number;
  /** Candidates tried at a time (C_max of the paper). */
  readonly nCandidates: number;
  readonly guidance: Guidance | undefined;
  readonly random: Random;
}

/** Where a run of EM has come to. */
export interface Reached {
  readonly parameters: Parameters;
  readonly lowerBound: number;
  readonly iteration: number;
}

/** A candidate's run of EM. */
interface Attempt {
  readonly candidate: Candidate;
  readonly iterations: AsyncGenerator<Iteration, void>;
  nIter: number;
  lowerBound: number;
  /** The last two changes of the bound. */
  changes: [number, number];
}

/**
 * Split-and-merge EM (SMEM; Ueda, Nakano, Ghahramani and Hinton 2000): where EM has ended, two components are merged and another
 * is split (or two are parted anew), K staying; EM over those (their weights' sum and all else held), then over all. The candidates of a round run
 * side by side, one turn of each at a time. The first whose bound is above where EM had come to, by more than `tol` and rounding, is
 * accepted, and is the run from there; two rounds in a row that none of them wins are the last.
 *
 * Yields the iterations of the accepted path alone, from the one that beats the bound before: what it reports never falls. Yields
 * undefined after each turn of the candidates, so that runs in lockstep stay in step.
 * @param moves filled with what was tried
 */
export async function* splitMerge(
  run: Run,
  from: Reached,
  options: MoveOptions,
  moves: Move[],
): AsyncGenerator<Iteration | undefined, void> {
  const { dataset, family, mStepOptions, signal } = run;
  const { nFeatures } = dataset;
  const nComponents = from.parameters.weights.length;
  const slots = new ComponentSlots(family, nComponents, nFeatures);
  const frozen = namedComponents(options.guidance, dataset.nSamples, nComponents);
  const problem = { dataset, family, mStepOptions, guidance: options.guidance, slots, signal };
  const least = leastMass(family, nFeatures) / dataset.nSamples;
  let reached = from;
  let accepted = 0;
  let lost = 0;
  let draw: (() => Promise<Candidate[]>) | undefined;
  while (accepted < options.maxMoves && lost < ROUNDS) {
    const { parameters, lowerBound } = reached;
    const gain = Math.max(run.tol, 1e-6 * Math.max(1, Math.abs(lowerBound)));
    const needed = lowerBound + gain;
    draw ??= await rankMoves(problem, parameters, frozen, {
      ...options,
      leastGain: gain * dataset.nSamples,
    });
    const candidates = await draw();
    const winner = yield* compete(run, slots, candidates, needed, least, (attempt, won) => {
      moves.push({
        merged: attempt.candidate.merged,
        split: attempt.candidate.split,
        lowerBoundBefore: lowerBound,
        lowerBound: attempt.lowerBound,
        nIter: attempt.nIter,
        accepted: won,
      });
    });
    if (!winner) {
      lost++;
      continue;
    }
    accepted++;
    lost = 0;
    draw = undefined;
    let next: Iteration | undefined = winner.iteration;
    try {
      while (next) {
        const iteration: number = reached.iteration + 1;
        yield { ...next, iteration, change: next.lowerBound - reached.lowerBound };
        reached = { parameters: next.parameters, lowerBound: next.lowerBound, iteration };
        const turn: IteratorResult<Iteration, void> = await winner.iterations.next();
        next = turn.done === true ? undefined : turn.value;
      }
    } catch (error) {
      // the way on from a better place ends there; what was reached stays
      if (!isDeadEnd(error)) throw error;
      return;
    } finally {
      await winner.iterations.return();
    }
  }
}

/** Runs candidates turn by turn until one has a bound above `needed`, or all have ended. */
async function* compete(
  run: Run,
  slots: ComponentSlots,
  candidates: readonly Candidate[],
  needed: number,
  least: number,
  record: (attempt: Attempt, accepted: boolean) => void,
): AsyncGenerator<
  undefined,
  { iteration: Iteration; iterations: AsyncGenerator<Iteration, void> } | undefined
> {
  const lockstep = new Lockstep(run.seam);
  const attempts = candidates.map((candidate): Attempt => {
    const iterations = attemptRun({ ...run, seam: lockstep.seam }, slots, candidate);
    return {
      candidate,
      iterations,
      nIter: 0,
      lowerBound: -Infinity,
      changes: [Infinity, Infinity],
    };
  });
  let won: { attempt: Attempt; iteration: Iteration } | undefined;
  try {
    let active = attempts;
    for (;;) {
      const turns = await lockstep.all(active.map((attempt) => () => nextOf(attempt.iterations)));
      const going: Attempt[] = [];
      turns.forEach((iteration, at) => {
        const attempt = active[at];
        if (!iteration) return;
        attempt.nIter++;
        attempt.changes = [attempt.changes[1], iteration.change];
        if (!isHopeless(attempt, iteration.lowerBound, needed)) going.push(attempt);
        attempt.lowerBound = Math.max(attempt.lowerBound, iteration.lowerBound);
        const proper = touched(attempt.candidate).every(
          (k) => iteration.parameters.weights[k] >= least,
        );
        const best = won?.iteration.lowerBound ?? needed;
        if (proper && iteration.lowerBound > best) won = { attempt, iteration };
      });
      active = going;
      if (won || active.length === 0) break;
      yield undefined;
    }
  } finally {
    for (const attempt of attempts) if (attempt !== won?.attempt) await attempt.iterations.return();
  }
  for (const attempt of attempts) record(attempt, attempt === won?.attempt);
  return won && { iteration: won.iteration, iterations: won.attempt.iterations };
}

/**
 * Whether a candidate will not get there: its changes, which go on to shrink at the rate of the last two (Aitken), add up to less
 * than half of what it lacks. Running all to convergence takes twice the iterations and finds hardly more (docs/escape.md).
 */
function isHopeless({ nIter, changes }: Attempt, lowerBound: number, needed: number): boolean {
  const [before, change] = changes;
  // (the first change of a run is Infinity: nothing to compare with)
  const comparable = before > 0 && before < Infinity && change < before;
  if (nIter < PATIENCE || !comparable) return false;
  const rate = Math.max(0, change / before);
  return lowerBound + (BELIEF * rate * change) / (1 - rate) < needed;
}

const touched = ({ merged, split }: Candidate): number[] => [...new Set([...merged, split])];

/** The next iteration of a candidate; undefined where it has ended, or has no next parameters. */
async function nextOf(iterations: AsyncGenerator<Iteration, void>): Promise<Iteration | undefined> {
  try {
    const { done, value } = await iterations.next();
    return done === true ? undefined : value;
  } catch (error) {
    if (!isDeadEnd(error)) throw error;
    return undefined;
  }
}

/** A component collapsed, or a sample became impossible. */
const isDeadEnd = (error: unknown): boolean =>
  error instanceof Collapse || (error instanceof MixtureError && error.code === 'INVALID_OPTION');

/**
 * EM over the candidate's two or three components, then over all. In the first, responsibilities are found anew for all components (the
 * paper keeps those of the others): each iteration is a generalised EM step of the whole model, whose bound is the true one.
 */
async function* attemptRun(
  run: Run,
  slots: ComponentSlots,
  candidate: Candidate,
): AsyncGenerator<Iteration, void> {
  const { family, mStepOptions } = run;
  const own = touched(candidate);
  const total = own.reduce((sum, k) => sum + candidate.start.weights[k], 0);
  const fresh = { ...run, previousLowerBound: -Infinity };
  let parameters = candidate.start;
  const partial: Run = {
    ...fresh,
    maxIter: Math.min(run.maxIter, PARTIAL_ITERATIONS),
    maximise: (statistics, previous) => {
      const next = slots.take(mStep(family, statistics, previous, mStepOptions), own);
      const sum = next.weights.reduce((all, weight) => all + weight, 0);
      const weights = next.weights.map((weight) => (weight / sum) * total);
      return slots.put(previous, own, slots.weigh(next, weights));
    },
  };
  for await (const iteration of iterate(partial, parameters)) {
    parameters = iteration.parameters;
    yield { ...iteration, converged: false };
  }
  yield* iterate(fresh, parameters);
}

/** Components that guidance names: those that a sample is told to prefer to another. No move may exchange them. */
function namedComponents(
  guidance: Guidance | undefined,
  nSamples: number,
  nComponents: number,
): boolean[] {
  const named = new Array<boolean>(nComponents).fill(false);
  const row = new Float64Array(nComponents);
  if (!guidance) return named;
  for (let n = 0; n < nSamples; n++) {
    row.fill(0);
    guidance.add(n, row);
    const most = Math.max(...row);
    if (row.some((value) => value < most)) row.forEach((value, k) => (named[k] ||= value === most));
  }
  return named;
}
