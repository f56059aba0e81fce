import { describe, expect, test } from 'vitest';
import { GaussianMixture, MixtureError } from '../../../src/index.ts';
import { countLabels, largestDifference } from '../numbers.ts';
import { COVARIANCE_TYPES } from '../problems.ts';
import { knownMixture } from './known-mixture.ts';
import { rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** Samples drawn from a mixture, and mixtures kept as JSON. */
export function describeKeeping(backend: 'cpu' | 'webgpu'): void {
  describe(`drawing from a mixture and keeping it, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (covarianceType: (typeof COVARIANCE_TYPES)[number]) =>
      GaussianMixture.fit(samples, {
        nComponents: 3,
        covarianceType,
        seed: 1,
        nInit: 3,
        context: side.context,
      });

    test.each(COVARIANCE_TYPES)(
      'samples have its proportions, means and covariances, %s',
      (type) => {
        const mixture = knownMixture(type);
        const { samples: drawn, labels: components } = mixture.sample(20000, { seed: 5 });
        expect([drawn.nSamples, drawn.nFeatures, drawn.data.length]).toEqual([20000, 2, 40000]);
        expect(components.every((label, n) => n === 0 || label >= components[n - 1])).toBe(true);
        const counts = countLabels(components, 2);
        expect(counts[0] / 20000).toBeCloseTo(0.25, 1);
        for (const k of [0, 1]) {
          const rows = Array.from(components.keys()).filter((n) => components[n] === k);
          const column = (d: number): number[] => rows.map((n) => drawn.data[2 * n + d]);
          const mean = [0, 1].map((d) => column(d).reduce((a, b) => a + b, 0) / rows.length);
          const c = mixture.covariances;
          const expected = {
            full: c.slice(4 * k, 4 * k + 4),
            tied: c,
            diag: [c[2 * k], 0, 0, c[2 * k + 1]],
            spherical: [c[k], 0, 0, c[k]],
          }[type];
          for (const d of [0, 1])
            expect(Math.abs(mean[d] - mixture.means[2 * k + d])).toBeLessThan(0.1);
          const columns = [column(0), column(1)];
          expect(columns[0].length).toBe(counts[k]);
          expect(Math.abs(varianceOf(columns[0]) - expected[0])).toBeLessThan(0.15);
          expect(Math.abs(varianceOf(columns[1]) - expected[3])).toBeLessThan(0.15);
          expect(Math.abs(covarianceOf(columns) - expected[1])).toBeLessThan(0.15);
        }
      },
    );

    test('any number of samples from 1 up, seeded; none or a half are refused', () => {
      const mixture = knownMixture('full');
      for (let n = 1; n < 100; n++) {
        const { samples: drawn, labels: components } = mixture.sample(n, { seed: n });
        expect([drawn.data.length, components.length]).toEqual([2 * n, n]);
      }
      expect(mixture.sample().labels.length).toBe(1);
      expect(mixture.sample(9, { seed: 4 })).toEqual(mixture.sample(9, { seed: 4 }));
      expect(mixture.sample(9, { seed: 4 })).not.toEqual(mixture.sample(9, { seed: 5 }));
      for (const count of [0, -1, 2.5, Number.NaN]) {
        expect(() => mixture.sample(count)).toThrow(/sample\(\)/);
      }
    });

    test.each(COVARIANCE_TYPES)('JSON brings back the same mixture, %s', async (type) => {
      const mixture = await fit(type);
      const text = JSON.stringify(mixture);
      const copy = GaussianMixture.fromJSON(JSON.parse(text));
      for (const name of ['weights', 'means', 'covariances', 'lowerBounds'] as const) {
        expect(copy[name]).toEqual(mixture[name]);
      }
      for (const name of ['covarianceType', 'converged', 'nIter', 'lowerBound'] as const) {
        expect(copy[name]).toBe(mixture[name]);
      }
      expect(JSON.stringify(copy)).toBe(text);
      expect(GaussianMixture.fromJSON(text).means).toEqual(mixture.means);
      const scores = await copy.scoreSamples(samples, { context: side.context });
      const expected = await mixture.scoreSamples(samples, { context: side.context });
      expect(largestDifference(scores, expected)).toBe(0);
      const start = await GaussianMixture.fit(samples, {
        nComponents: 3,
        maxIter: 0,
        context: side.context,
      });
      expect(GaussianMixture.fromJSON(JSON.stringify(start)).lowerBound).toBe(-Infinity);
    });

    test('what is no mixture is refused with what is wrong', async () => {
      const plain = (await fit('full')).toJSON();
      const spoil = (change: object): unknown => ({ ...plain, ...change });
      const cases: [unknown, RegExp][] = [
        ['{', /JSON/],
        [null, /no Gaussian mixture/],
        [{}, /no Gaussian mixture/],
        [spoil({ version: 99 }), /version 99/],
        [spoil({ covarianceType: 'banana' }), /banana/],
        [spoil({ means: [] }), /means/],
        [spoil({ weights: [1] }), /weights.*3/],
        [spoil({ weights: [0.5, 0.5, 0.5] }), /weights sum to 1\.5/],
        [spoil({ weights: [1.5, -0.25, -0.25] }), /negative/],
        [spoil({ covariances: plain.covariances.slice(1) }), /covariances.*3, 2, 2/],
        [spoil({ means: [[1, '2'], ...plain.means.slice(1)] }), /means/],
        [{ weights_: [1], means_: [[0]], covariances_: [[[1]]] }, /covariance_type/],
      ];
      for (const [value, message] of cases) {
        const error = await rejection(
          Promise.resolve().then(() => GaussianMixture.fromJSON(value)),
        );
        expect(error).toBeInstanceOf(MixtureError);
        expect([(error as MixtureError).code, (error as MixtureError).message]).toEqual([
          'INVALID_MODEL',
          expect.stringMatching(message),
        ]);
      }
    });
  });
}

function varianceOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

function covarianceOf([a, b]: readonly number[][]): number {
  const sum = a.map((value, n) => value + b[n]);
  return (varianceOf(sum) - varianceOf(a) - varianceOf(b)) / 2;
}
