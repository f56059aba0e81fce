import type { PhiloxKey } from '../data/philox.ts';
import type { Random } from '../data/random.ts';
import { canThread } from './can-thread.ts';
import type { Dataset } from './dataset.ts';
import { candidatesFor, plusPlus } from './plus-plus.ts';
import { needsSplit } from './precision.ts';
import { SeedingReference, type Seeding } from './seeding.ts';
import { compileSeeding, SeedingDevice } from './seeding-device.ts';
import { filledRows, pickByMass, pickSamples } from './start-points.ts';

/** Rounds of draws; five are enough in the paper's experiments, whatever the data. */
const ROUNDS = 5;
/** Candidates that a round is expected to draw, in units of K. */
const OVERSAMPLING = 2;

/** What seeds are chosen by. */
export interface SeedRequest {
  readonly dataset: Dataset;
  /** Seeds that are there before the first, any number x D, standardised units. */
  readonly given: Float64Array;
  /** How many to choose. */
  readonly count: number;
  /** Factor of each feature's difference in standardised units, D. */
  readonly metric: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

/**
 * k-means|| (Bahmani, Moseley, Vattani, Kumar and Vassilvitskii 2012): five rounds, in each of which every sample becomes a
 * candidate with probability 2 K s_n d_n^2 / potential, all at once; then greedy k-means++ on the candidates, each as heavy as the
 * samples nearest to it. All samples are looked at six times, however large K is.
 * @returns sample numbers
 */
export async function parallelSeeds(request: SeedRequest, random: Random): Promise<number[]> {
  const { dataset, given, count, metric, signal } = request;
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const nComponents = count + given.length / nFeatures;
  const first: number[] = [];
  if (given.length === 0) {
    first.push(
      relativeWeights
        ? (await pickByMass(nSamples, (n) => relativeWeights[n], random, signal))!
        : random.integer(nSamples),
    );
  }
  const key: PhiloxKey = [random.uint32(), random.uint32()];
  const drawn = await drawCandidates(request, nComponents, first, key);
  const rows = await filledRows(dataset, drawn.samples, signal);
  const scale = (value: number, i: number): number => value * metric[i % nFeatures];
  const chosen = await plusPlus(
    { rows: rows.map(scale), weights: drawn.masses, nFeatures },
    given.map(scale),
    Math.min(count, drawn.samples.length),
    candidatesFor(nComponents),
    random,
    signal,
  );
  const seeds = Array.from(chosen, (i) => drawn.samples[i]);
  // fewer candidates than seeds: the samples have next to no different values, and any will do
  return [...seeds, ...(await pickSamples(dataset, count - seeds.length, random, signal))];
}

interface Candidates {
  readonly samples: number[];
  readonly masses: Float64Array;
}

async function drawCandidates(
  request: SeedRequest,
  nComponents: number,
  first: readonly number[],
  key: PhiloxKey,
): Promise<Candidates> {
  const { dataset, signal } = request;
  await dataset.findStandardisation(signal);
  const split = needsSplit(new Float64Array(0), dataset, false);
  const found = await drawWith(await openSeeding(request, split), request, nComponents, first, key);
  const width = found.potential / dataset.nSamples / dataset.nFeatures;
  // candidates closer together than one float32 resolves: once more, with samples as pairs
  return !split && needsSplit(new Float64Array(dataset.nFeatures).fill(width), dataset, false)
    ? drawWith(await openSeeding(request, true), request, nComponents, first, key)
    : found;
}

/** Begins to compile what `parallelSeeds` will need, where it runs on a device. */
export function compileParallelSeeds(dataset: Dataset): void {
  const { context } = dataset;
  if (context?.backend !== 'webgpu') return;
  compileSeeding(dataset, needsSplit(new Float64Array(0), dataset, false), context);
}

async function openSeeding({ dataset, metric }: SeedRequest, split: boolean): Promise<Seeding> {
  const { context } = dataset;
  if (context?.backend === 'webgpu') return new SeedingDevice(dataset, metric, split, context);
  if (context && canThread(dataset, context.info) && dataset.samples.data) {
    const { lookOnThreads } = await import('./seeding-threads.ts');
    return new SeedingReference(dataset, metric, lookOnThreads(dataset, metric, context));
  }
  return new SeedingReference(dataset, metric);
}

async function drawWith(
  seeding: Seeding,
  { dataset, given, signal }: SeedRequest,
  nComponents: number,
  first: readonly number[],
  key: PhiloxKey,
): Promise<Candidates & { readonly potential: number }> {
  const samples = [...first];
  try {
    let potential = await seeding.add(
      given.length > 0 ? given : await filledRows(dataset, first, signal),
      signal,
    );
    for (let round = 0; round < ROUNDS && potential > 0; round++) {
      const factor = (OVERSAMPLING * nComponents) / potential;
      const drawn = await seeding.draw(key, round, factor, signal);
      if (drawn.length === 0) continue;
      potential = await seeding.add(await filledRows(dataset, drawn, signal), signal);
      samples.push(...drawn);
    }
    const masses = (await seeding.masses(signal)).subarray(given.length / dataset.nFeatures);
    return { samples, masses, potential };
  } finally {
    seeding.dispose();
  }
}
