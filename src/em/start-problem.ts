import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';
import type { Maximisation } from './m-step.ts';
import type { Seam } from './seam.ts';

/** How a fit without a given start finds one. */
export type InitParams = 'kmeans' | 'k-means++' | 'random_from_data' | 'random';

/** Everything a start is made from. */
export interface StartProblem {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly nComponents: number;
  readonly mStepOptions: Maximisation;
  /**
   * The component that a sample is known to be of, N, -1 where it is not: such components start at the mean of theirs (seeded
   * k-means, Basu, Banerjee and Mooney 2002).
   */
  readonly labels?: Int32Array | undefined;
  readonly signal?: AbortSignal | undefined;
}
