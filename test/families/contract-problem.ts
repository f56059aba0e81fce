import { readRow, readSamples, type Samples } from '../../src/data/samples.ts';
import {
  identityStandardisation,
  standardise,
  type Standardisation,
} from '../../src/data/standardisation.ts';
import type { Density, Family, Parameters } from '../../src/families/family.ts';
import { addObserved, zeroStatistics, type Statistics } from '../../src/families/statistics.ts';
import { Mixture } from '../../src/model/mixture.ts';
import { atOnce } from '../../src/data/pause.ts';
import { uniform } from '../support/hashgen.ts';
import type { ContractCase } from './contract-cases.ts';

/** The case's parameters as arrays. */
export function parametersOf({ parameters }: ContractCase): Parameters {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, values]) => [name, Float64Array.from(values)]),
  ) as unknown as Parameters;
}

/** Samples drawn from the case's mixture, as a caller would give them; `missing` is the share of entries to leave out. */
export function drawn(
  one: ContractCase,
  nSamples: number,
  { seed = 1, missing = 0 } = {},
): { data: Float64Array; nSamples: number; nFeatures: number } {
  const { family, nFeatures } = one;
  const mixture = new Mixture(family, parametersOf(one), nFeatures);
  const { data } = mixture.sample(nSamples, { seed }).samples;
  const kept = data.map((value, i) => (uniform(seed, 77, i) < missing ? Number.NaN : value));
  return { data: kept, nSamples, nFeatures };
}

/** A family that has seen samples, with what it computes in. */
export interface Problem {
  readonly family: Family;
  readonly samples: Samples;
  readonly standardisation: Standardisation;
  readonly nFeatures: number;
  /** In the user's units. */
  readonly parameters: Parameters;
}

export async function problemOf(
  one: ContractCase,
  nSamples: number,
  how: { seed?: number; missing?: number } = {},
): Promise<Problem> {
  const samples = await readSamples(drawn(one, nSamples, how));
  const family = one.family.resolve ? atOnce(one.family.resolve(samples)) : one.family;
  const { nFeatures } = one;
  const standardisation =
    family.coordinates === 'standardised'
      ? standardise(samples)
      : identityStandardisation(nFeatures);
  return { family, samples, standardisation, nFeatures, parameters: parametersOf(one) };
}

export function densityOf({ family, standardisation }: Problem, parameters: Parameters): Density {
  return family.density(family.standardise(parameters, standardisation), standardisation);
}

/** A function of a sample in the user's units: ln(pi_k p(x | k)) with ln h(x). `observed`: of its observed entries. */
export function jointOf(
  problem: Problem,
  parameters: Parameters,
): (sample: Float64Array, component: number) => number {
  const { family, nFeatures } = problem;
  const density = densityOf(problem, parameters);
  const scratch = new Float64Array(nFeatures);
  const own = new Float64Array(nFeatures);
  return (sample, component) => {
    toCoordinates(problem, sample, own);
    const base = family.logBaseMeasure?.(own) ?? 0;
    return family.logDensity(density, component, own, scratch) + base;
  };
}

/** The family's coordinates of a sample in the user's units. */
export function toCoordinates(
  { standardisation: { means, scales } }: Problem,
  sample: Float64Array,
  out: Float64Array,
): void {
  sample.forEach((value, d) => {
    out[d] = (value - means[d]) / scales[d];
  });
}

/** ln sum exp. */
export function logSumExp(values: readonly number[]): number {
  const largest = Math.max(...values);
  if (largest === -Infinity) return largest;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** Each sample's responsibilities and ln p(x), under some parameters. */
export function responsibilitiesOf(
  problem: Problem,
  parameters: Parameters,
): { gamma: Float64Array; scores: Float64Array } {
  const { samples, nFeatures } = problem;
  const nComponents = parameters.weights.length;
  const joint = jointOf(problem, parameters);
  const row = new Float64Array(nFeatures);
  const gamma = new Float64Array(samples.nSamples * nComponents);
  const scores = new Float64Array(samples.nSamples);
  for (let n = 0; n < samples.nSamples; n++) {
    readRow(samples, n, row);
    const joints = Array.from({ length: nComponents }, (_, k) => joint(row, k));
    scores[n] = logSumExp(joints);
    joints.forEach((value, k) => {
      gamma[n * nComponents + k] = Math.exp(value - scores[n]);
    });
  }
  return { gamma, scores };
}

/** Statistics of the samples from .. to - 1 under given responsibilities, about the origin of `parameters`. */
export function statisticsOf(
  problem: Problem,
  parameters: Parameters,
  gamma: Float64Array,
  from = 0,
  to = problem.samples.nSamples,
): Statistics {
  const { family, samples, nFeatures } = problem;
  const density = densityOf(problem, parameters);
  const { nComponents } = density;
  const statistics = zeroStatistics(
    nComponents,
    family.statisticsLength(nFeatures),
    family.origin(density),
    samples.missing > 0 ? nComponents * nFeatures : 0,
  );
  const row = new Float64Array(nFeatures);
  const own = new Float64Array(nFeatures);
  const scratch = new Float64Array(nFeatures);
  for (let n = from; n < to; n++) {
    readRow(samples, n, row);
    toCoordinates(problem, row, own);
    for (let k = 0; k < nComponents; k++) {
      const weight = gamma[n * nComponents + k];
      statistics.componentMass[k] += weight;
      family.accumulate(density, k, weight, own, scratch, statistics.sums);
      addObserved(statistics, k, weight, own);
    }
  }
  return statistics;
}
