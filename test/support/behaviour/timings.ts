import { describe, expect, test } from 'vitest';
import { createDataset, GaussianMixture, type FitTimings } from '../../../src/index.ts';
import { threeClusters, useSide } from './side.ts';

const NAMES = ['check', 'upload', 'compile', 'init', 'firstIteration', 'total'];

/** Where the time until the first iteration goes, as a fit tells it. */
export function describeTimings(backend: 'cpu' | 'webgpu'): void {
  describe(`time to the first iteration, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const options = { nComponents: 3, seed: 1 };

    test('is told in parts, none negative; the device has its own', async () => {
      const { context } = side;
      const { timings } = await GaussianMixture.fit(samples, { ...options, context });
      const { check, upload, compile, init, firstIteration, total } = timings!;
      expect(Object.keys(timings!)).toEqual(NAMES);
      expect(check).toBeGreaterThan(0);
      expect(init).toBeGreaterThan(0);
      expect(firstIteration).toBeGreaterThan(0);
      expect(total).toBeGreaterThanOrEqual(check + init + firstIteration - 1e-6);
      expect(upload > 0).toBe(backend === 'webgpu');
      expect(compile > 0).toBe(backend === 'webgpu');
    });

    test('is 0 where nothing is left to do: samples that are there, kernels from before', async () => {
      const { context } = side;
      const dataset = await createDataset(samples, { context });
      await GaussianMixture.fit(dataset, { ...options, context });
      const { timings } = await GaussianMixture.fit(dataset, options);
      expect(timings).toMatchObject({ check: 0, upload: 0, compile: 0 });
      expect(timings!.total).toBeGreaterThan(0);
      dataset.dispose();
    });

    test('stays as the first iteration left it, whatever follows and however slowly steps are taken', async () => {
      const { context } = side;
      const seen: (FitTimings | undefined)[] = [];
      const called = performance.now();
      let waited = 0;
      for await (const step of GaussianMixture.fitSteps(samples, {
        ...options,
        tol: 0,
        maxIter: 4,
        context,
      })) {
        seen.push(step.mixture.timings);
        const began = performance.now();
        await new Promise((resolve) => setTimeout(resolve, 30));
        waited += performance.now() - began;
      }
      const [start, first, ...later] = seen;
      expect(start!.firstIteration).toBe(0);
      expect(first!.firstIteration).toBeGreaterThan(0);
      for (const timings of later) expect(timings).toEqual(first);
      expect(first!.total).toBeLessThanOrEqual(performance.now() - called - waited);
    });

    test('is unknown of a mixture that no fit here made', async () => {
      const fitted = await GaussianMixture.fit(samples, { ...options, context: side.context });
      expect(GaussianMixture.fromJSON(fitted.toJSON()).timings).toBeUndefined();
    });
  });
}
