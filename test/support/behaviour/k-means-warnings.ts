import { describe, expect, test } from 'vitest';
import { KMeans, type KMeansOptions } from '../../../src/index.ts';
import { threeClusters, useSide } from './side.ts';

/** What k-means warns of. */
export function describeKMeansWarnings(backend: 'cpu' | 'webgpu'): void {
  describe(`warnings of k-means, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const fit = (options: Partial<KMeansOptions> = {}, of = samples) =>
      KMeans.fit(of, { nClusters: 3, context: side.context, ...options });

    test('says where it did not converge, or found fewer clusters than were asked for', async () => {
      const one = await fit({ nClusters: 3, maxIter: 1, tol: 0 });
      expect(one.warnings.map(({ code }) => code)).toEqual(['NOT_CONVERGED']);
      const few = { data: Float64Array.of(1, 1, 1, 1, 5, 5, 5, 5), nSamples: 4, nFeatures: 2 };
      const two = await fit({ nClusters: 3 }, few);
      const [warning] = two.warnings;
      expect([warning.code, warning.details]).toEqual([
        'FEW_DISTINCT_CLUSTERS',
        { found: 2, nClusters: 3 },
      ]);
      expect((await fit({ nClusters: 3 })).warnings).toEqual([]);
    });
  });
}
