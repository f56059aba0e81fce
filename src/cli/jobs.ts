import type { Context, ContextInfo, GaussianMixtureOptions } from '../index.ts';

// The two functions of this file run in Node and, sent as text, in the page of --browser: so they
// may use their arguments and the language, but no import and no other function of the module.

/** The library as a module object: src/index.ts in Node, dist/index.js in the page. */
export type Library = typeof import('../index.ts');

export interface SampleMatrix {
  readonly data: Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** The options of a fit that travel as JSON. */
export type FitOptions = Pick<
  GaussianMixtureOptions,
  | 'nComponents'
  | 'covarianceType'
  | 'tol'
  | 'maxIter'
  | 'regCovar'
  | 'nInit'
  | 'seed'
  | 'initParams'
>;

export interface Progress {
  readonly restart: number;
  readonly iteration: number;
  readonly lowerBound: number;
  readonly change: number;
}

export interface JobControl {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface RestartReport {
  readonly seed: number;
  readonly converged: boolean;
  readonly nIter: number;
  readonly lowerBound: number | null;
  /** Why it ended early, while another restart succeeded. */
  readonly error: string | null;
}

/** What a fit gives, apart from the labels: JSON. */
export interface FitReport {
  /** In the form of `toJSON`. */
  readonly model: unknown;
  /** Mean log-likelihood of a sample under the returned parameters. */
  readonly score: number;
  readonly bic: number;
  readonly aic: number;
  readonly constantColumns: readonly number[];
  readonly restarts: readonly RestartReport[];
  /** Sentences about what a careful user should know. */
  readonly warnings: readonly string[];
  readonly context: ContextInfo;
  readonly seconds: number;
}

export interface FitOutcome {
  readonly report: FitReport;
  readonly labels: Int32Array;
}

/** What a prediction gives, apart from labels and probabilities: JSON. */
export interface PredictReport {
  readonly score: number;
  readonly context: ContextInfo;
}

export interface PredictOutcome {
  readonly report: PredictReport;
  readonly labels: Int32Array;
  /** N x K, row-major; only where asked for. */
  readonly probabilities: Float32Array | undefined;
}

/** Fits a mixture and measures it on the same samples, on whichever side `context` computes. */
export async function runFit(
  { createDataset, GaussianMixture }: Library,
  context: Context,
  samples: SampleMatrix,
  options: FitOptions,
  { signal, onProgress }: JobControl,
): Promise<FitOutcome> {
  const scope = { context, signal };
  const start = performance.now();
  const dataset = await createDataset(samples, scope);
  try {
    const mixture = await GaussianMixture.fit(dataset, {
      ...options,
      ...scope,
      onIteration: ({ restart, iteration, lowerBound, change }) => {
        onProgress?.({ restart, iteration, lowerBound, change });
      },
    });
    const seconds = (performance.now() - start) / 1000;
    const labels = await mixture.predict(dataset, scope);
    const report = {
      model: mixture.toJSON(),
      score: await mixture.score(dataset, scope),
      bic: await mixture.bic(dataset, scope),
      aic: await mixture.aic(dataset, scope),
      constantColumns: dataset.constantColumns,
      restarts: mixture.restarts.map(({ seed, converged, nIter, lowerBounds, error }) => ({
        seed,
        converged,
        nIter,
        lowerBound: lowerBounds.at(-1) ?? null,
        error: error?.message ?? null,
      })),
      warnings: mixture.warnings,
      context: context.info,
      seconds,
    };
    return { labels, report };
  } finally {
    dataset.dispose();
  }
}

/** Labels samples by a fitted mixture, given as the JSON that a fit wrote. */
export async function runPredict(
  { createDataset, GaussianMixture }: Library,
  context: Context,
  samples: SampleMatrix,
  model: unknown,
  wantProbabilities: boolean,
  { signal }: JobControl,
): Promise<PredictOutcome> {
  const scope = { context, signal };
  const mixture = GaussianMixture.fromJSON(model);
  const dataset = await createDataset(samples, scope);
  try {
    const labels = await mixture.predict(dataset, scope);
    const probabilities = wantProbabilities
      ? await mixture.predictProba(dataset, scope)
      : undefined;
    const score = await mixture.score(dataset, scope);
    return { labels, probabilities, report: { score, context: context.info } };
  } finally {
    dataset.dispose();
  }
}
