import type {
  BernoulliMixture,
  CategoricalMixtureOptions,
  CommonOptions,
  ContextInfo,
  Dataset,
  Diagnostics,
  FittedMixture,
  GaussianMixtureOptions,
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
  Pick<CommonOptions, 'nComponents' | 'tol' | 'maxIter' | 'nInit' | 'seed' | 'initParams'>;

export interface FitSettings {
  readonly shape: Shape;
  readonly family: FamilyName;
  readonly options: FitOptions;
  readonly wantDiagnostics: boolean;
}

export interface RestartReport {
  readonly seed: number;
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBound: number | null;
  /** Why it ended early, while another restart succeeded. */
  readonly error: string | null;
}

export interface FitReport {
  /** In the form of `toJSON`. */
  readonly model: unknown;
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
}

/** What all classes of mixtures share, as far as a fit by name needs it. */
type FitByName = (
  samples: Dataset,
  options: Readonly<Record<string, unknown>> & {
    onIteration: CommonOptions<BernoulliMixture>['onIteration'];
  },
) => Promise<FittedMixture>;

/** Fits a mixture to `data` and measures it on the same samples; gives `labels`. */
export const runFit: Job<FitSettings, FitReport> = async (
  library,
  context,
  { settings, arrays },
  { signal, onProgress },
) => {
  const { shape, family, options, wantDiagnostics } = settings;
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
  const samples = { data: arrays['data'], ...shape };
  // Only Gaussians compute on what a dataset uploads unasked.
  const upload = family === 'gaussian' ? ('standardised' as const) : ('nothing' as const);
  const dataset = await library.createDataset(samples, { ...scope, upload });
  try {
    const mixture = await kind.fit(dataset, {
      ...given,
      ...scope,
      onIteration: ({ restart, iteration, lowerBound, change }) => {
        onProgress?.({ restart, iteration, lowerBound, change });
      },
    });
    const seconds = (performance.now() - start) / 1000;
    const labels = await mixture.predict(dataset, scope);
    const report: FitReport = {
      model: mixture.toJSON(),
      score: await mixture.score(dataset, scope),
      bic: await mixture.bic(dataset, scope),
      aic: await mixture.aic(dataset, scope),
      constantColumns: family === 'gaussian' ? dataset.constantColumns : [],
      restarts: mixture.restarts.map(({ seed, converged, nIter, lowerBounds, error }) => ({
        seed,
        converged,
        nIter,
        lowerBound: lowerBounds.at(-1) ?? null,
        error: error?.message ?? null,
      })),
      warnings: mixture.warnings,
      diagnostics: wantDiagnostics ? await mixture.diagnose(dataset, scope) : undefined,
      context: mixture.contextInfo ?? context.info,
      seconds,
    };
    return { report, arrays: { labels } };
  } finally {
    dataset.dispose();
  }
};
