import type { SourceData } from '../data/source-data.ts';
import { leadingEigenvectors } from './eigen.ts';
import type { Projection } from './projection.ts';

/** The view along the first two principal components of the samples as they are fitted. */
export interface PrincipalComponents {
  readonly projection: Projection;
  /** Samples that the covariance was taken from: all, or as many as a second is enough for, evenly spread. */
  readonly nUsed: number;
}

const MOST_SAMPLES = 100_000;
/** Multiplications: about a quarter of a second. */
const MOST_WORK = 4e8;
const LEAST_SAMPLES = 4096;
/** Milliseconds that the page is kept waiting at a time. */
const SLICE = 12;
const ROWS_A_LOOK = 64;
/** A share of the samples that are complete. */
const ENOUGH = 0.5;

/**
 * The first two principal components: the leading eigenvectors of the covariance of the samples, in float64 and in slices of time. It
 * is of the complete samples, and the others have no place: at their columns' means they would lie on lines between the clusters, which
 * are none of the data's. Where too few are complete, that is what is done still.
 * @param signal rejects with its reason where the samples are no longer wanted
 */
export async function principalComponents(
  { samples }: Pick<SourceData, 'samples'>,
  signal: AbortSignal,
): Promise<PrincipalComponents> {
  const { data, nSamples, nFeatures } = samples;
  const nUsed = Math.min(
    nSamples,
    MOST_SAMPLES,
    Math.max(LEAST_SAMPLES, Math.ceil(MOST_WORK / nFeatures ** 2)),
  );
  // one from each of nUsed equal parts, not always the same place in it: rows may come in a rhythm
  const rowOf = (i: number) => {
    const place = nUsed === nSamples ? 0 : (i * 0.6180339887498949) % 1;
    return Math.min(nSamples - 1, Math.floor(((i + place) * nSamples) / nUsed)) * nFeatures;
  };
  const inSlices = async (visit: (row: number) => void) => {
    let since = performance.now();
    for (let i = 0; i < nUsed; i++) {
      visit(rowOf(i));
      if (i % ROWS_A_LOOK !== 0 || performance.now() - since < SLICE) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal.throwIfAborted();
      since = performance.now();
    }
  };
  const isComplete = (row: number) => {
    for (let d = 0; d < nFeatures; d++) if (Number.isNaN(data[row + d])) return false;
    return true;
  };
  let nComplete = 0;
  await inSlices((row) => void (nComplete += isComplete(row) ? 1 : 0));
  const leavesOut = nComplete < nUsed && nComplete >= Math.max(3, nUsed * ENOUGH);
  const inComplete = (visit: (row: number) => void) =>
    inSlices(leavesOut ? (row) => isComplete(row) && visit(row) : visit);
  const means = await columnMeans(data, nFeatures, inComplete);
  const covariance = new Float64Array(nFeatures * nFeatures);
  const centred = new Float64Array(nFeatures);
  await inComplete((row) => {
    for (let d = 0; d < nFeatures; d++) {
      const value = data[row + d];
      centred[d] = Number.isNaN(value) ? 0 : value - means[d];
    }
    for (let i = 0; i < nFeatures; i++) {
      if (centred[i] === 0) continue;
      for (let j = 0; j <= i; j++) covariance[i * nFeatures + j] += centred[i] * centred[j];
    }
  });
  const count = leavesOut ? nComplete : nUsed;
  for (let i = 0; i < nFeatures; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[j * nFeatures + i] = covariance[i * nFeatures + j] /= count;
    }
  }
  return { projection: { ...pcaProjection(covariance, means), leavesOut }, nUsed };
}

/** Means of what is there; a column without any value has the mean 0. The origin is moved first, so that large values cost no digits. */
async function columnMeans(
  data: Float32Array | Float64Array,
  nFeatures: number,
  inSlices: (visit: (row: number) => void) => Promise<void>,
): Promise<Float64Array> {
  const shift = new Float64Array(nFeatures).fill(NaN);
  const sums = new Float64Array(nFeatures);
  const counts = new Float64Array(nFeatures);
  await inSlices((row) => {
    for (let d = 0; d < nFeatures; d++) {
      const value = data[row + d];
      if (Number.isNaN(value)) continue;
      if (counts[d] === 0) shift[d] = value;
      counts[d]++;
      sums[d] += value - shift[d];
    }
  });
  return sums.map((sum, d) => (counts[d] === 0 ? 0 : shift[d] + sum / counts[d]));
}

/** @param covariance D x D of the samples around `means` */
export function pcaProjection(covariance: Float64Array, means: Float64Array): Projection {
  const nFeatures = means.length;
  const { values, vectors } = leadingEigenvectors(covariance, nFeatures, 2);
  let total = 0;
  for (let d = 0; d < nFeatures; d++) total += covariance[d * nFeatures + d];
  const name = (i: number) => {
    const share = total > 0 ? (100 * Math.max(0, values[i])) / total : 0;
    return `PC${i + 1} (${share < 10 ? share.toFixed(1) : share.toFixed(0)} % of the variance)`;
  };
  return {
    kind: 'pca',
    x: vectors[0],
    y: vectors[1],
    origin: means,
    xName: name(0),
    yName: name(1),
  };
}
