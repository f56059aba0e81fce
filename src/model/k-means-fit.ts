import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import type { Dataset } from '../em/dataset.ts';
import {
  centreParameters,
  inertiaOf,
  lloyd,
  openLloydSeam,
  unitMetric,
  type LloydProblem,
} from '../em/lloyd.ts';
import { compileLloyd } from '../em/lloyd-ahead.ts';
import { filledRows, pickSamples } from '../em/start-points.ts';
import { distantSeeds } from '../em/start-seeds.ts';
import { refuseMissing } from '../em/support.ts';
import type { Context } from '../gpu/context.ts';
import { openDataset } from './fit.ts';
import { restoreCentres, standardiseCentres } from './k-means-evaluation.ts';
import {
  checkClusterCount,
  checkKMeansOptions,
  readCentres,
  type CheckedKMeans,
  type KMeansOptions,
  type KMeansRecord,
  type KMeansRestart,
} from './k-means-options.ts';
import type { Warning } from './warnings.ts';

export interface FittedCentres {
  /** K x D, in the user's units. */
  readonly centers: Float64Array;
  readonly nFeatures: number;
  readonly record: KMeansRecord;
  readonly context: Context;
}

/** Samples in, restarts, best centres out: see `KMeans.fit`. */
export async function fitKMeans(
  input: SamplesInput | Dataset,
  options: KMeansOptions,
): Promise<FittedCentres> {
  const checked = checkKMeansOptions(options);
  const { signal } = options;
  signal?.throwIfAborted();
  const owned: { dispose(): void }[] = [];
  try {
    const units = { coordinates: 'standardised' } as const;
    const { context, dataset } = await openDataset(input, options, units, owned);
    if (dataset.missing > 0) refuseMissing(dataset, { name: 'k-means' });
    checkClusterCount(dataset, checked.nClusters);
    const given = readCentres(checked, dataset);
    compileLloyd(dataset, checked.nClusters);
    const seam = await openLloydSeam(dataset, signal);
    owned.push(seam);
    const { metric, unit } = unitMetric(dataset);
    const { tol, maxIter, nInit, seed } = checked;
    const problem: LloydProblem = { dataset, seam, metric, tol, maxIter, signal };
    /** A squared distance in the metric, summed in weights that sum to N, in the user's. */
    const inUnits = unit * unit * (dataset.totalWeight / dataset.nSamples);
    const restarts: KMeansRestart[] = [];
    let best: { centres: Float64Array; restart: KMeansRestart } | undefined;
    for (let restart = 0; restart < (given ? 1 : nInit); restart++) {
      let centres = given
        ? standardiseCentres(given, dataset)
        : await findCentres(problem, checked, new Random(seed + restart));
      let nIter = 0;
      let converged = false;
      let since = performance.now();
      for await (const step of lloyd(problem, centres)) {
        ({ centres, converged, iteration: nIter } = step);
        const now = performance.now();
        options.onIteration?.({
          restart,
          iteration: nIter,
          inertia: step.inertia * inUnits,
          shift: step.shift * unit * unit,
          converged,
          clusterCenters: restoreCentres(centres, dataset),
          milliseconds: now - since,
        });
        since = performance.now();
      }
      const inertia = (await inertiaOf(problem, centres)) * inUnits;
      const record = { seed: seed + restart, inertia, nIter, converged };
      restarts.push(record);
      if (!best || inertia < best.restart.inertia) best = { centres, restart: record };
    }
    const { centres, restart } = best!;
    const labels = await seam.predict(await centreParameters(problem, centres), signal);
    return {
      centers: restoreCentres(centres, dataset),
      nFeatures: dataset.nFeatures,
      context,
      record: {
        labels,
        inertia: restart.inertia,
        nIter: restart.nIter,
        converged: restart.converged,
        restarts,
        warnings: warningsOf(restart, labels, checked),
        contextInfo: context.info,
        columnNames: dataset.samples.columnNames,
      },
    };
  } finally {
    for (const item of owned.reverse()) item.dispose();
  }
}

/** As scikit-learn warns. */
function warningsOf(
  { converged, nIter, seed }: KMeansRestart,
  labels: Int32Array,
  { nClusters, tol }: CheckedKMeans,
): Warning[] {
  const warnings: Warning[] = [];
  if (!converged) {
    warnings.push({
      code: 'NOT_CONVERGED',
      message: `k-means (seed ${seed}) did not converge in ${nIter} iterations: try a larger maxIter or tol.`,
      details: { seed, nIter, tol },
    });
  }
  const used = new Uint8Array(nClusters);
  for (const label of labels) used[label] = 1;
  const found = used.reduce((sum, one) => sum + one, 0);
  if (found < nClusters) {
    warnings.push({
      code: 'FEW_DISTINCT_CLUSTERS',
      message: `Samples are in ${found} of ${nClusters} clusters: there are too few different samples, or centres that lie on one another.`,
      details: { found, nClusters },
    });
  }
  return warnings;
}

/** Samples to begin at, K x D in standardised units; distances are in the user's. */
async function findCentres(
  { dataset, metric, signal }: LloydProblem,
  { init, nClusters: count }: CheckedKMeans,
  random: Random,
): Promise<Float64Array> {
  const given = new Float64Array(0);
  const { forStarts } = dataset;
  const samples =
    init === 'random'
      ? await pickSamples(forStarts, count, random, signal)
      : await distantSeeds({ dataset: forStarts, given, count, metric, signal }, false, random);
  return filledRows(forStarts, samples, signal);
}
