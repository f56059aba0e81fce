import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/data/random.ts';
import { findCentres } from '../../../src/em/start-centres.ts';
import { findSeeds } from '../../../src/em/start-seeds.ts';
import { bernoulli } from '../../../src/families/bernoulli.ts';
import type { Family } from '../../../src/families/family.ts';
import { gaussianFamilies } from '../../../src/families/gaussian-types.ts';
import {
  createDataset,
  GaussianMixture,
  type GaussianMixtureOptions,
  type InitParams,
} from '../../../src/index.ts';
import { largestDifference } from '../numbers.ts';
import { useSide } from './side.ts';
import { sixClusters } from './start-kinds.ts';

/** Starts of components that some samples are known to be of. */
export function describeLabelledStarts(backend: 'cpu' | 'webgpu'): void {
  describe(`labelled starts, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const start = (
      options: Omit<GaussianMixtureOptions, 'nComponents'>,
      of: ReturnType<typeof sixClusters>,
    ) => GaussianMixture.fit(of, { nComponents: 6, maxIter: 0, context: side.context, ...options });

    test.each<InitParams>(['kmeans', 'k-means++', 'random_from_data'])(
      "'%s' of a fit begins labelled components where their samples are",
      async (initParams) => {
        const of = sixClusters(300, 12);
        const known = Array.from({ length: 300 }, (_, n) =>
          n % 6 < 2 && n < 60 ? 5 - (n % 6) : -1,
        );
        const found = await start(
          { covarianceType: 'diag', initParams, labels: known, nInit: 2 },
          of,
        );
        // clusters 0 and 1 of the plane, at (0, 0) and (12, 0), are components 5 and 4
        const places = [4, 5].map((k) => Math.abs(Math.round(found.means[2 * k] / 12)));
        expect(places).toEqual([1, 0]);
      },
    );

    test("'random' gives labelled samples to their components", async () => {
      const of = sixClusters(300, 12);
      // a hundred samples, of cluster 0 alone where they are of component 5
      const known = Array.from({ length: 300 }, (_, n) => (n % 6 === 0 ? 5 : n % 6 === 1 ? 4 : -1));
      const options = { covarianceType: 'diag', initParams: 'random' } as const;
      const found = await start({ ...options, labels: known }, of);
      // beside about 33 of elsewhere: fifty at 0, or at 12
      expect(found.means[10]).toBeLessThan(9);
      expect(Math.abs(found.means[8] - 12.5)).toBeLessThan(2);
    });

    test('components with labelled samples start at their mean, the others away from those', async () => {
      const dataset = await createDataset(sixClusters(600, 12), { context: side.context });
      const known = new Int32Array(600).fill(-1);
      // clusters 0 and 3 are known as components 4 and 1, by five samples each
      for (let i = 0; i < 5; i++) {
        known[6 * i] = 4;
        known[6 * i + 3] = 1;
      }
      const row = new Float64Array(2);
      const mean = [0, 0];
      for (let i = 0; i < 5; i++) {
        dataset.readStandardised(6 * i, row);
        mean[0] += row[0] / 5;
        mean[1] += row[1] / 5;
      }
      for (const family of [gaussianFamilies.full, bernoulli()] as unknown as Family[]) {
        const problem = { dataset, family, nComponents: 6, labels: known };
        for (const init of ['k-means++', 'random_from_data'] as const) {
          const { members, standardised } = await findSeeds(problem, init, new Random(1));
          expect([members[4].length, members[1].length]).toEqual([5, 5]);
          expect(largestDifference(standardised.subarray(8, 10), mean)).toBeLessThan(1e-12);
        }
        const { members } = await findSeeds(problem, 'k-means++', new Random(1));
        expect(Array.from(members, (samples) => samples[0] % 6).toSorted((a, b) => a - b)).toEqual([
          0, 1, 2, 3, 4, 5,
        ]);
      }
      // Lloyd's iterations keep labelled samples where they are known to be, however far
      known[1] = 4;
      const centres = await findCentres(
        {
          dataset,
          family: gaussianFamilies.full,
          nComponents: 6,
          labels: known,
        },
        new Random(1),
      );
      const of = [0, 1].map(
        (d) => centres[8 + d] * dataset.columnScales[d] + dataset.columnMeans[d],
      );
      // the hundred of cluster 0, and one of the next cluster, 12 to the right
      const expected = [0, 0];
      for (let n = 0; n < 600; n++) {
        if (n % 6 !== 0 && n !== 1) continue;
        for (const d of [0, 1]) expected[d] += dataset.samples.data![2 * n + d] / 101;
      }
      expect(largestDifference(of, expected)).toBeLessThan(1e-4);
      dataset.dispose();
    });
  });
}
