import type { Dataset } from '../em/dataset.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import { refuseImpossible } from '../em/loop.ts';
import { logPriorOf, mStep } from '../em/m-step.ts';
import { infoFor, openSeam } from '../em/make-seam.ts';
import { inTurns } from '../data/pause.ts';
import { stepAfter, type StepSize } from '../em/step-size.ts';
import type { Family, Parameters } from '../families/family.ts';
import { scaleStatistics, sumAbout, type Statistics } from '../families/statistics.ts';
import type { Context } from '../gpu/context.ts';
import { checkStepSize, refuseBayesian } from './batch-options.ts';
import { UNFITTED, type EvaluationOptions, type FitRecord } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { ON_CPU, refuseUnknown, withSamples } from './open-samples.ts';
import { requireNumber } from './option-checks.ts';
import type { WeightsPrior } from './options.ts';
import { readPrior } from './prior.ts';

/** Options of `partialFit`; prior and regCovar are a fit's, to be given each time. */
export interface PartialFitOptions extends EvaluationOptions {
  /**
   * How far the mixture moves towards the chunk: eta = (t + offset)^-alpha with t = weight seen before / weight of this chunk,
   * `{ alpha: 0.6, offset: 2 }` by default; `{ alpha: 1, offset: 1 }` counts every sample of the stream alike; a constant in (0, 1]
   * forgets, for a stream that drifts.
   */
  readonly stepSize?: StepSize | undefined;
  /** One weight >= 0 a sample of the chunk. Default 1 each. */
  readonly sampleWeights?: ArrayLike<number> | undefined;
  /** Give all of its numbers: what is left out is taken from the chunk. Default: maximum likelihood. */
  readonly prior?: (WeightsPrior & Readonly<Record<string, unknown>>) | 'mclust' | undefined;
  /** Gaussian columns: added to each variance, in the user's units squared. Default 1e-6; 0 under a prior on covariances. */
  readonly regCovar?: number | undefined;
}

/** What a chunk makes of a mixture. */
export interface Continued {
  readonly family: Family;
  readonly parameters: Parameters;
  readonly record: FitRecord;
}

const OPTIONS: readonly string[] = [
  'stepSize',
  'sampleWeights',
  'prior',
  'regCovar',
  'context',
  'signal',
  'onContextInfo',
] satisfies (keyof PartialFitOptions)[];

/** @throws MixtureError INVALID_OPTION */
export function checkPartialFit(options: PartialFitOptions): PartialFitOptions {
  refuseUnknown(options, OPTIONS);
  return options;
}

/**
 * One step of stepwise EM: an E-step over the chunk, the running statistics moved towards its, an M-step. A mixture without running
 * statistics begins with those that its parameters expect, of as many samples as it was fitted to.
 */
export function continueWith(
  mixture: FittedMixture,
  chunk: SamplesInput | Dataset,
  options: PartialFitOptions,
  context: Context | undefined,
): Promise<Continued> {
  refuseBayesian(mixture.family, 'partialFit');
  const { stepSize, regCovar, sampleWeights, signal } = options;
  if (stepSize !== undefined) checkStepSize(stepSize);
  if (regCovar !== undefined) requireNumber('regCovar', regCovar, 0, false);
  signal?.throwIfAborted();
  return withSamples(mixture, chunk, { context, signal, sampleWeights }, (dataset) =>
    step(mixture, dataset, options),
  );
}

async function step(
  mixture: FittedMixture,
  dataset: Dataset,
  { stepSize, prior, signal, onContextInfo, ...options }: PartialFitOptions,
): Promise<Continued> {
  const { nComponents, nIter, nSamplesSeen } = mixture;
  const { forFamilies, sampleWeights } = dataset;
  const family = mixture.family.resolve
    ? await inTurns(mixture.family.resolve(forFamilies, sampleWeights), signal)
    : mixture.family;
  const standardisation = dataset.standardisationFor(family);
  const mixturePrior = await inTurns(readPrior(prior, family, nComponents, dataset), signal);
  const positive = mixturePrior?.components !== undefined && family.name !== 'independent';
  const ridge = options.regCovar ?? (positive ? 0 : 1e-6);
  const regCovar = standardisation.scales.map((scale) => ridge / scale / scale);
  const contextInfo = infoFor(dataset, family, dataset.context?.info ?? ON_CPU);
  const seam = await openSeam(dataset, family, regCovar, signal);
  onContextInfo?.(contextInfo);
  try {
    const parameters = family.standardise(mixture.given, standardisation);
    const { logLikelihood, statistics: fresh } = await seam.eStep(parameters, signal);
    await refuseImpossible(
      { dataset, seam, restart: 0, signal },
      nIter + 1,
      parameters,
      logLikelihood,
    );
    const massScale = dataset.totalWeight / dataset.nSamples;
    const before = mixture.running
      ? (family.rescale?.(mixture.running, standardisation, false) ?? mixture.running)
      : family.expectedStatistics(
          family.density(parameters, standardisation),
          parameters,
          nSamplesSeen > 0 ? nSamplesSeen : dataset.totalWeight,
        );
    const eta = stepAfter(nSamplesSeen / dataset.totalWeight, stepSize);
    const own = scaleStatistics(fresh, massScale);
    const statistics = blend(family, before, own, eta, dataset.totalWeight);
    const next = mStep(family, statistics, parameters, {
      regCovar,
      standardisation,
      mixturePrior,
      massScale: 1,
    });
    family.density(next, standardisation);
    const total = logLikelihood * massScale;
    const logPrior = logPriorOf(family, mixture.given, mixturePrior);
    const lowerBound = (total + logPrior) / dataset.totalWeight;
    const record: FitRecord = {
      ...UNFITTED,
      nIter: nIter + 1,
      lowerBound,
      logLikelihood: total,
      logPrior,
      lowerBounds: Float64Array.of(lowerBound),
      contextInfo,
      columnNames: mixture.columnNames ?? dataset.samples.columnNames,
      nSamplesSeen: nSamplesSeen + dataset.totalWeight,
      running: family.rescale?.(statistics, standardisation, true) ?? statistics,
    };
    return { family, parameters: family.restore(next, standardisation), record };
  } finally {
    seam.dispose();
  }
}

/**
 * (1 - eta) of the running mean of statistics and eta of the chunk's, as the statistics of so many samples as give a mean of the
 * same variance: W = 1 / ((1 - eta)^2 / W_before + eta^2 / W_chunk) (Kish's effective sample size). All that were seen where each
 * counts alike, about (2 / eta - 1) chunks under a constant step: what the pseudo-counts of a prior are weighed against.
 */
function blend(
  family: Family,
  before: Statistics,
  own: Statistics,
  eta: number,
  weight: number,
): Statistics {
  if (eta === 1) return own;
  const mass = before.componentMass.reduce((sum, value) => sum + value, 0);
  const effective = 1 / ((1 - eta) ** 2 / mass + eta ** 2 / weight);
  return sumAbout(
    family,
    [before, ((1 - eta) * effective) / mass],
    [own, (eta * effective) / weight],
  );
}
