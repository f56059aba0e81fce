import { describe, expect, test } from 'vitest';
import { Random } from '../../../src/data/random.ts';
import { parallelSeeds } from '../../../src/em/parallel-seeds.ts';
import { filledRows } from '../../../src/em/start-points.ts';
import { createDataset, type Dataset } from '../../../src/index.ts';
import { hashgen, type HashgenSpec } from '../hashgen.ts';
import { loadKMeansFixture } from './k-means-runs.ts';
import { useSide } from './side.ts';

const nSamples = 9000;
const nFeatures = 5;
const nComponents = 12;

/** Clusters of 9,000 samples in five columns, unlike in scale. */
export function clusters(): { data: Float64Array; nSamples: number; nFeatures: number } {
  const { data } = hashgen({
    seed: 5,
    n: nSamples,
    k: nComponents,
    d: nFeatures,
    kind: 'full',
    sep: 8,
    corr: 0.3,
    smin: 0.5,
    smax: 1,
  });
  return { data: data.map((value, i) => value * 10 ** (i % nFeatures)), nSamples, nFeatures };
}

/** sum_n s_n d_n^2 in standardised units, missing entries at the column's mean. */
export async function potentialOf(dataset: Dataset, seeds: ArrayLike<number>): Promise<number> {
  const width = dataset.nFeatures;
  const rows = await filledRows(dataset, seeds);
  const all = await filledRows(
    dataset,
    Array.from({ length: dataset.nSamples }, (_, n) => n),
  );
  let potential = 0;
  for (let n = 0; n < dataset.nSamples; n++) {
    let least = Infinity;
    for (let k = 0; k < seeds.length; k++) {
      let square = 0;
      for (let d = 0; d < width; d++) square += (all[n * width + d] - rows[k * width + d]) ** 2;
      least = Math.min(least, square);
    }
    potential += least * (dataset.relativeWeights?.[n] ?? 1);
  }
  return potential;
}

/** k-means|| over all samples, as either side of the seam computes it. */
export function describeSeeding(backend: 'cpu' | 'webgpu'): void {
  describe(`k-means||, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const seedsOf = (
      dataset: Dataset,
      count: number,
      seed: number,
      given = new Float64Array(0),
    ): Promise<number[]> => {
      const metric = new Float64Array(dataset.nFeatures).fill(1);
      return parallelSeeds({ dataset, given, count, metric }, new Random(seed));
    };

    test("is as good as scikit-learn's greedy k-means++ on all samples, over ten seeds", async () => {
      const { generator, k, potentials } = (await loadKMeansFixture('plus-plus')) as {
        generator: HashgenSpec;
        k: number;
        potentials: number[];
      };
      const { data } = hashgen(generator);
      const of = { data, nSamples: generator.n, nFeatures: generator.d };
      const dataset = await createDataset(of, { context: side.context });
      let total = 0;
      for (let seed = 0; seed < 10; seed++) {
        total += await potentialOf(dataset, await seedsOf(dataset, k, seed));
      }
      const theirs = potentials.reduce((sum, value) => sum + value, 0) / potentials.length;
      expect(total / 10 / theirs).toBeLessThan(1.05);
      dataset.dispose();
    });

    test('chooses the same samples for a seed however the data is cut, and others for another', async () => {
      const whole = await createDataset(clusters(), { context: side.context });
      const cut = await createDataset(clusters(), { context: side.context, maxChunkSamples: 4096 });
      const seeds = await seedsOf(whole, nComponents, 3);
      expect(await seedsOf(cut, nComponents, 3)).toEqual(seeds);
      expect(await seedsOf(whole, nComponents, 4)).not.toEqual(seeds);
      expect(new Set(seeds).size).toBe(nComponents);
      whole.dispose();
      cut.dispose();
    });

    test('never chooses a sample of weight 0, and chooses a heavy one', async () => {
      const { data } = clusters();
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => n % 3);
      // far from the others, so that a seed belongs there; but the first does not count
      data.fill(1e7, 0, nFeatures);
      data.fill(-1e7, nFeatures, 2 * nFeatures);
      sampleWeights[1] = 50;
      const dataset = await createDataset(
        { data, nSamples, nFeatures },
        { context: side.context, sampleWeights },
      );
      for (let seed = 0; seed < 5; seed++) {
        const seeds = await seedsOf(dataset, nComponents, seed);
        expect(seeds.filter((n) => sampleWeights[n] === 0)).toEqual([]);
        expect(seeds).toContain(1);
      }
      dataset.dispose();
    });

    test('finds each of a few different samples, and goes on where there are no more', async () => {
      const data = Float64Array.from({ length: 600 }, (_, n) => (n * 7) % 5);
      const dataset = await createDataset(
        { data, nSamples: 600, nFeatures: 1 },
        { context: side.context },
      );
      const five = await seedsOf(dataset, 5, 0);
      expect(five.map((n) => data[n]).toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
      const eight = await seedsOf(dataset, 8, 0);
      expect(eight.length).toBe(8);
      expect(new Set(eight.map((n) => data[n])).size).toBe(5);
      dataset.dispose();
    });

    test('with as many seeds as samples takes each once', async () => {
      const data = Float64Array.from({ length: 80 }, (_, i) => Math.sin(i * i));
      const dataset = await createDataset(
        { data, nSamples: 40, nFeatures: 2 },
        { context: side.context },
      );
      const seeds = await seedsOf(dataset, 40, 1);
      expect(seeds.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, n) => n));
      dataset.dispose();
    });

    test('keeps away from seeds that are given', async () => {
      const data = Float64Array.from({ length: 3000 }, (_, n) => (n % 3) * 100 + Math.sin(n));
      const dataset = await createDataset(
        { data, nSamples: 3000, nFeatures: 1 },
        { context: side.context },
      );
      const given = Float64Array.of(0, (data[1] - data[0]) / dataset.columnScales[0]);
      const [chosen] = await seedsOf(dataset, 1, 2, given.map(Math.abs));
      // 0 and +1.2 deviations are taken: what is left is the lowest cluster
      expect(chosen % 3).toBe(0);
      dataset.dispose();
    });

    test('tells clusters apart that lie closer together than float32 resolves from far away', async () => {
      // two groups 2e9 apart, each of three clusters 10 apart: in float32 a group is one value
      // (more numbers than are sent as pairs from the first)
      const count = 66_000;
      const width = 64;
      const data = Float64Array.from({ length: count }, (_, n) => {
        const cluster = n % 6;
        return (cluster < 3 ? -1e9 : 1e9) + (cluster % 3) * 10 + Math.sin(n) * 0.01;
      });
      const wide = new Float64Array(count * width);
      data.forEach((value, n) => (wide[n * width] = value));
      const dataset = await createDataset(
        { data: wide, nSamples: count, nFeatures: width },
        { context: side.context },
      );
      const seeds = await seedsOf(dataset, 6, 1);
      expect(new Set(seeds.map((n) => n % 6)).size).toBe(6);
      dataset.dispose();
    });
  });
}
