import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GaussianMixture, MixtureError, type Context } from '../../src/index.ts';
import { AMPLIFIED } from './amplified.ts';
import { compareFixture, modelOptions, startOptions, type Comparison } from './compare-fixture.ts';
import type { Tolerances } from './compare-fixture.ts';
import { plannedIterations } from './fixture-plan.ts';
import { fixtureIds, loadFixture, loadSamples } from './fixtures.ts';
import { contextOn } from './context.ts';

export interface FixtureSuite {
  readonly backend: 'cpu' | 'webgpu';
  /** Worker threads of the CPU side; default 0, the reference. */
  readonly threads?: number;
  /** Default: all. */
  readonly ids?: readonly string[];
  readonly tolerances: Tolerances;
  /** Multiply-adds to spend on one fixture; see `plannedIterations`. */
  readonly budget: number;
  /** Given all comparisons when the last is done. */
  readonly report: (comparisons: readonly Comparison[], context: Context) => Promise<void>;
}

/** One test a fixture: every Gaussian fixture, on one side of the seam. */
export function describeFixtures(suite: FixtureSuite): void {
  const { backend, threads = 0, ids = fixtureIds, tolerances, budget, report } = suite;
  const side = threads > 0 ? `${threads} threads` : `the ${backend} backend`;
  describe(`every fixture of scikit-learn, on ${side}`, () => {
    let context: Context;
    const comparisons: Comparison[] = [];
    beforeAll(async () => {
      context = await contextOn(backend, { threads });
    });
    afterAll(async () => {
      expect(context.liveBuffers).toBe(0);
      await report(comparisons, context);
      context.dispose();
    });

    test.each(ids)('%s', async (id) => {
      const fixture = await loadFixture(id);
      if (!fixture.run) {
        await expectCollapse(id, context);
        return;
      }
      const least = fixture.nSamples >= 1_000_000 ? 2 : 12;
      const iterations = plannedIterations(fixture, budget, least);
      const amplification = backend === 'webgpu' ? AMPLIFIED[id] : undefined;
      const comparison = await compareFixture(
        fixture,
        context,
        tolerances,
        iterations,
        amplification,
      );
      comparisons.push(comparison);
      // a run that parts differs ever after: the first lines say where
      expect(comparison.failures.slice(0, 12)).toEqual([]);
    });
  });
}

/** In exact arithmetic a covariance is singular: the fit must say so, and say which. */
async function expectCollapse(id: string, context: Context): Promise<void> {
  const fixture = await loadFixture(id);
  const samples = await loadSamples(fixture.dataName);
  const fit = GaussianMixture.fit(samples, {
    ...modelOptions(fixture, context),
    ...startOptions(fixture),
    maxIter: 100,
  });
  const error: unknown = await fit.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(MixtureError);
  const { code, details } = error as MixtureError;
  expect(code).toBe('COLLAPSED_COMPONENT');
  expect(details['component']).toBeTypeOf('number');
  expect(details['smallestPivot']).toBeTypeOf('number');
  expect(details['restart']).toBe(0);
}
