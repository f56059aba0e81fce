import type { Standardisation } from '../data/standardisation.ts';

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

/**
 * Whether no sample says anything about a component: a mass that float32 cannot hold is none on either side of the seam.
 * Such a component keeps mean and covariance, and gets next to no weight.
 */
export const isEmpty = (mass: number): boolean => mass < 2 ** -125;

/** pi_k = N_k / sum_j N_j. */
export function weightsFromMass(componentMass: Float64Array): Float64Array {
  const total = componentMass.reduce((sum, mass) => sum + mass, 0);
  return componentMass.map((mass) => mass / total);
}

/**
 * How far a component's mean moves from its origin, per feature. The mass guard counts as ten epsilons of a sample at the
 * user's zero, as in scikit-learn: only a component with next to no samples notices. One with none at all stays.
 */
export function meanSteps(
  { nComponents, componentMass, sums, origin }: Statistics,
  component: number,
  { means, scales }: Standardisation,
): Float64Array {
  const nFeatures = means.length;
  const first = (component * sums.length) / nComponents;
  const mass = componentMass[component];
  const steps = new Float64Array(nFeatures);
  if (isEmpty(mass)) return steps;
  for (let d = 0; d < nFeatures; d++) {
    const toZero = -means[d] / scales[d] - origin[component * nFeatures + d];
    steps[d] = (sums[first + d] + MASS_FLOOR * toZero) / (mass + MASS_FLOOR);
  }
  return steps;
}

/** The new means, K x D. The first D sums of a component are its first moment. */
export function meansFromStatistics(
  statistics: Statistics,
  standardisation: Standardisation,
): Float64Array {
  const means = statistics.origin.slice();
  for (let k = 0; k < statistics.nComponents; k++) {
    meanSteps(statistics, k, standardisation).forEach((step, d, { length }) => {
      means[k * length + d] += step;
    });
  }
  return means;
}
