/** What one fit went through. */
export interface FitTrace {
  /** Per sample: of the parameters that entered each iteration. */
  readonly lowerBounds: readonly number[];
  /** K x D, row-major, after the last iteration. */
  readonly means: Float64Array;
  /** Variances of each component along each feature after the last iteration, K x D. */
  readonly variances: Float64Array;
}

/** Largest differences from the float64 fit. */
export interface Differences {
  /** Iterations whose lower bounds were compared. */
  readonly iterations: number;
  /** Of the lower bound, per sample, in any of them. */
  readonly lowerBound: number;
  /** Of a mean after the last, in its component's own standard deviation along the feature; undefined where the lengths differ. */
  readonly meansInSigma: number | undefined;
}

/** Beyond these a time is not shown: a wrong answer has no speed. */
export const GATES = { lowerBound: 1e-5, meansInSigma: 1e-3 } as const;

/**
 * How far a fit went from the float64 one, over the iterations that both ran; means where both ran the same. NaN anywhere gives
 * NaN, and NaN passes no gate.
 *
 * @throws Error where one of them ran no iteration
 */
export function compareTraces(actual: FitTrace, expected: FitTrace): Differences {
  const iterations = Math.min(actual.lowerBounds.length, expected.lowerBounds.length);
  if (iterations === 0) throw new Error('There is no iteration to compare.');
  let lowerBound = 0;
  actual.lowerBounds.forEach((bound, t) => {
    // beyond the float64 fit only NaN can be told from a bound
    const difference = Math.abs(bound - (expected.lowerBounds[t] ?? bound));
    lowerBound = Math.max(lowerBound, difference);
  });
  const same = actual.lowerBounds.length === expected.lowerBounds.length;
  return { iterations, lowerBound, meansInSigma: same ? meansApart(actual, expected) : undefined };
}

/** The larger of all, NaN above all. */
export function worst(all: readonly Differences[]): Differences {
  const means = all.flatMap(({ meansInSigma }) => meansInSigma ?? []);
  return {
    iterations: Math.max(...all.map((one) => one.iterations)),
    lowerBound: Math.max(...all.map((one) => one.lowerBound)),
    meansInSigma: means.length > 0 ? Math.max(...means) : undefined,
  };
}

/** Whether the answer is good enough for its time to be shown. */
export function isRight({ lowerBound, meansInSigma }: Differences): boolean {
  // Written with <=, which NaN fails.
  return lowerBound <= GATES.lowerBound && (meansInSigma ?? 0) <= GATES.meansInSigma;
}

function meansApart(actual: FitTrace, expected: FitTrace): number {
  let most = 0;
  actual.means.forEach((mean, i) => {
    const apart = Math.abs(mean - expected.means[i]) / Math.sqrt(expected.variances[i]);
    most = Math.max(most, apart);
  });
  return most;
}
