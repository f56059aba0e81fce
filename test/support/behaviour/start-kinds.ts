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
  PoissonMixture,
  gaussian,
  independent,
  type GaussianMixtureOptions,
  type InitParams,
} from '../../../src/index.ts';
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
export function sixClusters(nSamples: number, apart: number) {
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
      const atSeeds = await potentialOf(
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

    test("'random' begins where float64 on the CPU does, in several chunks and with missing entries too", async () => {
      const { data } = sixClusters(9001, 12);
      const nSamples = 9001;
      data.forEach((_, i) => i % 13 === 0 && (data[i] = Number.NaN));
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => n % 3);
      const labels = Int32Array.from({ length: nSamples }, (_, n) => (n % 50 === 0 ? 2 : -1));
      const options = { sampleWeights, maxChunkSamples: 4096 };
      const here = await createDataset(
        { data, nSamples, nFeatures: 2 },
        { ...options, context: side.context },
      );
      const there = await createDataset({ data, nSamples, nFeatures: 2 }, options);
      for (const covarianceType of ['diag', 'spherical'] as const) {
        const fit = {
          nComponents: 5,
          covarianceType,
          initParams: 'random',
          maxIter: 0,
          labels,
          seed: 9,
        } as const;
        const found = await GaussianMixture.fit(here, fit);
        const expected = await GaussianMixture.fit(there, fit);
        expect(largestDifference(found.weights, expected.weights)).toBeLessThan(side.near);
        expect(largestDifference(found.means, expected.means)).toBeLessThan(20 * side.near);
        expect(largestDifference(found.covariances, expected.covariances)).toBeLessThan(
          300 * side.near,
        );
      }
      here.dispose();
      there.dispose();
      // counts, which the kernels read as they are
      const counts = Array.from({ length: 500 }, (_, n) => [1000 + (n % 7), n % 3, n % 11]);
      const families = { initParams: 'random', nComponents: 4, maxIter: 0, seed: 2 } as const;
      const onSide = await PoissonMixture.fit(counts, { ...families, context: side.context });
      const onCpu = await PoissonMixture.fit(await createDataset(counts), families);
      onSide.rates.forEach((rate, i) => {
        expect(Math.abs(rate / onCpu.rates[i] - 1)).toBeLessThan(20 * side.near);
      });
    });
  });
}
