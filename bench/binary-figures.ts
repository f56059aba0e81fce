import {
  BernoulliMixture,
  createContext,
  createDataset,
  type BitMatrix,
  type Dataset,
} from '../src/index.ts';
import { crossEntropy, hideFrom } from './binary-data.ts';

/**
 * Beta(1.1, 1.1) on each probability and Dirichlet(1.1) on the weights: a tenth of a sample of each kind. Enough that no
 * probability is 0 or 1, where a single held-out sample could cost infinitely much.
 */
export const PRIOR = { a: 1.1, b: 1.1, alpha: 1.1 };
export const SEED = 1;

/** What is fitted to and what is held out. */
export interface Splits {
  readonly train: BitMatrix;
  readonly valid?: BitMatrix | undefined;
  readonly test?: BitMatrix | undefined;
}

/** One fit to make. */
export interface FitJob {
  readonly nComponents: number;
  readonly backend: 'cpu' | 'webgpu';
  readonly maxIter: number;
  /** The fit's time: it ends before the iteration that would pass it, but not before its first. */
  readonly seconds: number;
  /** Of test images: the features from here on are hidden and completed. */
  readonly firstHidden?: number | undefined;
  /** How many completed test images to give back, with the components. */
  readonly shown?: number | undefined;
}

/** What one fit came to; log-likelihoods in nats a sample. */
export interface FitFigures {
  readonly nComponents: number;
  readonly backend: 'cpu' | 'webgpu';
  readonly iterations: number;
  readonly ended: 'converged' | 'iterations' | 'time';
  /** Of the whole fit, its start included. */
  readonly seconds: number;
  readonly train: number;
  readonly valid?: number | undefined;
  readonly test?: number | undefined;
  /** Nats a hidden pixel of the test images. */
  readonly crossEntropy?: number | undefined;
}

/** What a picture is made from. */
export interface Shown {
  readonly weights: number[];
  /** K x D */
  readonly probabilities: number[];
  /** One a shown test image, D: the observed pixels as they are, posterior predictive means below. */
  readonly completions: number[][];
}

/** Fits one size to the training samples by MAP (`PRIOR`, `SEED`, tol 1e-3) and measures it on all splits. */
export async function measureFit(
  { train, valid, test }: Splits,
  job: FitJob,
): Promise<{ figures: FitFigures; shown?: Shown }> {
  const { nComponents, backend, firstHidden } = job;
  const context = await createContext({ backend });
  try {
    const dataset = await createDataset(train, { context });
    const { mixture, ended, seconds } = await fitWithin(dataset, job);
    const score = (samples: BitMatrix | undefined): Promise<number> | undefined =>
      samples && mixture.score(samples, { context });
    const figures: FitFigures = {
      nComponents,
      backend,
      iterations: mixture.nIter,
      ended,
      seconds,
      train: await mixture.score(dataset),
      valid: await score(valid),
      test: await score(test),
    };
    if (firstHidden === undefined || !test) return { figures };
    const { data } = await mixture.impute(hideFrom(test, firstHidden), { context });
    return {
      figures: { ...figures, crossEntropy: crossEntropy(data, test, firstHidden) },
      shown: {
        weights: Array.from(mixture.weights),
        probabilities: Array.from(mixture.probabilities),
        completions: Array.from({ length: Math.min(job.shown ?? 0, test.nSamples) }, (_, n) =>
          Array.from(data.subarray(n * test.nFeatures, (n + 1) * test.nFeatures)),
        ),
      },
    };
  } finally {
    context.dispose();
  }
}

async function fitWithin(
  dataset: Dataset,
  { nComponents, maxIter, seconds }: FitJob,
): Promise<{ mixture: BernoulliMixture; ended: FitFigures['ended']; seconds: number }> {
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const steps = BernoulliMixture.fitSteps(dataset, {
    nComponents,
    maxIter,
    prior: PRIOR,
    seed: SEED,
  });
  for await (const { iteration, converged, milliseconds, mixture } of steps) {
    const late = iteration > 0 && elapsed() + milliseconds / 1000 > seconds;
    if (converged || iteration === maxIter || late) {
      const ended = converged ? 'converged' : iteration === maxIter ? 'iterations' : 'time';
      return { mixture, ended, seconds: elapsed() };
    }
  }
  throw new Error('The fit gave no iteration.');
}

/**
 * How long the first of some fits may take of the seconds left, by their costs: shares go with the square root, so that small
 * fits, which need few seconds, come to their end; what they leave goes to the others.
 */
export function shareOf(secondsLeft: number, costs: readonly number[]): number {
  const total = costs.reduce((sum, cost) => sum + Math.sqrt(cost), 0);
  return (Math.max(0, secondsLeft) * Math.sqrt(costs[0])) / total;
}

/** N x D x K: what the time of an iteration goes with. */
export function costOf(train: Pick<BitMatrix, 'nSamples' | 'nFeatures'>, k: number): number {
  return train.nSamples * train.nFeatures * k;
}
