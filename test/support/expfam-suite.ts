import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Context } from '../../src/index.ts';
import { compareExpfam, type ExpfamTolerances } from './expfam-compare.ts';
import { expfamIds, loadExpfam } from './expfam-fixtures.ts';
import { FLOAT32_RANGE } from './expfam-range.ts';
import { contextOn } from './context.ts';

export interface ExpfamSuite {
  readonly backend: 'cpu' | 'webgpu';
  readonly tolerances: ExpfamTolerances;
  /** Entries of samples times components (N D K) to spend on one fixture, over its iterations; at least 3 are run. */
  readonly budget: number;
}

/** One test an exponential-family fixture, on one side of the seam. */
export function describeExpfam({ backend, tolerances, budget }: ExpfamSuite): void {
  describe(`every exponential-family fixture, on the ${backend} backend`, () => {
    let context: Context;
    beforeAll(async () => {
      context = await contextOn(backend);
    });
    afterAll(() => {
      expect(context.liveBuffers).toBe(0);
      context.dispose();
    });

    test.each(expfamIds)('%s', async (id) => {
      const fixture = await loadExpfam(id);
      const { nSamples, nFeatures, nComponents, run } = fixture;
      const affordable = Math.floor(budget / (nSamples * nFeatures * nComponents));
      const iterations = Math.min(run.nIter, Math.max(3, affordable));
      const compared = backend === 'webgpu' ? (FLOAT32_RANGE[id] ?? iterations) : iterations;
      const comparison = await compareExpfam(fixture, context, tolerances, iterations, compared);
      // a run that parts differs ever after: the first lines say where
      expect(comparison.failures.slice(0, 12)).toEqual([]);
    });
  });
}
