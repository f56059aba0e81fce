import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  createDataset,
  GaussianMixture,
  KMeans,
  PoissonMixture,
  type Context,
  type Dataset,
  type FittedMixture,
  type SampleStream,
} from '../../../src/index.ts';
import { blobSource } from '../../../src/io/blob-source.ts';
import { rawStream } from '../../../src/io/rows-stream.ts';
import { hashgen } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { useSide } from './side.ts';

const N = 3001;
const D = 3;
const gaussians = Float32Array.from(
  hashgen({ seed: 4, n: N, k: 3, d: D, kind: 'full', sep: 4, corr: 0.5, smin: 0.5, smax: 1 }).data,
);
const counts = Float32Array.from(gaussians, (x) => Math.max(0, Math.round(3 * x + 12)));
const bits = Float32Array.from(gaussians, (x, i) => (x + (i % D) > 0 ? 1 : 0));
const holes = Float32Array.from(gaussians, (x, i) => (i % 11 === 3 ? Number.NaN : x));

/** The samples in chunks of `size`. @param weights one a sample */
export function streamOf(
  data: Float32Array,
  size: number,
  weights?: Float64Array,
  nFeatures = D,
): SampleStream {
  const n = data.length / nFeatures;
  return {
    *chunks() {
      for (let i = 0; i < n; i += size) {
        const end = Math.min(n, i + size);
        yield {
          data: data.subarray(i * nFeatures, end * nFeatures),
          nSamples: end - i,
          nFeatures,
          sampleWeights: weights?.subarray(i, end),
        };
      }
    },
  };
}

/** Out of memory in chunks of a size that divides nothing. */
export const outOfMemory = (
  stream: SampleStream,
  context: Context,
  maxChunkSamples = 700,
): Promise<Dataset> => createDataset(stream, { context, memoryLimit: 0, maxChunkSamples });

/** Samples that do not fit the memory limit: every pass reads the stream again. */
export function describeBeyondMemory(backend: 'cpu' | 'webgpu'): void {
  describe(`samples beyond memory, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const near = backend === 'cpu' ? 1e-12 : 1e-6;

    async function both(
      data: Float32Array,
      weights?: Float64Array,
    ): Promise<{ whole: Dataset; stream: Dataset; dispose(): void }> {
      const { context } = side;
      const matrix = { data, nSamples: data.length / D, nFeatures: D };
      const whole = await createDataset(matrix, { context, sampleWeights: weights });
      const stream = await outOfMemory(streamOf(data, 117, weights), context);
      const dispose = (): void => {
        whole.dispose();
        stream.dispose();
      };
      return { whole, stream, dispose };
    }

    function expectSame(a: FittedMixture, b: FittedMixture): void {
      expect(b.nIter).toBe(a.nIter);
      expect(Math.abs(b.lowerBound / a.lowerBound - 1)).toBeLessThan(near);
      for (const name of Object.keys(a.parameters)) {
        const size = Math.max(...a.parameters[name].map(Math.abs));
        expect(largestDifference(a.parameters[name], b.parameters[name]) / size, name).toBeLessThan(
          near,
        );
      }
    }

    async function expectSameAnswers(
      a: FittedMixture,
      whole: Dataset,
      stream: Dataset,
    ): Promise<void> {
      expect(await a.predict(stream)).toEqual(await a.predict(whole));
      expect(
        largestDifference(await a.predictProba(stream), await a.predictProba(whole)),
      ).toBeLessThan(1e-5);
      const scores = await a.scoreSamples(whole);
      expect(largestDifference(await a.scoreSamples(stream), scores)).toBeLessThan(near * 100);
      for (const name of ['score', 'bic', 'aic', 'icl'] as const) {
        expect(Math.abs((await a[name](stream)) / (await a[name](whole)) - 1), name).toBeLessThan(
          near * 10,
        );
      }
    }

    const types =
      backend === 'cpu'
        ? (['full', 'tied', 'diag', 'spherical'] as const)
        : (['full', 'diag'] as const);
    test.each(types)('a fit is that of samples in memory (%s)', async (covarianceType) => {
      const { whole, stream, dispose } = await both(gaussians);
      const inits =
        backend === 'cpu'
          ? (['k-means++', 'kmeans', 'random', 'random_from_data'] as const)
          : (['k-means++'] as const);
      for (const initParams of inits) {
        const options = { nComponents: 3, covarianceType, initParams, seed: 2, nInit: 2 };
        const a = await GaussianMixture.fit(whole, options);
        expectSame(a, await GaussianMixture.fit(stream, options));
        await expectSameAnswers(a, whole, stream);
      }
      dispose();
    });

    test('so are those of other families, and k-means', async () => {
      const options = { nComponents: 2, seed: 1, maxIter: 6, tol: 0 };
      const c = await both(counts);
      const poisson = await PoissonMixture.fit(c.whole, options);
      expectSame(poisson, await PoissonMixture.fit(c.stream, options));
      await expectSameAnswers(poisson, c.whole, c.stream);
      c.dispose();
      const b = await both(bits);
      expectSame(
        await BernoulliMixture.fit(b.whole, options),
        await BernoulliMixture.fit(b.stream, options),
      );
      b.dispose();
      const g = await both(gaussians);
      const k = { nClusters: 3, seed: 3 };
      const [means, again] = [await KMeans.fit(g.whole, k), await KMeans.fit(g.stream, k)];
      expect(again.labels).toEqual(means.labels);
      expect(Math.abs(again.inertia / means.inertia - 1)).toBeLessThan(near);
      g.dispose();
    });

    test('with missing entries, weights, labels and priors, too', async () => {
      const start = { nComponents: 2, seed: 1, maxIter: 4, tol: 0 };
      const weights = Float64Array.from({ length: N }, (_, n) => n % 4);
      const missing = await both(holes, weights);
      expect(missing.stream.missing).toBe(missing.whole.missing);
      expect(missing.stream.totalWeight).toBe(missing.whole.totalWeight);
      // (full covariances with missing entries are computed on the CPU on both sides)
      for (const covarianceType of backend === 'cpu'
        ? (['diag', 'full'] as const)
        : (['diag'] as const)) {
        const options = { ...start, covarianceType };
        expectSame(
          await GaussianMixture.fit(missing.whole, options),
          await GaussianMixture.fit(missing.stream, options),
        );
      }
      missing.dispose();
      const plain = await both(gaussians);
      const labels = Int32Array.from({ length: N }, (_, n) => (n % 10 === 0 ? (n / 10) % 2 : -1));
      for (const more of [{ labels }, { prior: 'mclust' as const }]) {
        const options = { ...start, ...more };
        expectSame(
          await GaussianMixture.fit(plain.whole, options),
          await GaussianMixture.fit(plain.stream, options),
        );
      }
      plain.dispose();
    });

    test('a File is fitted as its numbers are', async () => {
      const { context } = side;
      const file = new File([gaussians], 'x.f32');
      const stream = await outOfMemory(rawStream(blobSource(file), 'f4', D), context);
      const options = {
        nComponents: 2,
        covarianceType: 'diag',
        seed: 1,
        maxIter: 3,
        tol: 0,
      } as const;
      const matrix = { data: gaussians, nSamples: N, nFeatures: D };
      expectSame(
        await GaussianMixture.fit(matrix, { ...options, context }),
        await GaussianMixture.fit(stream, options),
      );
      stream.dispose();
    });

    test('stepwise and incremental EM take chunks for batches, as they come', async () => {
      const stream = await outOfMemory(streamOf(gaussians, 250), side.context, 250);
      const em = await GaussianMixture.fit(stream, { nComponents: 3, seed: 2 });
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const options = { nComponents: 3, seed: 2, algorithm, batchSize: 250, maxIter: 10 };
        const fitted = await GaussianMixture.fit(stream, options);
        expect(Math.abs(fitted.lowerBound - em.lowerBound), algorithm).toBeLessThan(5e-3);
      }
      stream.dispose();
    });

    test('no more than two chunks are there at a time, and buffers are used again', async () => {
      const { context } = side;
      const bytes: number[] = [];
      for (const times of [2, 6]) {
        const data = new Float32Array(gaussians.length * times);
        for (let t = 0; t < times; t++) data.set(gaussians, t * gaussians.length);
        let pulled = 0;
        const source = streamOf(data, 100);
        const counted: SampleStream = {
          *chunks() {
            pulled = 0;
            for (const chunk of source.chunks() as Iterable<
              { nSamples: number } & Parameters<typeof Array.of>
            >) {
              pulled += chunk.nSamples;
              yield chunk as never;
            }
          },
        };
        const dataset = await outOfMemory(counted, context, 500);
        const held: number[] = [];
        // (the sketch, which a small stream is wholly in, aside)
        const before = context.liveBytes;
        const mixture = await GaussianMixture.fit(dataset, {
          nComponents: 2,
          covarianceType: 'diag',
          maxIter: 2,
          onIteration: () => held.push(context.liveBytes - before),
        });
        let ahead = 0;
        await mixture.evaluate(dataset, {}, (seam, parameters) =>
          seam.forEachResponsibilities(parameters, (first) => {
            ahead = Math.max(ahead, pulled - first);
          }),
        );
        // (a source's own chunk may reach beyond ours)
        expect(ahead).toBeGreaterThan(500);
        expect(ahead).toBeLessThanOrEqual(2 * 500 + 100);
        bytes.push(Math.max(...held));
        dispose(dataset, context);
      }
      expect(bytes[0] > 0).toBe(backend === 'webgpu');
      // three times the samples: the same buffers, but for some words of a readback
      expect(Math.abs(bytes[1] - bytes[0])).toBeLessThan(512);
    });
  });
}

function dispose(dataset: Dataset, context: Context): void {
  dataset.dispose();
  expect(context.liveBuffers).toBe(0);
}
