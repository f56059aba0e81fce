import { Random } from '../data/random.ts';
import type { Family, MStepOptions, Parameters } from '../families/family.ts';
import { zeroStatistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
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
  readonly mStepOptions: MStepOptions;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Seeds become a soft partition under components this wide (in standard deviations of the columns), then parameters by one
 * M-step. Narrow enough to part the samples by nearest seed, wide enough for float32 (log-densities of hundreds).
 */
const SEED_WIDTH = 0.1;
/** k-means++ looks at a seeded random part of larger data: its guarantee is about samples of the distribution anyway. */
const SEEDING_SAMPLES = 65536;

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

/** One M-step from the partition that narrow components at the seeds (K x D, standardised) make. */
async function fromSeeds(problem: StartProblem, seeds: Float64Array): Promise<Parameters> {
  const { family, seam, nComponents, dataset, mStepOptions, signal } = problem;
  const narrow = family.narrow(seeds, nComponents, dataset.nFeatures, SEED_WIDTH);
  const { statistics } = await seam.eStep(narrow, signal);
  return family.mStep(statistics, narrow, mStepOptions);
}

/** K different samples, each as likely as its weight says; positive weights only. */
function randomSeeds({ dataset, nComponents }: StartProblem, random: Random): Float64Array {
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const drawn = relativeWeights
    ? weightedDraws(relativeWeights, nComponents, random)
    : random.distinct(nComponents, nSamples);
  const seeds = new Float64Array(nComponents * nFeatures);
  drawn.forEach((n, k) =>
    dataset.readStandardised(n, seeds.subarray(k * nFeatures, (k + 1) * nFeatures)),
  );
  return seeds;
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
): Promise<Float64Array> {
  const { nFeatures, nSamples, relativeWeights } = dataset;
  const count = Math.min(nSamples, Math.max(SEEDING_SAMPLES, 16 * nComponents));
  const chosen = count < nSamples ? random.distinct(count, nSamples) : undefined;
  const points = new Float64Array(count * nFeatures);
  const weights = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const n = chosen ? chosen[i] : i;
    dataset.readStandardised(n, points.subarray(i * nFeatures, (i + 1) * nFeatures));
    weights[i] = relativeWeights ? relativeWeights[n] : 1;
  }
  const pause = pacer(signal);
  const seeds = new Float64Array(nComponents * nFeatures);
  const nearest = new Float64Array(count).fill(Infinity);
  const candidates = 2 + Math.floor(Math.log(nComponents));
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
    seeds.set(points.subarray(best!.seed * nFeatures, (best!.seed + 1) * nFeatures), k * nFeatures);
  }
  return seeds;
}

/** Writes the responsibilities of sample n, K; called for n = 0, 1, ... in order. */
export type RowFiller = (n: number, row: Float64Array) => void;

/**
 * One M-step in float64 from responsibilities given row by row (`rows` is called once a pass): a pass for the means, a pass for second moments about
 * them, so that a component of identical samples is seen to have no spread at all.
 */
export async function fromResponsibilities(
  { dataset, family, nComponents, mStepOptions, signal }: Omit<StartProblem, 'seam'>,
  rows: () => RowFiller,
): Promise<Parameters> {
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const sample = new Float64Array(nFeatures);
  const row = new Float64Array(nComponents);
  const residual = new Float64Array(nFeatures);
  const pause = pacer(signal);
  const pass = async (visit: (k: number, responsibility: number) => void): Promise<void> => {
    const fill = rows();
    for (let n = 0; n < nSamples; n++) {
      dataset.readStandardised(n, sample);
      fill(n, row);
      const weight = relativeWeights ? relativeWeights[n] : 1;
      for (let k = 0; k < nComponents; k++) if (weight * row[k] > 0) visit(k, weight * row[k]);
      if (n % 256 === 255) await pause();
    }
  };
  const mass = new Float64Array(nComponents);
  const means = new Float64Array(nComponents * nFeatures);
  await pass((k, responsibility) => {
    mass[k] += responsibility;
    const share = responsibility / mass[k];
    for (let d = 0; d < nFeatures; d++)
      means[k * nFeatures + d] += (sample[d] - means[k * nFeatures + d]) * share;
  });
  const narrow = family.narrow(means, nComponents, nFeatures, 1);
  const density = {
    nComponents,
    nFeatures,
    means,
    logConstants: mass,
    whitening: mass,
    whiteningStride: 0,
  };
  const statistics = zeroStatistics(nComponents, family.statisticsLength(nFeatures), means);
  await pass((k, responsibility) => {
    for (let d = 0; d < nFeatures; d++) residual[d] = sample[d] - means[k * nFeatures + d];
    statistics.componentMass[k] += responsibility;
    family.accumulate(density, k, responsibility, residual, statistics.sums);
  });
  return family.mStep(statistics, narrow, mStepOptions);
}

/** Uniform numbers, each row divided by its sum. */
function randomRows(random: Random): RowFiller {
  return (_n, row) => {
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] = random.uniform();
    for (let k = 0; k < row.length; k++) row[k] /= sum;
  };
}
