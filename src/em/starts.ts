import { Random } from '../data/random.ts';
import type { Density, Family, Parameters } from '../families/family.ts';
import type { GaussianParameters } from '../families/gaussian.ts';
import { addObserved, zeroStatistics, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { mStep, type Maximisation } from './m-step.ts';
import { pacer } from './pause.ts';
import type { Seam } from './seam.ts';

/** How a fit without a given start finds one. */
export type InitParams = 'k-means++' | 'random_from_data' | 'random';

/** Everything a start is made from. */
export interface StartProblem {
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly nComponents: number;
  readonly mStepOptions: Maximisation;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Seeds become a soft partition under components this wide (in standard deviations of the columns), then parameters by one
 * M-step. Narrow enough to part the samples by nearest seed, wide enough for float32 (log-densities of hundreds).
 */
const SEED_WIDTH = 0.1;
/** float32 tells seeds this far apart (in pairs) from each other. */
const LEAST_SEED_WIDTH = 1e-7;
/** Samples that the width is found from. */
const WIDTH_SAMPLES = 4096;
/** k-means++ looks at a seeded random part of larger data: its guarantee is about samples of the distribution anyway. */
const SEEDING_SAMPLES = 65536;
/** Multiply-adds that k-means++ may take, about half a second: 60,000 images of 784 pixels would take minutes for 100 seeds. */
const SEEDING_WORK = 1e9;
/** Bytes that its copy of the samples may take, float64. */
const SEEDING_BYTES = 64 * 2 ** 20;

/** Parameters in standardised units from the data and a seed. */
export async function findStart(
  problem: StartProblem,
  init: InitParams,
  random: Random,
): Promise<Parameters> {
  if (init === 'random') {
    const seed = random.uint32();
    // drawn again in each pass, so that nothing N x K is kept
    return fromResponsibilities(problem, () => randomRows(new Random(seed)));
  }
  const seeds =
    init === 'k-means++' ? await plusPlusSeeds(problem, random) : randomSeeds(problem, random);
  return fromSeeds(problem, seeds);
}

/**
 * Seeds (K x D, standardised) as parameters. Families that can be narrow: one M-step from the partition that narrow components
 * at the seeds make. Others: one M-step from statistics that are half the seed's own sample and half all samples, N / K strong:
 * near the seed, but with no probability at 0 or 1 that all samples together do not have.
 */
async function fromSeeds(problem: StartProblem, seeds: Seeds): Promise<Parameters> {
  const { family, seam, nComponents, dataset, mStepOptions, signal } = problem;
  if (!family.narrow) {
    return family.start === 'partition'
      ? fromPartition(problem, seeds.standardised)
      : fromBlends(problem, seeds.samples);
  }
  const width = seedWidth(dataset, seeds.standardised);
  const narrow = family.narrow(seeds.standardised, nComponents, dataset.nFeatures, width);
  if (family.missing === 'conditional') widenEmptyColumns(narrow, dataset);
  const { statistics } = await seam.eStep(narrow, signal);
  const wide = family.narrow(seeds.standardised, nComponents, dataset.nFeatures, 1);
  return mStep(family, statistics, wide, mStepOptions);
}

/**
 * An E-step with conditional moments fills a column without entries in with the component's own variance there: 1, not a narrow
 * one. Nothing else depends on it.
 */
function widenEmptyColumns(parameters: Parameters, { standardisation, nFeatures }: Dataset): void {
  const { covariances } = parameters as GaussianParameters;
  for (const d of standardisation.emptyColumns) {
    for (let at = d * (nFeatures + 1); at < covariances.length; at += nFeatures * nFeatures) {
      covariances[at] = 1;
    }
  }
}

/**
 * How wide the components at the seeds are: as far as samples are from their nearest seed (root mean square, a feature), at most
 * SEED_WIDTH. An outlier stretches the columns' deviations: clusters that are close beside it would not be told apart.
 */
function seedWidth(dataset: Dataset, seeds: Float64Array): number {
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const step = Math.max(1, Math.floor(nSamples / WIDTH_SAMPLES));
  const nearest = nearestSeed(dataset, seeds);
  let squares = 0;
  let count = 0;
  for (let n = 0; n < nSamples; n += step) {
    if (relativeWeights && relativeWeights[n] === 0) continue;
    squares += nearest(n).square;
    count++;
  }
  const width = Math.sqrt(squares / Math.max(1, count) / nFeatures);
  return width > 0 ? Math.max(LEAST_SEED_WIDTH, Math.min(SEED_WIDTH, width)) : SEED_WIDTH;
}

/** The seed nearest to a sample in standardised units, missing entries at the column's mean, and the squared distance. */
function nearestSeed(
  dataset: Dataset,
  seeds: Float64Array,
): (sample: number) => { seed: number; square: number } {
  const { nFeatures } = dataset;
  const row = new Float64Array(nFeatures);
  return (sample) => {
    readFilled(dataset, sample, row);
    let seed = 0;
    let least = Infinity;
    for (let k = 0; k * nFeatures < seeds.length; k++) {
      let square = 0;
      for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++)
        square += (row[d] - seeds[i]) ** 2;
      if (square < least) {
        least = square;
        seed = k;
      }
    }
    return { seed, square: least };
  };
}

/**
 * One M-step from the partition by nearest seed (of a part of the samples where all would be too much), each part with a
 * twentieth of all samples beside its own: no probability of exactly 0 that EM could not leave.
 */
async function fromPartition(problem: StartProblem, seeds: Float64Array): Promise<Parameters> {
  const { dataset, nComponents } = problem;
  const { nSamples, nFeatures } = dataset;
  const step = Math.max(1, Math.ceil((nSamples * nComponents * nFeatures) / SEEDING_WORK));
  const nearest = nearestSeed(dataset, seeds);
  return fromResponsibilities(problem, () => (n, row) => {
    if (n % step !== 0) {
      row.fill(0);
      return;
    }
    row.fill(0.05 / nComponents);
    row[nearest(n).seed] += 0.95;
  });
}

/** Chosen samples: their numbers, and their values in standardised units (0, the column's mean, where missing). */
interface Seeds {
  readonly samples: ArrayLike<number>;
  /** K x D. */
  readonly standardised: Float64Array;
}

function seedsAt(dataset: Dataset, samples: ArrayLike<number>): Seeds {
  const { nFeatures } = dataset;
  const standardised = new Float64Array(samples.length * nFeatures);
  for (let k = 0; k < samples.length; k++) {
    readFilled(dataset, samples[k], standardised.subarray(k * nFeatures, (k + 1) * nFeatures));
  }
  return { samples, standardised };
}

/** A standardised sample, 0 (the column's mean) where it is missing. */
function readFilled(dataset: Dataset, sample: number, out: Float64Array): void {
  dataset.readStandardised(sample, out);
  for (let d = 0; d < out.length; d++) if (out[d] !== out[d]) out[d] = 0;
}

async function fromBlends(problem: StartProblem, seeds: ArrayLike<number>): Promise<Parameters> {
  const { dataset, family, nComponents, mStepOptions, signal } = problem;
  const { nFeatures, nSamples, relativeWeights } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const neutral = family.neutral(nComponents, nFeatures);
  const density = family.density(neutral, standardisation);
  const sample = new Float64Array(nFeatures);
  const residual = new Float64Array(nFeatures);
  const statistics = emptyStatistics(family, density, dataset);
  const add = (component: number, weight: number, into: Statistics): void => {
    into.componentMass[component] += weight;
    family.accumulate(density, component, weight, sample, residual, into.sums);
    addObserved(into, component, weight, sample);
  };
  const all = emptyStatistics(family, density, dataset);
  const pause = pacer(signal);
  for (let n = 0; n < nSamples; n++) {
    dataset.read(n, standardisation, sample);
    const weight = relativeWeights ? relativeWeights[n] : 1;
    if (weight > 0) add(0, weight, all);
    if (n % 256 === 255) await pause();
  }
  const length = all.sums.length / nComponents;
  const share = nSamples / nComponents / 2;
  for (let k = 0; k < nComponents; k++) {
    dataset.read(seeds[k], standardisation, sample);
    add(k, share, statistics);
    const part = share / nSamples;
    statistics.componentMass[k] += part * all.componentMass[0];
    for (let i = 0; i < length; i++) statistics.sums[k * length + i] += part * all.sums[i];
    for (let d = 0; statistics.observed && d < nFeatures; d++) {
      statistics.observed[k * nFeatures + d] += part * all.observed![d];
    }
  }
  return mStep(family, statistics, neutral, mStepOptions);
}

function emptyStatistics(family: Family, density: Density, dataset: Dataset): Statistics {
  const { nComponents, nFeatures } = density;
  return zeroStatistics(
    nComponents,
    family.statisticsLength(nFeatures),
    family.origin(density),
    dataset.missing > 0 && family.missing === 'observed' ? nComponents * nFeatures : 0,
  );
}

/** K different samples, each as likely as its weight says; positive weights only. */
function randomSeeds({ dataset, nComponents }: StartProblem, random: Random): Seeds {
  const { nSamples, relativeWeights } = dataset;
  const drawn = relativeWeights
    ? weightedDraws(relativeWeights, nComponents, random)
    : random.distinct(nComponents, nSamples);
  return seedsAt(dataset, drawn);
}

/** Without replacement, by exponential keys -ln(u) / w (Efraimidis and Spirakis 2006): the K smallest. */
function weightedDraws(weights: Float64Array, count: number, random: Random): number[] {
  const keys = weights.map((weight) =>
    weight > 0 ? -Math.log(random.uniform()) / weight : Infinity,
  );
  const order = Array.from(keys.keys()).sort((a, b) => keys[a] - keys[b]);
  return order.slice(0, count);
}

/**
 * k-means++ (Arthur and Vassilvitskii 2007): each seed drawn with probability proportional to weight times squared distance,
 * in standardised units, to the nearest seed so far; the best of 2 + ln K candidates at each step, as scikit-learn does.
 */
async function plusPlusSeeds(
  { dataset, nComponents, signal }: StartProblem,
  random: Random,
): Promise<Seeds> {
  const { nFeatures, nSamples, relativeWeights } = dataset;
  const candidates = 2 + Math.floor(Math.log(nComponents));
  const affordable = Math.min(
    Math.floor(SEEDING_WORK / (nComponents * candidates * nFeatures)),
    Math.floor(SEEDING_BYTES / (8 * nFeatures)),
  );
  const count = Math.min(
    nSamples,
    Math.max(Math.min(SEEDING_SAMPLES, affordable), 16 * nComponents),
  );
  const chosen = count < nSamples ? random.distinct(count, nSamples) : undefined;
  const points = new Float64Array(count * nFeatures);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const n = chosen ? chosen[i] : i;
    readFilled(dataset, n, points.subarray(i * nFeatures, (i + 1) * nFeatures));
    weights[i] = relativeWeights ? relativeWeights[n] : 1;
  }
  const pause = pacer(signal);
  const seeds = new Int32Array(nComponents);
  const nearest = new Float64Array(count).fill(Infinity);
  const pick = (mass: (i: number) => number): number => {
    let total = 0;
    for (let i = 0; i < count; i++) total += mass(i);
    // every sample lies on a seed already: any sample is as good
    if (!(total > 0)) return random.integer(count);
    let target = random.uniform() * total;
    for (let i = 0; i < count; i++) {
      target -= mass(i);
      if (target < 0) return i;
    }
    return count - 1;
  };
  const distances = (seed: number): { distances: Float64Array; potential: number } => {
    const out = new Float64Array(count);
    let potential = 0;
    for (let i = 0; i < count; i++) {
      let square = 0;
      for (let d = 0, a = i * nFeatures, b = seed * nFeatures; d < nFeatures; d++, a++, b++) {
        const difference = points[a] - points[b];
        square += difference * difference;
      }
      out[i] = Math.min(square, nearest[i]);
      potential += weights[i] * out[i];
    }
    return { distances: out, potential };
  };
  for (let k = 0; k < nComponents; k++) {
    let best: { seed: number; distances: Float64Array; potential: number } | undefined;
    for (let c = 0; c < (k === 0 ? 1 : candidates); c++) {
      const seed = pick((i) => (k === 0 ? weights[i] : weights[i] * nearest[i]));
      const candidate = { seed, ...distances(seed) };
      if (!best || candidate.potential < best.potential) best = candidate;
      await pause();
    }
    nearest.set(best!.distances);
    seeds[k] = chosen ? chosen[best!.seed] : best!.seed;
  }
  return seedsAt(dataset, seeds);
}

/** Writes the responsibilities of sample n, K; called for n = 0, 1, ... in order. */
export type RowFiller = (n: number, row: Float64Array) => void;

/**
 * One M-step in float64 from responsibilities given row by row (`rows` is called once a pass). Where the statistics are about
 * the means, a pass finds those first, so that a component of identical samples is seen to have no spread at all.
 */
export async function fromResponsibilities(
  problem: Omit<StartProblem, 'seam'>,
  rows: () => RowFiller,
): Promise<Parameters> {
  const { dataset, family, nComponents, mStepOptions, signal } = problem;
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const sample = new Float64Array(nFeatures);
  const row = new Float64Array(nComponents);
  const residual = new Float64Array(nFeatures);
  const pause = pacer(signal);
  const pass = async (visit: (k: number, responsibility: number) => void): Promise<void> => {
    const fill = rows();
    for (let n = 0; n < nSamples; n++) {
      dataset.read(n, standardisation, sample);
      fill(n, row);
      const weight = relativeWeights ? relativeWeights[n] : 1;
      for (let k = 0; k < nComponents; k++) if (weight * row[k] > 0) visit(k, weight * row[k]);
      if (n % 256 === 255) await pause();
    }
  };
  let previous = family.neutral(nComponents, nFeatures);
  if (family.narrow) {
    const mass = new Float64Array(nComponents * nFeatures);
    const means = new Float64Array(nComponents * nFeatures);
    await pass((k, responsibility) => {
      for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
        if (sample[d] !== sample[d]) continue;
        mass[i] += responsibility;
        means[i] += (sample[d] - means[i]) * (responsibility / mass[i]);
      }
    });
    previous = family.narrow(means, nComponents, nFeatures, 1);
  }
  const density = family.density(previous, standardisation);
  const statistics = emptyStatistics(family, density, dataset);
  await pass((k, responsibility) => {
    statistics.componentMass[k] += responsibility;
    family.accumulate(density, k, responsibility, sample, residual, statistics.sums);
    addObserved(statistics, k, responsibility, sample);
  });
  return mStep(family, statistics, previous, mStepOptions);
}

/** Uniform numbers, each row divided by its sum. */
function randomRows(random: Random): RowFiller {
  return (_n, row) => {
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] = random.uniform();
    for (let k = 0; k < row.length; k++) row[k] /= sum;
  };
}
