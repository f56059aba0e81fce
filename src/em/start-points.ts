import type { Random } from '../data/random.ts';
import type { Dataset } from './dataset.ts';
import { Least } from './least.ts';
import { pacer } from '../data/pause.ts';

/** A standardised sample, 0 (the column's mean) where it is missing. */
export function readFilled(dataset: Dataset, sample: number, out: Float64Array): void {
  dataset.readStandardised(sample, out);
  for (let d = 0; d < out.length; d++) if (out[d] !== out[d]) out[d] = 0;
}

/** Rows of `readFilled`, M x D. */
export async function filledRows(
  dataset: Dataset,
  samples: ArrayLike<number>,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const { nFeatures } = dataset;
  await dataset.findStandardisation(signal);
  const pause = pacer(signal);
  const rows = new Float64Array(samples.length * nFeatures);
  for (let i = 0; i < samples.length; i++) {
    readFilled(dataset, samples[i], rows.subarray(i * nFeatures, (i + 1) * nFeatures));
    const turn = pause();
    if (turn) await turn;
  }
  return rows;
}

/** Samples that a width is found from. */
const WIDTH_SAMPLES = 4096;

/**
 * The point (of M x D, standardised units) nearest to a sample, missing entries at the column's mean, and the squared distance.
 * @param metric factor of each feature's difference, D; default 1 each
 */
export function nearestPoint(
  dataset: Dataset,
  points: Float64Array,
  metric?: Float64Array,
): (sample: number) => { point: number; square: number } {
  const { nFeatures } = dataset;
  const factors = metric ?? new Float64Array(nFeatures).fill(1);
  const row = new Float64Array(nFeatures);
  return (sample) => {
    readFilled(dataset, sample, row);
    let point = 0;
    let least = Infinity;
    for (let k = 0, i = 0; i < points.length; k++) {
      let square = 0;
      for (let d = 0; d < nFeatures; d++, i++) square += (factors[d] * (row[d] - points[i])) ** 2;
      if (square < least) {
        least = square;
        point = k;
      }
    }
    return { point, square: least };
  };
}

/** How far samples are from their nearest point: the root mean square, a feature, of some thousands of them. */
export async function widthAround(
  dataset: Dataset,
  points: Float64Array,
  metric?: Float64Array,
  signal?: AbortSignal,
): Promise<number> {
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const step = Math.max(1, Math.floor(nSamples / WIDTH_SAMPLES));
  const nearest = nearestPoint(dataset, points, metric);
  const pause = pacer(signal);
  let squares = 0;
  let count = 0;
  for (let n = 0; n < nSamples; n += step) {
    if (relativeWeights && relativeWeights[n] === 0) continue;
    squares += nearest(n).square;
    count++;
    const turn = pause();
    if (turn) await turn;
  }
  return Math.sqrt(squares / Math.max(1, count) / nFeatures);
}

/** Masses that are added up between two looks at the clock. */
const LOOKED_AT = 4096;

/** An index, as likely as its mass says; undefined where all masses are 0. Takes one number of the stream, or none. */
export async function pickByMass(
  count: number,
  mass: (i: number) => number,
  random: Random,
  signal?: AbortSignal,
): Promise<number | undefined> {
  const pause = pacer(signal);
  let total = 0;
  for (let i = 0; i < count; i++) {
    total += mass(i);
    if (i % LOOKED_AT === LOOKED_AT - 1) await pause();
  }
  if (!(total > 0)) return undefined;
  let target = random.uniform() * total;
  let last = 0;
  for (let i = 0; i < count; i++) {
    if (i % LOOKED_AT === LOOKED_AT - 1) await pause();
    const own = mass(i);
    if (!(own > 0)) continue;
    target -= own;
    if (target < 0) return i;
    last = i; // what rounding leaves over belongs to the last with any mass
  }
  return last;
}

/** `count` samples of positive weight, each as likely as its weight says, with repetition only where there are too few. */
export async function pickSamples(
  { nSamples, relativeWeights }: Dataset,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<number[]> {
  if (!relativeWeights) {
    const drawn = random.distinct(Math.min(count, nSamples), nSamples);
    while (drawn.length < count) drawn.push(random.integer(nSamples));
    return drawn;
  }
  if (count === 0) return [];
  const drawn = await weightedDraws(relativeWeights, count, random, signal);
  for (let i = 0; drawn.length < count; i++) drawn.push(drawn[i]);
  return drawn;
}

/** Without replacement, by exponential keys -ln(u) / w (Efraimidis and Spirakis 2006): the smallest. */
async function weightedDraws(
  weights: Float64Array,
  count: number,
  random: Random,
  signal?: AbortSignal,
): Promise<number[]> {
  const pause = pacer(signal);
  const least = new Least(count);
  for (let n = 0; n < weights.length; n++) {
    if (weights[n] > 0) least.offer(-Math.log(random.uniform()) / weights[n], n);
    const turn = pause();
    if (turn) await turn;
  }
  return least.indices();
}
