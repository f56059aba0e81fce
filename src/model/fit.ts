import { Random } from '../data/random.ts';
import type { SamplesInput } from '../data/sample-forms.ts';
import { createDataset, Dataset } from '../em/dataset.ts';
import { Collapse, collapsing, iterate, type Run } from '../em/loop.ts';
import { infoFor, makeSeam } from '../em/make-seam.ts';
import { findStart, fromResponsibilities } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { createContext, type Context } from '../gpu/context.ts';
import type { NumberArray } from './arrays.ts';
import { build, explain, NO_BOUND, step, warningsOf, type Fit } from './fit-report.ts';
import type { FitRecord, FitStep, Restart } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { checkOptions, type CheckedOptions, type CommonOptions } from './options.ts';
import { readPrior } from './prior.ts';
import { checkStart, readGivenStart, readPartition, type GivenStart } from './start-options.ts';

/** What tells one public class from another: its own options, its family, how it is made. */
export interface MixtureKind<M extends FittedMixture, O extends CommonOptions<M>> {
  /** Names of its options beside the common ones; an option `<array>Init` gives an array of the start. */
  readonly options: readonly string[];
  family(options: O): Family;
  /** Arrays of a start that do not come as `<array>Init`, checked. */
  start?(options: O, family: Family, nComponents: number, nFeatures: number): GivenStart;
  make(
    family: Family,
    parameters: Parameters,
    nFeatures: number,
    record: FitRecord,
    context: Context,
  ): M;
}

/** What the fits of all kinds look at beside the common options. */
interface Extras {
  readonly prior?: unknown;
  readonly regCovar?: number | undefined;
  readonly parametersInit?: Readonly<Record<string, NumberArray>> | undefined;
}

/** A restart that ran to its end, and its last mixture's parameters. */
interface Finished {
  readonly parameters: Parameters;
  readonly bound: Pick<FitRecord, 'lowerBound' | 'logLikelihood' | 'logPrior'>;
  readonly restart: Restart;
}

/** Takes all steps of a fit. */
export async function runToEnd<M extends FittedMixture>(
  steps: AsyncGenerator<FitStep<M>, M, void>,
): Promise<M> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/** Samples in, restarts, best mixture out: see `Mixture.fit`. */
export async function* fitMixture<M extends FittedMixture, O extends CommonOptions<M>>(
  input: SamplesInput | Dataset,
  options: O,
  kind: MixtureKind<M, O>,
): AsyncGenerator<FitStep<M>, M, void> {
  const extras = options as O & Extras;
  const checked = checkOptions(extras, kind.options);
  options.signal?.throwIfAborted();
  const owned: { dispose(): void }[] = [];
  try {
    const open = kind.family(options);
    const { context, dataset } = await openDataset(input, options, open, owned);
    checkSizes(dataset, checked, options);
    const family = open.resolve?.(dataset.samples) ?? open;
    const standardisation = dataset.standardisationFor(family);
    const regCovar = standardisation.scales.map((scale) => checked.regCovar / scale / scale);
    const mixturePrior = readPrior(extras.prior, family, checked.nComponents, dataset.samples);
    const seam = makeSeam(dataset, family, regCovar);
    owned.push(seam);
    const fit: Fit<M, O> = {
      kind,
      options,
      checked,
      dataset,
      family,
      seam,
      mStepOptions: {
        regCovar,
        standardisation,
        mixturePrior,
        massScale: dataset.totalWeight / dataset.nSamples,
      },
      context,
      contextInfo: infoFor(dataset, family, context.info),
    };
    return yield* runRestarts(fit);
  } finally {
    for (const item of owned.reverse()) item.dispose();
  }
}

async function openDataset<M extends FittedMixture>(
  input: SamplesInput | Dataset,
  { context, sampleWeights, signal }: CommonOptions<M>,
  family: Family,
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
  const upload = family.coordinates === 'raw' ? 'nothing' : 'standardised';
  const dataset = await createDataset(input, { context: used, sampleWeights, signal, upload });
  owned.push(dataset);
  return { context: used, dataset };
}

function checkSizes<M extends FittedMixture>(
  dataset: Dataset,
  { nComponents }: CheckedOptions,
  { warmStart }: CommonOptions<M>,
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

async function* runRestarts<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
): AsyncGenerator<FitStep<M>, M, void> {
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
      let bound: Finished['bound'] = { ...NO_BOUND, ...warmBound(options) };
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
        bound = iteration;
        lowerBounds.push(iteration.lowerBound);
        const reported = step(fit, record(converged), restart, iteration, parameters);
        options.onIteration?.(reported);
        yield reported;
      }
      const finished: Finished = { parameters, bound, restart: record(converged) };
      restarts.push(finished.restart);
      if (!best || bound.lowerBound > best.bound.lowerBound) best = finished;
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
    best.bound,
    restarts,
    warningsOf(fit, best.restart, restarts),
  );
}

/** What a warm start already knows of the bound. */
function warmBound<M extends FittedMixture>({
  warmStart,
}: CommonOptions<M>): Partial<Finished['bound']> {
  if (!warmStart) return {};
  const { lowerBound, logLikelihood, logPrior } = warmStart;
  return { lowerBound, logLikelihood, logPrior };
}

/** Where the restarts begin; `repeatable` when every restart would begin at the same place. */
function startMaker<M extends FittedMixture, O extends CommonOptions<M>>(
  fit: Fit<M, O>,
): {
  repeatable: boolean;
  make: (restart: number) => Promise<Parameters>;
} {
  const { options, checked, dataset, family } = fit;
  const { nFeatures } = dataset;
  const standardisation = dataset.standardisationFor(family);
  const problem = { ...fit, nComponents: checked.nComponents, signal: options.signal };
  const { warmStart } = options;
  if (warmStart) {
    if (warmStart.nComponents !== checked.nComponents || warmStart.family.name !== family.name) {
      throw new MixtureError(
        'INVALID_OPTION',
        `warmStart has ${warmStart.nComponents} components of the family ${warmStart.family.name}, the fit ${checked.nComponents} of ${family.name}.`,
        'Use the same for both.',
      );
    }
    const parameters = warmStart.parameters as unknown as Parameters;
    return {
      repeatable: true,
      make: () => Promise.resolve(family.standardise(parameters, standardisation)),
    };
  }
  const given = givenStart(fit);
  const partition = readPartition(options, checked.nComponents, dataset.nSamples);
  const names = ['weights', ...Object.keys(family.parameterShapes(checked.nComponents, nFeatures))];
  if (names.every((name) => given[name])) {
    const parameters = given as unknown as Parameters;
    checkStart(family, parameters, nFeatures);
    return {
      repeatable: true,
      make: () => Promise.resolve(family.standardise(parameters, standardisation)),
    };
  }
  return {
    repeatable: partition !== undefined,
    make: async (restart) => {
      const found = await (
        partition
          ? fromResponsibilities(problem, () => partition)
          : findStart(problem, checked.initParams, new Random(checked.seed + restart))
      ).catch((error: unknown) => collapsing(0, undefined, undefined, () => rethrow(error)));
      if (Object.keys(given).length === 0) return found;
      const merged = { ...family.restore(found, standardisation), ...given } as Parameters;
      checkStart(family, merged, nFeatures);
      return family.standardise(merged, standardisation);
    },
  };
}

function rethrow(error: unknown): never {
  throw error;
}

/** The arrays that the caller gave: `<array>Init`, `parametersInit`, and what the kind reads by itself. */
function givenStart<M extends FittedMixture, O extends CommonOptions<M>>({
  kind,
  options,
  checked,
  dataset,
  family,
}: Fit<M, O>): GivenStart {
  const { nComponents } = checked;
  const { nFeatures } = dataset;
  const own = kind.start?.(options, family, nComponents, nFeatures) ?? {};
  const { parametersInit } = options as O & Extras;
  if (parametersInit) {
    const { weights, ...arrays } = parametersInit;
    return readGivenStart(
      family,
      options.weightsInit ?? weights,
      arrays,
      (name) => `parametersInit.${name}`,
      nComponents,
      nFeatures,
    );
  }
  const values = options as unknown as Readonly<Record<string, NumberArray | undefined>>;
  const named = Object.keys(family.parameterShapes(nComponents, nFeatures)).filter(
    (name) => kind.options.includes(`${name}Init`) && !own[name],
  );
  const arrays = Object.fromEntries(named.map((name) => [name, values[`${name}Init`]]));
  return {
    ...readGivenStart(
      family,
      options.weightsInit,
      arrays,
      (name) => `${name}Init`,
      nComponents,
      nFeatures,
    ),
    ...own,
  };
}
