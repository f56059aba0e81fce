import { expect, test } from 'vitest';
import { createContext, createDataset, GaussianMixture } from '../src/index.ts';
import { AMPLIFIED } from './support/amplified.ts';
import { modelOptions, startOptions } from './support/compare-fixture.ts';
import { loadFixture, loadSamples } from './support/fixtures.ts';
import { relativeDifference } from './support/numbers.ts';

/** Half the spacing of float32 at 1. */
const ROUNDING = 2 ** -24;

test.each(Object.entries(AMPLIFIED))(
  '%s amplifies a float32 rounding of its start beyond 1e-5, and only where the exception says',
  async (id, { first, last, lowerBound }) => {
    const fixture = await loadFixture(id);
    const context = await createContext({ backend: 'cpu' });
    const dataset = await createDataset(await loadSamples(fixture.dataName), { context });
    const model = modelOptions(fixture, context);
    const start = await GaussianMixture.fit(dataset, {
      ...model,
      ...startOptions(fixture),
      maxIter: 0,
    });
    const largest = new Array<number>(fixture.run!.nIter).fill(0);
    for (const seed of [1, 2, 3]) {
      const moved = await GaussianMixture.fit(dataset, {
        ...model,
        weightsInit: start.weights,
        covariancesInit: start.covariances,
        meansInit: start.means.map((mean, i) => {
          const scale = dataset.columnScales[i % fixture.nFeatures];
          return mean + ROUNDING * scale * Math.sin(12.9898 * seed + 78.233 * i);
        }),
        maxIter: fixture.run!.nIter,
      });
      moved.lowerBounds.forEach((bound, t) => {
        const difference = relativeDifference(bound, fixture.run!.meanLogLikelihood[t]);
        largest[t] = Math.max(largest[t], difference);
      });
    }
    expect(Math.max(...largest)).toBeGreaterThan(1e-5);
    expect(Math.max(...largest)).toBeLessThan(lowerBound);
    const parted = [...largest.keys()].filter((t) => largest[t] > 1e-5);
    expect(parted.filter((t) => t < first || t > last)).toEqual([]);
    expect(largest.at(-1)!).toBeLessThan(1e-9);
  },
);
