import { describe, expect, test } from 'vitest';
import {
  gaussian,
  GaussianMixture,
  independent,
  Mixture,
  PoissonMixture,
} from '../../../src/index.ts';
import { useSide } from './side.ts';

/** Clusters of standard deviation 1, `apart` apart, in turn. */
function clusters(nSamples: number, count: number, apart: number): number[][] {
  const { samples } = GaussianMixture.fromScikitLearn({
    covariance_type: 'spherical',
    weights_: [1],
    means_: [[0, 0]],
    covariances_: [1],
  }).sample(nSamples, { seed: 31 });
  const { data } = samples;
  return Array.from({ length: nSamples }, (_, n) => {
    const k = n % count;
    return [data[2 * n] + apart * (k % 3), data[2 * n + 1] + apart * Math.floor(k / 3)];
  });
}

/** Default starts on data that ask something of them. */
export function describeStarts(backend: 'cpu' | 'webgpu'): void {
  describe(`default starts, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const seeds = backend === 'cpu' ? [0, 1, 2, 3, 4, 5] : [0, 1];

    test('an outlier does not hide the clusters beside it', async () => {
      const rows = [...clusters(200, 2, 8), [1e4, 1e4]];
      for (const seed of seeds) {
        const mixture = await GaussianMixture.fit(rows, {
          nComponents: 3,
          seed,
          context: side.context,
        });
        const masses = Array.from(mixture.weights, (weight) => Math.round(weight * 201));
        expect(masses.sort((a, b) => a - b)).toEqual([1, 100, 100]);
      }
    });

    test('a sample of weight 0 is as good as not there', async () => {
      const rows = [[1], [1.2], [1.1], [5], [5.3], [5.1]];
      const options = { nComponents: 2, context: side.context };
      const alone = await GaussianMixture.fit(rows, options);
      const beside = await GaussianMixture.fit([...rows, [1e6]], {
        ...options,
        sampleWeights: [1, 1, 1, 1, 1, 1, 0],
      });
      const sorted = (means: Float64Array): number[] => Array.from(means).sort((a, b) => a - b);
      sorted(beside.means).forEach((mean, i) =>
        expect(mean).toBeCloseTo(sorted(alone.means)[i], 4),
      );
      const prior = 'mclust';
      const believed = await GaussianMixture.fit(rows, { ...options, prior });
      const weighed = await GaussianMixture.fit([...rows, [1e6]], {
        ...options,
        prior,
        sampleWeights: [1, 1, 1, 1, 1, 1, 0],
      });
      expect(weighed.logPrior).toBeCloseTo(believed.logPrior, 3);
    });

    test('Gaussian columns of an independent family part clusters as a Gaussian mixture does', async () => {
      const rows = clusters(400, 6, 30);
      for (const seed of seeds) {
        const options = { nComponents: 6, seed, context: side.context };
        const plain = await GaussianMixture.fit(rows, { ...options, covarianceType: 'diag' });
        const family = independent({ place: gaussian(2) });
        const mixed = await Mixture.fit(rows, { ...options, family });
        expect(mixed.lowerBound).toBeCloseTo(plain.lowerBound, 2);
      }
    });

    test('nulls of an Arrow table are missing, not 0', async () => {
      // what apache-arrow does: the raw values of a primitive column, and its validity apart
      const values = Float64Array.of(1, 2, 0, 9, 3, 0);
      const column = {
        length: 6,
        nullCount: 2,
        toArray: () => values,
        get: (n: number) => (n === 2 || n === 5 ? null : values[n]),
      };
      const table = { numRows: 6, schema: { fields: [{ name: 'a' }] }, getChild: () => column };
      const mixture = await PoissonMixture.fit(table, { nComponents: 1, context: side.context });
      expect(mixture.rates[0]).toBeCloseTo(3.75, 5);
      expect(mixture.warnings[0].message).toMatch(/2 of 6 entries are missing/);
    });
  });
}
