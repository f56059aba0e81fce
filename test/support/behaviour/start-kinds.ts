import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/data/random.ts';
import { findCentres } from '../../../src/em/start-centres.ts';
import { findSeeds } from '../../../src/em/start-seeds.ts';
import {
  BernoulliMixture,
  createDataset,
  GaussianMixture,
  KMeans,
  Mixture,
  gaussian,
  independent,
  type GaussianMixtureOptions,
  type InitParams,
} from '../../../src/index.ts';
import { bernoulli } from '../../../src/families/bernoulli.ts';
import type { Family } from '../../../src/families/family.ts';
import { gaussianFamilies } from '../../../src/families/gaussian-types.ts';
import { uniform } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { clusters, potentialOf } from './seeding.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

/** Standard normal-ish noise: twelve uniform numbers less six. */
function noise(i: number): number {
  let sum = -6;
  for (let j = 0; j < 12; j++) sum += uniform(17, j, i);
  return sum;
}

/** Samples about six points of the plane, in turn, `apart` deviations from one another. */
function sixClusters(nSamples: number, apart: number) {
  const data = Float64Array.from({ length: 2 * nSamples }, (_, i) => {
    const n = i >> 1;
    const at = i % 2 === 0 ? n % 3 : Math.floor((n % 6) / 3);
    return apart * at + noise(i);
  });
  return { data, nSamples, nFeatures: 2 };
}

/** The ways to find a start, each for what it promises. */
export function describeStartKinds(backend: 'cpu' | 'webgpu'): void {
  describe(`kinds of starts, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const start = (options: Partial<GaussianMixtureOptions>, of = samples) =>
      GaussianMixture.fit(of, {
        nComponents: 3,
        maxIter: 0,
        context: side.context,
        ...options,
      });

    test("'kmeans' begins with one M-step from the partition by the nearest centre", async () => {
      const dataset = await createDataset(samples);
      const scales = dataset.columnScales;
      for (const covarianceType of ['diag', 'spherical'] as const) {
        const found = await start({ initParams: 'kmeans', covarianceType });
        const distance = (n: number, k: number): number =>
          Math.hypot(
            (samples.data[2 * n] - found.means[2 * k]) / scales[0],
            (samples.data[2 * n + 1] - found.means[2 * k + 1]) / scales[1],
          );
        const labelsInit = Array.from({ length: samples.nSamples }, (_, n) => {
          const all = [0, 1, 2].map((k) => distance(n, k));
          return all.indexOf(Math.min(...all));
        });
        const expected = await start({ labelsInit, covarianceType });
        expect(largestDifference(found.weights, expected.weights)).toBeLessThan(side.near);
        expect(largestDifference(found.means, expected.means)).toBeLessThan(10 * side.near);
        expect(largestDifference(found.covariances, expected.covariances)).toBeLessThan(
          100 * side.near,
        );
      }
    });

    test("'kmeans' has less inertia than k-means++ seeds, and a seed repeats it", async () => {
      const dataset = await createDataset(clusters(), { context: side.context });
      const family = gaussianFamilies.diag;
      const problem = { dataset, family, nComponents: 8 };
      const seeds = await findSeeds(problem, 'k-means++', new Random(2));
      const scaled = clusters().data.map((value, i) => {
        const d = i % dataset.nFeatures;
        return (value - dataset.columnMeans[d]) / dataset.columnScales[d];
      });
      const of = { data: scaled, nSamples: dataset.nSamples, nFeatures: dataset.nFeatures };
      const atSeeds = potentialOf(
        dataset,
        seeds.members.map((one) => one[0]),
      );
      const centres = await findCentres(problem, new Random(2));
      const inertia = -(await KMeans.fromJSON({
        format: 'webgpu-em/k-means',
        version: 1,
        clusterCenters: Array.from({ length: 8 }, (_, k) => [
          ...centres.subarray(5 * k, 5 * k + 5),
        ]),
      }).score(of));
      expect(inertia).toBeLessThan(0.8 * atSeeds);
      expect(await findCentres(problem, new Random(2))).toEqual(centres);
      dataset.dispose();
    });

    test.each<InitParams>(['kmeans', 'k-means++'])(
      "'%s' finds six clusters among 70,000 samples, the same however they are cut",
      async (initParams) => {
        const of = sixClusters(70_000, 12);
        const options = {
          nComponents: 6,
          covarianceType: 'diag',
          maxIter: 0,
          seed: 5,
          initParams,
        } as const;
        const whole = await createDataset(of, { context: side.context });
        const cut = await createDataset(of, { context: side.context, maxChunkSamples: 32_768 });
        const first = await GaussianMixture.fit(whole, options);
        const second = await GaussianMixture.fit(cut, options);
        expect(largestDifference(second.means, first.means)).toBeLessThan(1e-4);
        const found = Array.from(
          { length: 6 },
          (_, k) =>
            `${Math.round(first.means[2 * k] / 12)} ${Math.round(first.means[2 * k + 1] / 12)}`,
        );
        expect(found.toSorted()).toEqual(['0 0', '0 1', '1 0', '1 1', '2 0', '2 1']);
        whole.dispose();
        cut.dispose();
      },
    );

    test.each<InitParams>(['kmeans', 'k-means++', 'random_from_data', 'random'])(
      "'%s' does not see samples of weight 0, nor stumble over missing entries",
      async (initParams) => {
        const { data } = sixClusters(600, 10);
        data.forEach((_, i) => i % 7 === 0 && (data[i] = Number.NaN));
        for (let n = 0; n < 600; n += 5) data.fill(1e9, 2 * n, 2 * n + 2);
        const sampleWeights = Array.from({ length: 600 }, (_, n) => (n % 5 === 0 ? 0 : 1));
        const found = await GaussianMixture.fit(
          { data, nSamples: 600, nFeatures: 2 },
          {
            nComponents: 6,
            covarianceType: 'diag',
            initParams,
            maxIter: 0,
            sampleWeights,
            context: side.context,
          },
        );
        for (const mean of found.means) expect(Math.abs(mean)).toBeLessThan(30);
        const again = await GaussianMixture.fit(
          { data, nSamples: 600, nFeatures: 2 },
          {
            nComponents: 6,
            covarianceType: 'diag',
            initParams,
            maxIter: 0,
            sampleWeights,
            context: side.context,
          },
        );
        expect(again.means).toEqual(found.means);
      },
    );

    test.each<InitParams>(['kmeans', 'k-means++'])(
      "'%s' with fewer different samples than components: a mixture with regCovar, a typed error without",
      async (initParams) => {
        const data = Float64Array.from({ length: 60 }, (_, n) => n % 3);
        const of = { data, nSamples: 60, nFeatures: 1 };
        const options = { nComponents: 5, covarianceType: 'diag', initParams } as const;
        const found = await start({ ...options, maxIter: 5 }, of);
        for (const mean of found.means)
          expect(Math.abs(mean - Math.round(mean))).toBeLessThan(1e-6);
        expect(new Set(Array.from(found.means, Math.round)).size).toBe(3);
        const refused = start({ ...options, regCovar: 0 }, of);
        await expectRefusal(refused, 'COLLAPSED_COMPONENT', /collapsed at the start/);
      },
    );

    test("'kmeans' leaves no probability at 0 or 1, and parts Gaussian columns as a Gaussian does", async () => {
      const rows = Array.from({ length: 300 }, (_, n) =>
        Array.from({ length: 12 }, (_, d) =>
          uniform(3, 1, 12 * n + d) < (d % 3 === n % 3 ? 0.95 : 0.05) ? 1 : 0,
        ),
      );
      const binary = await BernoulliMixture.fit(rows, {
        nComponents: 3,
        initParams: 'kmeans',
        maxIter: 0,
        context: side.context,
      });
      expect(Math.min(...binary.probabilities)).toBeGreaterThan(0.001);
      expect(Math.max(...binary.probabilities)).toBeLessThan(0.999);
      const parted = await binary.predict(rows);
      const pairs = new Set(Array.from(parted, (label, n) => `${label} ${n % 3}`));
      expect(pairs.size).toBeLessThanOrEqual(4);
      const place = await Mixture.fit(sixClusters(300, 20), {
        nComponents: 6,
        family: independent({ place: gaussian(2) }),
        initParams: 'kmeans',
        context: side.context,
      });
      const found = Array.from(place.weights, (weight) => Math.round(300 * weight));
      expect(found).toEqual([50, 50, 50, 50, 50, 50]);
    });

    test.each<InitParams>(['kmeans', 'k-means++', 'random_from_data'])(
      "'%s' of a fit begins labelled components where their samples are",
      async (initParams) => {
        const of = sixClusters(300, 12);
        const known = Array.from({ length: 300 }, (_, n) =>
          n % 6 < 2 && n < 60 ? 5 - (n % 6) : -1,
        );
        const found = await start(
          { nComponents: 6, covarianceType: 'diag', initParams, labels: known, nInit: 2 },
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
      const options = { nComponents: 6, covarianceType: 'diag', initParams: 'random' } as const;
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
