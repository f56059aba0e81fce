import type { Parameters } from '../families/family.ts';
import { componentWarnings, findMasses } from './component-warnings.ts';
import type { Fit } from './fit-report.ts';
import type { Restart } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import type { CommonOptions } from './options.ts';
import type { Warning } from './warnings.ts';

/**
 * What a careful user should know of a fit that succeeded.
 * @param parameters what the best restart ended with, in the family's coordinates
 */
export async function warningsOf<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
  parameters: Parameters,
  best: Restart,
  restarts: readonly Restart[],
): Promise<Warning[]> {
  const { dataset, family, seam, mStepOptions, options } = fit;
  if (dataset.missing > 0) await dataset.findStandardisation(options.signal);
  const warnings = [...restartWarnings(fit, best, restarts), ...dataWarnings(fit)];
  if (best.nIter > 0) {
    const alpha = mStepOptions.mixturePrior?.alpha;
    const masses = await findMasses(seam, parameters, dataset, alpha, options.signal);
    warnings.push(...componentWarnings(masses, family, dataset));
  }
  return warnings;
}

function restartWarnings<M extends FittedMixture, O extends CommonOptions<M>>(
  { checked, family }: Fit<M, O>,
  best: Restart,
  restarts: readonly Restart[],
): Warning[] {
  const warnings: Warning[] = [];
  const { seed, nIter, lowerBounds } = best;
  const { tol, maxIter, regCovar, algorithm } = checked;
  if (!best.converged && maxIter > 0) {
    const change = lowerBounds[nIter - 1] - lowerBounds[nIter - 2];
    warnings.push({
      code: 'NOT_CONVERGED',
      message: `The best restart (seed ${seed}) did not converge in ${nIter} iterations: try a larger maxIter or tol, another start, or look for degenerate data.`,
      details: { seed, nIter, tol, change: Number.isFinite(change) ? change : null },
    });
  }
  const failed = restarts.filter(({ error }) => error);
  if (failed.length > 0) {
    warnings.push({
      code: 'RESTARTS_FAILED',
      message: `${failed.length} of ${restarts.length} restarts ended early (collapsed, or without a mode); see restarts[].error.`,
      details: {
        failed: failed.length,
        restarts: restarts.length,
        seeds: failed.map((restart) => restart.seed),
        codes: failed.map(({ error }) => error!.code),
      },
    });
  }
  // a float32 bound has steps of about 1e-6; regCovar is no prior, so with it the bound may truly fall a little
  // (a stepwise pass has no bound of its own: it may fall)
  const fell =
    algorithm === 'stepwise'
      ? 0
      : lowerBounds.findIndex(
          (bound, t) => t > 0 && bound < lowerBounds[t - 1] - 1e-5 * Math.max(1, Math.abs(bound)),
        );
  if (fell > 0) {
    const drop = lowerBounds[fell - 1] - lowerBounds[fell];
    const why =
      family.coordinates === 'raw'
        ? 'float32 does not resolve it'
        : `regCovar ${regCovar} is large beside a component's variance, or float32 does not resolve it`;
    warnings.push({
      code: 'BOUND_FELL',
      message: `The lower bound fell by ${drop.toPrecision(3)} in iteration ${fell + 1}: ${why}.`,
      details: { seed, iteration: fell + 1, drop, regCovar },
    });
  }
  return warnings;
}

function dataWarnings<M extends FittedMixture, O extends CommonOptions<M>>({
  dataset,
  checked,
  family,
}: Fit<M, O>): Warning[] {
  const warnings: Warning[] = [];
  const { missing, nSamples, nFeatures } = dataset;
  const { regCovar } = checked;
  const empty = missing > 0 ? dataset.standardisation.emptyColumns : [];
  const constant =
    family.coordinates === 'standardised' && regCovar > 0 && family.name !== 'gaussian-fixed'
      ? dataset.constantColumns.filter((d) => !empty.includes(d))
      : [];
  if (constant.length > 0) {
    warnings.push({
      code: 'CONSTANT_COLUMNS',
      message: `Constant columns (${constant.join(', ')}): their variance is regCovar alone.`,
      details: { columns: constant, regCovar },
    });
  }
  if (empty.length > 0) {
    warnings.push({
      code: 'EMPTY_COLUMNS',
      message: `Columns without any observed entry (${empty.join(', ')}): nothing is learnt of them.`,
      details: { columns: empty },
    });
  }
  if (missing > 0) {
    const entries = nSamples * nFeatures;
    warnings.push({
      code: 'MISSING_ENTRIES',
      message: `${missing} of ${entries} entries are missing: the fit takes them to be missing at random.`,
      details: { missing, entries },
    });
  }
  return warnings;
}
