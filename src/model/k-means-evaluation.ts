import { readRow } from '../data/samples.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import { Dataset } from '../em/dataset.ts';
import { openLloydSeam, unitMetric } from '../em/lloyd.ts';
import { pacer } from '../data/pause.ts';
import type { Seam } from '../em/seam.ts';
import { refuseMissing } from '../em/support.ts';
import type { Context } from '../gpu/context.ts';
import { withSamples } from './open-samples.ts';

/** Samples beside the centres that they are compared with. */
export interface CentreProblem {
  readonly dataset: Dataset;
  readonly seam: Seam;
  readonly metric: Float64Array;
  /** What a distance in the metric is multiplied by to be in the user's units. */
  readonly unit: number;
  /** K x D, in the dataset's standardised units. */
  readonly centres: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `compute` on samples as k-means sees them, and frees what was made for it.
 * @throws MixtureError FEATURE_MISMATCH, NON_FINITE for missing entries, and those of the samples and the device
 */
export async function evaluateCentres<T>(
  fitted: {
    readonly clusterCenters: Float64Array;
    readonly nFeatures: number;
    readonly columnNames: readonly string[] | undefined;
  },
  input: SamplesInput | Dataset,
  { context, signal }: { context?: Context | undefined; signal?: AbortSignal | undefined },
  fallback: Context | undefined,
  compute: (problem: CentreProblem) => Promise<T>,
): Promise<T> {
  if (input instanceof Dataset) input.assertMadeFor(context);
  const { nFeatures, columnNames } = fitted;
  const columns = { family: { coordinates: 'standardised' }, nFeatures, columnNames } as const;
  const options = { context: context ?? fallback, signal };
  return withSamples(columns, input, options, async (dataset) => {
    if (dataset.missing > 0) refuseMissing(dataset, { name: 'k-means' });
    const seam = await openLloydSeam(dataset, signal);
    try {
      const centres = standardiseCentres(fitted.clusterCenters, dataset);
      return await compute({ dataset, seam, ...unitMetric(dataset), centres, signal });
    } finally {
      seam.dispose();
    }
  });
}

/** K x D in the user's units as standardised ones, and back. */
export function standardiseCentres(centers: Float64Array, dataset: Dataset): Float64Array {
  const { means, scales } = dataset.standardisation;
  const width = means.length;
  return centers.map((value, i) => (value - means[i % width]) / scales[i % width]);
}

export function restoreCentres(centres: Float64Array, dataset: Dataset): Float64Array {
  const { means, scales } = dataset.standardisation;
  const width = means.length;
  return centres.map((value, i) => means[i % width] + scales[i % width] * value);
}

/** |x_n - c_k|, N x K, in the user's units. */
export async function distancesTo(
  centers: Float64Array,
  { samples, nSamples, nFeatures }: Dataset,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const nClusters = centers.length / nFeatures;
  const out = new Float64Array(nSamples * nClusters);
  const row = new Float64Array(nFeatures);
  const pause = pacer(signal);
  for (let n = 0; n < nSamples; n++) {
    readRow(samples, n, row);
    for (let k = 0, i = 0; k < nClusters; k++) {
      let square = 0;
      for (let d = 0; d < nFeatures; d++, i++) square += (row[d] - centers[i]) ** 2;
      out[n * nClusters + k] = Math.sqrt(square);
    }
    const turn = pause();
    if (turn) await turn;
  }
  return out;
}
