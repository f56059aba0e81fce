import {
  BernoulliMixture,
  GaussianMixture,
  KMeans,
  type BitMatrix,
  type Context,
  type Dataset,
  type SampleMatrix,
} from '../src/index.ts';
import type { FitTrace } from './check.ts';
import type { BenchShape } from './shapes.ts';
import { drawSamples, randomSource } from './synthetic.ts';

/** Samples and a start that every side is given, and how its model is fitted to them. */
export interface Problem {
  readonly shape: BenchShape;
  readonly samples: SampleMatrix | BitMatrix;
  /** The start's arrays by the names of the model's options. */
  readonly start: Readonly<Record<string, Float64Array>>;
}

/** What a fit of so many iterations came to. */
export interface Fitted {
  readonly trace: FitTrace;
  /** What the library says of the way to the first iteration, milliseconds of each part, where it does. */
  readonly timings: Readonly<Record<string, number>> | undefined;
}

/**
 * Draws a problem; the same shape and seed give the same numbers everywhere. Components lie about as far apart in many features
 * as in two (a box of fixed side would leave every responsibility 0 or 1 there, and let programs skip what they need not add).
 */
export function drawProblem(shape: BenchShape, seed: number): Problem {
  const { model, nSamples, nFeatures, nComponents } = shape;
  if (model === 'bernoulli') return drawBits(shape, seed);
  const covarianceType = model === 'kmeans' ? 'spherical' : model;
  const scale = Math.sqrt(2 / Math.max(2, nFeatures));
  const drawn = drawSamples({ nSamples, nFeatures, nComponents, covarianceType }, seed, scale);
  // the first K samples: from near its centres a k-means comes to rest at once
  const firstSamples = Float64Array.from(drawn.samples.data.subarray(0, nComponents * nFeatures));
  const start = model === 'kmeans' ? { init: firstSamples } : { ...drawn.start };
  return { shape, samples: drawn.samples, start };
}

/** Two components differ by about this much in each probability at 784 features: some 24 nats a sample in all. */
const BIT_DEVIATION = 0.12;

function drawBits(shape: BenchShape, seed: number): Problem {
  const { nSamples, nFeatures, nComponents } = shape;
  const { uniform, normal } = randomSource(seed);
  const inside = (probability: number): number => Math.min(0.98, Math.max(0.02, probability));
  const base = Float64Array.from({ length: nFeatures }, () => 0.2 + 0.6 * uniform());
  const deviation = BIT_DEVIATION * Math.sqrt(784 / nFeatures);
  const probabilities = Float64Array.from({ length: nComponents * nFeatures }, (_, i) =>
    inside(base[i % nFeatures] + deviation * normal()),
  );
  const words = Math.ceil(nFeatures / 32);
  const bits = new Uint32Array(nSamples * words);
  for (let n = 0; n < nSamples; n++) {
    const first = Math.floor(uniform() * nComponents) * nFeatures;
    for (let d = 0; d < nFeatures; d++) {
      if (uniform() < probabilities[first + d]) bits[n * words + (d >> 5)] |= 1 << (d & 31);
    }
  }
  return {
    shape,
    samples: { bits, nSamples, nFeatures },
    start: {
      weightsInit: new Float64Array(nComponents).fill(1 / nComponents),
      probabilitiesInit: probabilities.map((p) => inside(p + (deviation / 4) * normal())),
    },
  };
}

/**
 * Fits so many iterations from the start, no fewer (tol 0). The lower bounds are those of the parameters that entered each
 * iteration, per sample; a k-means reports its negative inertia per sample and feature in their place.
 */
export async function fitProblem(
  { shape, start }: Problem,
  dataset: Dataset,
  context: Context,
  iterations: number,
): Promise<Fitted> {
  const { model, nFeatures, nComponents } = shape;
  if (model === 'kmeans') return fitKMeans(start, shape, dataset, context, iterations);
  const options = { nComponents, maxIter: iterations, tol: 0, context, ...start };
  const mixture =
    model === 'bernoulli'
      ? await BernoulliMixture.fit(dataset, options)
      : await GaussianMixture.fit(dataset, { ...options, covarianceType: model });
  const means =
    model === 'bernoulli' ? mixture.parameters['probabilities'] : mixture.parameters['means'];
  const variances =
    model === 'bernoulli'
      ? means.map((p) => p * (1 - p))
      : variancesOf(model, mixture.parameters['covariances'], nFeatures, nComponents);
  const timings = mixture.timings && { ...mixture.timings };
  return { trace: { lowerBounds: Array.from(mixture.lowerBounds), means, variances }, timings };
}

async function fitKMeans(
  start: Problem['start'],
  { nSamples, nFeatures, nComponents }: BenchShape,
  dataset: Dataset,
  context: Context,
  iterations: number,
): Promise<Fitted> {
  const lowerBounds: number[] = [];
  const { clusterCenters } = await KMeans.fit(dataset, {
    nClusters: nComponents,
    init: start['init'],
    maxIter: iterations,
    tol: 0,
    context,
    onIteration: ({ inertia }) => lowerBounds.push(-inertia / (nSamples * nFeatures)),
  });
  const variances = new Float64Array(clusterCenters.length).fill(1);
  return { trace: { lowerBounds, means: clusterCenters, variances }, timings: undefined };
}

/** Variances of each component along each feature, K x D. */
function variancesOf(
  model: 'full' | 'tied' | 'diag' | 'spherical',
  covariances: Float64Array,
  nFeatures: number,
  nComponents: number,
): Float64Array {
  return Float64Array.from({ length: nComponents * nFeatures }, (_, i) => {
    const [k, d] = [Math.floor(i / nFeatures), i % nFeatures];
    if (model === 'diag') return covariances[i];
    if (model === 'spherical') return covariances[k];
    return covariances[(model === 'full' ? k * nFeatures + d : d) * nFeatures + d];
  });
}
