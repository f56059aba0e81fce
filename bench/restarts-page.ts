import {
  createContext,
  createDataset,
  GaussianMixture,
  type Context,
  type Dataset,
} from '../src/index.ts';
import { findAdapter, type AdapterFound } from './sides.ts';
import type { RestartsFigures, RestartsJob, SideFigures } from './restarts-report.ts';
import { drawSamples } from './synthetic.ts';

/** What bench/restarts.mjs calls in the page. Answers are plain data: they leave the page as JSON. */
export interface RestartsBench {
  /** The adapter, or why there is none. */
  findAdapter(): Promise<AdapterFound | { readonly reason: string }>;
  measure(job: RestartsJob): Promise<RestartsFigures>;
}

declare global {
  var webgpuEmRestarts: RestartsBench;
}

globalThis.webgpuEmRestarts = { findAdapter, measure };

/** Many restarts against one, of the same resident samples, on both sides in turn. */
async function measure(job: RestartsJob): Promise<RestartsFigures> {
  const { nSamples, nFeatures, nDrawn, covarianceType } = job;
  const { samples } = drawSamples(
    { nSamples, nFeatures, nComponents: nDrawn, covarianceType },
    job.seed,
  );
  const sides: Partial<Record<'cpu' | 'webgpu', SideFigures>> = {};
  for (const backend of ['cpu', 'webgpu'] as const) {
    const context = await createContext({ backend });
    const dataset = await createDataset(samples, { context });
    try {
      const repetitions = context.info.software ? job.softwareRepetitions : job.repetitions;
      sides[backend] = await measureSide({ ...job, repetitions }, dataset, context);
    } finally {
      dataset.dispose();
      context.dispose();
    }
  }
  return { job, cpu: sides.cpu!, webgpu: sides.webgpu! };
}

async function measureSide(
  { nComponents, covarianceType, nInit, repetitions }: RestartsJob,
  dataset: Dataset,
  context: Context,
): Promise<SideFigures> {
  const options = { nComponents, covarianceType, context };
  const timed = async (more: {
    nInit?: number;
    seed?: number;
    dropRestarts?: boolean;
  }): Promise<{ milliseconds: number; mixture: GaussianMixture }> => {
    const started = performance.now();
    const mixture = await GaussianMixture.fit(dataset, { ...options, ...more });
    return { milliseconds: performance.now() - started, mixture };
  };
  await timed({ nInit: 2 });
  const alone: number[] = [];
  const together: number[] = [];
  const dropping: number[] = [];
  let same = true;
  let all: GaussianMixture | undefined;
  let kept: GaussianMixture | undefined;
  for (let r = 0; r < repetitions; r++) {
    const one = await timed({ nInit });
    const two = await timed({ nInit, dropRestarts: true });
    all = one.mixture;
    kept = two.mixture;
    together.push(one.milliseconds);
    dropping.push(two.milliseconds);
    // all of them, so that "one restart" is the average one
    let total = 0;
    for (let seed = 0; seed < nInit; seed++) {
      const { milliseconds, mixture } = await timed({ seed });
      total += milliseconds;
      const trace = all.restarts[seed].lowerBounds;
      same &&= mixture.lowerBounds.every((bound, t) => bound === trace[t]);
    }
    alone.push(total / nInit);
  }
  const iterations = all!.restarts.reduce((sum, { nIter }) => sum + nIter, 0);
  return {
    alone,
    together,
    dropping,
    same,
    lowerBound: all!.lowerBound,
    droppingBound: kept!.lowerBound,
    iterations,
    iterationsDropping: kept!.restarts.reduce((sum, { nIter }) => sum + nIter, 0),
    failed: all!.restarts.filter(({ error }) => error).length,
  };
}
