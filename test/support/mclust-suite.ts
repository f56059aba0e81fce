import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Context } from '../../src/index.ts';
import { compareDefaultPrior, compareMclust, type MclustTolerances } from './mclust-compare.ts';
import { loadMclust, mclustIds } from './mclust-fixtures.ts';
import { contextOn } from './context.ts';

export interface MclustSuite {
  readonly backend: 'cpu' | 'webgpu';
  readonly tolerances: MclustTolerances;
}

/** One test a fixture of mclust, on one side of the seam. */
export function describeMclust({ backend, tolerances }: MclustSuite): void {
  describe(`every fixture of mclust, on the ${backend} backend`, () => {
    let context: Context;
    beforeAll(async () => {
      context = await contextOn(backend);
    });
    afterAll(() => {
      expect(context.liveBuffers).toBe(0);
      context.dispose();
    });

    test.each(mclustIds)('%s', async (id) => {
      const failures = await compareMclust(await loadMclust(id), context, tolerances);
      // a run that parts differs ever after: the first lines say where
      expect(failures.slice(0, 12)).toEqual([]);
    });

    test.each(mclustIds.filter((id) => id.endsWith('-prior')))(
      "%s: prior 'mclust' fills in what mclust did",
      async (id) => {
        const difference = await compareDefaultPrior(await loadMclust(id), context);
        expect(difference).toBeLessThan(tolerances.defaultPrior);
      },
    );
  });
}
