import {
  createContext,
  createDataset,
  GaussianMixture,
  KMeans,
  type Context,
  type Dataset,
  type InitParams,
} from '../src/index.ts';
import { drawSamples, type Synthetic } from './synthetic.ts';

export type Side = 'cpu' | 'webgpu';
export const SIDES: readonly Side[] = ['cpu', 'webgpu'];
export const KINDS: readonly InitParams[] = ['k-means++', 'kmeans', 'random_from_data', 'random'];
/** Those that choose by distance, so that how well they chose can be said. */
export const CHOOSERS = ['k-means++', 'kmeans'] as const;
export type Chooser = (typeof CHOOSERS)[number];

export interface InitShape {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly repetitions: number;
  /** Seeds whose potentials are compared with scikit-learn's. */
  readonly seeds: number;
}

/** What is timed, and the samples' seed. */
export const MILLION: InitShape = {
  nSamples: 1_000_000,
  nFeatures: 8,
  nComponents: 16,
  repetitions: 3,
  seeds: 5,
};
/** A software adapter takes seconds an iteration. */
export const ON_SOFTWARE = { repetitions: 2, seeds: 2 };
export const QUICK: InitShape = {
  nSamples: 100_000,
  nFeatures: 8,
  nComponents: 8,
  repetitions: 2,
  seeds: 3,
};
export const SEED = 1;
/** Initialisation may cost so many EM iterations with full covariances on the same side. */
export const MOST_ITERATIONS = 5;
/** The mean potential may be so many times scikit-learn's. */
export const WORST_POTENTIAL = 1.05;

/** What was measured on one side. */
export interface InitFigures {
  /** Milliseconds of one EM iteration, full covariances, and of each kind of start, in the order measured. */
  readonly iteration: readonly number[];
  readonly starts: Readonly<Record<InitParams, readonly number[]>>;
  /** Sum of squared distances to the nearest chosen point, standardised units, float64, of each seed. */
  readonly potentials: Readonly<Record<Chooser, readonly number[]>>;
}

export function drawFor({ nSamples, nFeatures, nComponents }: InitShape): Synthetic {
  const shape = { nSamples, nFeatures, nComponents, covarianceType: 'full' } as const;
  return drawSamples(shape, SEED);
}

/** A case's samples, resident on both sides; every figure of it is asked for by itself, so that a caller can say how far it is. */
export interface InitCase {
  /** Milliseconds of one EM iteration with full covariances. */
  iteration(side: Side): Promise<number>;
  /** Milliseconds of a start. */
  start(side: Side, kind: InitParams, seed: number): Promise<number>;
  potentials(side: Side): Promise<Record<Chooser, number[]>>;
}

export async function openCase(shape: InitShape): Promise<InitCase> {
  const synthetic = drawFor(shape);
  const contexts = {
    cpu: await createContext({ backend: 'cpu' }),
    webgpu: await createContext({ backend: 'webgpu' }),
  };
  const datasets = {
    cpu: await createDataset(synthetic.samples, { context: contexts.cpu }),
    webgpu: await createDataset(synthetic.samples, { context: contexts.webgpu }),
  };
  return {
    iteration: (side) => timeIteration(datasets[side], contexts[side], shape, synthetic),
    start: (side, kind, seed) => timeStart(datasets[side], contexts[side], shape, kind, seed),
    potentials: (side) => measurePotentials(shape, datasets[side], contexts[side]),
  };
}

async function timeIteration(
  dataset: Dataset,
  context: Context,
  { nComponents }: InitShape,
  { start }: Synthetic,
): Promise<number> {
  const options = { nComponents, covarianceType: 'full', maxIter: 1, tol: 0, context } as const;
  const started = performance.now();
  await GaussianMixture.fit(dataset, { ...options, ...start });
  return performance.now() - started;
}

async function timeStart(
  dataset: Dataset,
  context: Context,
  { nComponents }: InitShape,
  initParams: InitParams,
  seed: number,
): Promise<number> {
  const options = { nComponents, covarianceType: 'full', maxIter: 0, context } as const;
  const started = performance.now();
  await GaussianMixture.fit(dataset, { ...options, initParams, seed });
  return performance.now() - started;
}

/**
 * The potentials of k-means++ seeds (what a k-means on standardised samples begins with: distances there are the starts') and of
 * the means that a start by k-means has.
 */
async function measurePotentials(
  { nComponents, nSamples, nFeatures, seeds }: InitShape,
  dataset: Dataset,
  context: Context,
): Promise<Record<Chooser, number[]>> {
  const found = { 'k-means++': [] as number[], kmeans: [] as number[] };
  const data = new Float64Array(nSamples * nFeatures);
  for (let n = 0; n < nSamples; n++) {
    dataset.readStandardised(n, data.subarray(n * nFeatures, (n + 1) * nFeatures));
  }
  const standardised = await createDataset({ data, nSamples, nFeatures }, { context });
  const { columnMeans, columnScales } = dataset;
  for (let seed = 0; seed < seeds; seed++) {
    const options = { nClusters: nComponents, seed, maxIter: 1 };
    await KMeans.fit(standardised, {
      ...options,
      onIteration: ({ inertia }) => found['k-means++'].push(inertia),
    });
    const { means } = await GaussianMixture.fit(dataset, {
      nComponents,
      seed,
      initParams: 'kmeans',
      maxIter: 0,
    });
    const clusterCenters = Array.from({ length: nComponents }, (_, k) =>
      Array.from(columnMeans, (mean, d) => (means[k * nFeatures + d] - mean) / columnScales[d]),
    );
    const centres = KMeans.fromJSON({ format: 'webgpu-em/k-means', version: 1, clusterCenters });
    found.kmeans.push(-(await centres.score(standardised)));
  }
  standardised.dispose();
  return found;
}
