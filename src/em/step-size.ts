/**
 * How far running statistics move towards those of the next batch: eta_t = (t + offset)^-alpha for the t-th batch after the first
 * (t = 0), or a constant.
 *
 * Robbins and Monro's conditions, sum eta = infinity and sum eta^2 < infinity, hold for alpha in (0.5, 1]: the noise of the batches
 * dies away, the start is forgotten. Cappe and Moulines (2009) advise 0.6 with averaging; Liang and Klein (2009) find
 * the best between 0.5 and 0.7, with an offset of 2. A constant forgets older batches geometrically, for streams that drift.
 */
export type StepSize = number | StepSchedule;

/** eta_t = (t + offset)^-alpha for batch t = 0, 1, ...: Robbins and Monro's conditions hold for alpha in (0.5, 1]. */
export interface StepSchedule {
  /** In (0.5, 1]; smaller forgets the start faster and averages over fewer batches. Default 0.6. */
  readonly alpha?: number | undefined;
  /** At least 1, which takes the first batch alone; larger takes smaller first steps. Default 2. */
  readonly offset?: number | undefined;
}

const DEFAULT_STEP = { alpha: 0.6, offset: 2 } as const;

/** eta for a batch after `t` others of its size. */
export function stepAfter(t: number, stepSize: StepSize = DEFAULT_STEP): number {
  if (typeof stepSize === 'number') return stepSize;
  const { alpha = DEFAULT_STEP.alpha, offset = DEFAULT_STEP.offset } = stepSize;
  return (t + offset) ** -alpha;
}
