import type { PartialSum } from './job.ts';

/** The largest tile, which segments are multiples of; and how many segments there are at most. */
export const LARGEST_TILE = 256;
const MOST_SEGMENTS = 64;

/** Samples in a segment: by the number of samples alone, so that any number of threads adds the same numbers in the same order. */
export function segmentSize(nSamples: number): number {
  return LARGEST_TILE * Math.max(1, Math.ceil(nSamples / (LARGEST_TILE * MOST_SEGMENTS)));
}

/** How many whole segments each of some threads gets: consecutive ones; fewer shares where there are fewer segments. */
export function shardSamples(
  nSamples: number,
  threads: number,
): { firstSample: number; count: number }[] {
  const size = segmentSize(nSamples);
  const nSegments = Math.ceil(nSamples / size);
  const shards = Math.max(1, Math.min(threads, nSegments));
  return Array.from({ length: shards }, (_, i) => {
    const firstSample = Math.floor((i * nSegments) / shards) * size;
    const end = Math.min(nSamples, Math.floor(((i + 1) * nSegments) / shards) * size);
    return { firstSample, count: end - firstSample };
  });
}

/**
 * Adds the sum of one more segment to those before it: two neighbours become the sum of both wherever an aligned pair is complete,
 * so that what is added to what does not depend on where a shard begins or ends.
 */
export function pushSum(sums: PartialSum[], next: PartialSum): void {
  let sum = next;
  for (;;) {
    const last = sums.at(-1);
    const pair = last && last.level === sum.level && last.index + 1 === sum.index;
    if (!pair || (last.index & 1) === 1) break;
    sums.pop();
    sum = { level: sum.level + 1, index: last.index >> 1, values: added(last.values, sum.values) };
  }
  sums.push(sum);
}

/** The sum of everything, in the order of the tree. */
export function totalOf(sums: readonly PartialSum[]): Float64Array<ArrayBuffer> {
  const found = new Map(sums.map((sum) => [`${sum.level} ${sum.index}`, sum.values]));
  const below = (level: number, index: number): Float64Array<ArrayBuffer> | undefined => {
    const own = found.get(`${level} ${index}`);
    if (own || level === 0) return own;
    const left = below(level - 1, 2 * index);
    const right = below(level - 1, 2 * index + 1);
    return left && right ? added(left, right) : (left ?? right);
  };
  return below(Math.log2(MOST_SEGMENTS), 0)!;
}

function added(
  a: Float64Array<ArrayBuffer>,
  b: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const sum = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) sum[i] = a[i] + b[i];
  return sum;
}
