import type { Parameters } from '../families/family.ts';
import type { GaussianParameters } from '../families/gaussian.ts';
import { addObserved, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { forPart, mStep } from './m-step.ts';
import { pacer } from '../data/pause.ts';
import type { Responsibilities } from './responsibilities.ts';
import { emptyStatistics, fromResponsibilities } from './start-partition.ts';
import { nearestPoint, widthAround } from './start-points.ts';
import type { StartProblem } from './start-problem.ts';
import { SEEDING_WORK, type Seeds } from './start-seeds.ts';

/**
 * Seeds become a soft partition under components this wide (in standard deviations of the columns), then parameters by one
 * M-step. Narrow enough to part the samples by nearest seed, wide enough for float32 (log-densities of hundreds).
 */
const SEED_WIDTH = 0.1;
/** float32 tells seeds this far apart (in pairs) from each other. */
const LEAST_SEED_WIDTH = 1e-7;

/**
 * Seeds as parameters. Families that can be narrow: one M-step from the partition that narrow components at the seeds make.
 * Others: one M-step from statistics that are half the seed's own samples and half all samples, N / K strong: near the seed, but
 * with no probability at 0 or 1 that all samples together do not have.
 */
export async function fromSeeds(problem: StartProblem, seeds: Seeds): Promise<Parameters> {
  const { family } = problem;
  if (family.narrow) return fromNarrow(problem, seeds.standardised, { assignment: 'soft' });
  return family.start === 'partition'
    ? fromPartition(problem, seeds.standardised)
    : fromBlends(problem, seeds.members);
}

/**
 * k-means' centres (K x D, standardised) as parameters: one M-step from its hard partition, as scikit-learn does it. Families that
 * cannot be narrow have probabilities that must not be 0: a twentieth of all samples stays in each part.
 */
export async function fromCentres(
  problem: StartProblem,
  centres: Float64Array,
): Promise<Parameters> {
  return problem.family.narrow
    ? fromNarrow(problem, centres, { assignment: 'hard' })
    : fromPartition(problem, centres);
}

/** One M-step from the partition that narrow components at K x D means (standardised) make. */
async function fromNarrow(
  { family, seam, nComponents, dataset, mStepOptions, signal }: StartProblem,
  means: Float64Array,
  how: Responsibilities,
): Promise<Parameters> {
  const width = await seedWidth(dataset, means, signal);
  const narrow = family.narrow!(means, nComponents, dataset.nFeatures, width);
  if (family.missing === 'conditional') widenEmptyColumns(narrow, dataset);
  const { statistics } = await seam.eStep(narrow, signal, how);
  const wide = family.narrow!(means, nComponents, dataset.nFeatures, 1);
  return mStep(family, statistics, wide, mStepOptions);
}

/**
 * An E-step with conditional moments fills a column without entries in with the component's own variance there: 1, not a narrow
 * one. Nothing else depends on it.
 */
function widenEmptyColumns(parameters: Parameters, { standardisation, nFeatures }: Dataset): void {
  const { covariances } = parameters as GaussianParameters;
  for (const d of standardisation.emptyColumns) {
    for (let at = d * (nFeatures + 1); at < covariances.length; at += nFeatures * nFeatures) {
      covariances[at] = 1;
    }
  }
}

/**
 * How wide the components at the seeds are: as far as samples are from their nearest seed (root mean square, a feature), at most
 * SEED_WIDTH. An outlier stretches the columns' deviations: clusters that are close beside it would not be told apart.
 */
async function seedWidth(
  dataset: Dataset,
  seeds: Float64Array,
  signal: AbortSignal | undefined,
): Promise<number> {
  const width = await widthAround(dataset, seeds, undefined, signal);
  return width > 0 ? Math.max(LEAST_SEED_WIDTH, Math.min(SEED_WIDTH, width)) : SEED_WIDTH;
}

/**
 * One M-step from the partition by nearest seed (of a part of the samples where all would be too much), each part with a
 * twentieth of all samples beside its own: no probability of exactly 0 that EM could not leave.
 */
async function fromPartition(problem: StartProblem, seeds: Float64Array): Promise<Parameters> {
  const { dataset, nComponents, labels } = problem;
  const { nSamples, nFeatures } = dataset;
  const step = Math.max(1, Math.ceil((nSamples * nComponents * nFeatures) / SEEDING_WORK));
  const nearest = nearestPoint(dataset, seeds);
  return fromResponsibilities(problem, () => (n, row) => {
    if (n % step !== 0) {
      row.fill(0);
      return;
    }
    row.fill(0.05 / nComponents);
    row[labels && labels[n] >= 0 ? labels[n] : nearest(n).point] += 0.95;
  });
}

/** @param members the samples that each component's seed is the mean of */
async function fromBlends(
  problem: StartProblem,
  members: readonly ArrayLike<number>[],
): Promise<Parameters> {
  const { dataset, family, nComponents, mStepOptions, signal } = problem;
  const { nFeatures, nSamples, relativeWeights } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const neutral = family.neutral(nComponents, nFeatures);
  const density = family.density(neutral, standardisation);
  const sample = new Float64Array(nFeatures);
  const residual = new Float64Array(nFeatures);
  const statistics = emptyStatistics(family, density, dataset);
  const add = (component: number, weight: number, into: Statistics): void => {
    into.componentMass[component] += weight;
    family.accumulate(density, component, weight, sample, residual, into.sums);
    addObserved(into, component, weight, sample);
  };
  const all = emptyStatistics(family, density, dataset);
  const pause = pacer(signal);
  for (let n = 0; n < nSamples; n++) {
    dataset.read(n, standardisation, sample);
    const weight = relativeWeights ? relativeWeights[n] : 1;
    if (weight > 0) add(0, weight, all);
    const turn = pause();
    if (turn) await turn;
  }
  const length = all.sums.length / nComponents;
  const share = nSamples / nComponents / 2;
  for (let k = 0; k < nComponents; k++) {
    const own = Array.from(members[k], (n) => (relativeWeights ? relativeWeights[n] : 1));
    const total = own.reduce((sum, weight) => sum + weight, 0);
    own.forEach((weight, i) => {
      dataset.read(members[k][i], standardisation, sample);
      add(k, (share * weight) / total, statistics);
    });
    const part = share / nSamples;
    statistics.componentMass[k] += part * all.componentMass[0];
    for (let i = 0; i < length; i++) statistics.sums[k * length + i] += part * all.sums[i];
    for (let d = 0; statistics.observed && d < nFeatures; d++) {
      statistics.observed[k * nFeatures + d] += part * all.observed![d];
    }
  }
  return mStep(family, statistics, neutral, forPart(mStepOptions, dataset));
}
