import type { GaussianMixture } from '../../index.ts';

/** One iteration of one restart, as the page keeps it: parameters are small, so all of them are kept. */
export interface Frame {
  /** Counts through edits: an edit is made at an iteration and does not count as one. */
  readonly iteration: number;
  readonly restart: number;
  /** A start of the library's or one placed by hand, an iteration of EM, parameters changed by hand (or K up or down), the first iteration and the end of a compared mixture, or a mixture from a file. */
  readonly by: 'start' | 'placed' | 'iteration' | 'edit' | 'comparison' | 'file';
  /** Per sample, of the parameters that entered this iteration; -Infinity where none is known. */
  readonly lowerBound: number;
  /** NaN where there is none before. */
  readonly change: number;
  readonly milliseconds: number;
  readonly converged: boolean;
  readonly mixture: GaussianMixture;
}
