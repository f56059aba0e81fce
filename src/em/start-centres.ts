import type { Random } from '../data/random.ts';
import type { Context } from '../gpu/context.ts';
import { createDataset } from './create-dataset.ts';
import type { Dataset } from './dataset.ts';
import { lloyd, openLloydSeam, unitMetric } from './lloyd.ts';
import { filledRows } from './start-points.ts';
import type { StartProblem } from './start-problem.ts';
import { findSeeds, samplePart, SEEDING_WORK } from './start-seeds.ts';

/** scikit-learn's, of the columns' mean variance. */
const TOL = 1e-4;
/** A start need not converge: after these, on overlapping clusters, EM gains more by an iteration of its own. */
const START_ITERATIONS = 30;
/** The first iterations look at so many samples of a larger data set: they cost next to nothing, and few are left for all. */
const FIRST_SAMPLES = 65536;
/** From how many times as many on that is worth it. */
const WORTHWHILE = 4;

type CentreProblem = Omit<StartProblem, 'seam' | 'mStepOptions'>;

/**
 * k-means' centres, K x D in standardised units (distances are too): Lloyd's algorithm from k-means++ seeds, over a seeded random
 * part of large data first and then over all samples. Families in the user's own units: over such a part alone, on the host.
 */
export async function findCentres(problem: CentreProblem, random: Random): Promise<Float64Array> {
  const { dataset, family, nComponents, labels, signal } = problem;
  const { nSamples, nFeatures, context } = dataset;
  const { standardised: start } = await findSeeds(problem, 'k-means++', random);
  if (family.coordinates === 'raw') {
    const affordable = Math.floor(SEEDING_WORK / (START_ITERATIONS * nComponents * nFeatures));
    const count = Math.max(affordable, 16 * nComponents);
    const samples = await samplePart(dataset, count, random, signal);
    return centresOfPart(problem, samples, start, undefined);
  }
  const first = Math.max(FIRST_SAMPLES, 16 * nComponents);
  const near =
    nSamples < WORTHWHILE * first
      ? start
      : await centresOfPart(
          problem,
          await samplePart(dataset, first, random, signal),
          start,
          context,
        );
  const metric = new Float64Array(nFeatures).fill(1);
  return lastCentres(dataset, metric, near, labels, signal);
}

/** Centres of chosen samples, in the dataset's standardised units, missing entries at the column's mean. */
async function centresOfPart(
  { dataset, labels, signal }: CentreProblem,
  samples: readonly number[],
  start: Float64Array,
  context: Context | undefined,
): Promise<Float64Array> {
  const { nFeatures, relativeWeights } = dataset;
  const part = await createDataset(
    { data: await filledRows(dataset, samples, signal), nSamples: samples.length, nFeatures },
    { context, sampleWeights: relativeWeights && samples.map((n) => relativeWeights[n]), signal },
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
