import type { Context } from '../gpu/context.ts';
import type { Dataset } from './dataset.ts';
import type { Look } from './seeding.ts';
import { ThreadPasses } from './thread-passes.ts';

/**
 * Distances to candidates on worker threads, by the kernel of Gaussians of one diagonal covariance: without constants, the largest
 * ln(pi_k p(x | k)) is -d^2 / 2 of the nearest.
 */
export function lookOnThreads(dataset: Dataset, metric: Float64Array, context: Context): Look {
  const { nSamples, nFeatures } = dataset;
  const passes = new ThreadPasses(dataset, { coordinates: 'standardised' }, false, context);
  const found = new Float64Array(2 * nSamples);
  return async (candidates, signal) => {
    const nComponents = candidates.length / nFeatures;
    const tables = {
      kind: 'diagonal',
      nComponents,
      sumsLength: 0,
      cutoff: 0,
      constants: new Float64Array(nComponents),
      origins: candidates,
      whitening: metric,
      whiteningStride: 0,
    } as const;
    const job = { what: 'nearest', tables, firstSample: 0, endSample: nSamples } as const;
    await passes.list(job, found, signal, 0, 2);
    for (let i = 0; i < found.length; i += 2) found[i] *= -2;
    return found;
  };
}
