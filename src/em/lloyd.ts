import type { Parameters } from '../families/family.ts';
import type { GaussianParameters } from '../families/gaussian.ts';
import { isEmpty, observedMass, type Statistics } from '../families/statistics.ts';
import type { Dataset } from './dataset.ts';
import { guideByLabels } from './guidance.ts';
import { HARD, LLOYD_FAMILY } from './lloyd-ahead.ts';
import { relocateEmpty } from './lloyd-empty.ts';
import { openSeam } from './make-seam.ts';
import type { Seam } from './seam.ts';
import { widthAround } from './start-points.ts';

/**
 * k-means as EM: Gaussians of one fixed covariance and equal weights, with hard assignment. In standardised units a feature's
 * share of the distance is `metric` times its difference, so the fixed variances are in proportion to 1 / metric^2.
 */
export interface LloydProblem extends Measured {
  readonly seam: Seam;
  /** Stop when the centres' squared moves sum to no more than this share of the mean column variance. */
  readonly tol: number;
  readonly maxIter: number;
  /** Samples that stay with their centre, N, -1 for the others; `seam` was opened with them. */
  readonly labels?: Int32Array | undefined;
}

/** One iteration of Lloyd's algorithm; squared distances are in the metric. */
export interface LloydStep {
  readonly iteration: number;
  /** After this iteration: K x D, standardised units. */
  readonly centres: Float64Array;
  /** sum_n s_n d_n^2 of the centres that entered, s_n scaled to sum N. */
  readonly inertia: number;
  /** The sum of the centres' squared moves. */
  readonly shift: number;
  readonly converged: boolean;
}

/** A seam for k-means over a dataset. @param labels as in `LloydProblem` */
export const openLloydSeam = (
  dataset: Dataset,
  signal?: AbortSignal,
  labels?: Int32Array,
): Promise<Seam> =>
  openSeam(dataset, LLOYD_FAMILY, undefined, signal, labels && guideByLabels(labels));

/** Distances in the samples' own units: the columns' scales, divided by the largest. */
export function unitMetric({ standardisation }: Dataset): {
  metric: Float64Array;
  /** What a distance in the metric is multiplied by to be in the samples' own units. */
  unit: number;
} {
  const { scales, constantColumns } = standardisation;
  const constant = new Set(constantColumns);
  const unit = scales.reduce((most, s, d) => (constant.has(d) ? most : Math.max(most, s)), 0) || 1;
  // a column 1e-12 as wide as another adds nothing that float64 keeps
  const metric = scales.map((scale) => Math.max(1e-12, Math.min(1e12, scale / unit)));
  return { metric, unit };
}

/** Distances as `unitMetric` has them, of a dataset. */
export interface Measured {
  readonly dataset: Dataset;
  readonly metric: Float64Array;
  readonly signal?: AbortSignal | undefined;
}

/** The least width of a centre: float32 tells pairs this far apart from each other. */
const LEAST_WIDTH = 1e-10;

/**
 * The parameters that stand for centres: those of an E-step.
 * @param width the components' standard deviation in the metric. Which centre is nearest does not depend on it, but it says how
 *   finely the device must see the samples (precision.ts); default: as far as samples are from their centre
 */
export async function centreParameters(
  { dataset, metric, signal }: Measured,
  centres: Float64Array,
  width?: number,
): Promise<GaussianParameters> {
  const nComponents = centres.length / metric.length;
  const far = width ?? (await widthAround(dataset.forStarts, centres, metric, signal));
  const wide = far > 0 ? Math.max(LEAST_WIDTH, far) : 1;
  return {
    weights: new Float64Array(nComponents).fill(1 / nComponents),
    means: centres,
    covariances: metric.map((factor) => (wide / factor) ** 2),
  };
}

/** sum_n s_n d_n^2, each sample with its nearest centre, s_n scaled to sum N. */
export async function inertiaOf(
  problem: Measured & Pick<LloydProblem, 'seam'>,
  centres: Float64Array,
): Promise<number> {
  const { seam, metric, signal } = problem;
  const parameters = await centreParameters(problem, centres);
  const { statistics } = await seam.eStep(parameters, signal, HARD);
  return scatter(statistics, parameters, metric);
}

/**
 * Lloyd's algorithm, iteration for iteration as scikit-learn runs it: assign, move the centres to their samples' means, put a
 * centre without samples where the farthest sample is (lloyd-empty.ts). Ends when the centres hardly move or not at all.
 */
export async function* lloyd(
  problem: LloydProblem,
  start: Float64Array,
): AsyncGenerator<LloydStep, void> {
  const { dataset, seam, metric, tol, maxIter, signal } = problem;
  const { nSamples, nFeatures, constantColumns } = dataset;
  const constant = new Set(constantColumns);
  const variance =
    metric.reduce((sum, factor, d) => sum + (constant.has(d) ? 0 : factor * factor), 0) / nFeatures;
  // means of the same samples about two origins agree to this
  const rounding = dataset.context?.backend === 'webgpu' ? 1e-6 : 1e-12;
  let centres = start;
  let masses: Float64Array | undefined;
  let width: number | undefined;
  for (let iteration = 1; iteration <= maxIter; iteration++) {
    const parameters = await centreParameters(problem, centres, width);
    const found = await seam.eStep(parameters, signal, HARD);
    const inertia = scatter(found.statistics, parameters, metric);
    width = Math.sqrt(inertia / nSamples / nFeatures);
    const statistics = await relocateEmpty(problem, parameters, found.statistics);
    const next = newCentres(statistics);
    let shift = 0;
    next.forEach((value, i) => (shift += (metric[i % nFeatures] * (value - centres[i])) ** 2));
    const same = masses?.every((mass, k) => mass === statistics.componentMass[k]) ?? false;
    const still = same && shift <= rounding * rounding * variance;
    const converged = still || shift <= tol * variance;
    masses = statistics.componentMass;
    centres = next;
    yield { iteration, centres, inertia, shift, converged };
    if (converged) return;
  }
}

/** Means of what is observed; a centre that has no samples even now goes where the heaviest is, as scikit-learn puts it. */
function newCentres(statistics: Statistics): Float64Array {
  const { nComponents, componentMass, sums, origin } = statistics;
  const nFeatures = origin.length / nComponents;
  const centres = origin.slice();
  for (let i = 0; i < centres.length; i++) {
    const k = Math.floor(i / nFeatures);
    const d = i % nFeatures;
    const mass = observedMass(statistics, k, d, nFeatures);
    if (!isEmpty(mass)) centres[i] += sums[2 * k * nFeatures + d] / mass;
  }
  const heaviest = componentMass.indexOf(Math.max(...componentMass)) * nFeatures;
  componentMass.forEach((mass, k) => {
    if (isEmpty(mass)) centres.copyWithin(k * nFeatures, heaviest, heaviest + nFeatures);
  });
  return centres;
}

/** sum_k sum_n s_n gamma_nk |metric (x_n - c_k)|^2 from moments about the statistics' origins. */
function scatter(
  statistics: Statistics,
  { means }: Parameters & { readonly means: Float64Array },
  metric: Float64Array,
): number {
  const { nComponents, sums, origin } = statistics;
  const nFeatures = metric.length;
  let total = 0;
  for (let k = 0; k < nComponents; k++) {
    for (let d = 0; d < nFeatures; d++) {
      const mass = observedMass(statistics, k, d, nFeatures);
      if (isEmpty(mass)) continue;
      const i = k * nFeatures + d;
      const at = 2 * k * nFeatures + d;
      const move = means[i] - origin[i];
      const square = sums[at + nFeatures] - 2 * move * sums[at] + mass * move * move;
      total += metric[d] * metric[d] * Math.max(0, square);
    }
  }
  return total;
}
