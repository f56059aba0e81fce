import type { Random } from '../data/random.ts';
import { createDataset, type Dataset } from './dataset.ts';
import { lloyd, openLloydSeam, unitMetric } from './lloyd.ts';
import { filledRows } from './start-points.ts';
import type { StartProblem } from './start-problem.ts';
import { findSeeds, samplePart, SEEDING_WORK } from './start-seeds.ts';

/** scikit-learn's, of the columns' mean variance. */
const TOL = 1e-4;
/** A start need not converge: after these, on overlapping clusters, EM gains more by an iteration of its own. */
export const START_ITERATIONS = 30;

/**
 * k-means' centres, K x D in standardised units (distances are too): Lloyd's algorithm from k-means++ seeds, over all samples.
 * Families in the user's own units: over a seeded random part of larger data, in float64 on the host.
 */
export async function findCentres(
  problem: Omit<StartProblem, 'seam' | 'mStepOptions'>,
  random: Random,
): Promise<Float64Array> {
  const { dataset, family, nComponents, labels, signal } = problem;
  const { nFeatures } = dataset;
  const seeds = await findSeeds(problem, 'k-means++', random);
  const start = seeds.standardised;
  if (family.coordinates === 'standardised') {
    const metric = new Float64Array(nFeatures).fill(1);
    return lastCentres(dataset, metric, start, labels, signal);
  }
  const affordable = Math.floor(SEEDING_WORK / (START_ITERATIONS * nComponents * nFeatures));
  const samples = samplePart(dataset, Math.max(affordable, 16 * nComponents), random);
  const { relativeWeights } = dataset;
  const part = await createDataset(
    { data: filledRows(dataset, samples), nSamples: samples.length, nFeatures },
    { sampleWeights: relativeWeights && samples.map((n) => relativeWeights[n]), signal },
  );
  try {
    const { means, scales } = part.standardisation;
    const centres = await lastCentres(
      part,
      unitMetric(part).metric,
      start.map((value, i) => (value - means[i % nFeatures]) / scales[i % nFeatures]),
      labels && Int32Array.from(samples, (n) => labels[n]),
      signal,
    );
    return centres.map((value, i) => means[i % nFeatures] + scales[i % nFeatures] * value);
  } finally {
    part.dispose();
  }
}

async function lastCentres(
  dataset: Dataset,
  metric: Float64Array,
  start: Float64Array,
  labels: Int32Array | undefined,
  signal?: AbortSignal,
): Promise<Float64Array> {
  const seam = await openLloydSeam(dataset, signal, labels);
  try {
    let centres = start;
    const run = { dataset, seam, metric, tol: TOL, maxIter: START_ITERATIONS, labels, signal };
    for await (const step of lloyd(run, start)) centres = step.centres;
    return centres;
  } finally {
    seam.dispose();
  }
}
