import { expect, test } from 'vitest';
import { createContext, GaussianMixture } from '../src/index.ts';
import { hashgen } from './support/hashgen.ts';

test('100,000 samples take stepwise EM three passes to where EM is after more than ten', async () => {
  const nSamples = 100_000;
  const nComponents = 4;
  const { data } = hashgen({
    seed: 11,
    n: nSamples,
    k: nComponents,
    d: 2,
    kind: 'full',
    sep: 2.5,
    corr: 0.5,
    smin: 0.4,
    smax: 1,
  });
  const samples = { data, nSamples, nFeatures: 2 };
  const context = await createContext({ backend: 'cpu' });
  // from given starts, samples as means: whatever finds starts elsewhere
  for (const first of [100, 200]) {
    const options = {
      nComponents,
      weightsInit: [0.25, 0.25, 0.25, 0.25],
      meansInit: data.slice(2 * first, 2 * (first + nComponents)),
      covariancesInit: Array.from({ length: nComponents }, () => [1, 0, 0, 1]).flat(),
      context,
    };
    const em = await GaussianMixture.fit(samples, { ...options, tol: 1e-5, maxIter: 60 });
    expect(em.converged).toBe(true);
    const passes = em.lowerBounds.findIndex((bound) => bound > em.lowerBound - 1e-3) + 1;
    expect(passes).toBeGreaterThan(10);
    const stepwise = await GaussianMixture.fit(samples, {
      ...options,
      algorithm: 'stepwise',
      tol: 0,
      maxIter: 3,
    });
    // the third pass is the full E-step that the bound is of
    expect(stepwise.nIter).toBe(3);
    expect(em.lowerBound - stepwise.lowerBound).toBeLessThan(1e-3);
  }
  context.dispose();
});
