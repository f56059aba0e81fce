import { Random } from '../data/random.ts';
import type { Estimate } from './definition-moments.ts';
import { statisticsAt } from './definition-numbers.ts';
import { invalid, type FamilyDefinition } from './family-definition.ts';

/** Draws that a sampler is checked with, and how many standard errors their mean of T may be off. */
const DRAWS = 4000;
const STANDARD_ERRORS = 6;

/**
 * Whether `sample` draws from the member: the mean of T over its draws is E[T], as far as their spread (the drawn one, and the one that
 * quadrature says: what is rare may not have come up) and single draws far out let it tell.
 * @throws MixtureError INVALID_OPTION
 */
export function checkDraws(
  definition: FamilyDefinition,
  natural: Float64Array,
  mean: readonly Estimate[],
  variance: readonly Estimate[],
): void {
  const { name } = definition;
  const random = new Random(1);
  const sums = new Float64Array(mean.length);
  const squares = new Float64Array(mean.length);
  const furthest = new Float64Array(mean.length);
  for (let i = 0; i < DRAWS; i++) {
    const x = definition.sample!(natural.slice(), random);
    if (typeof x !== 'number' || !Number.isFinite(x)) {
      throw invalid(name, `sample() gives ${String(x)}`, 'Return one finite number.');
    }
    const { kind, from, to } = definition.support;
    if (!(x >= from && x <= to) || (kind === 'integers' && !Number.isInteger(x))) {
      throw invalid(name, `sample() gives ${x}, outside the support`, 'Draw from the support.');
    }
    const t = statisticsAt(definition, x);
    for (let s = 0; s < mean.length; s++) {
      // about the mean, for the digits of the spread
      const residual = t[s] - mean[s].value;
      sums[s] += residual;
      squares[s] += residual * residual;
      furthest[s] = Math.max(furthest[s], Math.abs(residual));
    }
  }
  mean.forEach(({ value: expected, error: uncertain }, s) => {
    const off = Math.abs(sums[s]) / DRAWS;
    const drawn = Math.sqrt(Math.max(0, squares[s] / DRAWS - off * off) / DRAWS);
    const known = Math.sqrt(Math.max(0, variance[s].value + variance[s].error) / DRAWS);
    const error = Math.max(drawn, known);
    const allowed = STANDARD_ERRORS * (error + furthest[s] / DRAWS) + uncertain;
    if (!Number.isFinite(allowed) || off <= allowed) return;
    throw invalid(
      name,
      `the mean of T_${s} over ${DRAWS} draws is ${expected + sums[s] / DRAWS}, but should be ${expected} (standard error ${error.toPrecision(3)})`,
      'sample() draws from another distribution.',
    );
  });
}
