/** What one fit went through: an entry per iteration. */
export interface FitTrace {
  /** Per sample. */
  readonly lowerBounds: readonly number[];
  /** K x D, row-major, after the iteration. */
  readonly means: readonly Float64Array[];
  /** Variances of each component along each feature after the iteration, K x D. */
  readonly variances: readonly Float64Array[];
}

/** Largest differences from the float64 fit over all iterations. */
export interface Differences {
  /** Of the lower bound, per sample. */
  readonly lowerBound: number;
  /** Of a mean, in its component's own standard deviation along the feature. */
  readonly meansInSigma: number;
}

/** Beyond these a time is not shown: a wrong answer has no speed. */
export const GATES: Differences = { lowerBound: 1e-5, meansInSigma: 1e-3 };

/**
 * How far a fit went from the float64 one, over all its own iterations. NaN anywhere gives NaN, and NaN passes no gate.
 *
 * @throws Error where it ran no iteration, or more than the float64 one: some would go unchecked.
 */
export function compareTraces(actual: FitTrace, expected: FitTrace): Differences {
  const iterations = actual.lowerBounds.length;
  if (iterations === 0 || iterations > expected.lowerBounds.length) {
    throw new Error(`${iterations} iterations to compare with ${expected.lowerBounds.length}.`);
  }
  const bounds = actual.lowerBounds.map((bound, t) => Math.abs(bound - expected.lowerBounds[t]));
  const means = actual.means.flatMap((row, t) =>
    Array.from(row, (mean, i) => Math.abs(mean - expected.means[t][i]) / sigma(expected, t, i)),
  );
  return { lowerBound: Math.max(...bounds), meansInSigma: Math.max(...means) };
}

/** The larger of both, NaN above all. */
export function worst(all: readonly Differences[]): Differences {
  return {
    lowerBound: Math.max(...all.map((one) => one.lowerBound)),
    meansInSigma: Math.max(...all.map((one) => one.meansInSigma)),
  };
}

/** Whether the answer is good enough for its time to be shown. */
export function isRight(differences: Differences): boolean {
  // Written with <=, which NaN fails.
  return (
    differences.lowerBound <= GATES.lowerBound && differences.meansInSigma <= GATES.meansInSigma
  );
}

function sigma({ variances }: FitTrace, iteration: number, i: number): number {
  return Math.sqrt(variances[iteration][i]);
}
