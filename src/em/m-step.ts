import { MixtureError } from '../errors.ts';
import type { Family, MStepOptions, Parameters, Prior } from '../families/family.ts';
import { scaleStatistics, type Statistics } from '../families/statistics.ts';

/** What MAP adds to the likelihood. */
export interface MixturePrior {
  /** Dirichlet(alpha) on the weights, K; undefined where it changes nothing. */
  readonly alpha: Float64Array | undefined;
  /** What the family's `readPrior` gave. */
  readonly components: Prior;
}

/** Everything an M-step needs beside statistics and the parameters before. */
export interface Maximisation extends MStepOptions {
  readonly mixturePrior?: MixturePrior | undefined;
  /** W / N: statistics come with sample weights scaled to sum N, pseudo-counts of a prior are in the user's. */
  readonly massScale: number;
}

/** The same for statistics of samples that a start is found from, where those are a part of a stream. */
export function forPart(
  options: Maximisation,
  { wholeSamples, nSamples }: { readonly wholeSamples: number; readonly nSamples: number },
): Maximisation {
  return { ...options, massScale: (options.massScale * wholeSamples) / nSamples };
}

/**
 * The M-step of every mixture: the family's closed form, and the weights, by maximum likelihood or under a prior:
 * pi_k = (N_k + alpha_k - 1) / (W + sum_j alpha_j - K) (mixtures.md).
 * @throws MixtureError NO_MODE, COLLAPSED_COMPONENT
 */
export function mStep(
  family: Family,
  statistics: Statistics,
  previous: Parameters,
  options: Maximisation,
): Parameters {
  const { mixturePrior, massScale } = options;
  if (!mixturePrior) return family.mStep(statistics, previous, options);
  const scaled = scaleStatistics(statistics, massScale);
  const prior = mixturePrior.components;
  const parameters = family.mStep(scaled, previous, { ...options, prior });
  const { alpha } = mixturePrior;
  return alpha
    ? { ...parameters, weights: weightsUnderPrior(scaled.componentMass, alpha) }
    : parameters;
}

/** @throws MixtureError NO_MODE where N_k + alpha_k - 1 < 0 */
function weightsUnderPrior(componentMass: Float64Array, alpha: Float64Array): Float64Array {
  const counts = componentMass.map((mass, k) => mass + (alpha[k] - 1));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const lacking = counts.findIndex((count) => !(count >= 0));
  if (lacking >= 0 || !(total > 0)) {
    const component = Math.max(0, lacking);
    throw new MixtureError(
      'NO_MODE',
      `The Dirichlet prior on the weights leaves no maximum: component ${component} has N + alpha - 1 = ${componentMass[component]} + ${alpha[component]} - 1 < 0.`,
      'Use alpha >= 1, or fewer components.',
      { component, mass: componentMass[component], alpha: alpha[component] },
    );
  }
  return counts.map((count) => count / total);
}

/** ln p(theta) without its normalising constant. @param parameters in the user's units */
export function logPriorOf(
  family: Family,
  parameters: Parameters,
  prior: MixturePrior | undefined,
): number {
  if (!prior) return 0;
  let sum = prior.components === undefined ? 0 : family.logPrior(parameters, prior.components);
  prior.alpha?.forEach((alpha, k) => {
    // (alpha - 1) ln pi with 0 ln 0 = 0
    if (alpha !== 1) sum += (alpha - 1) * Math.log(parameters.weights[k]);
  });
  return sum;
}
