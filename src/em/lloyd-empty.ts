import type { GaussianParameters } from '../families/gaussian.ts';
import { isEmpty, type Statistics } from '../families/statistics.ts';
import type { LloydProblem } from './lloyd.ts';
import { Least } from './least.ts';
import { pacer } from '../data/pause.ts';

/**
 * Gives each centre without samples the sample farthest from its own centre, as scikit-learn does: the e-th empty one the e-th
 * farthest (the first on a tie). Nothing changes where no sample lies off its centre: there are fewer different samples than
 * centres. A pass in float64 on the host; it is rare.
 */
export async function relocateEmpty(
  { dataset, seam, metric, labels: pinned, signal }: LloydProblem,
  parameters: GaussianParameters,
  statistics: Statistics,
): Promise<Statistics> {
  const empty = Array.from(statistics.componentMass.keys()).filter((k) =>
    isEmpty(statistics.componentMass[k]),
  );
  if (empty.length === 0) return statistics;
  const { nSamples, nFeatures, relativeWeights } = dataset;
  const { means } = parameters;
  const labels = await seam.predict(parameters, signal);
  const squares = new Float64Array(nSamples);
  const row = new Float64Array(nFeatures);
  const pause = pacer(signal);
  for (let n = 0; n < nSamples; n++) {
    if (relativeWeights?.[n] === 0 || (pinned && pinned[n] >= 0)) continue;
    dataset.readStandardised(n, row);
    for (let d = 0; d < nFeatures; d++) {
      const difference = metric[d] * (row[d] - means[labels[n] * nFeatures + d]);
      if (difference === difference) squares[n] += difference * difference;
    }
    const turn = pause();
    if (turn) await turn;
  }
  const farthest = await largest(squares, empty.length, pause);
  const moved: Statistics = {
    ...statistics,
    componentMass: statistics.componentMass.slice(),
    sums: statistics.sums.slice(),
    observed: statistics.observed?.slice(),
  };
  farthest.forEach((sample, e) => {
    dataset.readStandardised(sample, row);
    const weight = relativeWeights ? relativeWeights[sample] : 1;
    addSample(moved, labels[sample], -weight, row);
    addSample(moved, empty[e], weight, row);
  });
  return moved;
}

/** The indices of the largest values above 0, largest first, the first on a tie. */
async function largest(
  values: Float64Array,
  count: number,
  pause: () => Promise<void> | undefined,
): Promise<number[]> {
  const least = new Least(count);
  for (let n = 0; n < values.length; n++) {
    if (values[n] > 0) least.offer(-values[n], n);
    const turn = pause();
    if (turn) await turn;
  }
  return least.indices();
}

/** Of a sample's weight: far above the rounding of float32 sums. */
const RESIDUE = 1e-5;

/** Adds a sample to a component's mass and first moments (the second ones are not asked any more). */
function addSample(
  { componentMass, sums, origin, observed }: Statistics,
  component: number,
  weight: number,
  sample: Float64Array,
): void {
  const nFeatures = sample.length;
  componentMass[component] += weight;
  // what float32 leaves of a component that had this sample alone is none of it
  if (componentMass[component] < RESIDUE * Math.abs(weight)) {
    componentMass[component] = 0;
    sums.fill(0, 2 * component * nFeatures, 2 * (component + 1) * nFeatures);
    return;
  }
  for (let d = 0; d < nFeatures; d++) {
    if (sample[d] !== sample[d]) continue;
    sums[2 * component * nFeatures + d] += weight * (sample[d] - origin[component * nFeatures + d]);
    if (observed) observed[component * nFeatures + d] += weight;
  }
}
