import type { ColumnTables } from './columns.ts';
import type { Density } from './family.ts';
import type { Block } from './independent-block.ts';
import { columnsOf, type Term } from './independent-terms.ts';
import { LOG_ZERO } from './log-constants.ts';
import { roundWhitening, splitFloat } from './rounding.ts';

/** A block's tables, and what float32 makes of them. */
export interface RoundedTables {
  /** Of the block. */
  readonly nFeatures: number;
  /** Terms a feature. */
  readonly width: number;
  readonly exact: ColumnTables;
  /** K x D: ln p at the origins, in float64. ('linear': at those of float32.) */
  readonly constants: Float64Array;
  /** K x D x width: float32, or for 'quadratic' the sum of two. */
  readonly origins: Float64Array;
  /** K x D x width: float32. */
  readonly slopes: Float64Array;
  /** K x D x C: float32. */
  readonly logProbabilities: Float64Array;
}

/**
 * Stands for a slope of -Infinity: a count of anything but 0 is impossible. Far below every log-density that is not, and
 * float32 holds its product with any value below 1e13.
 */
const IMPOSSIBLE = -1e25;

export function roundTables(block: Block, density: Density): RoundedTables {
  const columns = columnsOf(block);
  const { kind, width } = columns;
  const exact = columns.tables(density);
  const shared = { nFeatures: block.width, width, exact };
  if (kind === 'quadratic') {
    return {
      ...shared,
      constants: exact.constants,
      origins: exact.origins.map((origin) => {
        const { high, low } = splitFloat(origin);
        return high + low;
      }),
      slopes: exact.slopes.map(roundWhitening),
      logProbabilities: exact.logProbabilities,
    };
  }
  // the origin first, so that the constant there is exact; 0 times -Infinity is 0, so such a statistic has its origin at 0
  const origins = exact.origins.map((origin, i) =>
    Number.isFinite(exact.slopes[i]) ? Math.fround(origin) : 0,
  );
  const constants = exact.constants.slice();
  origins.forEach((origin, i) => {
    const moved = origin - exact.origins[i];
    if (moved !== 0) constants[Math.floor(i / width)] += exact.slopes[i] * moved;
  });
  return {
    ...shared,
    constants,
    origins,
    slopes: exact.slopes.map((slope) =>
      Math.fround(Math.max(IMPOSSIBLE, Math.min(-IMPOSSIBLE, slope))),
    ),
    logProbabilities: exact.logProbabilities.map((value) => Math.fround(Math.max(LOG_ZERO, value))),
  };
}

/** ln p of the term's feature at its origins: its share of the component's constant. */
export const shareOf = (
  { constants, nFeatures }: RoundedTables,
  { feature }: Term,
  component: number,
): number => constants[component * nFeatures + feature];

/** Where the term's origin and slope are. */
export const numberAt = (
  { nFeatures, width }: RoundedTables,
  { feature, statistic }: Term,
  component: number,
): number => (component * nFeatures + feature) * width + statistic;

/** The term's feature's row of log-probabilities (exact, or those of float32), as long as it has categories. */
export function categoryRow(
  { exact, nFeatures }: RoundedTables,
  { feature, nCategories }: Term,
  component: number,
  logProbabilities: Float64Array,
): Float64Array {
  const most = logProbabilities.length / exact.constants.length;
  const at = (component * nFeatures + feature) * most;
  return logProbabilities.subarray(at, at + nCategories);
}
