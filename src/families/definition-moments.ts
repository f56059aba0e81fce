import { statisticsAt } from './definition-numbers.ts';
import type { FamilyDefinition } from './family-definition.ts';
import { momentsOf } from './density-moments.ts';

/** A number, and how far it may be off. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}

/** What quadrature says of one member. */
export interface MemberMoments {
  /** Of the density over its support: at least `low`, at most `high`. */
  readonly total: Estimate & { readonly low: number; readonly high: number };
  /** E[T], relative to the total. */
  readonly mean: readonly Estimate[];
  /** Of T. */
  readonly variance: readonly Estimate[];
  /** E[x], and about E|x|. */
  readonly value: Estimate & { readonly size: number };
}

/** The integrals (sums) of the density that the definition gives to eta, and of T, its square and x times it. */
export function memberMoments(definition: FamilyDefinition, natural: Float64Array): MemberMoments {
  const { support, neutral } = definition;
  const nStatistics = neutral.length;
  const logPartition = definition.logPartition(natural.slice());
  // T and x are weighed about their values at the mode: means far from 0 keep the digits of the spread
  let origin = new Float64Array(nStatistics + 1);
  /** What is added up to ln p: its rounding. */
  let magnitude = 0;
  const logDensity = (x: number, weights: Float64Array): number => {
    const t = statisticsAt(definition, x);
    let exponent = (definition.logBaseMeasure?.(x) ?? 0) - logPartition;
    magnitude = Math.abs(exponent + logPartition) + Math.abs(logPartition);
    for (let s = 0; s < nStatistics; s++) {
      if (t[s] !== 0) exponent += natural[s] * t[s];
      magnitude += Math.abs(natural[s] * t[s]) || 0;
      const residual = t[s] - origin[s];
      weights[s] = residual;
      weights[nStatistics + s] = residual * residual;
    }
    weights[2 * nStatistics] = x - origin[nStatistics];
    return exponent === exponent ? exponent : -Infinity;
  };
  const nWeights = 2 * nStatistics + 1;
  let rounding = 0;
  const begin = (mode: number): number => {
    logDensity(mode, new Float64Array(nWeights));
    const t = [...Array.from(statisticsAt(definition, mode)), mode];
    origin = Float64Array.from(t, (value) => (Number.isFinite(value) ? value : 0));
    rounding = 2 ** -52 * magnitude;
    return rounding;
  };
  const moments = momentsOf(support, exampleOf(definition), nWeights, logDensity, begin);
  const { values, sizes, errors, tails } = moments;
  const total = values[0];
  const off = errors[0] + rounding * total;
  const ratio = (m: number): Estimate => {
    const value = values[m] / total;
    const relative = (errors[0] + 2 * tails[0]) / total;
    const own = (errors[m] + 2 * tails[m] + rounding * sizes[m]) / total;
    return { value, error: own + relative * Math.abs(value) };
  };
  const about = (estimate: Estimate, point: number): Estimate => ({
    value: point + estimate.value,
    error: estimate.error + 2 ** -52 * Math.abs(point),
  });
  const mean = neutral.map((_, s) => ratio(1 + s));
  return {
    total: {
      value: total,
      error: off + 2 * tails[0],
      low: total < Infinity ? total - off : total,
      high: total + off + 2 * tails[0],
    },
    mean: mean.map((residual, s) => about(residual, origin[s])),
    variance: mean.map((residual, s) => {
      const square = ratio(1 + nStatistics + s);
      const error = square.error + 2 * Math.abs(residual.value) * residual.error;
      return { value: square.value - residual.value ** 2, error };
    }),
    value: {
      ...about(ratio(nWeights), origin[nStatistics]),
      size: sizes[nWeights] / total + Math.abs(origin[nStatistics]),
    },
  };
}

/** Some value of the support. */
function exampleOf({ support: { from, to } }: FamilyDefinition): number {
  if (Number.isFinite(from)) return Number.isFinite(to) ? (from + to) / 2 : from + 1;
  return Number.isFinite(to) ? to - 1 : 0;
}
