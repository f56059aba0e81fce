import type { Dataset } from '../em/dataset.ts';
import type { Collapse } from '../em/loop.ts';
import type { Seam } from '../em/seam.ts';
import { MixtureError } from '../errors.ts';
import type { Family, MStepOptions, Parameters } from '../families/family.ts';
import type { Context } from '../gpu/context.ts';
import type { FitRecord, FitStep, Restart } from './fit-record.ts';
import { GaussianMixture } from './gaussian-mixture.ts';
import type { CheckedOptions, GaussianMixtureOptions } from './options.ts';

/** Everything that the restarts of one fit share. */
export interface Fit {
  readonly options: GaussianMixtureOptions;
  readonly checked: CheckedOptions;
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly mStepOptions: MStepOptions;
  readonly context: Context;
}

/** An iteration (or, without one, the start) as the caller sees it. */
export function step(
  fit: Fit,
  restart: Restart,
  index: number,
  iteration:
    | {
        iteration: number;
        lowerBound: number;
        change: number;
        milliseconds: number;
        converged: boolean;
      }
    | undefined,
  parameters: Parameters,
): FitStep {
  const lowerBound = iteration?.lowerBound ?? -Infinity;
  return {
    restart: index,
    iteration: iteration?.iteration ?? 0,
    lowerBound,
    change: iteration?.change ?? Infinity,
    milliseconds: iteration?.milliseconds ?? 0,
    converged: iteration?.converged ?? false,
    mixture: build(fit, parameters, restart, lowerBound, [restart], []),
  };
}

/** Parameters in standardised units as a mixture in the user's. */
export function build(
  fit: Fit,
  parameters: Parameters,
  { converged, nIter, lowerBounds }: Restart,
  lowerBound: number,
  restarts: readonly Restart[],
  warnings: readonly string[],
): GaussianMixture {
  const record: FitRecord = {
    converged,
    nIter,
    lowerBound,
    lowerBounds,
    restarts,
    warnings,
    contextInfo: fit.context.info,
  };
  const restored = fit.family.restore(parameters, fit.dataset.standardisation);
  return new GaussianMixture(fit.checked.covarianceType, restored, record, fit.context);
}

/** The collapse in the user's terms, with the mixture before it. */
export function explain(
  fit: Fit,
  collapse: Collapse,
  restart: number,
  record: Restart,
): MixtureError {
  const { component, smallestPivot, iteration, lastGood } = collapse;
  const { dataset } = fit;
  const mass =
    collapse.mass === undefined
      ? undefined
      : (collapse.mass * dataset.totalWeight) / dataset.nSamples;
  const mixture = lastGood
    ? build(fit, lastGood, record, record.lowerBounds.at(-1) ?? -Infinity, [record], [])
    : undefined;
  const tied = fit.checked.covarianceType === 'tied';
  const who = tied ? 'The tied covariance' : `Component ${component}`;
  const weighing =
    mass === undefined || tied ? '' : ` (mass ${mass.toPrecision(4)} of ${dataset.totalWeight})`;
  const when = iteration === 0 ? 'at the start' : `in iteration ${iteration}`;
  return new MixtureError(
    'COLLAPSED_COMPONENT',
    `${who}${weighing} collapsed ${when} of restart ${restart}: its covariance is not positive definite (smallest pivot ${smallestPivot.toPrecision(3)} in standardised units).`,
    collapse.reason.hint,
    { component, mass, smallestPivot, restart, iteration, mixture },
    collapse.reason,
  );
}

/** What a careful user should know of a fit that succeeded. */
export function warningsOf(
  { dataset, checked }: Fit,
  best: Restart,
  restarts: readonly Restart[],
): string[] {
  const warnings: string[] = [];
  if (!best.converged && checked.maxIter > 0) {
    warnings.push(
      `The best restart (seed ${best.seed}) did not converge in ${best.nIter} iterations: try a larger maxIter or tol, another start, or look for degenerate data.`,
    );
  }
  const failed = restarts.filter(({ error }) => error);
  if (failed.length > 0)
    warnings.push(
      `${failed.length} of ${restarts.length} restarts collapsed; see restarts[].error.`,
    );
  if (dataset.constantColumns.length > 0) {
    warnings.push(
      `Constant columns (${dataset.constantColumns.join(', ')}): their variance is regCovar alone.`,
    );
  }
  // a float32 bound has steps of about 1e-6; regCovar is no prior, so with it the bound may truly fall a little
  const fell = best.lowerBounds.findIndex(
    (bound, t) => t > 0 && bound < best.lowerBounds[t - 1] - 1e-5 * Math.max(1, Math.abs(bound)),
  );
  if (fell > 0) {
    const drop = best.lowerBounds[fell - 1] - best.lowerBounds[fell];
    warnings.push(
      `The lower bound fell by ${drop.toPrecision(3)} in iteration ${fell + 1}: regCovar ${checked.regCovar} is large beside a component's variance, or float32 does not resolve it.`,
    );
  }
  return warnings;
}
