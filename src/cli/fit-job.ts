import type {
  CategoricalMixtureOptions,
  CommonOptions,
  CovarianceType,
  ContextInfo,
  Criterion,
  Dataset,
  Diagnostics,
  FitStep,
  FitTimings,
  FittedMixture,
  GaussianMixtureOptions,
  GaussianSelectionOptions,
  Selection,
  Warning,
} from '../index.ts';
import type { FamilyName } from './families.ts';
import type { Job, Shape } from './job.ts';

/** The options of the components and their prior; which of them, the family says. */
export interface FamilyOptions
  extends
    Pick<GaussianMixtureOptions, 'covarianceType' | 'fixedCovariance' | 'regCovar'>,
    Pick<CategoricalMixtureOptions, 'nCategories'> {
  readonly prior?: Readonly<Record<string, number | number[]>> | 'mclust' | undefined;
}

/** The options of a fit that travel as JSON. */
export type FitOptions = FamilyOptions &
  Pick<
    CommonOptions,
    | 'nComponents'
    | 'tol'
    | 'maxIter'
    | 'nInit'
    | 'seed'
    | 'initParams'
    | 'algorithm'
    | 'batchSize'
    | 'stepSize'
    | 'dropRestarts'
    | 'assignment'
    | 'escape'
    | 'annealing'
  > & {
    /** A mixture to go on from, in the form of `toJSON`. */
    readonly warmStart?: unknown;
  };

export interface FitSettings {
  readonly shape: Shape;
  /** Streams only: bytes that samples may take in memory. */
  readonly memoryLimit?: number | undefined;
  readonly family: FamilyName;
  readonly options: Omit<FitOptions, 'nComponents' | 'covarianceType'>;
  readonly wantDiagnostics: boolean;
  /** One mixture, or with a criterion several to choose from. */
  readonly model: {
    readonly nComponents: number | readonly number[];
    readonly criterion?: Criterion | undefined;
    readonly covarianceType?: CovarianceType | undefined;
    readonly covarianceTypes?: readonly CovarianceType[] | undefined;
  };
}

/** A mixture that was compared with others; numbers are null where it could not be fitted. */
export interface CandidateReport {
  readonly nComponents: number;
  readonly covarianceType: CovarianceType | null;
  readonly bic: number | null;
  readonly aic: number | null;
  readonly icl: number | null;
  readonly logLikelihood: number | null;
  readonly lowerBound: number | null;
  readonly nParameters: number | null;
  readonly converged: boolean;
  readonly nIter: number | null;
  readonly seconds: number;
  readonly error: { readonly code: string; readonly message: string } | null;
}

export interface SelectionReport {
  readonly criterion: Criterion;
  /** The best one's place among the candidates. */
  readonly best: number;
  readonly candidates: readonly CandidateReport[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

export interface RestartReport {
  readonly seed: number;
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBound: number | null;
  /** Split-and-merge moves (--escape). */
  readonly moves?: { readonly tried: number; readonly accepted: number };
  /** Whether it fell behind (--drop-restarts). */
  readonly dropped: boolean;
  /** Why it ended early, while another restart succeeded. */
  readonly error: string | null;
}

export interface FitReport {
  /** Where several mixtures were compared; the rest is of the best of them. */
  readonly selection: SelectionReport | undefined;
  /** In the form of `toJSON`. */
  readonly model: unknown;
  readonly nSamples: number;
  readonly missing: number;
  /** Mean log-likelihood of a sample under the returned parameters. */
  readonly score: number;
  readonly bic: number;
  readonly aic: number;
  readonly constantColumns: readonly number[];
  readonly restarts: readonly RestartReport[];
  /** What a careful user should know. */
  readonly warnings: readonly Warning[];
  /** Where asked for. */
  readonly diagnostics: Diagnostics | undefined;
  readonly context: ContextInfo;
  readonly seconds: number;
  /** Where the time until the first iteration went. */
  readonly timings: FitTimings | undefined;
}

/** What all classes of mixtures share, as far as a fit by name needs it. */
type FitByName = (
  samples: Dataset,
  options: Readonly<Record<string, unknown>> & { onIteration: CommonOptions['onIteration'] },
) => Promise<FittedMixture>;

/** Fits a mixture to `data` and measures it on the same samples; gives `labels`. */
export const runFit: Job<FitSettings, FitReport> = async (
  library,
  context,
  { settings, arrays, stream },
  { signal, onProgress, onLabels },
) => {
  const { shape, family, options, model, wantDiagnostics, memoryLimit } = settings;
  const kinds = {
    gaussian: library.GaussianMixture,
    bernoulli: library.BernoulliMixture,
    categorical: library.CategoricalMixture,
    multinomial: library.MultinomialMixture,
    poisson: library.PoissonMixture,
    exponential: library.ExponentialMixture,
    geometric: library.GeometricMixture,
  };
  const kind = kinds[family] as unknown as { fit: FitByName };
  // An option of another family is unknown to this one, even as undefined.
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const scope = { context, signal };
  const start = performance.now();
  const samples = stream ?? { data: arrays['data'], ...shape };
  // The fit uploads, while its kernels are compiled.
  const upload = 'nothing';
  const dataset = await library.createDataset(samples, { ...scope, upload, memoryLimit });
  const check = performance.now() - start;
  try {
    let done = 0;
    const total = model.criterion
      ? (model.nComponents as number[]).length * (model.covarianceTypes?.length ?? 1)
      : 0;
    const onIteration = (step: FitStep) => {
      const { restart, iteration, lowerBound, change, mixture } = step;
      const { nComponents, family: density } = mixture;
      const name = `K = ${nComponents}, ${density.name.replace('gaussian-', '')}`;
      const candidate = total > 0 ? { candidate: { index: done, total, name } } : {};
      onProgress?.({ ...candidate, restart, iteration, lowerBound, change });
    };
    const select = (): Promise<Selection> => {
      const { nCategories, ...common } = given as { nCategories?: number };
      const { criterion, nComponents, covarianceTypes } = model;
      const families = {
        bernoulli: library.bernoulli,
        categorical: () => library.categorical(nCategories === undefined ? {} : { nCategories }),
        multinomial: library.multinomial,
        poisson: library.poisson,
        exponential: library.exponential,
        geometric: library.geometric,
      };
      const kinds = family === 'gaussian' ? { covarianceTypes } : { family: families[family]() };
      const selectOptions = {
        ...common,
        ...scope,
        ...kinds,
        criterion,
        nComponents: nComponents as number[],
        onIteration,
        onProgress: (step: { done: number }) => void (done = step.done),
      };
      return library.selectComponents(dataset, selectOptions as GaussianSelectionOptions);
    };
    const selection = model.criterion ? await select() : undefined;
    const { nComponents, covarianceType } = model;
    const one = covarianceType === undefined ? { nComponents } : { nComponents, covarianceType };
    const mixture =
      selection?.mixture ?? (await kind.fit(dataset, { ...given, ...one, ...scope, onIteration }));
    const seconds = (performance.now() - start) / 1000;
    /** A stream that breaks now takes the mixture along. */
    const keep = (error: unknown): never => {
      const { MixtureError } = library;
      if (!(error instanceof MixtureError && error.code === 'SOURCE_FAILED')) throw error;
      const { code, message, hint, details } = error;
      throw new MixtureError(code, message, hint, { ...details, mixture }, error);
    };
    const labelEach = async (): Promise<void> => {
      for await (const chunk of stream!.chunks({ signal })) {
        await onLabels?.(await mixture.predict(chunk, scope), undefined, mixture.nComponents);
      }
    };
    const labels = stream ? new Int32Array(0) : await mixture.predict(dataset, scope);
    if (stream) await labelEach().catch(keep);
    const score = await mixture.score(dataset, scope).catch(keep);
    const penalised = (cost: number): number =>
      -2 * score * dataset.totalWeight + mixture.nParameters * cost;
    const report: FitReport = {
      selection: selection && {
        criterion: selection.criterion,
        best: selection.candidates.indexOf(selection.best),
        candidates: selection.candidates.map((row) => ({
          nComponents: row.nComponents,
          covarianceType: row.covarianceType ?? null,
          bic: row.bic ?? null,
          aic: row.aic ?? null,
          icl: row.icl ?? null,
          logLikelihood: row.logLikelihood ?? null,
          lowerBound: row.lowerBound ?? null,
          nParameters: row.nParameters ?? null,
          converged: row.converged,
          nIter: row.nIter ?? null,
          seconds: row.milliseconds / 1000,
          error: row.error ? { code: row.error.code, message: row.error.message } : null,
        })),
        warnings: selection.warnings.map(({ code, message }) => ({ code, message })),
      },
      model: mixture.toJSON(),
      nSamples: dataset.nSamples,
      missing: dataset.missing,
      score,
      bic: penalised(Math.log(dataset.totalWeight)),
      aic: penalised(2),
      constantColumns: family === 'gaussian' ? dataset.constantColumns : [],
      restarts: mixture.restarts.map(
        ({ seed, converged, nIter, lowerBounds, moves, dropped, error }) => ({
          seed,
          converged,
          nIter,
          lowerBound: lowerBounds.at(-1) ?? null,
          moves: { tried: moves.length, accepted: moves.filter(({ accepted }) => accepted).length },
          dropped,
          error: error?.message ?? null,
        }),
      ),
      warnings: mixture.warnings,
      diagnostics: wantDiagnostics ? await mixture.diagnose(dataset, scope).catch(keep) : undefined,
      context: mixture.contextInfo ?? context.info,
      seconds,
      // (the command makes the dataset itself)
      timings: mixture.timings && {
        ...mixture.timings,
        check,
        total: mixture.timings.total + check,
      },
    };
    return { report, arrays: { labels } };
  } finally {
    dataset.dispose();
  }
};
