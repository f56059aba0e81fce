import { describe, expect, test } from 'vitest';
import { anneal, type AnnealedIteration } from '../src/em/annealing.ts';
import { createDataset } from '../src/em/create-dataset.ts';
import type { Run } from '../src/em/loop.ts';
import { makeSeam } from '../src/em/make-seam.ts';
import { fromResponsibilities } from '../src/em/start-partition.ts';
import { gaussianFull } from '../src/families/gaussian-full.ts';
import { GaussianMixture } from '../src/index.ts';
import { twoInOnePlane } from './support/two-in-one.ts';

const plane = twoInOnePlane();

async function annealed(from: number, factor: number): Promise<AnnealedIteration[]> {
  const dataset = await createDataset(plane.samples);
  const family = gaussianFull;
  const standardisation = dataset.standardisationFor(family);
  const mStepOptions = { regCovar: new Float64Array(2), standardisation, massScale: 1 };
  const problem = { dataset, family, nComponents: 3, mStepOptions };
  const start = await fromResponsibilities(problem, () => (n, row) => {
    row.fill(0.1);
    row[plane.poor[n]] = 0.8;
  });
  const run: Run = {
    ...problem,
    seam: await makeSeam(dataset, family),
    restart: 0,
    tol: 1e-6,
    maxIter: 100,
    previousLowerBound: -Infinity,
  };
  const seen: AnnealedIteration[] = [];
  for await (const iteration of anneal(run, start, { from, factor })) seen.push(iteration);
  return seen;
}

describe('deterministic annealing', () => {
  test('at one temperature the free energy never falls', async () => {
    const seen = await annealed(0.3, 1.4);
    const temperatures = [...new Set(seen.map((step) => step.inverseTemperature))];
    expect(temperatures.length).toBe(4);
    for (const beta of temperatures) {
      const energies = seen
        .filter((step) => step.inverseTemperature === beta)
        .map(({ lowerBound }) => lowerBound);
      expect(energies.length).toBeLessThanOrEqual(50);
      for (let t = 1; t < energies.length; t++) {
        expect(energies[t]).toBeGreaterThan(energies[t - 1] - 1e-12);
      }
    }
  });

  test('at a high temperature the components are nearly one, and part again as it falls', async () => {
    const seen = await annealed(0.1, 1.3);
    const spread = ({ parameters }: AnnealedIteration): number => {
      const { means } = parameters as unknown as { means: Float64Array };
      const xs = [means[0], means[2], means[4]];
      return Math.max(...xs) - Math.min(...xs);
    };
    const hot = seen.findLast((step) => step.inverseTemperature === 0.1)!;
    expect(spread(hot)).toBeLessThan(0.2);
    expect(spread(seen.at(-1)!)).toBeGreaterThan(1);
  });

  test('leaves a maximum with two components in one cluster and one in two', async () => {
    const asked = { nComponents: 3, tol: 1e-6, maxIter: 500 };
    const kept = await GaussianMixture.fit(plane.samples, { ...asked, labelsInit: plane.poor });
    const best = await GaussianMixture.fit(plane.samples, { ...asked, labelsInit: plane.good });
    const annealing = { from: 0.1, factor: 1.3 };
    const left = await GaussianMixture.fit(plane.samples, {
      ...asked,
      annealing,
      labelsInit: plane.poor,
    });
    expect(kept.lowerBound).toBeLessThan(best.lowerBound - 0.02);
    expect(left.lowerBound).toBeGreaterThan(best.lowerBound - 1e-3);
  });
});
