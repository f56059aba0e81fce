import type { Script } from './script.ts';

export type FitPhase = 'loading' | 'running' | 'paused' | 'converged' | 'exhausted' | 'failed';

/**
 * `comparing`: mixtures of several sizes are fitted. `chosen`: one of them is shown. `suspended`: the device is gone, and all waits
 * for another.
 */
export type Phase = FitPhase | 'comparing' | 'chosen' | 'suspended';

/** Nothing is under way. */
export const ENDS: ReadonlySet<Phase> = new Set(['converged', 'exhausted', 'chosen']);

/** Whether a fit is there to go on with. */
export function isFit(phase: Phase): boolean {
  return ['running', 'paused', 'converged', 'exhausted'].includes(phase);
}

/** What comes before the fit goes on. */
export interface Work {
  /** A new history, beginning with these means where they are given; else the one there is. */
  readonly anew?: { readonly starts: Float64Array | undefined };
  /** A component was changed by hand: the history has it. */
  readonly edited?: boolean;
  /** The components to come to first, by splits or merges of the mixture shown. */
  readonly nComponents?: number;
  /** It failed, and may well be done elsewhere. */
  readonly again?: boolean;
  /** Done after that, before anybody sees an iteration. */
  readonly script?: Script | undefined;
}

/** The work of a session that has lost its device. */
export interface Suspended {
  readonly phase: Phase;
  readonly work: Work;
  /** A comparison or a choice that was asked for meanwhile: done in place of the work. */
  readonly asked?: () => void;
}
