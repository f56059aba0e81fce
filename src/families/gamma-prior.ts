import {
  checkPriorKeys,
  noMode,
  priorNumbers,
  timesLog,
  type PriorOption,
} from './prior-numbers.ts';

/** Gamma(shape a, rate b) on a rate, for each feature: D numbers each. */
export interface GammaPrior {
  readonly a: Float64Array;
  readonly b: Float64Array;
}

/**
 * `{ a, b }`, each a number or one a feature, a above 0, b at least 0; left out: 1 and 0. Undefined where that is all, which
 * changes nothing.
 * @throws MixtureError INVALID_OPTION
 */
export function readGammaPrior(prior: PriorOption, nFeatures: number): GammaPrior | undefined {
  checkPriorKeys(prior, ['a', 'b'], 'Gamma prior');
  const a = priorNumbers(prior, 'a', nFeatures, 1);
  const b = priorNumbers(prior, 'b', nFeatures, 0, true);
  return a.every((value) => value === 1) && b.every((value) => value === 0) ? undefined : { a, b };
}

/**
 * The mode of Gamma(a + events, b + exposure), (events + a - 1) / (exposure + b); by maximum likelihood, events / exposure,
 * without a prior. Sums that rounding left below 0 are 0.
 * @returns undefined where nothing is known: the density is flat; Infinity where it grows for ever (events, no exposure)
 * @throws MixtureError NO_MODE where events + a - 1 is below 0: the density is infinite at 0
 */
export function gammaMode(
  events: number,
  exposure: number,
  prior: GammaPrior | undefined,
  component: number,
  feature: number,
): number | undefined {
  const count = Math.max(0, events);
  const a = prior ? prior.a[feature] : 1;
  const up = count + (a - 1);
  const down = Math.max(0, exposure) + (prior ? prior.b[feature] : 0);
  if (up < 0) {
    throw noMode(
      'the rate',
      component,
      feature,
      `a = ${a} and a count of ${count.toPrecision(4)} make a - 1 + count negative`,
      'Use a Gamma prior with a >= 1, or fewer components.',
    );
  }
  return up === 0 && down === 0 ? undefined : up / down;
}

/** sum (a - 1) ln rate - b rate, K x D rates, without the normalising constant. */
export function logGammaPrior(rates: Float64Array, { a, b }: GammaPrior): number {
  let sum = 0;
  rates.forEach((rate, i) => {
    const d = i % a.length;
    sum += timesLog(a[d] - 1, rate) - b[d] * rate;
  });
  return sum;
}
