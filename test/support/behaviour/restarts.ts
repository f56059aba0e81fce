import { describe, expect, test } from 'vitest';
import {
  GaussianMixture,
  PoissonMixture,
  type FitStep,
  type MixtureError,
} from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { expectRefusal, rejection, useSide } from './side.ts';

/** Many restarts of one fit. */
export function describeRestarts(backend: 'cpu' | 'webgpu'): void {
  describe(`restarts, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const nSamples = 600;
    const { data } = hashgen({
      seed: 8,
      n: nSamples,
      k: 6,
      d: 3,
      kind: 'full',
      sep: 2.5,
      corr: 0.5,
      smin: 0.5,
      smax: 1.5,
    });
    const samples = { data, nSamples, nFeatures: 3 };
    const options = { nComponents: 6, seed: 5, tol: 1e-4, maxIter: 40 };

    test.each([
      ['full', 64],
      ['tied', 12],
      ['diag', 12],
      ['spherical', 12],
    ] as const)(
      'in lockstep, each is to the bit what it is alone (%s, %i restarts)',
      async (covarianceType, nInit) => {
        const asked = { ...options, covarianceType, context: side.context };
        const together = await GaussianMixture.fit(samples, { ...asked, nInit });
        expect(together.restarts.length).toBe(nInit);
        for (const index of [0, 5, nInit - 1]) {
          const { seed, lowerBounds, converged } = together.restarts[index];
          expect(seed).toBe(5 + index);
          const alone = await GaussianMixture.fit(samples, { ...asked, seed });
          expect(alone.lowerBounds).toEqual(lowerBounds);
          expect(alone.converged).toBe(converged);
          expect(together.lowerBound).toBeGreaterThanOrEqual(alone.lowerBound);
        }
        const best = together.restarts.map(({ lowerBounds }) => lowerBounds.at(-1)!);
        expect(together.lowerBound).toBe(Math.max(...best));
        // they end at different times
        expect(new Set(together.restarts.map(({ nIter }) => nIter)).size).toBeGreaterThan(1);
      },
      300_000,
    );

    test('dropRestarts ends those that fall behind, and no other', async () => {
      const asked = { ...options, nInit: 16, tol: 0, maxIter: 20, context: side.context };
      const all = await GaussianMixture.fit(samples, asked);
      const halved = await GaussianMixture.fit(samples, { ...asked, dropRestarts: true });
      const dropped = halved.restarts.filter((restart) => restart.dropped);
      expect(all.restarts.some((restart) => restart.dropped)).toBe(false);
      // after 4, 8 and 16 iterations
      const lengths = dropped.map(({ nIter }) => nIter).sort((a, b) => a - b);
      expect(lengths).toEqual([4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 16, 16]);
      halved.restarts.forEach(({ lowerBounds, nIter }, i) => {
        expect(lowerBounds).toEqual(all.restarts[i].lowerBounds.slice(0, nIter));
      });
      const fourth = all.restarts.map(({ lowerBounds }) => lowerBounds[3]).sort((a, b) => b - a);
      for (const { lowerBounds } of dropped.filter(({ nIter }) => nIter === 4)) {
        expect(lowerBounds[3]).toBeLessThanOrEqual(fourth[8]);
      }
      expect(halved.lowerBounds.length).toBe(20);
      expect(halved.lowerBound).toBeGreaterThanOrEqual(all.restarts[0].lowerBounds.at(-1)! - 0.1);
    });

    test('dropRestarts waits for restarts that are still annealing', async () => {
      const mixture = await GaussianMixture.fit(samples, {
        ...options,
        nInit: 6,
        annealing: true,
        dropRestarts: true,
        context: side.context,
      });
      for (const { dropped, nIter } of mixture.restarts) {
        expect(!dropped || nIter >= 4).toBe(true);
      }
      expect(mixture.restarts.some(({ dropped }) => !dropped)).toBe(true);
    });

    test('where all collapse the error has the reason of each', async () => {
      const points = Array.from({ length: 12 }, (_, n) => [n % 3, 7]);
      const error = await rejection(
        GaussianMixture.fit(points, {
          nComponents: 3,
          nInit: 4,
          regCovar: 0,
          seed: 2,
          context: side.context,
        }),
      );
      const { code, message, details } = error as MixtureError;
      expect(code).toBe('COLLAPSED_COMPONENT');
      expect(message).toMatch(/None of 4 restarts succeeded/);
      const reasons = details['restarts'] as { seed: number; error: MixtureError }[];
      expect(reasons.map(({ seed }) => seed)).toEqual([2, 3, 4, 5]);
      for (const reason of reasons) expect(reason.error.code).toBe('COLLAPSED_COMPONENT');
    });

    test('an abort between two of them frees everything', async () => {
      const controller = new AbortController();
      const seen: FitStep[] = [];
      const error = await rejection(
        GaussianMixture.fit(samples, {
          ...options,
          nInit: 8,
          signal: controller.signal,
          context: side.context,
          onIteration: (step) => {
            seen.push(step);
            if (step.iteration === 3 && step.restart === 4) controller.abort(new Error('enough'));
          },
        }),
      );
      expect((error as Error).message).toBe('enough');
      expect(seen.filter(({ iteration }) => iteration === 3).length).toBeLessThanOrEqual(8);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('of another family run together, too', async () => {
      const counts = Array.from({ length: 200 }, (_, n) => [
        Math.floor(3 * Math.abs(data[3 * n])),
        n % 4,
      ]);
      const asked = { nComponents: 3, maxIter: 15, tol: 0, context: side.context };
      const together = await PoissonMixture.fit(counts, { ...asked, nInit: 5 });
      const alone = await PoissonMixture.fit(counts, { ...asked, seed: 3 });
      expect(together.restarts[3].lowerBounds).toEqual(alone.lowerBounds);
    });

    test('dropRestarts that is no truth value is refused', async () => {
      await expectRefusal(
        GaussianMixture.fit(samples, { ...options, dropRestarts: 1 as unknown as boolean }),
        'INVALID_OPTION',
        /dropRestarts/,
      );
    });
  });
}
