import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/samples.ts';
import { createDataset, Dataset } from '../em/dataset.ts';
import { Collapse, iterate, type Run } from '../em/loop.ts';
import { makeSeam } from '../em/make-seam.ts';
import type { Seam } from '../em/seam.ts';
import { findStart, fromResponsibilities } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Family, MStepOptions, Parameters } from '../families/family.ts';
import { gaussianFamilies } from '../families/registry.ts';
import { createContext, type Context } from '../gpu/context.ts';
import { GaussianMixture, type FitRecord, type FitStep, type Restart } from './gaussian-mixture.ts';
import {
  checkOptions,
  readGivenStart,
  readPartition,
  type CheckedOptions,
  type GaussianMixtureOptions,
} from './options.ts';

/** A restart that ran to its end, and its last mixture's parameters. */
interface Finished {
  readonly parameters: Parameters;
  readonly lowerBound: number;
  readonly restart: Restart;
}

/** Everything that the restarts of one fit share. */
interface Fit {
  readonly options: GaussianMixtureOptions;
  readonly checked: CheckedOptions;
  readonly dataset: Dataset;
  readonly family: Family;
  readonly seam: Seam;
  readonly mStepOptions: MStepOptions;
  readonly context: Context;
}

/** Samples in, restarts, best mixture out: see `GaussianMixture.fit`. */
export async function* fitMixture(
  input: SamplesInput | Dataset,
  options: GaussianMixtureOptions,
): AsyncGenerator<FitStep, GaussianMixture, void> {
  const checked = checkOptions(options);
  options.signal?.throwIfAborted();
  const owned: { dispose(): void }[] = [];
  try {
    const { context, dataset } = await open(input, options, owned);
    checkSizes(dataset, checked, options);
    const family = gaussianFamilies[checked.covarianceType];
    const seam = makeSeam(dataset, family);
    owned.push(seam);
    const { standardisation } = dataset;
    const regCovar = standardisation.scales.map((scale) => checked.regCovar / scale / scale);
    const fit: Fit = {
      options,
      checked,
      dataset,
      family,
      seam,
      mStepOptions: { regCovar, standardisation },
      context,
    };
    return yield* runRestarts(fit);
  } finally {
    for (const item of owned.reverse()) item.dispose();
  }
}

async function open(
  input: SamplesInput | Dataset,
  { context, sampleWeights, signal }: GaussianMixtureOptions,
  owned: { dispose(): void }[],
): Promise<{ context: Context; dataset: Dataset }> {
  if (input instanceof Dataset) {
    if (sampleWeights) {
      throw new MixtureError(
        'INVALID_OPTION',
        'sampleWeights were given beside a dataset.',
        'Give them to createDataset().',
      );
    }
    input.assertUsable();
    return { dataset: input, context: input.context ?? (await createContext({ backend: 'cpu' })) };
  }
  let used = context;
  if (!used) {
    used = await createContext();
    owned.push(used);
  }
  const dataset = await createDataset(input, { context: used, sampleWeights, signal });
  owned.push(dataset);
  return { context: used, dataset };
}

function checkSizes(
  dataset: Dataset,
  { nComponents }: CheckedOptions,
  { warmStart }: GaussianMixtureOptions,
): void {
  const { nSamples, nFeatures } = dataset;
  const least = Math.max(2, nComponents);
  const weighted =
    dataset.relativeWeights?.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0) ?? nSamples;
  if (weighted < least) {
    const what =
      weighted < nSamples ? `${weighted} samples of weight above 0` : `${nSamples} samples`;
    throw new MixtureError(
      'TOO_FEW_SAMPLES',
      `There are ${what} for ${nComponents} components.`,
      `Give at least ${least} samples, or use fewer components.`,
      { nSamples: weighted, nComponents },
    );
  }
  if (warmStart && warmStart.nFeatures !== nFeatures) {
    throw new MixtureError(
      'FEATURE_MISMATCH',
      `The samples have ${nFeatures} features, but warmStart was fitted to ${warmStart.nFeatures}.`,
      'Pass the same columns in the same order.',
      { nFeatures, expected: warmStart.nFeatures },
    );
  }
}

async function* runRestarts(fit: Fit): AsyncGenerator<FitStep, GaussianMixture, void> {
  const { options, checked } = fit;
  const start = startMaker(fit);
  const restarts: Restart[] = [];
  let best: Finished | undefined;
  let firstError: MixtureError | undefined;
  for (let restart = 0; restart < (start.repeatable ? 1 : checked.nInit); restart++) {
    const lowerBounds: number[] = [];
    const record = (converged: boolean, error?: MixtureError): Restart => ({
      seed: checked.seed + restart,
      lowerBounds: Float64Array.from(lowerBounds),
      nIter: lowerBounds.length,
      converged,
      error,
    });
    try {
      let parameters = await start.make(restart);
      let converged = false;
      const run: Run = {
        ...fit,
        ...checked,
        restart,
        previousLowerBound: options.warmStart?.lowerBound ?? -Infinity,
        signal: options.signal,
      };
      const steps = iterate(run, parameters);
      yield step(fit, record(false), restart, undefined, parameters);
      for await (const iteration of steps) {
        parameters = iteration.parameters;
        converged = iteration.converged;
        lowerBounds.push(iteration.lowerBound);
        const reported = step(fit, record(converged), restart, iteration, parameters);
        options.onIteration?.(reported);
        yield reported;
      }
      const finished: Finished = {
        parameters,
        lowerBound: lowerBounds.at(-1) ?? options.warmStart?.lowerBound ?? -Infinity,
        restart: record(converged),
      };
      restarts.push(finished.restart);
      if (!best || finished.lowerBound > best.lowerBound) best = finished;
    } catch (error) {
      if (!(error instanceof Collapse)) throw error;
      const explained = explain(fit, error, restart, record(false));
      firstError ??= explained;
      restarts.push(record(false, explained));
    }
  }
  if (!best) throw firstError!;
  return build(
    fit,
    best.parameters,
    best.restart,
    best.lowerBound,
    restarts,
    warningsOf(fit, best.restart, restarts),
  );
}

/** Where the restarts begin; `repeatable` when every restart would begin at the same place. */
function startMaker(fit: Fit): {
  repeatable: boolean;
  make: (restart: number) => Promise<Parameters>;
} {
  const { options, checked, dataset, family } = fit;
  const { standardisation } = dataset;
  const problem = { ...fit, nComponents: checked.nComponents, signal: options.signal };
  const { warmStart } = options;
  if (warmStart) {
    if (
      warmStart.nComponents !== checked.nComponents ||
      warmStart.covarianceType !== checked.covarianceType
    ) {
      throw new MixtureError(
        'INVALID_OPTION',
        `warmStart has ${warmStart.nComponents} components and covarianceType '${warmStart.covarianceType}', the fit ${checked.nComponents} and '${checked.covarianceType}'.`,
        'Use the same for both.',
      );
    }
    return {
      repeatable: true,
      make: () => Promise.resolve(family.standardise(warmStart, standardisation)),
    };
  }
  const given = readGivenStart(options, checked, dataset.nFeatures);
  const partition = readPartition(options, checked.nComponents, dataset.nSamples);
  const { weights, means, covariances } = given;
  if (weights && means && covariances) {
    return {
      repeatable: true,
      make: () =>
        Promise.resolve(family.standardise({ weights, means, covariances }, standardisation)),
    };
  }
  return {
    repeatable: partition !== undefined,
    make: async (restart) => {
      const found = partition
        ? await fromResponsibilities(problem, () => partition)
        : await findStart(problem, checked.initParams, new Random(checked.seed + restart));
      if (!weights && !means && !covariances) return found;
      return family.standardise(
        { ...family.restore(found, standardisation), ...given },
        standardisation,
      );
    },
  };
}

function step(
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

function build(
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
function explain(fit: Fit, collapse: Collapse, restart: number, record: Restart): MixtureError {
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

function warningsOf(
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
