import { describe, expect, test } from 'vitest';
import { openSeam } from '../../../src/em/make-seam.ts';
import { gaussianFixed } from '../../../src/families/gaussian-fixed.ts';
import type { GaussianParameters } from '../../../src/families/gaussian.ts';
import { createDataset, KMeans } from '../../../src/index.ts';
import { loadSamples, readJson, type FixtureSamples } from '../fixtures.ts';
import { hashgen, type HashgenSpec } from '../hashgen.ts';
import { countLabels, flat } from '../numbers.ts';
import { useSide } from './side.ts';

const files = import.meta.glob<string>('../../fixtures/kmeans/*.json', {
  query: '?raw',
  import: 'default',
});

/** A run of scikit-learn, see test/fixtures/kmeans/make.py. */
interface Run {
  readonly data: string;
  readonly generator?: HashgenSpec;
  readonly k: number;
  readonly start?: number[];
  readonly init?: number[][];
  readonly weights?: number[];
  readonly n_iter: number;
  readonly after: Record<string, { centers: number[][]; inertia: number; n_iter: number }>;
  readonly label_counts: number[];
}

const RUNS = [
  'iris',
  'wine',
  'faithful',
  'digits',
  'generated',
  'faithful-weighted',
  'iris-empty',
] as const;

/** The file of a name in test/fixtures/kmeans. */
export const loadKMeansFixture = (name: string): Promise<unknown> =>
  readJson(
    Object.fromEntries(
      Object.entries(files).map(([path, read]) => [path.replace('../../', '../'), read]),
    ),
    'kmeans',
    name,
  );

async function samplesOf({ data, generator }: Run): Promise<FixtureSamples> {
  if (!generator) return loadSamples(data);
  return { data: hashgen(generator).data, nSamples: generator.n, nFeatures: generator.d };
}

/** Chosen rows of samples. */
export const rowsOf = (
  { data, nFeatures }: FixtureSamples,
  samples: readonly number[],
): number[][] => samples.map((n) => [...data.subarray(n * nFeatures, (n + 1) * nFeatures)]);

/** How well centres (as a share of the largest number in them) and inertia agree with float64. */
export const nearBy = (
  backend: 'cpu' | 'webgpu',
): { readonly centers: number; readonly inertia: number } =>
  backend === 'cpu' ? { centers: 1e-7, inertia: 1e-9 } : { centers: 1e-5, inertia: 1e-5 };

/** k-means beside scikit-learn's, and beside EM. */
export function describeKMeansRuns(backend: 'cpu' | 'webgpu'): void {
  describe(`runs of k-means, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const near = nearBy(backend);

    test.each(RUNS)('goes as scikit-learn does, iteration by iteration: %s', async (name) => {
      const run = (await loadKMeansFixture(name)) as Run;
      const of = await samplesOf(run);
      const dataset = await createDataset(of, {
        context: side.context,
        sampleWeights: run.weights,
      });
      const init = run.init ?? rowsOf(of, run.start!);
      let counts: number[] = [];
      for (const [t, expected] of Object.entries(run.after)) {
        const last = Number(t) === run.n_iter;
        const maxIter = last ? 300 : Number(t);
        const fitted = await KMeans.fit(dataset, { nClusters: run.k, init, maxIter });
        const centers = flat(expected.centers);
        const size = Math.max(...centers.map(Math.abs));
        centers.forEach((value, i) => {
          expect(Math.abs(fitted.clusterCenters[i] - value)).toBeLessThan(near.centers * size);
        });
        expect(Math.abs(fitted.inertia / expected.inertia - 1)).toBeLessThan(near.inertia);
        expect([fitted.nIter, fitted.converged]).toEqual([expected.n_iter, last]);
        if (last) counts = countLabels(fitted.labels, run.k);
      }
      expect(counts).toEqual(run.label_counts);
      dataset.dispose();
    });

    test('is EM with one spherical fixed covariance, equal weights and hard assignment', async () => {
      const of = await loadSamples('iris');
      const dataset = await createDataset(of, { context: side.context });
      const family = gaussianFixed('identity');
      const { standardisation } = dataset;
      const nComponents = 4;
      const init = rowsOf(of, [3, 70, 90, 140]);
      const weights = new Float64Array(nComponents).fill(1 / nComponents);
      const given = { weights, means: flat(init), covariances: new Float64Array(0) };
      const seam = await openSeam(dataset, family);
      let parameters: GaussianParameters = family.standardise(given, standardisation);
      for (let t = 1; t <= 6; t++) {
        const { statistics } = await seam.eStep(parameters, undefined, { assignment: 'hard' });
        const options = { regCovar: new Float64Array(4), standardisation };
        parameters = { ...family.mStep(statistics, parameters, options), weights };
        const { means } = family.restore(parameters, standardisation);
        const { clusterCenters } = await KMeans.fit(dataset, {
          nClusters: nComponents,
          init,
          maxIter: t,
          tol: 0,
        });
        means.forEach((mean, i) => {
          expect(Math.abs(clusterCenters[i] - mean)).toBeLessThan(10 * near.inertia);
        });
      }
      const labels = await seam.predict(parameters);
      const fitted = await KMeans.fit(dataset, {
        nClusters: nComponents,
        init,
        maxIter: 6,
        tol: 0,
      });
      expect([...fitted.labels]).toEqual([...labels]);
      seam.dispose();
      dataset.dispose();
    });
  });
}
