import type { Family, Parameters } from '../../../src/families/family.ts';
import {
  bernoulli,
  gaussian,
  packBits,
  type CovarianceType,
  type SamplesInput,
} from '../../../src/index.ts';
import { uniform } from '../hashgen.ts';

/** Samples and parameters, made by hashing: the same everywhere. */
export interface Problem {
  readonly name: string;
  readonly type: CovarianceType | 'bernoulli';
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  /** Added to every value, and what the values are multiplied by before. */
  readonly offset?: number;
  readonly scale?: number;
  /** The components' standard deviations as shares of the data's. */
  readonly width?: number;
  readonly weighted?: boolean;
  readonly form?: 'float32' | 'float64' | 'integers' | 'bits';
  /** Bernoulli: probabilities of exactly 0 and 1 among the others. Gaussian: a component of weight 0. */
  readonly extreme?: boolean;
}

/** A problem of `type`, N x D, K. */
export function shape(
  type: Problem['type'],
  nSamples: number,
  nFeatures: number,
  nComponents: number,
  rest: Partial<Problem> = {},
): Problem {
  const more = Object.entries(rest).map(([key, value]) => `, ${key} ${String(value)}`);
  const name = `${type}, ${nSamples} x ${nFeatures}, K = ${nComponents}${more.join('')}`;
  return { name, type, nSamples, nFeatures, nComponents, ...rest };
}

export function problemOn(problem: Problem): {
  samples: SamplesInput;
  family: Family;
  parameters: Parameters;
  sampleWeights: Float64Array | undefined;
} {
  const { type, nSamples, weighted } = problem;
  const sampleWeights = weighted
    ? Float64Array.from({ length: nSamples }, (_, n) => (n % 7 === 3 ? 0 : 0.25 + (n % 5)))
    : undefined;
  return type === 'bernoulli'
    ? { ...binary(problem), sampleWeights }
    : { ...numbers(problem, type), sampleWeights };
}

const normal = (stream: number, i: number): number =>
  Math.sqrt(-2 * Math.log(uniform(9, stream, i))) *
  Math.cos(2 * Math.PI * uniform(9, stream + 100, i));

function numbers(
  { nSamples, nFeatures, nComponents, offset = 0, scale = 1, width = 1, form, extreme }: Problem,
  covarianceType: CovarianceType,
): { samples: SamplesInput; family: Family; parameters: Parameters } {
  const centre = (k: number, d: number): number => 2 * normal(1, k * nFeatures + d);
  const values = Float64Array.from({ length: nSamples * nFeatures }, (_, i) => {
    const k = Math.floor(i / nFeatures) % nComponents;
    const value = centre(k, i % nFeatures) + width * normal(2, i);
    return offset + scale * (form === 'integers' ? Math.round(8 * value) : value);
  });
  const data =
    form === 'float32'
      ? Float32Array.from(values)
      : form === 'integers'
        ? Int16Array.from(values)
        : values;
  const family = gaussian({ covarianceType });
  const unit = scale * (form === 'integers' ? 8 : 1);
  const means = Float64Array.from(
    { length: nComponents * nFeatures },
    (_, i) =>
      offset +
      unit * (centre(Math.floor(i / nFeatures), i % nFeatures) + 0.3 * width * normal(3, i)),
  );
  const raw = Float64Array.from({ length: nComponents }, (_, k) => 1 + (k % 3));
  if (extreme) raw[nComponents - 1] = 0;
  const total = raw.reduce((sum, weight) => sum + weight, 0);
  const shapes = family.parameterShapes(nComponents, nFeatures);
  const size = shapes['covariances'].reduce((product, length) => product * length, 1);
  const covariances = ['full', 'tied', 'fixed'].includes(covarianceType)
    ? matrices(size / (nFeatures * nFeatures), nFeatures, (unit * width) ** 2)
    : Float64Array.from({ length: size }, (_, i) => (unit * width) ** 2 * (0.5 + uniform(9, 4, i)));
  return {
    samples: { data, nSamples, nFeatures },
    family,
    parameters: { weights: raw.map((w) => w / total), means, covariances } as Parameters,
  };
}

/** Positive definite ones: (A A' / D + I / 2) times a variance. */
function matrices(count: number, size: number, variance: number): Float64Array {
  const out = new Float64Array(count * size * size);
  for (let m = 0; m < count; m++) {
    for (let i = 0; i < size; i++) {
      for (let j = 0; j < size; j++) {
        let sum = i === j ? 0.5 : 0;
        for (let e = 0; e < size; e++) {
          sum +=
            (normal(5, (m * size + i) * size + e) * normal(5, (m * size + j) * size + e)) / size;
        }
        out[(m * size + i) * size + j] = variance * sum;
      }
    }
  }
  return out;
}

function binary({ nSamples, nFeatures, nComponents, form, extreme }: Problem): {
  samples: SamplesInput;
  family: Family;
  parameters: Parameters;
} {
  const probabilities = Float64Array.from({ length: nComponents * nFeatures }, (_, i) => {
    const u = uniform(9, 6, i);
    if (extreme && i % 11 === 0) return i % 22 === 0 ? 1 : 0;
    return 0.02 + 0.96 * u * u;
  });
  const data = Float32Array.from({ length: nSamples * nFeatures }, (_, i) => {
    const k = Math.floor(i / nFeatures) % nComponents;
    return uniform(9, 7, i) < probabilities[k * nFeatures + (i % nFeatures)] ? 1 : 0;
  });
  return {
    samples: form === 'bits' ? packBits(data, nSamples, nFeatures) : { data, nSamples, nFeatures },
    family: bernoulli(),
    parameters: {
      weights: new Float64Array(nComponents).fill(1 / nComponents),
      probabilities,
    } as Parameters,
  };
}

/** Every kernel at sizes that fill no block, no tile and no segment, and at ones that do. */
export const PROBLEMS: readonly Problem[] = [
  ...[1, 2, 3, 4, 5, 7, 8, 16, 33, 65].map((d) => shape('full', 701, d, 3)),
  ...[1, 2, 3, 5, 8, 64, 65].map((d) => shape('diag', 701, d, 3)),
  ...[1, 2, 3, 6, 17].map((d) => shape('tied', 530, d, 4)),
  ...[1, 2, 7, 100].map((k) => shape('full', 600, 3, k)),
  ...[1, 2, 7, 100].map((k) => shape('diag', 600, 5, k)),
  ...(['spherical', 'tied-diag', 'tied-spherical', 'fixed'] as const).map((type) =>
    shape(type, 515, 4, 3),
  ),
  shape('tied', 600, 3, 100),
  shape('full', 8, 2, 2),
  shape('full', 3, 2, 1),
  shape('diag', 257, 2, 2),
  shape('full', 256, 4, 2),
  shape('full', 5000, 3, 4, { weighted: true }),
  shape('diag', 5000, 9, 5, { weighted: true, form: 'float32' }),
  shape('tied', 2000, 4, 3, { weighted: true, form: 'integers' }),
  shape('full', 900, 4, 3, { form: 'float32' }),
  shape('full', 900, 3, 3, { offset: 1e8 }),
  shape('diag', 900, 3, 3, { offset: 1e8, scale: 1e-2 }),
  shape('full', 900, 3, 3, { scale: 1e12 }),
  shape('full', 900, 3, 5, { width: 1e-5 }),
  shape('tied', 900, 3, 5, { width: 1e-5 }),
  shape('diag', 900, 3, 5, { width: 1e-6 }),
  shape('spherical', 900, 3, 5, { width: 1e-6 }),
  shape('full', 900, 3, 3, { extreme: true }),
  shape('diag', 900, 3, 3, { extreme: true }),
  ...[1, 5, 31, 32, 33, 65].map((d) => shape('bernoulli', 700, d, 3, { form: 'bits' })),
  ...[1, 2, 4, 15, 16, 17, 100].map((k) => shape('bernoulli', 600, 40, k)),
  shape('bernoulli', 3000, 70, 6, { weighted: true }),
  shape('bernoulli', 700, 45, 4, { extreme: true }),
];
