import { describe, expect, test } from 'vitest';
import { centreParameters, openLloydSeam, unitMetric } from '../../../src/em/lloyd.ts';
import {
  createDataset,
  KMeans,
  MixtureError,
  type KMeansOptions,
  type KMeansStep,
} from '../../../src/index.ts';
import { loadSamples, type FixtureSamples } from '../fixtures.ts';
import { hashgen } from '../hashgen.ts';
import { flat } from '../numbers.ts';
import { nearBy, rowsOf } from './k-means-runs.ts';
import { expectRefusal, rejection, threeClusters, useSide } from './side.ts';

/** sum_n s_n min_k |x_n - c_k|^2 in float64, in the samples' own units. */
function inertiaIn64(
  { data, nSamples, nFeatures }: FixtureSamples,
  centers: ArrayLike<number>,
): number {
  let inertia = 0;
  for (let n = 0; n < nSamples; n++) {
    let least = Infinity;
    for (let k = 0; k * nFeatures < centers.length; k++) {
      let square = 0;
      for (let d = 0; d < nFeatures; d++) {
        square += (data[n * nFeatures + d] - centers[k * nFeatures + d]) ** 2;
      }
      least = Math.min(least, square);
    }
    inertia += least;
  }
  return inertia;
}

/** k-means as a public class. */
export function describeKMeans(backend: 'cpu' | 'webgpu'): void {
  describe(`k-means, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();
    const fit = (options: Partial<KMeansOptions> = {}, of: FixtureSamples = samples) =>
      KMeans.fit(of, { nClusters: 3, context: side.context, ...options });
    const near = nearBy(backend);

    test('tells of every iteration, in which the inertia never rises, and keeps the best restart', async () => {
      const of = await loadSamples('wine');
      const steps: KMeansStep[] = [];
      const fitted = await fit(
        { nClusters: 5, nInit: 4, seed: 3, onIteration: (step) => steps.push(step) },
        of,
      );
      expect(fitted.restarts.map(({ seed }) => seed)).toEqual([3, 4, 5, 6]);
      expect(fitted.inertia).toBe(Math.min(...fitted.restarts.map(({ inertia }) => inertia)));
      for (const [restart, { nIter }] of fitted.restarts.entries()) {
        const own = steps.filter((step) => step.restart === restart);
        expect(own.map(({ iteration }) => iteration)).toEqual(
          Array.from({ length: nIter }, (_, t) => t + 1),
        );
        own.slice(1).forEach(({ inertia }, t) => {
          expect(inertia).toBeLessThanOrEqual(own[t].inertia * (1 + near.inertia));
        });
        expect(own.at(-1)!.converged).toBe(true);
      }
    });

    test('finds clusters that are apart, in their own units whatever their scale', async () => {
      const { labels } = threeClusters();
      const fitted = await fit({ seed: 1 });
      const pairs = new Set(Array.from(labels, (label, n) => `${label} ${fitted.labels[n]}`));
      expect(pairs.size).toBe(3);
      const again = await fit({ seed: 1 });
      expect(again.clusterCenters).toEqual(fitted.clusterCenters);
      // a column of noise 1000 times as wide is what counts now
      const data = samples.data.map((value, i) => (i % 2 === 0 ? value : Math.sin(i * i) * 1e5));
      const wide = await fit({ seed: 1, nClusters: 2 }, { ...samples, data });
      expect(Math.sign(wide.clusterCenters[1])).toBe(-Math.sign(wide.clusterCenters[3]));
    });

    test('has the inertia of its centres to 1e-6, on data 1e6 from zero too', async () => {
      const data = samples.data.map((value) => value + 1e6);
      for (const of of [samples, { ...samples, data }]) {
        const fitted = await fit({}, of);
        const exact = inertiaIn64(of, fitted.clusterCenters);
        expect(Math.abs(fitted.inertia / exact - 1)).toBeLessThan(1e-6);
        expect(Math.abs((await fitted.score(of)) / -exact - 1)).toBeLessThan(1e-6);
      }
    });

    test('tells clusters apart that lie closer together than float32 resolves from far away', async () => {
      // two groups 2e9 apart, each of three clusters 10 apart; more numbers than are sent as pairs whatever they are
      const nSamples = 66_000;
      const nFeatures = 64;
      const data = new Float64Array(nSamples * nFeatures);
      for (let n = 0; n < nSamples; n++) {
        const cluster = n % 6;
        data[n * nFeatures] = (cluster < 3 ? -1e9 : 1e9) + (cluster % 3) * 10 + Math.sin(n) * 0.01;
      }
      const fitted = await fit({ nClusters: 6 }, { data, nSamples, nFeatures });
      const pairs = new Set(Array.from(fitted.labels, (label, n) => `${label} ${n % 6}`));
      expect(pairs.size).toBe(6);
      const exact = inertiaIn64({ data, nSamples, nFeatures }, fitted.clusterCenters);
      // 64 bits of 1e9 are 1e-7 apart, and so are centres
      expect(Math.abs(fitted.inertia / exact - 1)).toBeLessThan(1e-4);
    });

    test('with one cluster has the mean, and with as many as samples no inertia', async () => {
      const one = await fit({ nClusters: 1 });
      for (const d of [0, 1]) {
        const column = samples.data.filter((_, i) => i % 2 === d);
        const mean = column.reduce((sum, value) => sum + value, 0) / samples.nSamples;
        expect(Math.abs(one.clusterCenters[d] - mean)).toBeLessThan(10 * near.inertia);
      }
      const few = { ...samples, data: samples.data.subarray(0, 40), nSamples: 20 };
      for (const init of ['k-means++', 'random'] as const) {
        const all = await fit({ nClusters: 20, init }, few);
        expect(all.inertia).toBeLessThan(near.inertia);
        expect(new Set(all.labels).size).toBe(20);
        expect(all.converged).toBe(true);
      }
    });

    test('with fewer different samples than clusters has one at each', async () => {
      const data = Float64Array.from({ length: 60 }, (_, n) => n % 3);
      const fitted = await fit({ nClusters: 6 }, { data, nSamples: 60, nFeatures: 1 });
      // (a centre is a pair of float32 on a device)
      expect(fitted.inertia).toBeLessThan(1e-24);
      expect(fitted.converged).toBe(true);
      const centers = new Set(
        Array.from(fitted.clusterCenters, (center) => Math.abs(center).toFixed(6)),
      );
      expect([...centers].toSorted()).toEqual(['0.000000', '1.000000', '2.000000']);
      const same = await fit({ nClusters: 2 }, { data: data.fill(5), nSamples: 60, nFeatures: 1 });
      expect([...same.clusterCenters, same.inertia]).toEqual([5, 5, 0]);
    });

    test('gives centres without samples the farthest ones', async () => {
      const init = [
        [0, 0],
        [1e4, 1e4],
        [1e4, -1e4],
      ];
      const data = Float64Array.of(0, 0, 0, 1, 1, 0, 9, 0, 0, -7);
      const of = { data, nSamples: 5, nFeatures: 2 };
      const first = await fit({ init, maxIter: 1 }, of);
      const expected = [1 / 3, 1 / 3, 9, 0, 0, -7];
      expected.forEach((value, i) => {
        expect(Math.abs(first.clusterCenters[i] - value)).toBeLessThan(10 * near.inertia);
      });
      const { inertia } = await fit({ init }, of);
      expect(Math.abs(inertia - 4 / 3)).toBeLessThan(10 * near.inertia);
    });

    test('takes a weight of 2 for the sample twice, and one of 0 for none', async () => {
      const weights = Array.from({ length: samples.nSamples }, (_, n) => n % 3);
      const numbers = weights.flatMap((weight, n) => Array.from({ length: weight }, () => n));
      const repeated = {
        data: flat(rowsOf(samples, numbers)),
        nSamples: numbers.length,
        nFeatures: 2,
      };
      const init = rowsOf(samples, [1, 4, 200]);
      const weighted = await fit({ init, sampleWeights: weights, tol: 0 });
      const expected = await fit({ init, tol: 0 }, repeated);
      weighted.clusterCenters.forEach((value, i) => {
        expect(Math.abs(value - expected.clusterCenters[i])).toBeLessThan(10 * near.inertia);
      });
      expect(Math.abs(weighted.inertia / expected.inertia - 1)).toBeLessThan(near.inertia);
    });

    test('labels, measures and scores new samples', async () => {
      const fitted = await fit();
      expect([...(await fitted.predict(samples))]).toEqual([...fitted.labels]);
      const at = { data: fitted.clusterCenters, nSamples: 3, nFeatures: 2 };
      expect([...(await fitted.predict(at))]).toEqual([0, 1, 2]);
      // a single sample has no spread of its own
      const one = { data: fitted.clusterCenters.subarray(2, 4), nSamples: 1, nFeatures: 2 };
      expect([...(await fitted.predict(one))]).toEqual([1]);
      const distances = await fitted.transform(at);
      expect(distances.length).toBe(9);
      for (let j = 0; j < 3; j++) {
        for (let k = 0; k < 3; k++) {
          const [x, y] = fitted.clusterCenters.subarray(2 * j, 2 * j + 2);
          const [a, b] = fitted.clusterCenters.subarray(2 * k, 2 * k + 2);
          expect(Math.abs(distances[3 * j + k] - Math.hypot(x - a, y - b))).toBeLessThan(1e-12);
        }
      }
      expect(Math.abs((await fitted.score(samples)) / fitted.inertia + 1)).toBeLessThan(
        near.inertia,
      );
    });

    test('comes back from JSON as it was', async () => {
      const fitted = await fit();
      const read = KMeans.fromJSON(JSON.stringify(fitted));
      expect(read.clusterCenters).toEqual(fitted.clusterCenters);
      expect(read).toMatchObject({
        nClusters: 3,
        nFeatures: 2,
        inertia: fitted.inertia,
        nIter: fitted.nIter,
        converged: true,
      });
      expect([...(await read.predict(samples, { context: side.context }))]).toEqual([
        ...fitted.labels,
      ]);
      const error = ((): unknown => {
        try {
          return KMeans.fromJSON({ ...fitted.toJSON(), clusterCenters: [[1, 2], [3]] });
        } catch (thrown) {
          return thrown;
        }
      })();
      expect(error).toBeInstanceOf(MixtureError);
      expect((error as MixtureError).code).toBe('INVALID_MODEL');
    });

    test('refuses what it cannot use, by name', async () => {
      const invalid: [Partial<Record<keyof KMeansOptions | 'n_clusters', unknown>>, RegExp][] = [
        [{ nClusters: 0 }, /nClusters must be a whole number, at least 1, but is 0/],
        [{ nClusters: 2.5 }, /nClusters/],
        [{ nInit: 0 }, /nInit/],
        [{ maxIter: 0 }, /maxIter/],
        [{ tol: -1 }, /tol/],
        [{ tol: Number.NaN }, /tol/],
        [{ init: 'kmeans' }, /init is kmeans/],
        [{ init: [[0, 0]] }, /init should have the shape \(3, 2\)/],
        [
          {
            init: [
              [0, 0],
              [1, Number.NaN],
              [2, 2],
            ],
          },
          /init holds NaN/,
        ],
        [{ n_clusters: 3 }, /There is no option n_clusters/],
      ];
      for (const [options, message] of invalid) {
        await expectRefusal(fit(options as Partial<KMeansOptions>), 'INVALID_OPTION', message);
      }
      await expectRefusal(
        fit({ nClusters: 301 }),
        'TOO_FEW_SAMPLES',
        /300 samples for 301 clusters/,
      );
      const data = samples.data.slice();
      data[7] = Number.NaN;
      await expectRefusal(
        fit({}, { ...samples, data }),
        'NON_FINITE',
        /Sample 3, column 1 is missing \(NaN\), which k-means does not allow/,
        { sample: 3, column: 1 },
      );
      const fitted = await fit();
      await expectRefusal(fitted.predict({ ...samples, data }), 'NON_FINITE', /Sample 3/);
      const three = { data: new Float64Array(9), nSamples: 3, nFeatures: 3 };
      await expectRefusal(fitted.predict(three), 'FEATURE_MISMATCH', /3 features/);
    });

    test('stops at an abort, and at what onIteration throws', async () => {
      const controller = new AbortController();
      const aborted = fit({
        signal: controller.signal,
        onIteration: () => controller.abort(new Error('enough')),
      });
      expect(String(await rejection(aborted))).toMatch(/enough/);
      const thrown = fit({
        onIteration: () => {
          throw new Error('my own');
        },
      });
      expect(String(await rejection(thrown))).toMatch(/my own/);
    });

    test('sees no difference between one chunk and several', async () => {
      const generator = {
        seed: 9,
        n: 9000,
        k: 5,
        d: 3,
        kind: 'full',
        sep: 6,
        corr: 0.3,
        smin: 0.5,
        smax: 1,
      } as const;
      const of = { data: hashgen(generator).data, nSamples: 9000, nFeatures: 3 };
      const cut = await createDataset(of, { context: side.context, maxChunkSamples: 4096 });
      const whole = await fit({ nClusters: 5 }, of);
      const parts = await KMeans.fit(cut, { nClusters: 5 });
      expect(Math.abs(parts.inertia / whole.inertia - 1)).toBeLessThan(near.inertia);
      expect(parts.labels).toEqual(whole.labels);
      cut.dispose();
    });

    test('its distances are those of the samples, not of the columns scaled alike', async () => {
      const dataset = await createDataset(samples, { context: side.context });
      const { metric, unit } = unitMetric(dataset);
      dataset.columnScales.forEach((scale, d) => {
        expect(Math.abs((metric[d] * unit) / scale - 1)).toBeLessThan(1e-12);
      });
      const seam = await openLloydSeam(dataset);
      const centres = Float64Array.of(0, 0, 0.1, 0, 0, 0.1);
      const labels = await seam.predict(await centreParameters({ dataset, metric }, centres));
      const [sx, sy] = dataset.columnScales;
      const row = new Float64Array(2);
      labels.forEach((label, n) => {
        dataset.readStandardised(n, row);
        const squares = [0, 1, 2].map(
          (k) => ((row[0] - centres[2 * k]) * sx) ** 2 + ((row[1] - centres[2 * k + 1]) * sy) ** 2,
        );
        expect(squares[label]).toBeLessThanOrEqual(Math.min(...squares) * (1 + 1e-5));
      });
      seam.dispose();
      dataset.dispose();
    });
  });
}
