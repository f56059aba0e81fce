import { describe, expect, test } from 'vitest';
import { Mixture, type MixtureOptions } from '../../src/index.ts';
import { largestDifference } from '../support/numbers.ts';
import type { ContractCase } from './contract-cases.ts';
import type { FitContract } from './contract-fits.ts';
import { drawn } from './contract-problem.ts';

/** What stepwise and incremental EM promise for every family, on one side of the seam. */
export function describeBatches(one: ContractCase, contract: FitContract): void {
  const { family } = one;
  const { backend, contextOf, rounding } = contract;
  const shares = family.missing === 'refused' ? [0] : [0, 0.2];
  // (a software adapter takes its time)
  const brief = backend === 'webgpu';
  describe(`batches of ${one.name}, on the ${backend} backend`, () => {
    const fit = (samples: ReturnType<typeof drawn>, options: Partial<MixtureOptions>) =>
      Mixture.fit(samples, {
        family,
        nComponents: 3,
        seed: 1,
        regCovar: 0,
        tol: 0,
        context: contextOf(),
        ...options,
      });

    test('stepwise EM with all samples in one batch and steps of 1 is EM, to the bit', async () => {
      const samples = drawn(one, 300, { seed: 20, missing: shares.at(-1)! });
      const sampleWeights = Float64Array.from({ length: 300 }, (_, n) => 0.5 + (n % 3));
      const options = { maxIter: 6, sampleWeights, prior: one.priors[0] };
      const em = await fit(samples, options);
      const algorithm = 'stepwise';
      const stepwise = await fit(samples, { ...options, algorithm, batchSize: 300, stepSize: 1 });
      expect(stepwise.lowerBounds).toEqual(em.lowerBounds);
      expect(stepwise.parameters).toEqual(em.parameters);
    });

    test.each(brief ? shares.slice(-1) : shares)(
      'incremental EM has a bound that never falls (missing: %d)',
      async (missing) => {
        const samples = drawn(one, 1300, { seed: 21, missing });
        const [maxIter, batchSize] = brief ? [4, 512] : [12, 260];
        const options = { algorithm: 'incremental', batchSize, maxIter } as const;
        for (const prior of brief ? [one.priors[0]] : [undefined, one.priors[0]]) {
          const { lowerBounds } = await fit(samples, { ...options, prior });
          expect(lowerBounds).toHaveLength(maxIter);
          const falls = lowerBounds.slice(1).map((bound, t) => lowerBounds[t] - bound);
          expect(Math.max(...falls)).toBeLessThan(rounding);
        }
      },
    );

    // what stands above the seam is the same on both of its sides
    if (brief) return;
    test('incremental EM begins with an iteration of EM, and ends no lower than it by a thousandth', async () => {
      const samples = drawn(one, 1300, { seed: 22 });
      const options = { initParams: 'random', maxIter: 12 } as const;
      const em = await fit(samples, options);
      const incremental = await fit(samples, {
        ...options,
        algorithm: 'incremental',
        batchSize: 260,
      });
      const first = Math.abs(incremental.lowerBounds[0] - em.lowerBounds[0]);
      expect(first).toBeLessThan(10 * rounding);
      expect(incremental.lowerBound).toBeGreaterThan(em.lowerBound - 1e-3);
    });

    test('a pass of EM closes a run, whose bound is that of its last E-step', async () => {
      const samples = drawn(one, 1300, { seed: 23 });
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const options = { algorithm, batchSize: 260, seed: 4 };
        const before = await fit(samples, { ...options, maxIter: 5, tol: 0 });
        const last = await fit(samples, { warmStart: before.toJSON(), maxIter: 1 });
        expect(before.lowerBounds).toHaveLength(5);
        // one more iteration of EM does not lose anything
        expect(last.lowerBound).toBeGreaterThan(before.lowerBound - rounding);
        const again = await fit(samples, { ...options, maxIter: 5, tol: 0 });
        expect(again.parameters).toEqual(before.parameters);
        const other = await fit(samples, { ...options, seed: 5, maxIter: 5, tol: 0 });
        expect(largestDifference(other.lowerBounds, before.lowerBounds)).toBeGreaterThan(0);
      }
    });
  });
}
