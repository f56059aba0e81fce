/** Where the middle and the edges of some measurements lie, in their own unit. */
export interface Spread {
  readonly count: number;
  readonly least: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly most: number;
}

/**
 * Median, quartiles and range. Medians, not means: one pause of the machine must not move a result.
 *
 * @throws Error where there is nothing to summarise, or something that is not a number.
 */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new Error('There are no measurements to summarise.');
  if (values.some((value) => Number.isNaN(value)))
    throw new Error('A measurement is not a number.');
  const sorted = values.toSorted((a, b) => a - b);
  return {
    count: sorted.length,
    least: quantile(sorted, 0),
    lowerQuartile: quantile(sorted, 0.25),
    median: quantile(sorted, 0.5),
    upperQuartile: quantile(sorted, 0.75),
    most: quantile(sorted, 1),
  };
}

/** Linear between the two nearest (Hyndman and Fan's type 7, NumPy's default). */
function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
