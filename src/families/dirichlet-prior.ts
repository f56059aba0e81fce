import {
  checkPriorKeys,
  noMode,
  priorNumbers,
  timesLog,
  type PriorOption,
} from './prior-numbers.ts';

/**
 * `{ concentration }`, a number or `length` of them (one a category), above 0. Undefined where all are 1 or it is left out,
 * which changes nothing.
 * @throws MixtureError INVALID_OPTION
 */
export function readConcentration(prior: PriorOption, length: number): Float64Array | undefined {
  checkPriorKeys(prior, ['concentration'], 'Dirichlet prior');
  const concentration = priorNumbers(prior, 'concentration', length, 1);
  return concentration.every((value) => value === 1) ? undefined : concentration;
}

/**
 * The mode of Dirichlet(concentration + counts): proportional to counts + concentration - 1; by maximum likelihood, to counts,
 * without a prior. Counts that rounding left below 0 are 0.
 * @param counts as many as categories; `concentration` may be longer (a categorical feature with fewer categories than another)
 * @param feature of the categorical; undefined for the multinomial, which has one distribution a component
 * @returns undefined where nothing is known: the density is flat
 * @throws MixtureError NO_MODE where a count + concentration - 1 is below 0: the density is infinite at 0
 */
export function dirichletMode(
  counts: ArrayLike<number>,
  concentration: Float64Array | undefined,
  component: number,
  feature?: number,
): Float64Array | undefined {
  const shares = new Float64Array(counts.length);
  let total = 0;
  for (let c = 0; c < shares.length; c++) {
    const count = Math.max(0, counts[c]);
    const share = count + (concentration ? concentration[c] - 1 : 0);
    if (share < 0) {
      throw noMode(
        `the probability of category ${c}`,
        component,
        feature,
        `concentration ${concentration![c]} and a count of ${count.toPrecision(4)} make concentration - 1 + count negative`,
        'Use a concentration of at least 1, or fewer components.',
      );
    }
    shares[c] = share;
    total += share;
  }
  return total === 0 ? undefined : shares.map((share) => share / total);
}

/** sum (concentration_c - 1) ln p_c of one distribution, without the normalising constant. */
export function logDirichletPrior(
  probabilities: ArrayLike<number>,
  concentration: Float64Array,
): number {
  let sum = 0;
  for (let c = 0; c < probabilities.length; c++) {
    sum += timesLog(concentration[c] - 1, probabilities[c]);
  }
  return sum;
}
