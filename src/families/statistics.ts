import type { Standardisation } from '../data/standardisation.ts';
import type { Family } from './family.ts';

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
  /** K x D; empty where the sums have no origin. */
  readonly origin: Float64Array;
  /** sum_n s_n gamma_nk m_nd, the mass of the observed entries, K x D; undefined where no entry is missing. */
  readonly observed?: Float64Array | undefined;
}

/** Counts the observed entries of a sample (NaN: missing) towards a component; does nothing where none is ever missing. */
export function addObserved(
  { observed }: Statistics,
  component: number,
  weight: number,
  sample: Float64Array,
): void {
  if (!observed) return;
  for (let d = 0, i = component * sample.length; d < sample.length; d++, i++) {
    if (sample[d] === sample[d]) observed[i] += weight;
  }
}

/** The mass that speaks of one feature of a component: `componentMass`, or that of the observed entries. */
export function observedMass(
  { componentMass, observed }: Statistics,
  component: number,
  feature: number,
  nFeatures: number,
): number {
  return observed ? observed[component * nFeatures + feature] : componentMass[component];
}

/**
 * No samples yet, about `origin` (K x D), with `length` sums a component.
 * @param observed K x D where entries are missing: how many masses of observed entries to keep
 */
export function zeroStatistics(
  nComponents: number,
  length: number,
  origin: Float64Array,
  observed = 0,
): Statistics {
  return {
    nComponents,
    componentMass: new Float64Array(nComponents),
    sums: new Float64Array(nComponents * length),
    origin,
    observed: observed > 0 ? new Float64Array(observed) : undefined,
  };
}

/** The statistics with every sample's weight multiplied by `factor`. */
export function scaleStatistics(statistics: Statistics, factor: number): Statistics {
  if (factor === 1) return statistics;
  const scale = (value: number): number => value * factor;
  return {
    ...statistics,
    componentMass: statistics.componentMass.map(scale),
    sums: statistics.sums.map(scale),
    observed: statistics.observed?.map(scale),
  };
}

/** The statistics of two sets of samples together; both must be about the same origin. */
export function addStatistics(a: Statistics, b: Statistics): Statistics {
  const length = a.observed?.length ?? b.observed?.length ?? 0;
  const other = observedMasses(b, length);
  return {
    nComponents: a.nComponents,
    componentMass: a.componentMass.map((mass, k) => mass + b.componentMass[k]),
    sums: a.sums.map((sum, i) => sum + b.sums[i]),
    origin: a.origin,
    observed: length > 0 ? observedMasses(a, length).map((mass, i) => mass + other[i]) : undefined,
  };
}

/** `observed`, or the components' masses where no entry is missing: K x D. */
function observedMasses({ observed, componentMass }: Statistics, length: number): Float64Array {
  const nFeatures = length / componentMass.length;
  return (
    observed ?? Float64Array.from({ length }, (_, i) => componentMass[Math.floor(i / nFeatures)])
  );
}

/**
 * The sum of statistics of different E-steps, each weighted, about the origin of the last.
 * @param parts pairs of statistics and a factor > 0 for every sample's weight
 */
export function sumAbout(
  { recentre }: Pick<Family, 'recentre'>,
  ...parts: readonly (readonly [Statistics, number])[]
): Statistics {
  const { origin } = parts.at(-1)![0];
  return parts
    .map(([part, factor]) => {
      const moved = recentre && part.origin !== origin ? recentre(part, origin) : part;
      return scaleStatistics(moved, factor);
    })
    .reduce(addStatistics);
}

/** A mass times a log-density: a mass of 0 has none, however impossible. */
export const massTimes = (mass: number, logDensity: number): number =>
  mass === 0 ? 0 : mass * logDensity;

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
  { nComponents, componentMass, sums, origin, observed }: Statistics,
  component: number,
  { means, scales }: Standardisation,
): Float64Array {
  const nFeatures = means.length;
  const first = (component * sums.length) / nComponents;
  const steps = new Float64Array(nFeatures);
  for (let d = 0; d < nFeatures; d++) {
    const mass = observed ? observed[component * nFeatures + d] : componentMass[component];
    if (isEmpty(mass)) continue;
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
