import type { PhiloxKey } from '../data/philox.ts';
import type { Density, Family, Parameters } from '../families/family.ts';
import { addObserved, zeroStatistics, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { guideAtRandom } from './guidance.ts';
import { forPart, mStep } from './m-step.ts';
import { pacer } from '../data/pause.ts';
import type { StartProblem } from './start-problem.ts';

/** Writes the responsibilities of sample n, K; called for n = 0, 1, ... in order. */
export type RowFiller = (n: number, row: Float64Array) => void;

/**
 * One M-step in float64 from responsibilities given row by row (`rows` is called once a pass). Where the statistics are about
 * the means, a pass finds those first, so that a component of identical samples is seen to have no spread at all.
 */
export async function fromResponsibilities(
  problem: Omit<StartProblem, 'seam'>,
  rows: () => RowFiller,
): Promise<Parameters> {
  const { dataset, family, nComponents, mStepOptions, signal } = problem;
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const sample = new Float64Array(nFeatures);
  const row = new Float64Array(nComponents);
  const residual = new Float64Array(nFeatures);
  const pause = pacer(signal);
  const pass = async (visit: (k: number, responsibility: number) => void): Promise<void> => {
    const fill = rows();
    for (let n = 0; n < nSamples; n++) {
      dataset.read(n, standardisation, sample);
      fill(n, row);
      const weight = relativeWeights ? relativeWeights[n] : 1;
      for (let k = 0; k < nComponents; k++) if (weight * row[k] > 0) visit(k, weight * row[k]);
      const turn = pause();
      if (turn) await turn;
    }
  };
  let previous = family.neutral(nComponents, nFeatures);
  if (family.narrow) {
    const mass = new Float64Array(nComponents * nFeatures);
    const means = new Float64Array(nComponents * nFeatures);
    await pass((k, responsibility) => {
      for (let d = 0, i = k * nFeatures; d < nFeatures; d++, i++) {
        if (sample[d] !== sample[d]) continue;
        mass[i] += responsibility;
        means[i] += (sample[d] - means[i]) * (responsibility / mass[i]);
      }
    });
    previous = family.narrow(means, nComponents, nFeatures, 1);
  }
  const density = family.density(previous, standardisation);
  const statistics = emptyStatistics(family, density, dataset);
  await pass((k, responsibility) => {
    statistics.componentMass[k] += responsibility;
    family.accumulate(density, k, responsibility, sample, residual, statistics.sums);
    addObserved(statistics, k, responsibility, sample);
  });
  return mStep(family, statistics, previous, forPart(mStepOptions, dataset));
}

/** The rows that `guideAtRandom` stands for, with the same key and labels. */
export function randomRows(key: PhiloxKey, labels?: Int32Array): RowFiller {
  const guidance = guideAtRandom(key, labels);
  return (n, row) => {
    guidance.add(n, row);
    let sum = 0;
    for (let k = 0; k < row.length; k++) sum += row[k] = Math.exp(row[k]);
    for (let k = 0; k < row.length; k++) row[k] /= sum;
  };
}

/** No samples yet, about the density's origin. */
export function emptyStatistics(family: Family, density: Density, dataset: Dataset): Statistics {
  const { nComponents, nFeatures } = density;
  return zeroStatistics(
    nComponents,
    family.statisticsLength(nFeatures),
    family.origin(density),
    dataset.missing > 0 && family.missing === 'observed' ? nComponents * nFeatures : 0,
  );
}
