import type { ContextInfo, Warning } from '../index.ts';
import type { FitOptions, RestartReport } from './fit-job.ts';
import type { Job, Shape } from './job.ts';

export interface DigitsSettings {
  readonly train: Shape;
  readonly test: Shape;
  readonly options: FitOptions;
}

export interface DigitsReport {
  /** In the form of `toJSON`. */
  readonly model: unknown;
  /** Mean log-likelihood of a test image, nothing hidden; null where one is impossible. */
  readonly heldOutScore: number | null;
  readonly restarts: readonly RestartReport[];
  readonly warnings: readonly Warning[];
  readonly context: ContextInfo;
  /** Of the fit. */
  readonly seconds: number;
}

/**
 * Fits a Bernoulli mixture to `trainBits`, scores `testBits`, and completes them where `testMask` (1 = seen) hides them.
 * Gives `labels` (the component of each training image) and `completed` (N x D of the test images).
 */
export const runDigits: Job<DigitsSettings, DigitsReport> = async (
  library,
  context,
  { settings, arrays },
  { signal, onProgress },
) => {
  const { train, test, options } = settings;
  const { trainBits, testBits, testMask } = arrays as Record<string, Uint32Array>;
  const given = Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const scope = { context, signal };
  const start = performance.now();
  const dataset = await library.createDataset({ bits: trainBits, ...train }, scope);
  try {
    const mixture = await library.BernoulliMixture.fit(dataset, {
      nComponents: options.nComponents,
      ...given,
      ...scope,
      onIteration: ({ restart, iteration, lowerBound, change }) => {
        onProgress?.({ restart, iteration, lowerBound, change });
      },
    });
    const seconds = (performance.now() - start) / 1000;
    const labels = await mixture.predict(dataset, scope);
    const score = await mixture.score({ bits: testBits, ...test }, scope);
    const { data } = await mixture.impute({ bits: testBits, mask: testMask, ...test }, scope);
    const report: DigitsReport = {
      model: mixture.toJSON(),
      heldOutScore: Number.isFinite(score) ? score : null,
      restarts: mixture.restarts.map(({ seed, converged, nIter, lowerBounds, dropped, error }) => ({
        seed,
        converged,
        nIter,
        lowerBound: lowerBounds.at(-1) ?? null,
        dropped,
        error: error?.message ?? null,
      })),
      warnings: mixture.warnings,
      context: mixture.contextInfo ?? context.info,
      seconds,
    };
    return { report, arrays: { labels, completed: data } };
  } finally {
    dataset.dispose();
  }
};
