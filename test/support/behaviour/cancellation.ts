import { describe, expect, test } from 'vitest';
import { createDataset, GaussianMixture, type FitStep } from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();
const { data } = hashgen({
  seed: 2,
  n: 60000,
  k: 6,
  d: 6,
  kind: 'full',
  sep: 1,
  corr: 0.5,
  smin: 0.5,
  smax: 1.5,
});
const large = { data, nSamples: 60000, nFeatures: 6 };

/** Watching a fit, and stopping it. */
export function describeCancellation(backend: 'cpu' | 'webgpu'): void {
  describe(`watching and stopping a fit, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const options = { nComponents: 3, seed: 1, tol: 0, maxIter: 6 };

    test('onIteration sees every iteration once, with the mixture after it', async () => {
      const steps: FitStep<GaussianMixture>[] = [];
      const mixture = await GaussianMixture.fit(samples, {
        ...options,
        context: side.context,
        onIteration: (step) => steps.push(step),
      });
      expect(steps.map(({ iteration }) => iteration)).toEqual([1, 2, 3, 4, 5, 6]);
      expect(steps.map(({ lowerBound }) => lowerBound)).toEqual(Array.from(mixture.lowerBounds));
      expect(steps.at(-1)!.mixture.means).toEqual(mixture.means);
      expect(steps[0].mixture.means).not.toEqual(mixture.means);
      for (const { milliseconds, restart } of steps) {
        expect(milliseconds).toBeGreaterThan(0);
        expect(restart).toBe(0);
      }
      expect(steps[3].change).toBeCloseTo(steps[3].lowerBound - steps[2].lowerBound, 12);
    });

    test('fitSteps gives the start, then every iteration, and ends with the mixture of fit', async () => {
      const steps: FitStep<GaussianMixture>[] = [];
      const generator = GaussianMixture.fitSteps(samples, {
        ...options,
        nInit: 2,
        context: side.context,
      });
      let last = await generator.next();
      for (; !last.done; last = await generator.next()) steps.push(last.value);
      const iterations = steps.map(({ restart, iteration }) => `${restart} ${iteration}`);
      // in lockstep: one of each in turn
      const expected = [0, 1, 2, 3, 4, 5, 6].flatMap((t) =>
        [0, 1].map((restart) => `${restart} ${t}`),
      );
      expect(iterations).toEqual(expected);
      const fitted = await GaussianMixture.fit(samples, {
        ...options,
        nInit: 2,
        context: side.context,
      });
      expect(last.value.means).toEqual(fitted.means);
      expect(largestDifference(last.value.lowerBounds, fitted.lowerBounds)).toBe(0);
    });

    test('leaving the loop of fitSteps frees everything', async () => {
      expect(side.context.liveBuffers).toBe(0);
      for await (const { iteration, mixture } of GaussianMixture.fitSteps(samples, {
        ...options,
        context: side.context,
      })) {
        expect(side.context.liveBuffers > 0).toBe(backend === 'webgpu');
        expect(mixture.weights.length).toBe(3);
        if (iteration === 2) break;
      }
      expect(side.context.liveBuffers).toBe(0);
    });

    test('what onIteration throws ends the fit, and comes out of it', async () => {
      const reason = new Error('enough');
      let calls = 0;
      const error = await rejection(
        GaussianMixture.fit(samples, {
          ...options,
          context: side.context,
          onIteration() {
            calls++;
            throw reason;
          },
        }),
      );
      expect(error).toBe(reason);
      expect(calls).toBe(1);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('a signal that was aborted before stops everything before it starts', async () => {
      const reason = new Error('too late');
      const signal = AbortSignal.abort(reason);
      const at = { context: side.context, signal };
      let chunks = 0;
      const stream = {
        chunks() {
          chunks++;
          return [samples];
        },
      };
      expect(await rejection(GaussianMixture.fit(stream, { ...options, ...at }))).toBe(reason);
      expect(await rejection(createDataset(stream, at))).toBe(reason);
      expect(chunks).toBe(0);
      const mixture = await GaussianMixture.fit(samples, { ...options, context: side.context });
      for (const promise of [
        mixture.predict(samples, at),
        mixture.predictProba(samples, at),
        mixture.scoreSamples(samples, at),
        mixture.score(samples, at),
        mixture.icl(samples, at),
      ]) {
        expect(await rejection(promise)).toBe(reason);
      }
      expect(side.context.liveBuffers).toBe(0);
    });

    test('an abort between iterations rejects with the reason and runs no further iteration', async () => {
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      let iterations = 0;
      const error = await rejection(
        GaussianMixture.fit(samples, {
          ...options,
          maxIter: 1000,
          context: side.context,
          signal: controller.signal,
          onIteration({ iteration }) {
            iterations = iteration;
            if (iteration === 3) controller.abort(reason);
          },
        }),
      );
      expect(error).toBe(reason);
      expect(iterations).toBe(3);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('an abort in the middle of an iteration is heard within a fraction of it', async () => {
      const dataset = await createDataset(large, { context: side.context });
      const start = {
        nComponents: 40,
        tol: 0,
        initParams: 'random_from_data' as const,
        context: side.context,
      };
      // the dataset makes its low halves of narrow components' samples on first use, and keeps them
      await GaussianMixture.fit(dataset, { ...start, maxIter: 1 });
      const before = side.context.liveBuffers;
      const controller = new AbortController();
      let iteration = 0;
      let milliseconds = 0;
      let aborted = 0;
      const error = await rejection(
        GaussianMixture.fit(dataset, {
          ...start,
          maxIter: 1000,
          signal: controller.signal,
          onIteration(step) {
            iteration = step.iteration;
            milliseconds = step.milliseconds;
            if (step.iteration !== 2) return;
            setTimeout(() => {
              aborted = performance.now();
              controller.abort();
            }, 0.3 * milliseconds);
          },
        }),
      );
      const waited = performance.now() - aborted;
      expect(error).toBe(controller.signal.reason);
      expect((error as DOMException).name).toBe('AbortError');
      expect(iteration).toBeLessThanOrEqual(3);
      // an iteration takes about a second here; one dispatch, or one stretch of the CPU's loop, tens of milliseconds
      expect(waited).toBeLessThan(Math.max(250, 0.6 * milliseconds));
      expect(side.context.liveBuffers).toBe(before);
      dataset.dispose();
      expect(side.context.liveBuffers).toBe(0);
    });

    test('after an abort the context goes on as if nothing had been', async () => {
      const fresh = await GaussianMixture.fit(samples, { ...options, context: side.context });
      const signal = AbortSignal.timeout(5);
      await rejection(
        GaussianMixture.fit(large, {
          nComponents: 20,
          maxIter: 1000,
          tol: 0,
          context: side.context,
          signal,
        }),
      );
      const after = await GaussianMixture.fit(samples, { ...options, context: side.context });
      expect(after.means).toEqual(fresh.means);
    });
  });
}
