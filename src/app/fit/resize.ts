import { createContext, MixtureError } from '../../index.ts';
import type { Context, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { thinnedSample } from '../shared/thinned.ts';
import { logDeterminant } from './linear.ts';
import { covarianceOf, isCommon, slice, storedOf, withParameters } from './parameters.ts';
import { bestSplit } from './split.ts';
import type { Seen } from './split.ts';

type Samples = SourceData['samples'];

/** Samples that splits are judged by, at most, and their entries. */
const MOST_SAMPLES = 20_000;
const MOST_ENTRIES = 2_000_000;
/** Multiplications for the responsibilities that float64 on this thread may have: about 0.2 s. */
const MOST_WORK = 2e8;
/** Features up to which pairs are compared by whole covariances; beyond by variances alone, K^2 D in place of K^2 D^3. */
const MOST_WHOLE = 32;

/**
 * The mixture with another number of components: while there are too few, the one is split that two would fit best in place of; while
 * there are too many, the two that one would fit best in place of are merged. Components keep their numbers but for the last.
 */
export async function resized(
  mixture: GaussianMixture,
  nComponents: number,
  samples: Samples,
  at: { context: Context; signal: AbortSignal },
): Promise<GaussianMixture> {
  let now = mixture;
  while (now.nComponents > nComponents) now = merged(now);
  if (now.nComponents === nComponents) return now;
  const some = someOf(samples);
  while (now.nComponents < nComponents) now = split(now, await see(now, some, at));
  return now;
}

/** Why so many components cannot be had; undefined where they can. */
export function tooMany(nComponents: number, { nSamples }: Samples): MixtureError | undefined {
  if (nComponents <= nSamples) return undefined;
  return new MixtureError(
    'TOO_FEW_SAMPLES',
    `There are ${nSamples} samples: no more than ${nSamples} components can be fitted to them.`,
    'Use fewer components, or more samples.',
    { nSamples, nComponents },
  );
}

/** Some of the complete rows. */
function someOf({ data, nSamples, nFeatures }: Samples): Samples & { data: Float64Array } {
  const most = Math.min(MOST_SAMPLES, Math.max(1000, Math.floor(MOST_ENTRIES / nFeatures)));
  const every = Math.max(1, Math.ceil(nSamples / most));
  const rows: number[] = [];
  for (let i = 0; i < Math.ceil(nSamples / every); i++) {
    const n = thinnedSample(i, every, nSamples);
    const row = data.subarray(n * nFeatures, (n + 1) * nFeatures);
    if (!row.some(Number.isNaN)) rows.push(n);
  }
  const some = new Float64Array(rows.length * nFeatures);
  rows.forEach((n, i) =>
    some.set(data.subarray(n * nFeatures, (n + 1) * nFeatures), i * nFeatures),
  );
  return { data: some, nSamples: rows.length, nFeatures };
}

/** Their responsibilities: here where that is little work, which saves compiling, else where the fit is. */
async function see(
  mixture: GaussianMixture,
  some: Samples & { data: Float64Array },
  { context, signal }: { context: Context; signal: AbortSignal },
): Promise<Seen> {
  const { nSamples, nFeatures } = some;
  if (nSamples < 2) return { ...some, responsibilities: new Float32Array(0), nSamples: 0 };
  const isLittle = nSamples * mixture.nComponents * nFeatures ** 2 <= MOST_WORK;
  const own = isLittle ? await createContext({ backend: 'cpu' }) : undefined;
  try {
    const responsibilities = await mixture.predictProba(some, { context: own ?? context, signal });
    return { ...some, responsibilities };
  } finally {
    own?.dispose();
  }
}

/** One more component. */
function split(mixture: GaussianMixture, seen: Seen): GaussianMixture {
  const { nFeatures, covarianceType } = mixture;
  const { component, halves } = bestSplit(mixture, seen);
  const weights = [...mixture.weights];
  const means = mixture.weights.length * nFeatures;
  const allMeans = new Float64Array(means + nFeatures);
  allMeans.set(mixture.means);
  weights[component] = halves[0].weight;
  weights.push(halves[1].weight);
  allMeans.set(halves[0].mean, component * nFeatures);
  allMeans.set(halves[1].mean, means);
  let { covariances } = mixture;
  if (!isCommon(covarianceType)) {
    const stored = halves.map(({ covariance }) => storedOf(covariance, covarianceType));
    const grown = new Float64Array(covariances.length + stored[1].length);
    grown.set(covariances);
    grown.set(stored[0], component * stored[0].length);
    grown.set(stored[1], covariances.length);
    covariances = grown;
  }
  return withParameters(mixture, {
    weights: Float64Array.from(weights),
    means: allMeans,
    covariances,
  });
}

/** One component fewer: the pair whose merger loses least of the log-likelihood (Runnalls 2007). The last takes the free place. */
function merged(mixture: GaussianMixture): GaussianMixture {
  const { nComponents, nFeatures, covarianceType } = mixture;
  const parts = Array.from({ length: nComponents }, (_, k) => ({
    weight: mixture.weights[k],
    mean: slice(mixture.means, k, nFeatures),
    covariance: covarianceOf(mixture, k),
  }));
  const dets = parts.map(({ covariance }) => sizeOf(covariance, nFeatures));
  let best = { loss: Infinity, i: 0, j: 1, pair: momentsOf(parts[0], parts[1]) };
  for (let i = 0; i < nComponents; i++) {
    for (let j = i + 1; j < nComponents; j++) {
      const pair = momentsOf(parts[i], parts[j]);
      const [a, b] = [parts[i].weight, parts[j].weight];
      const loss = ((a + b) * sizeOf(pair.covariance, nFeatures) - a * dets[i] - b * dets[j]) / 2;
      if (loss < best.loss) best = { loss, i, j, pair };
    }
  }
  const kept = parts.slice();
  kept[best.i] = best.pair;
  const last = kept.pop()!;
  if (best.j < kept.length) kept[best.j] = last;
  const total = kept.reduce((sum, { weight }) => sum + weight, 0);
  return withParameters(mixture, {
    weights: Float64Array.from(kept, ({ weight }) => weight / total),
    means: joined(kept.map(({ mean }) => mean)),
    covariances: isCommon(covarianceType)
      ? mixture.covariances
      : joined(kept.map(({ covariance }) => storedOf(covariance, covarianceType))),
  });
}

/** ln det, of the diagonal alone where the whole would take long. */
function sizeOf(covariance: Float64Array, n: number): number {
  if (n <= MOST_WHOLE) return logDeterminant(covariance, n);
  let sum = 0;
  for (let d = 0; d < n; d++) sum += Math.log(covariance[d * n + d]);
  return sum;
}

/** Rows of one length, one after another. */
function joined(rows: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(rows.length * rows[0].length);
  rows.forEach((row, i) => all.set(row, i * row.length));
  return all;
}

interface Part {
  readonly weight: number;
  readonly mean: Float64Array;
  readonly covariance: Float64Array;
}

/** The one component with the moments of two. */
function momentsOf(a: Part, b: Part): Part {
  const weight = a.weight + b.weight;
  // two components without weight: halves of nothing
  const share = weight > 0 ? a.weight / weight : 0.5;
  const n = a.mean.length;
  const mean = a.mean.map((value, d) => share * value + (1 - share) * b.mean[d]);
  const apart = a.mean.map((value, d) => value - b.mean[d]);
  const covariance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const at = i * n + j;
      covariance[at] =
        share * a.covariance[at] +
        (1 - share) * b.covariance[at] +
        share * (1 - share) * apart[i] * apart[j];
    }
  }
  return { weight, mean, covariance };
}
