/**
 * Responsibility-weighted sufficient statistics of K components: a monoid (zero, add), so that chunks, workgroups and
 * restarts all combine the same way. Moments are about `origin`, the components' means in the E-step that made them.
 */
export interface Statistics {
  readonly nComponents: number;
  /** N_k = sum_n s_n gamma_nk: K. */
  readonly componentMass: Float64Array;
  /** K x (sums per component); Gaussian: sum s gamma (x - m) then second moments, packed by rows or diagonal. */
  readonly sums: Float64Array;
  /** K x D. */
  readonly origin: Float64Array;
}

/** No samples yet, about `origin` (K x D), with `length` sums a component. */
export function zeroStatistics(
  nComponents: number,
  length: number,
  origin: Float64Array,
): Statistics {
  return {
    nComponents,
    componentMass: new Float64Array(nComponents),
    sums: new Float64Array(nComponents * length),
    origin,
  };
}

/** The statistics of two sets of samples together; both must be about the same origin. */
export function addStatistics(a: Statistics, b: Statistics): Statistics {
  return {
    nComponents: a.nComponents,
    componentMass: a.componentMass.map((mass, k) => mass + b.componentMass[k]),
    sums: a.sums.map((sum, i) => sum + b.sums[i]),
    origin: a.origin,
  };
}

/** Ten float64 epsilons, added to each mass before dividing (scikit-learn's guard): an empty component divides by no zero. */
export const MASS_FLOOR = 10 * Number.EPSILON;

/** pi_k = N_k / sum_j N_j. */
export function weightsFromMass(componentMass: Float64Array): Float64Array {
  const total = componentMass.reduce((sum, mass) => sum + mass, 0);
  return componentMass.map((mass) => mass / total);
}

/** Means: origin + (first moment) / mass. The first D sums of a component are its first moment. */
export function meansFromStatistics(statistics: Statistics, nFeatures: number): Float64Array {
  const { nComponents, componentMass, sums, origin } = statistics;
  const length = sums.length / nComponents;
  const means = new Float64Array(nComponents * nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const mass = componentMass[k] + MASS_FLOOR;
    for (let d = 0; d < nFeatures; d++) {
      means[k * nFeatures + d] = origin[k * nFeatures + d] + sums[k * length + d] / mass;
    }
  }
  return means;
}
