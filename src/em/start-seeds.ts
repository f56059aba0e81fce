import type { Random } from '../data/random.ts';
import type { Dataset } from './dataset.ts';
import { inTurns, type Steps } from '../data/pause.ts';
import { parallelSeeds, type SeedRequest } from './parallel-seeds.ts';
import { candidatesFor, plusPlus } from './plus-plus.ts';
import { filledRows, pickSamples } from './start-points.ts';
import type { StartProblem } from './start-problem.ts';

/** Samples up to which greedy k-means++ looks at all of them, K times; beyond, k-means|| does, six times. */
const SEEDING_SAMPLES = 65536;
/** Multiply-adds that it may take, about half a second: 60,000 images of 784 pixels would take minutes for 100 seeds. */
export const SEEDING_WORK = 1e9;
/** Bytes that its copy of the samples may take, float64. */
const SEEDING_BYTES = 64 * 2 ** 20;

/** Where components begin. */
export interface Seeds {
  /** The samples that each seed is the mean of: one, or those labelled so. */
  readonly members: readonly ArrayLike<number>[];
  /** K x D in standardised units, 0 (the column's mean) where missing. */
  readonly standardised: Float64Array;
}

/** Seeds of a start: components with labelled samples at their mean, the others chosen among the samples. */
export async function findSeeds(
  problem: Omit<StartProblem, 'seam' | 'mStepOptions'>,
  init: 'k-means++' | 'random_from_data',
  random: Random,
): Promise<Seeds> {
  const { dataset, family, nComponents, signal } = problem;
  const { nFeatures } = dataset;
  await dataset.findStandardisation(signal);
  const labelled = labelledSamples(problem);
  const known = labelled.map((samples) => samples.length > 0);
  const count = known.reduce((open, is) => open - (is ? 1 : 0), nComponents);
  const given = new Float64Array((nComponents - count) * nFeatures);
  labelled
    .filter((samples) => samples.length > 0)
    .forEach((samples, i) => given.set(meanOf(dataset, samples), i * nFeatures));
  const metric = new Float64Array(nFeatures).fill(1);
  const request = { dataset, given, count, metric, signal };
  const chosen =
    count === 0
      ? []
      : init === 'random_from_data'
        ? await pickSamples(dataset, count, random, signal)
        : await distantSeeds(request, family.coordinates === 'raw', random);
  return assemble(dataset, labelled, given, chosen, signal);
}

/** Fills the components without labelled samples with the chosen ones, in order. */
async function assemble(
  dataset: Dataset,
  labelled: readonly (readonly number[])[],
  given: Float64Array,
  chosen: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Seeds> {
  const { nFeatures } = dataset;
  const rows = await filledRows(dataset, chosen, signal);
  const standardised = new Float64Array(labelled.length * nFeatures);
  let next = 0;
  let nextGiven = 0;
  const members = labelled.map((samples, k) => {
    const known = samples.length > 0;
    const from = known ? given : rows;
    const at = (known ? nextGiven++ : next++) * nFeatures;
    standardised.set(from.subarray(at, at + nFeatures), k * nFeatures);
    return known ? samples : [chosen[next - 1]];
  });
  return { members, standardised };
}

/** The samples of positive weight that are known to be of each component. */
function labelledSamples({
  dataset,
  nComponents,
  labels,
}: Pick<StartProblem, 'dataset' | 'nComponents' | 'labels'>): number[][] {
  const found: number[][] = Array.from({ length: nComponents }, () => []);
  labels?.forEach((label, n) => {
    if (label >= 0 && (dataset.relativeWeights?.[n] ?? 1) > 0) found[label].push(n);
  });
  return found;
}

/** The weighted mean of what is observed of samples, D, standardised units; 0 for a column of which nothing is. */
function meanOf(dataset: Dataset, samples: readonly number[]): Float64Array {
  const { nFeatures, relativeWeights } = dataset;
  const row = new Float64Array(nFeatures);
  const mean = new Float64Array(nFeatures);
  const mass = new Float64Array(nFeatures);
  for (const n of samples) {
    dataset.readStandardised(n, row);
    const weight = relativeWeights ? relativeWeights[n] : 1;
    for (let d = 0; d < nFeatures; d++) {
      if (row[d] !== row[d]) continue;
      mass[d] += weight;
      mean[d] += (row[d] - mean[d]) * (weight / mass[d]);
    }
  }
  return mean;
}

/**
 * k-means++: greedy on all samples where those are few, else k-means||.
 * @param partOnly families in the user's own units: greedy on a seeded random part of larger data in place of k-means||, so that
 *   no standardised copy need go to the device
 * @returns sample numbers
 */
export async function distantSeeds(
  request: SeedRequest,
  partOnly: boolean,
  random: Random,
): Promise<number[]> {
  const { dataset, given, count, metric, signal } = request;
  const { nFeatures, nSamples, relativeWeights } = dataset;
  const nComponents = count + given.length / nFeatures;
  const candidates = candidatesFor(nComponents);
  const affordable = affordableSamples(nComponents, nFeatures);
  if (nSamples > affordable && !partOnly) return parallelSeeds(request, random);
  const part = Math.min(nSamples, Math.max(affordable, 16 * nComponents));
  const samples = await samplePart(dataset, part, random, signal);
  const scale = (value: number, i: number): number => value * metric[i % nFeatures];
  const rows = await filledRows(dataset, samples, signal);
  if (metric.some((factor) => factor !== 1)) {
    for (let i = 0; i < rows.length; i++) rows[i] *= metric[i % nFeatures];
  }
  const weights = new Float64Array(samples.length).fill(1);
  if (relativeWeights) samples.forEach((n, i) => (weights[i] = relativeWeights[n]));
  const points = { rows, weights, nFeatures };
  const chosen = await plusPlus(points, given.map(scale), count, candidates, random, signal);
  return Array.from(chosen, (i) => samples[i]);
}

/** Samples that greedy k-means++ may look at. */
export const affordableSamples = (nComponents: number, nFeatures: number): number =>
  Math.min(
    SEEDING_SAMPLES,
    Math.floor(SEEDING_WORK / (nComponents * candidatesFor(nComponents) * nFeatures)),
    Math.floor(SEEDING_BYTES / (8 * nFeatures)),
  );

/** All samples, or a random part of those that weigh anything. */
export async function samplePart(
  { nSamples, relativeWeights }: Dataset,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<number[]> {
  if (count >= nSamples) return inTurns(allOf(nSamples), signal);
  if (!relativeWeights) return inTurns(random.drawDistinct(count, nSamples), signal);
  const weighing: number[] = [];
  for (let n = 0; n < nSamples; n++) if (relativeWeights[n] > 0) weighing.push(n);
  if (count >= weighing.length) return weighing;
  const drawn = await inTurns(random.drawDistinct(count, weighing.length), signal);
  return drawn.map((i) => weighing[i]);
}

function* allOf(nSamples: number): Steps<number[]> {
  const all: number[] = [];
  for (let n = 0; n < nSamples; n++) {
    all.push(n);
    yield;
  }
  return all;
}
