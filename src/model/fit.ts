import type { SamplesInput } from '../data/sample-forms.ts';
import { createDataset } from '../em/create-dataset.ts';
import { Dataset } from '../em/dataset.ts';
import { infoFor, openSeam } from '../em/make-seam.ts';
import { inTurns, pacer } from '../data/pause.ts';
import { compileStart, startSteps } from '../em/starts.ts';
import { MixtureError } from '../errors.ts';
import type { Family, Parameters } from '../families/family.ts';
import { createContext, type Context } from '../gpu/context.ts';
import type { NumberArray } from './arrays.ts';
import { refuseEscapeOf } from './escape-options.ts';
import type { Fit } from './fit-report.ts';
import type { FitRecord, FitStep } from './fit-record.ts';
import type { FittedMixture } from './fitted-mixture.ts';
import { FitTimer } from './fit-timings.ts';
import { checkOptions, type CheckedOptions, type CommonOptions } from './options.ts';
import { readPrior } from './prior.ts';
import { readGuidance } from './guidance-options.ts';
import { runRestarts } from './restarts.ts';
import { refuseBayesian } from './batch-options.ts';
import { readWarmStart } from './warm-start.ts';
import type { GivenStart } from './start-options.ts';

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

/** Where one of these is given, or a warm start, no start is looked for as a rule: nothing is compiled ahead for it. */
const START_OPTIONS = ['weightsInit', 'labelsInit', 'responsibilitiesInit'] as const;

/** What the fits of all kinds look at beside the common options. */
interface Extras {
  readonly prior?: unknown;
  readonly regCovar?: number | undefined;
  readonly parametersInit?: Readonly<Record<string, NumberArray>> | undefined;
}

/** Takes all steps of a fit; between short ones a page has its turn now and then. */
export async function runToEnd<M extends FittedMixture>(
  steps: AsyncGenerator<FitStep<M>, M, void>,
): Promise<M> {
  const pause = pacer();
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
    await pause();
  }
}

/** Samples in, restarts, best mixture out: see `Mixture.fit`. */
export async function* fitMixture<M extends FittedMixture, O extends CommonOptions<M>>(
  input: SamplesInput | Dataset,
  options: O,
  kind: MixtureKind<M, O>,
): AsyncGenerator<FitStep<M>, M, void> {
  const timer = new FitTimer();
  const extras = options as O & Extras;
  const given = checkOptions(extras, kind.options);
  options.signal?.throwIfAborted();
  const owned: { dispose(): void }[] = [];
  try {
    const open = kind.family(options);
    if (given.algorithm !== 'em') refuseBayesian(open, `algorithm '${given.algorithm}'`);
    refuseEscapeOf(open, given);
    const { context, dataset, milliseconds } = await openDataset(input, options, open, owned);
    timer.checked(dataset, milliseconds);
    const warmStart = await readWarmStart(options.warmStart, open);
    checkSizes(dataset, given, warmStart);
    // (a stream's local fits would read it sample by sample)
    if (given.escape !== 'none') void dataset.samples.data;
    // (a variational prior's defaults are moments of all samples)
    const seen = open.evidenceBound ? dataset.samples : dataset.forFamilies;
    const family = open.resolve
      ? await inTurns(open.resolve(seen, dataset.sampleWeights), options.signal)
      : open;
    const standardisation = dataset.standardisationFor(family);
    const prior = readPrior(extras.prior, family, given.nComponents, dataset);
    const mixturePrior = await inTurns(prior, options.signal);
    // a prior keeps covariances positive by itself (blocks of `independent` may have one or not)
    const positive = mixturePrior?.components !== undefined && family.name !== 'independent';
    const checked = positive ? { ...given, regCovar: extras.regCovar ?? 0 } : given;
    const regCovar = standardisation.scales.map((scale) => checked.regCovar / scale / scale);
    const guidance = await inTurns(
      readGuidance(options, given.nComponents, dataset.nSamples),
      options.signal,
    );
    const { nComponents, initParams, assignment } = checked;
    const searched = !warmStart && !START_OPTIONS.some((name) => options[name] !== undefined);
    if (searched) compileStart({ dataset: dataset.forStarts, family, nComponents }, initParams);
    const hows = [{ assignment }, ...(searched ? startSteps(family, initParams) : [])];
    const ahead = { hows, nComponents };
    const seam = await openSeam(dataset, family, regCovar, options.signal, guidance, ahead);
    owned.push(seam);
    timer.ready();
    const fit: Fit<M, O> = {
      kind,
      options,
      checked,
      warmStart,
      dataset,
      family,
      seam,
      guidance,
      mStepOptions: {
        regCovar,
        standardisation,
        mixturePrior,
        massScale: dataset.totalWeight / dataset.nSamples,
      },
      context,
      contextInfo: infoFor(dataset, family, context.info, guidance),
      timer,
    };
    return yield* runRestarts(fit);
  } finally {
    for (const item of owned.reverse()) item.dispose();
  }
}

/** The samples, checked, for where they are to be computed; what was made for that goes to `owned`. */
export async function openDataset(
  input: SamplesInput | Dataset,
  { context, sampleWeights, signal }: Pick<CommonOptions, 'context' | 'sampleWeights' | 'signal'>,
  family: Pick<Family, 'coordinates'>,
  owned: { dispose(): void }[],
): Promise<{ context: Context; dataset: Dataset; milliseconds: number }> {
  const standardised = family.coordinates === 'standardised';
  if (input instanceof Dataset) {
    if (sampleWeights !== undefined && (sampleWeights as unknown) !== null) {
      throw new MixtureError(
        'INVALID_OPTION',
        'sampleWeights were given beside a dataset.',
        'Give them to createDataset().',
      );
    }
    input.assertMadeFor(context);
    const before = input.checking.milliseconds;
    if (standardised) await input.findStandardisation(signal);
    const milliseconds = input.checking.milliseconds - before;
    const used = input.context ?? (await createContext({ backend: 'cpu' }));
    return { dataset: input, context: used, milliseconds };
  }
  let used = context;
  if (!used) {
    used = await createContext();
    owned.push(used);
  }
  const started = performance.now();
  // (uploaded by the seam, which knows the layout, while its kernels are compiled)
  const upload = 'nothing';
  const dataset = await createDataset(input, { context: used, sampleWeights, signal, upload });
  owned.push(dataset);
  if (standardised) await dataset.findStandardisation(signal);
  return { context: used, dataset, milliseconds: performance.now() - started };
}

function checkSizes(
  dataset: Dataset,
  { nComponents }: CheckedOptions,
  warmStart: FittedMixture | undefined,
): void {
  const { nSamples, nFeatures } = dataset;
  const least = Math.max(2, nComponents);
  const weighted = dataset.weighing;
  if (weighted < least) {
    const what =
      weighted < nSamples ? `${weighted} samples of weight above 0` : `${nSamples} samples`;
    throw new MixtureError(
      'TOO_FEW_SAMPLES',
      `There are ${what} for ${nComponents} components.`,
      `Give at least ${least} samples${nComponents > 2 ? ', or use fewer components' : ''}.`,
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
