import { afterAll, describe, expect, test, vi } from 'vitest';
import {
  BernoulliMixture,
  createContext,
  createDataset,
  GaussianMixture,
  KMeans,
  PoissonMixture,
} from '../src/index.ts';

/**
 * The processor's time between two turns of the event loop, all threads of the process together: what a page's main thread would
 * be blocked for at most, on a machine that does nothing else. Unlike the clock it does not count what other processes take.
 */
const turns = vi.hoisted(() => {
  const immediate = globalThis.setImmediate;
  let began = process.cpuUsage();
  let longest = 0;
  const end = (): void => {
    const { user, system } = process.cpuUsage(began);
    longest = Math.max(longest, (user + system) / 1000);
  };
  const begin = (): void => {
    began = process.cpuUsage();
  };
  globalThis.setImmediate = ((resume: () => void) => {
    end();
    return immediate(() => {
      begin();
      resume();
    });
  }) as typeof setImmediate;
  return {
    /** @returns milliseconds */
    async longestDuring(work: () => Promise<unknown>): Promise<number> {
      longest = 0;
      begin();
      await work();
      end();
      return longest;
    },
    restore: () => (globalThis.setImmediate = immediate),
  };
});
afterAll(() => turns.restore());

const nSamples = 1_000_000;
const nFeatures = 8;
const data = new Float32Array(nSamples * nFeatures);
for (let i = 0, state = 1; i < data.length; i++) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  data[i] = state / 2 ** 32 + (Math.floor(i / nFeatures) % 2) * 2;
}
const samples = { data, nSamples, nFeatures };
const counts = { data: Uint8Array.from(data, (value) => value * 4), nSamples, nFeatures };
const bits = { data: counts.data.map((count) => (count > 4 ? 1 : 0)), nSamples, nFeatures };
const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => 1 + (n % 3));
const labels = Int32Array.from({ length: nSamples }, (_, n) => (n % 100 === 0 ? n % 2 : -1));
const responsibilities = new Float64Array(2 * nSamples).fill(0.5);

describe('with 1,000,000 samples no turn of the event loop takes over 50 ms of computing', async () => {
  const context = await createContext({ backend: 'cpu' });
  const dataset = await createDataset(samples, { context });
  const { means, scales } = dataset.standardisation;
  const mixture = GaussianMixture.fromScikitLearn({
    weights_: [0.5, 0.5],
    means_: [[...means], [...means]],
    covariances_: [[...scales], [...scales]],
    covariance_type: 'diag',
  });
  const one = { nComponents: 2, seed: 1, maxIter: 1, tol: 0, context } as const;
  const diag = { ...one, covarianceType: 'diag' } as const;
  const works: Record<string, () => Promise<unknown>> = {
    'a dataset': () => createDataset(samples, { context, sampleWeights }),
    'a fit from k-means++': () => GaussianMixture.fit(dataset, one),
    'a fit from k-means': () => GaussianMixture.fit(dataset, { ...diag, initParams: 'kmeans' }),
    'a fit from samples drawn by weight': () =>
      GaussianMixture.fit(samples, { ...diag, sampleWeights, initParams: 'random_from_data' }),
    'a fit with labels and a default prior': () =>
      GaussianMixture.fit(dataset, { ...one, labels, prior: 'mclust', initParams: 'random' }),
    'a fit from responsibilities': () =>
      GaussianMixture.fit(dataset, { ...diag, responsibilitiesInit: responsibilities }),
    'a fit of bits': () => BernoulliMixture.fit(bits, one),
    'a fit of counts': () => PoissonMixture.fit(counts, one),
    'k-means': () => KMeans.fit(dataset, { nClusters: 2, nInit: 1, maxIter: 1 }),
    predict: () => mixture.predict(dataset),
    predictProba: () => mixture.predictProba(dataset),
    bic: () => mixture.bic(dataset),
    evidence: () => mixture.evidence(dataset, { responsibilities }),
    diagnose: () => mixture.diagnose(dataset),
    impute: () => mixture.impute(dataset),
  };

  test.each(Object.entries(works))('%s', async (_name, work) => {
    expect(await turns.longestDuring(work)).toBeLessThan(50);
  });
});
