import type { Schedule } from '../em/annealing.ts';
import { MixtureError } from '../errors.ts';
import type { Family } from '../families/family.ts';
import { requireNumber, requireOneOf } from './option-checks.ts';
import type { CommonOptions } from './options.ts';

/** How a fit leaves poor maxima, as the caller says it; see docs/escape.md. */
export interface EscapeOptions {
  /**
   * 'split-merge': where EM has ended, two components are merged and another is split, K staying (Ueda, Nakano, Ghahramani and
   * Hinton 2000), or two are parted anew; kept only where the lower bound rises above what EM had reached, and again until no candidate
   * does. `restarts[].moves` tells what was tried. `maxIter` bounds each run of EM between moves, so that `nIter` may be more. Components
   * that `labels` or `componentPriors` name are left alone. Default 'none'.
   */
  readonly escape?: 'none' | 'split-merge' | undefined;
  /** Split-and-merge moves accepted in a restart, at most. Default 100. */
  readonly maxMoves?: number | undefined;
  /** Candidates tried side by side before a restart gives up (the paper's C_max). Default 5. */
  readonly nCandidates?: number | undefined;
  /**
   * Deterministic annealing (Ueda and Nakano 1998): EM at inverse temperatures `from`, `from` * `factor`, ..., 1, which depends less
   * on the start. true is { from: 0.7, factor: 1.1 }. Its steps are told to `onIteration` with their `inverseTemperature`, and are
   * no part of `lowerBounds` and `nIter`. Default false.
   */
  readonly annealing?: boolean | Partial<Schedule> | undefined;
}

export interface CheckedEscape {
  readonly escape: 'none' | 'split-merge';
  readonly maxMoves: number;
  readonly nCandidates: number;
  readonly annealing: Schedule | undefined;
}

export const ESCAPE_OPTIONS = ['escape', 'maxMoves', 'nCandidates', 'annealing'] as const;
const DEFAULT_SCHEDULE: Schedule = { from: 0.7, factor: 1.1 };
/** Temperatures of one schedule, at most: more would hardly end. */
const TEMPERATURES = 1000;

/** With their defaults. @throws MixtureError INVALID_OPTION */
export function readEscape(
  options: EscapeOptions & Pick<CommonOptions, 'assignment'> & { readonly warmStart?: unknown },
): CheckedEscape {
  const { escape = 'none', maxMoves = 100, nCandidates = 5 } = options;
  requireOneOf('escape', escape, ['none', 'split-merge']);
  for (const name of ['maxMoves', 'nCandidates'] as const) {
    if (options[name] === undefined || escape === 'split-merge') continue;
    throw new MixtureError(
      'INVALID_OPTION',
      `${name} was given without escape: 'split-merge'.`,
      'It is about split-and-merge moves: ask for them, or leave it out.',
      { option: name },
    );
  }
  requireNumber('maxMoves', maxMoves, 1, true);
  requireNumber('nCandidates', nCandidates, 1, true);
  return { escape, maxMoves, nCandidates, annealing: readSchedule(options) };
}

/**
 * Moves and annealing are about a likelihood at one set of parameters; a Bayesian mixture has a posterior, and empties components
 * by itself. @throws MixtureError INVALID_OPTION
 */
export function refuseEscapeOf(family: Family, { escape, annealing }: CheckedEscape): void {
  if (!family.evidenceBound || (escape === 'none' && !annealing)) return;
  const option = annealing ? 'annealing' : 'escape';
  throw new MixtureError(
    'INVALID_OPTION',
    `A Bayesian mixture has no ${option}.`,
    'Try more starts (nInit), or fit an ordinary mixture.',
    { option },
  );
}

/** The schedule of `annealing`; undefined for none. @throws MixtureError INVALID_OPTION */
function readSchedule({
  annealing = false,
  assignment,
  warmStart,
}: Pick<CommonOptions, 'annealing' | 'assignment'> & { readonly warmStart?: unknown }):
  | Schedule
  | undefined {
  if (annealing === false) return undefined;
  const isSchedule =
    typeof annealing === 'object' && annealing !== null && !Array.isArray(annealing);
  if (annealing !== true && !isSchedule) {
    throw refusal(
      `annealing must be true, false or { from, factor }, but is ${String(annealing)}.`,
      'annealing: true takes { from: 0.7, factor: 1.1 }.',
    );
  }
  const given: Partial<Schedule> = isSchedule ? annealing : {};
  const { from = DEFAULT_SCHEDULE.from, factor = DEFAULT_SCHEDULE.factor, ...others } = given;
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw refusal(`annealing has no setting ${other}.`, 'Its settings are from and factor.');
  }
  if (!(typeof from === 'number' && from > 0 && from < 1)) {
    throw refusal(
      `annealing.from must be a number between 0 and 1, but is ${String(from)}.`,
      'It is the inverse temperature to begin at, such as 0.7.',
    );
  }
  const temperatures = Math.ceil(-Math.log(from) / Math.log(factor));
  if (!(Number.isFinite(factor) && factor > 1 && temperatures <= TEMPERATURES)) {
    throw refusal(
      `annealing.factor must be a number above 1 that takes ${from} to 1 in at most ${TEMPERATURES} steps, but is ${String(factor)}.`,
      'It multiplies the inverse temperature from step to step, such as 1.1.',
    );
  }
  if (assignment === 'hard') {
    throw refusal(
      "annealing changes nothing of assignment: 'hard'.",
      'Leave one of the two out: the temperature says how soft an assignment is.',
    );
  }
  if (warmStart) {
    throw refusal(
      'annealing begins anew, but warmStart goes on from a fitted mixture.',
      "Leave one of the two out; escape: 'split-merge' goes on from a warm start.",
    );
  }
  return { from, factor };
}

const refusal = (message: string, hint: string): MixtureError =>
  new MixtureError('INVALID_OPTION', message, hint, { option: 'annealing' });
