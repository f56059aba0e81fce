import {
  checkPriorKeys,
  noMode,
  priorNumbers,
  timesLog,
  type PriorOption,
} from './prior-numbers.ts';

/** Beta(a, b) on a probability, for each feature: D numbers each. */
export interface BetaPrior {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/**
 * `{ a, b }`, each a number or one a feature, above 0; left out: 1. Undefined where all are 1, which changes nothing.
 * @throws MixtureError INVALID_OPTION
 */
export function readBetaPrior(prior: PriorOption, nFeatures: number): BetaPrior | undefined {
  checkPriorKeys(prior, ['a', 'b'], 'Beta prior');
  const a = priorNumbers(prior, 'a', nFeatures, 1);
  const b = priorNumbers(prior, 'b', nFeatures, 1);
  return a.every((value) => value === 1) && b.every((value) => value === 1) ? undefined : { a, b };
}

/**
 * The mode of Beta(a + successes, b + failures), (s + a - 1) / (s + f + a + b - 2); by maximum likelihood, s / (s + f), without a prior.
 * Counts that rounding left below 0 are 0.
 * @returns undefined where nothing is known: the density is flat
 * @throws MixtureError NO_MODE where s + a - 1 or f + b - 1 is below 0: the density is infinite at 0 or 1
 */
export function betaMode(
  successes: number,
  failures: number,
  prior: BetaPrior | undefined,
  component: number,
  feature: number,
): number | undefined {
  const s = Math.max(0, successes);
  const f = Math.max(0, failures);
  const a = prior ? prior.a[feature] : 1;
  const b = prior ? prior.b[feature] : 1;
  const up = s + (a - 1);
  const down = f + (b - 1);
  if (up < 0 || down < 0) {
    const [name, value, count] = up < 0 ? ['a', a, s] : ['b', b, f];
    throw noMode(
      'the probability',
      component,
      feature,
      `${name} = ${value} and a count of ${count.toPrecision(4)} make ${name} - 1 + count negative`,
      `Use a Beta prior with ${name} >= 1, or fewer components.`,
    );
  }
  return up + down === 0 ? undefined : up / (up + down);
}

/** sum (a - 1) ln p + (b - 1) ln(1 - p), K x D probabilities, without the normalising constant. */
export function logBetaPrior(probabilities: Float64Array, { a, b }: BetaPrior): number {
  let sum = 0;
  probabilities.forEach((p, i) => {
    const d = i % a.length;
    sum += timesLog(a[d] - 1, p) + timesLog(b[d] - 1, 1 - p);
  });
  return sum;
}
