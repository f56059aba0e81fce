import { Random } from '../../src/data/random.ts';
import { identityStandardisation } from '../../src/data/standardisation.ts';
import type { ExponentialDensity } from '../../src/families/exponential-family-density.ts';
import type { Family, Parameters, Prior } from '../../src/families/family.ts';
import { exponential } from '../../src/families/exponential.ts';
import { geometric } from '../../src/families/geometric.ts';
import { multinomial } from '../../src/families/multinomial.ts';
import { poisson } from '../../src/families/poisson.ts';
import { rayleigh, vonMises } from './own-family.ts';

export type Arrays = Parameters & Record<string, Float64Array>;

export type AnyFamily = Family<Arrays, ExponentialDensity>;

/** A family, how its parameters come about for K components of D features, and how long their sums are. */
export interface FamilyCase {
  readonly family: AnyFamily;
  parameters(nComponents: number, nFeatures: number, random: Random): Arrays;
}

const weights = (nComponents: number, random: Random): Float64Array => {
  const raw = new Float64Array(nComponents).map(() => 0.2 + random.uniform());
  const total = raw.reduce((sum, w) => sum + w, 0);
  return raw.map((w) => w / total);
};
const array = (length: number, next: () => number): Float64Array =>
  new Float64Array(length).map(next);

/** The built-in families, those of docs/own-family.md, and edges: counts that are always 0, large rates. */
export const familyCases: Readonly<Record<string, FamilyCase>> = {
  poisson: {
    family: poisson(),
    // rates from 0.1 to 1000, some 0
    parameters: (k, d, random) => ({
      weights: weights(k, random),
      rates: array(k * d, () => (random.uniform() < 0.15 ? 0 : 10 ** (4 * random.uniform() - 1))),
    }),
  },
  exponential: {
    family: exponential(),
    parameters: (k, d, random) => ({
      weights: weights(k, random),
      rates: array(k * d, () => 10 ** (5 * random.uniform() - 3)),
    }),
  },
  geometric: {
    family: geometric(),
    parameters: (k, d, random) => ({
      weights: weights(k, random),
      probabilities: array(k * d, () =>
        random.uniform() < 0.15 ? 1 : 10 ** -(3 * random.uniform()),
      ),
    }),
  },
  multinomial: {
    family: multinomial({ nTrials: 60 }) as unknown as AnyFamily,
    parameters: (k, d, random) => {
      const probabilities = array(k * d, () =>
        random.uniform() < 0.15 ? 0 : random.uniform() ** 3,
      );
      for (let c = 0; c < k; c++) {
        const row = probabilities.subarray(c * d, (c + 1) * d);
        row[0] += 0.1;
        const total = row.reduce((sum, p) => sum + p, 0);
        row.forEach((p, i) => (row[i] = p / total));
      }
      return { weights: weights(k, random), probabilities };
    },
  },
  rayleigh: {
    family: rayleigh,
    parameters: (k, d, random) => ({
      weights: weights(k, random),
      sigmas: array(k * d, () => 10 ** (3 * random.uniform() - 2)),
    }),
  },
  'von Mises': {
    family: vonMises,
    parameters: (k, d, random) => ({
      weights: weights(k, random),
      directions: array(k * d, () => Math.PI * (2 * random.uniform() - 1)),
      concentrations: array(k * d, () => 10 ** (2 * random.uniform() - 0.5)),
    }),
  },
};

/** Samples drawn from a mixture of K components; with `missing`, a third of the entries NaN, and now and then a whole sample. */
export function drawSamples(
  { family, parameters }: FamilyCase,
  nSamples: number,
  nFeatures: number,
  nComponents: number,
  missing: boolean,
) {
  const random = new Random(nFeatures, nComponents);
  const drawn = parameters(nComponents, nFeatures, random);
  const prepared = family.prepareDraws(drawn, nFeatures);
  const data = new Float64Array(nSamples * nFeatures);
  const labels = new Int32Array(nSamples);
  for (let n = 0; n < nSamples; n++) {
    labels[n] = random.integer(nComponents);
    family.draw(drawn, prepared, labels[n], random, data, n * nFeatures);
    if (!missing) continue;
    const unknown = n % 50 === 7 ? 1 : 0.3;
    for (let d = 0; d < nFeatures; d++) {
      if (random.uniform() < unknown) data[n * nFeatures + d] = Number.NaN;
    }
  }
  return { parameters: drawn, samples: { data, nSamples, nFeatures }, labels };
}

export const standard = (nFeatures: number) => identityStandardisation(nFeatures);

/** ln p(x | component), ln h included. */
export function logDensity(
  family: AnyFamily,
  parameters: Arrays,
  component: number,
  sample: Float64Array,
) {
  const weights = new Float64Array(parameters.weights.length).fill(1);
  const density = family.density({ ...parameters, weights }, standard(sample.length));
  const scratch = new Float64Array(sample.length);
  return (
    family.logDensity(density, component, sample, scratch) + (family.logBaseMeasure?.(sample) ?? 0)
  );
}

/** Options of an M-step. */
export const options = (nFeatures: number, prior?: Prior) => ({
  regCovar: new Float64Array(nFeatures),
  standardisation: standard(nFeatures),
  prior,
});

/** How far apart two log-densities are, relative to their size; two impossible ones are not. */
export const apart = (a: number, b: number): number =>
  a === b ? 0 : Math.abs(a - b) / (1 + Math.abs(b));
