import type { GaussianMixture } from '../../index.ts';

/** One iteration of one restart, as the page keeps it: parameters are small, so all of them are kept. */
export interface Frame {
  /** Counts through edits: an edit is made at an iteration and does not count as one. */
  readonly iteration: number;
  readonly restart: number;
  /** `start`, an iteration of EM, parameters changed by hand (or K up or down), or a mixture of a comparison. */
  readonly by: 'start' | 'iteration' | 'edit' | 'comparison';
  /** Per sample, of the parameters that entered this iteration; -Infinity where none is known. */
  readonly lowerBound: number;
  /** NaN where there is none before. */
  readonly change: number;
  readonly milliseconds: number;
  readonly converged: boolean;
  readonly mixture: GaussianMixture;
}
