import type { Parameters } from '../families/family.ts';
import { iterate, type Iteration, type Run } from './loop.ts';

/** Inverse temperatures beta = from, from * factor, ... below 1. */
export interface Schedule {
  /** The first, in (0, 1). */
  readonly from: number;
  /** Of one to the next, above 1. */
  readonly factor: number;
}

export interface AnnealedIteration extends Iteration {
  readonly inverseTemperature: number;
}

/** EM at one temperature ends when the free energy changes by less than so many `tol`. */
const LOOSE = 10;
/** Iterations at one temperature, at most. */
const ITERATIONS = 50;
/** How much of the start is blended in at each temperature. */
const PULL = 0.1;

/**
 * Deterministic annealing EM (DAEM; Ueda and Nakano 1998): EM with gamma_nk proportional to (pi_k p_k)^beta, beta rising to 1. At
 * low beta all components are nearly one and the surface is smooth; as beta rises they part where the data do. Components that
 * have become equal stay so for good, whatever beta: at each temperature the parameters are pulled a tenth of the way towards
 * the start's (from the seed), which breaks the tie, in every family whose parameters are a convex set.
 *
 * Yields its iterations; `lowerBound` is there the free energy (1 / beta) sum_n s_n ln sum_k (pi_k p_k)^beta + ln p(theta), per
 * sample, which never falls at one temperature.
 * @returns where EM proper begins
 */
export async function* anneal(
  run: Run,
  start: Parameters,
  { from, factor }: Schedule,
): AsyncGenerator<AnnealedIteration, Parameters> {
  let parameters = start;
  for (let beta = from; beta < 1; beta *= factor) {
    const cooled: Run = {
      ...run,
      how: { ...run.how, inverseTemperature: beta },
      tol: LOOSE * run.tol,
      maxIter: Math.min(run.maxIter, ITERATIONS),
      previousLowerBound: -Infinity,
    };
    parameters = blend(parameters, start);
    for await (const iteration of iterate(cooled, parameters)) {
      parameters = iteration.parameters;
      yield { ...iteration, inverseTemperature: beta };
    }
  }
  return parameters;
}

function blend(parameters: Parameters, start: Parameters): Parameters {
  const towards = start as unknown as Readonly<Record<string, Float64Array>>;
  const entries = Object.entries(parameters as unknown as typeof towards).map(([name, values]) => [
    name,
    // (what a family carries between its own steps a given start has not)
    towards[name] ? values.map((value, i) => value + PULL * (towards[name][i] - value)) : values,
  ]);
  return Object.fromEntries(entries);
}
