import { Random } from '../data/random.ts';
import type { Dataset } from './dataset.ts';
import type { Run } from './loop.ts';
import { weightOf, type SampleRange } from './seam.ts';
import type { StepSize } from './step-size.ts';

/** How a fit goes over the samples: all of them before each M-step, or a batch. */
export type BatchAlgorithm = 'stepwise' | 'incremental';
/** How a fit goes over the samples: 'em', all of them before each M-step, or with an M-step after each batch. */
export type Algorithm = 'em' | BatchAlgorithm;

/** A run whose M-steps follow batches of samples. */
export interface BatchRun extends Run {
  readonly algorithm: BatchAlgorithm;
  /** Samples in a batch, about; undefined for `defaultBatchSize`. */
  readonly batchSize: number | undefined;
  readonly stepSize: StepSize | undefined;
  readonly seed: number;
}

/** Consecutive samples, and the sum of their weights (which are scaled to sum N over all). */
export interface Batch extends SampleRange {
  readonly weight: number;
}

const LEAST_BATCH = 256;
const BATCHES = { stepwise: 256, incremental: 16 } as const;

/**
 * Stepwise: a 256th of the samples, whose M-steps are many but not more than the E-steps of a device can follow. Incremental: a
 * sixteenth, beyond which it gains nothing and its memory grows. At least 256.
 */
export const defaultBatchSize = (nSamples: number, algorithm: BatchAlgorithm): number =>
  Math.max(LEAST_BATCH, Math.ceil(nSamples / BATCHES[algorithm]));

/**
 * @internal Consecutive batches of nearly one size: the number of batches that comes closest to `batchSize`, each a whole number of `unit`
 * samples (but for the last). Those without any weight are left out.
 * @internal
 */
function cutBatches(
  { nSamples, relativeWeights }: Pick<Dataset, 'nSamples' | 'relativeWeights'>,
  batchSize: number,
  unit: number,
): Batch[] {
  const units = Math.ceil(nSamples / unit);
  const count = Math.max(1, Math.min(units, Math.round(nSamples / batchSize)));
  const begin = (b: number): number => Math.min(nSamples, Math.floor((b * units) / count) * unit);
  return Array.from({ length: count }, (_, b) => {
    const firstSample = begin(b);
    const range = { firstSample, nSamples: begin(b + 1) - firstSample };
    return { ...range, weight: count === 1 ? nSamples : weightOf(range, relativeWeights) };
  }).filter(({ weight }) => weight > 0);
}

export function batchesOf({ dataset, seam, batchSize, algorithm }: BatchRun): Batch[] {
  const size = batchSize ?? defaultBatchSize(dataset.nSamples, algorithm);
  return cutBatches(dataset, size, seam.rangeUnit);
}

/** The batches in another order for each pass, which the seed and the restart settle; a stream's as they come. */
export function orderer(
  { seed, restart, dataset }: BatchRun,
  batches: readonly Batch[],
): () => Batch[] {
  if (dataset.streamed) return () => batches.slice();
  const random = new Random(seed + restart, 2);
  return () => random.distinct(batches.length, batches.length).map((b) => batches[b]);
}
