import type { Dataset } from '../em/dataset.ts';
import type { Guidance } from '../em/guidance.ts';
import type { Collapse } from '../em/loop.ts';
import type { Seam } from '../em/seam.ts';
import { MixtureError } from '../errors.ts';
import type { Iteration } from '../em/loop.ts';
import type { Maximisation } from '../em/m-step.ts';
import type { Family, Parameters } from '../families/family.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Context } from '../gpu/context.ts';
import type { MixtureKind } from './fit.ts';
import type { FitRecord, FitStep, Restart } from './fit-record.ts';
import type { FitTimer } from './fit-timings.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { CheckedOptions, CommonOptions } from './options.ts';
import type { Warning } from './warnings.ts';

/** Everything that the restarts of one fit share. */
export interface Fit<M extends FittedMixture, O extends CommonOptions<M>> {
  readonly kind: MixtureKind<M, O>;
  readonly options: O;
  readonly checked: CheckedOptions;
  readonly warmStart: FittedMixture | undefined;
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly guidance: Guidance | undefined;
  readonly mStepOptions: Maximisation;
  readonly context: Context;
  readonly contextInfo: ContextInfo;
  readonly timer: FitTimer;
}

export type Bound = Pick<FitRecord, 'lowerBound' | 'logLikelihood' | 'logPrior'>;
export const NO_BOUND: Bound = { lowerBound: -Infinity, logLikelihood: -Infinity, logPrior: 0 };

/** An iteration (or, without one, the start) as the caller sees it. */
export function step<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
  restart: Restart,
  index: number,
  iteration: Iteration | undefined,
  parameters: Parameters,
): FitStep<M> {
  const bound = iteration ?? NO_BOUND;
  return {
    restart: index,
    iteration: iteration?.iteration ?? 0,
    inverseTemperature: 1,
    lowerBound: bound.lowerBound,
    logLikelihood: bound.logLikelihood,
    logPrior: bound.logPrior,
    change: iteration?.change ?? Infinity,
    milliseconds: iteration?.milliseconds ?? 0,
    converged: iteration?.converged ?? false,
    mixture: build(fit, parameters, restart, bound, [restart], []),
  };
}

/** Parameters in the family's coordinates as a mixture in the user's units. */
export function build<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
  parameters: Parameters,
  { converged, nIter, lowerBounds }: Restart,
  { lowerBound, logLikelihood, logPrior }: Bound,
  restarts: readonly Restart[],
  warnings: readonly Warning[],
): M {
  const { family, dataset, kind, contextInfo, context, timer } = fit;
  const record: FitRecord = {
    converged,
    nIter,
    lowerBound,
    logLikelihood,
    logPrior,
    lowerBounds,
    restarts,
    warnings,
    contextInfo,
    columnNames: dataset.samples.columnNames,
    nSamplesSeen: dataset.totalWeight,
    timings: timer.timings,
    running: undefined,
  };
  const restored = family.restore(parameters, dataset.standardisationFor(family));
  return kind.make(family, restored, dataset.nFeatures, record, context);
}

/** The collapse in the user's terms, with the mixture before it. */
export function explain<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
  collapse: Collapse,
  restart: number,
  record: Restart,
): MixtureError {
  const { component, smallestPivot, iteration, lastGood, reason } = collapse;
  const { dataset, family } = fit;
  const mass =
    collapse.mass === undefined
      ? undefined
      : (collapse.mass * dataset.totalWeight) / dataset.nSamples;
  const lowerBound = record.lowerBounds.at(-1) ?? -Infinity;
  const mixture = lastGood
    ? build(fit, lastGood, record, { ...NO_BOUND, lowerBound }, [record], [])
    : undefined;
  const when = iteration === 0 ? 'at the start' : `in iteration ${iteration}`;
  const details = { ...reason.details, component, mass, restart, iteration, mixture };
  if (smallestPivot === undefined) {
    const message = `Restart ${restart} ended ${when}: ${reason.message}`;
    return new MixtureError(reason.code, message, reason.hint, details, reason);
  }
  const tied = family.name.endsWith('gaussian-tied');
  const who = tied ? 'The tied covariance' : `Component ${component}`;
  const weighing =
    mass === undefined || tied ? '' : ` (mass ${mass.toPrecision(4)} of ${dataset.totalWeight})`;
  return new MixtureError(
    reason.code,
    `${who}${weighing} collapsed ${when} of restart ${restart}: its covariance is not positive definite (smallest pivot ${smallestPivot.toPrecision(3)} in standardised units).`,
    reason.hint,
    { ...details, smallestPivot },
    reason,
  );
}
