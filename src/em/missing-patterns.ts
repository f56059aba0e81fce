import { readRow, type Samples } from '../data/samples.ts';
import { pacer } from '../data/pause.ts';
import type { SampleRange } from './seam.ts';

/** Samples that have the same entries missing. */
export interface Pattern {
  /** Features, ascending. */
  readonly missing: Int32Array;
  readonly observed: Int32Array;
  /** Which samples, ascending. */
  readonly samples: readonly number[];
}

/** The samples by pattern of missingness, in the order in which patterns first occur. */
export async function findPatterns(samples: Samples, signal?: AbortSignal): Promise<Pattern[]> {
  const { nSamples, nFeatures } = samples;
  const row = new Float64Array(nFeatures);
  const words = new Uint16Array(Math.ceil(nFeatures / 16));
  const found = new Map<string, { pattern: Pattern; samples: number[] }>();
  const pause = pacer(signal);
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    words.fill(0);
    for (let d = 0; d < nFeatures; d++) if (row[d] === row[d]) words[d >> 4] |= 1 << (d & 15);
    const key = String.fromCharCode(...words);
    let entry = found.get(key);
    if (!entry) {
      const members: number[] = [];
      const features = Int32Array.from({ length: nFeatures }, (_, d) => d);
      const missing = features.filter((d) => row[d] !== row[d]);
      const observed = features.filter((d) => row[d] === row[d]);
      entry = { pattern: { missing, observed, samples: members }, samples: members };
      found.set(key, entry);
    }
    entry.samples.push(n);
    const turn = pause();
    if (turn) await turn;
  }
  return Array.from(found.values(), ({ pattern }) => pattern);
}

/**
 * The same patterns, cut to the samples first .. first + count - 1. Call with ascending ranges: `cursors` (a number a pattern,
 * 0 at the start) remembers how far each pattern has been read.
 */
export function nextRange(
  patterns: readonly Pattern[],
  cursors: Int32Array,
  end: number,
): Pattern[] {
  const cut: Pattern[] = [];
  patterns.forEach((pattern, p) => {
    const from = cursors[p];
    let to = from;
    while (to < pattern.samples.length && pattern.samples[to] < end) to++;
    cursors[p] = to;
    if (to > from) cut.push({ ...pattern, samples: pattern.samples.slice(from, to) });
  });
  return cut;
}

/** The patterns cut to a range of samples; those without any there are left out. */
export function patternsWithin(
  patterns: readonly Pattern[],
  { firstSample, nSamples }: SampleRange,
): Pattern[] {
  return patterns
    .map((pattern) => ({
      ...pattern,
      samples: pattern.samples.slice(
        firstNotBelow(pattern.samples, firstSample),
        firstNotBelow(pattern.samples, firstSample + nSamples),
      ),
    }))
    .filter(({ samples }) => samples.length > 0);
}

/** Index of the first of ascending numbers that is not below a limit. */
function firstNotBelow(ascending: readonly number[], limit: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
