import { Random } from '../../src/data/random.ts';
import { readSamples, type Samples } from '../../src/data/samples.ts';
import { standardise, type Standardisation } from '../../src/data/standardisation.ts';
import type { GaussianParameters } from '../../src/families/gaussian.ts';
import type { GaussianFamily } from '../../src/families/gaussian-common.ts';
import { gaussianFamilies, gaussianFamily } from '../../src/families/gaussian-types.ts';
import { addObserved, zeroStatistics, type Statistics } from '../../src/families/statistics.ts';

export const FULL_FIXED = [4, 1, 0.3, 1, 900, -2, 0.3, -2, 0.05];

/** Every Gaussian family of three features; the fixed one as diagonal and as coupled. */
export const families: readonly (readonly [string, GaussianFamily])[] = [
  ...Object.entries(gaussianFamilies),
  ['fixed, with covariances', gaussianFamily('fixed', FULL_FIXED)],
];

export const independentFamilies = families.filter(([, family]) => family.missing === 'observed');

/** Three columns of unlike units and offsets in two overlapping groups; a part of the entries missing (NaN). */
export function makeData(nSamples: number, missingShare: number, seed = 1): Float64Array {
  const random = new Random(seed);
  const data = new Float64Array(nSamples * 3);
  for (let n = 0; n < nSamples; n++) {
    const group = random.uniform() < 0.4 ? 1.5 : 0;
    const [a, b, c] = [random.normal(), random.normal(), random.normal()];
    data.set([5 + 2 * (a + group), -300 + 30 * (0.6 * a + b - group), 0.2 * (c + 0.5 * b)], n * 3);
  }
  if (missingShare > 0) {
    for (let i = 0; i < data.length; i++) if (random.uniform() < missingShare) data[i] = Number.NaN;
  }
  return data;
}

export const asSamples = (data: Float64Array): Promise<Samples> =>
  readSamples({ data, nSamples: data.length / 3, nFeatures: 3 });

/** Rows of K positive numbers that sum to 1. */
export function makeRows(nSamples: number, nComponents: number, seed = 2): Float64Array {
  const random = new Random(seed);
  const rows = new Float64Array(nSamples * nComponents);
  for (let n = 0; n < nSamples; n++) {
    let sum = 0;
    for (let k = 0; k < nComponents; k++) {
      sum += rows[n * nComponents + k] = random.uniform() + (n % nComponents === k ? 1 : 0);
    }
    for (let k = 0; k < nComponents; k++) rows[n * nComponents + k] /= sum;
  }
  return rows;
}

/** An E-step's statistics with responsibilities given (N x K). */
export function statisticsOf(
  family: GaussianFamily,
  parameters: GaussianParameters,
  data: Float64Array,
  standardisation: Standardisation,
  rows: Float64Array,
): Statistics {
  const density = family.density(parameters, standardisation);
  const { nComponents, nFeatures } = density;
  const missing = data.some(Number.isNaN);
  const statistics = zeroStatistics(
    nComponents,
    family.statisticsLength(nFeatures),
    family.origin(density),
    missing ? nComponents * nFeatures : 0,
  );
  const residual = new Float64Array(nFeatures);
  forEachSample(data, standardisation, (sample, n) => {
    for (let k = 0; k < nComponents; k++) {
      const weight = rows[n * nComponents + k];
      statistics.componentMass[k] += weight;
      family.accumulate(density, k, weight, sample, residual, statistics.sums);
      addObserved(statistics, k, weight, sample);
    }
  });
  return statistics;
}

/** Each sample in standardised units. */
export function forEachSample(
  data: Float64Array,
  { means, scales }: Standardisation,
  visit: (sample: Float64Array, n: number) => void,
): void {
  const sample = new Float64Array(means.length);
  for (let n = 0; n < data.length / means.length; n++) {
    for (let d = 0; d < means.length; d++) {
      sample[d] = (data[n * means.length + d] - means[d]) / scales[d];
    }
    visit(sample, n);
  }
}

/** sum_n sum_k rows_nk ln p(x_n | theta_k), of parameters in the user's units. */
export function expectedLogDensity(
  family: GaussianFamily,
  parameters: GaussianParameters,
  data: Float64Array,
  standardisation: Standardisation,
  rows: Float64Array,
): number {
  const standard = family.standardise(
    { ...parameters, weights: parameters.weights.map(() => 1) },
    standardisation,
  );
  const density = family.density(standard, standardisation);
  const { nComponents, nFeatures } = density;
  const residual = new Float64Array(nFeatures);
  let total = 0;
  forEachSample(data, standardisation, (sample, n) => {
    for (let k = 0; k < nComponents; k++) {
      const row = rows[n * nComponents + k];
      if (row > 0) total += row * family.logDensity(density, k, sample, residual);
    }
  });
  return total;
}

export { standardise };

/** A positive definite start that is nobody's optimum, in standardised units. */
export function someParameters(family: GaussianFamily, nComponents: number): GaussianParameters {
  const means = Float64Array.from({ length: nComponents * 3 }, (_, i) => Math.sin(i + 1));
  const { covariances } = family.narrow!(means, nComponents, 3, 0.8);
  const weights = Float64Array.from({ length: nComponents }, (_, k) => k + 1);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return { weights: weights.map((weight) => weight / total), means, covariances };
}
