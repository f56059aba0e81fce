import type { Random } from '../data/random.ts';
import type { Family, Parameters } from '../families/family.ts';
import { fromCentres, fromSeeds } from './start-parameters.ts';
import { fromResponsibilities, randomRows } from './start-partition.ts';
import type { PhiloxKey } from '../data/philox.ts';
import type { Dataset } from './dataset.ts';
import { Device } from './device.ts';
import { guideAtRandom } from './guidance.ts';
import { forPart, mStep } from './m-step.ts';
import { openSeam } from './make-seam.ts';
import type { InitParams, StartProblem } from './start-problem.ts';
import { compileLloyd } from './lloyd-ahead.ts';
import { compileParallelSeeds } from './parallel-seeds.ts';
import type { Responsibilities } from './responsibilities.ts';
import { affordableSamples, findSeeds } from './start-seeds.ts';

/**
 * Parameters in the family's coordinates from the data and a random stream. 'random': one M-step from random responsibilities.
 * 'random_from_data': K samples. 'k-means++': samples far from each other. 'kmeans': Lloyd's iterations from those.
 */
export async function findStart(
  problem: StartProblem,
  init: InitParams,
  random: Random,
): Promise<Parameters> {
  switch (init) {
    case 'random': {
      const key: PhiloxKey = [random.uint32(), random.uint32()];
      return inTurn(problem, () => atRandom(problem, key));
    }
    case 'random_from_data':
    case 'k-means++':
      return fromSeeds(problem, await inTurn(problem, () => findSeeds(problem, init, random)));
    case 'kmeans': {
      const { findCentres } = await import('./start-centres.ts');
      return fromCentres(problem, await inTurn(problem, () => findCentres(problem, random)));
    }
  }
}

/** Begins to compile what `findStart` will need beside the family's own E-steps. */
export function compileStart(
  { dataset, family, nComponents }: Pick<StartProblem, 'dataset' | 'family' | 'nComponents'>,
  init: InitParams,
): void {
  if (family.coordinates === 'raw' || (init !== 'k-means++' && init !== 'kmeans')) return;
  const { nSamples, nFeatures } = dataset;
  if (nSamples > affordableSamples(nComponents, nFeatures)) compileParallelSeeds(dataset);
  if (init === 'kmeans') compileLloyd(dataset, nComponents);
}

/** The E-steps that `findStart` takes of the family itself. */
export const startSteps = (family: Family, init: InitParams): Responsibilities[] =>
  init === 'kmeans' && family.narrow ? [{ assignment: 'hard' }] : [];

/** One M-step from random responsibilities: by the kernels of the E-step where the seam has any, else sample by sample. */
async function atRandom(problem: StartProblem, key: PhiloxKey): Promise<Parameters> {
  const { dataset, family, nComponents, mStepOptions, labels, signal } = problem;
  const { regCovar } = mStepOptions;
  const seam = await openSeam(dataset, family, regCovar, signal, guideAtRandom(key, labels));
  try {
    if (!(seam instanceof Device)) {
      // drawn again in each pass, so that nothing N x K is kept
      return await fromResponsibilities(problem, () => randomRows(key, labels));
    }
    const neutral = family.neutral(nComponents, dataset.nFeatures);
    const { statistics } = await seam.eStep(neutral, signal);
    return mStep(family, statistics, neutral, forPart(mStepOptions, dataset));
  } finally {
    seam.dispose();
  }
}

const turns = new WeakMap<Dataset, Promise<unknown>>();

/** One search over a dataset at a time: restarts begin together, and each search holds memory by the number of samples. */
function inTurn<T>(
  { dataset, signal }: Pick<StartProblem, 'dataset' | 'signal'>,
  search: () => Promise<T>,
): Promise<T> {
  const result = (turns.get(dataset) ?? Promise.resolve()).then(() => {
    signal?.throwIfAborted();
    return search();
  });
  turns.set(
    dataset,
    result.catch(() => {}),
  );
  return result;
}
