import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/samples.ts';
import { createDataset, Dataset } from '../em/dataset.ts';
import { Collapse, iterate, type Run } from '../em/loop.ts';
import { makeSeam } from '../em/make-seam.ts';
import { findStart, fromResponsibilities } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Parameters } from '../families/family.ts';
import { gaussianFamilies } from '../families/registry.ts';
import { createContext, type Context } from '../gpu/context.ts';
import { build, explain, step, warningsOf, type Fit } from './fit-report.ts';
import type { FitStep, Restart } from './fit-record.ts';
import type { GaussianMixture } from './gaussian-mixture.ts';
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
    const { standardisation } = dataset;
    const regCovar = standardisation.scales.map((scale) => checked.regCovar / scale / scale);
    const seam = makeSeam(dataset, family, regCovar);
    owned.push(seam);
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
    input.assertMadeFor(context);
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
