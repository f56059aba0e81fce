import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  GaussianMixture,
  gaussian,
  independent,
  Mixture,
  poisson,
  readMixture,
  type FittedMixture,
  type PartialFitOptions,
} from '../../../src/index.ts';
import type { Parameters } from '../../../src/families/family.ts';
import { hashgen } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { threeClusters, useSide } from './side.ts';

interface Matrix {
  readonly data: Float64Array;
  readonly nSamples: number;
  readonly nFeatures: number;
}

/** Samples first .. end - 1. */
function rows({ data, nFeatures }: Matrix, first: number, end: number): Matrix {
  const part = data.slice(first * nFeatures, end * nFeatures);
  return { data: part, nSamples: end - first, nFeatures };
}

const SEPARATE = {
  seed: 4,
  k: 3,
  d: 2,
  kind: 'diag',
  sep: 6,
  corr: 0,
  smin: 0.5,
  smax: 1,
} as const;
const stationary: Matrix = {
  data: hashgen({ ...SEPARATE, n: 8000 }).data,
  nSamples: 8000,
  nFeatures: 2,
};
const { samples } = threeClusters();

/** Streams: `partialFit`, and what goes along with a mixture from chunk to chunk. */
export function describeStreams(backend: 'cpu' | 'webgpu'): void {
  describe(`a stream, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const scope = () => ({ context: side.context });

    /** Goes on from `first` with the samples from `from` on, in chunks of the given sizes over and over. */
    async function stream<M extends FittedMixture>(
      first: M,
      all: Matrix,
      from: number,
      sizes: readonly number[],
      options: PartialFitOptions = {},
    ): Promise<M> {
      let mixture = first;
      for (let i = 0, at = from; at < all.nSamples; i++) {
        const end = Math.min(all.nSamples, at + sizes[i % sizes.length]);
        mixture = await mixture.partialFit(rows(all, at, end), { ...scope(), ...options });
        at = end;
      }
      return mixture;
    }

    test('gives a new mixture of the same class, and leaves the old one as it is', async () => {
      const first = await GaussianMixture.fit(samples, {
        nComponents: 3,
        covarianceType: 'diag',
        seed: 1,
        ...scope(),
      });
      const means = first.means.slice();
      const next = await first.partialFit(rows(samples, 0, 100));
      expect(next).toBeInstanceOf(GaussianMixture);
      expect(next.covarianceType).toBe('diag');
      expect(first.means).toEqual(means);
      expect(next.means).not.toEqual(means);
      expect([first.nSamplesSeen, next.nSamplesSeen]).toEqual([300, 400]);
      expect(next.nIter).toBe(first.nIter + 1);
      // the chunk's bound, under the mixture that met it
      const score = await first.score(rows(samples, 0, 100));
      expect(Math.abs(next.lowerBound - score)).toBeLessThan(10 * side.near);
      expect(next.contextInfo?.backend).toBe(backend);
    });

    test.each([0, 1e6])(
      'of a single component is the mean and covariance of all, whatever the chunks (offset %d)',
      async (offset) => {
        const moved = { ...samples, data: samples.data.map((value) => value + offset) };
        const options = { nComponents: 1, regCovar: 0, ...scope() };
        const sizes = [7, 1, 40];
        const types = ['full', 'diag'] as const;
        for (const covarianceType of backend === 'cpu'
          ? ([...types, 'tied', 'spherical'] as const)
          : types) {
          const all = await GaussianMixture.fit(moved, { ...options, covarianceType });
          const first = await GaussianMixture.fit(rows(moved, 0, 20), {
            ...options,
            covarianceType,
          });
          const stepSize = { alpha: 1, offset: 1 };
          const found = await stream(first, moved, 20, sizes, { stepSize, regCovar: 0 });
          expect(found.nSamplesSeen).toBe(300);
          const near = side.near * (offset === 0 ? 10 : 100);
          expect(largestDifference(found.means, all.means)).toBeLessThan(near * 10);
          const size = Math.max(...all.covariances);
          expect(largestDifference(found.covariances, all.covariances) / size).toBeLessThan(near);
        }
      },
    );

    test('counts weights, missing entries and a prior once, however many the chunks', async () => {
      const stepSize = { alpha: 1, offset: 1 };
      const sampleWeights = Float64Array.from({ length: 300 }, (_, n) => 0.5 + (n % 4));
      const gaps = { ...samples, data: samples.data.map((x, i) => (i % 7 === 6 ? Number.NaN : x)) };
      // the first chunk, and every other after it, has no gap
      gaps.data.set(samples.data.subarray(0, 200));
      const prior = { kappa: 3, mean: [1, 2], dof: 6, scale: 2 };
      const options = { nComponents: 1, covarianceType: 'diag', regCovar: 0, ...scope() } as const;
      const all = await GaussianMixture.fit(gaps, { ...options, prior, sampleWeights });
      let mixture = await GaussianMixture.fit(rows(gaps, 0, 50), {
        ...options,
        sampleWeights: sampleWeights.subarray(0, 50),
      });
      for (let at = 50; at < 300; at += 50) {
        mixture = await mixture.partialFit(rows(gaps, at, at + 50), {
          stepSize,
          prior,
          sampleWeights: sampleWeights.subarray(at, at + 50),
        });
      }
      expect(mixture.nSamplesSeen).toBeCloseTo(
        sampleWeights.reduce((a, b) => a + b),
        9,
      );
      expect(largestDifference(mixture.means, all.means)).toBeLessThan(20 * side.near);
      const size = Math.max(...all.covariances);
      const difference = largestDifference(mixture.covariances, all.covariances);
      expect(difference / size).toBeLessThan(10 * side.near);
    });

    test('that is stationary comes to what a fit of all of it finds', async () => {
      const mixed = shuffled(stationary);
      const rates = Float64Array.of(2, 15, 9, 4, 20, 20);
      const drawn = new Mixture(
        poisson(),
        { weights: Float64Array.of(0.3, 0.3, 0.4), rates } as Parameters,
        2,
      );
      const counts = shuffled(drawn.sample(8000, { seed: 3 }).samples);
      const [one, two] = [poisson(), independent({ a: gaussian(), b: gaussian() })];
      for (const [family, all] of [
        [gaussian(), mixed],
        [one, counts],
        [two, mixed],
      ] as const) {
        const options = { family, nComponents: 3, seed: 2, ...scope() };
        const batch = await Mixture.fit(all, { ...options, tol: 1e-6, maxIter: 100 });
        const first = await Mixture.fit(rows(all, 0, 400), options);
        const found = await stream(first, all, 400, [400]);
        const lost = (await batch.score(all)) - (await found.score(all));
        expect(lost, family.name).toBeLessThan(3e-3);
        expect(lost).toBeLessThan(((await batch.score(all)) - (await first.score(all))) / 2);
      }
    });

    test('that drifts is followed by a constant step, which forgets', async () => {
      const truth = (shift: number) =>
        GaussianMixture.fromScikitLearn({
          covariance_type: 'spherical',
          weights_: [0.3, 0.3, 0.4],
          means_: [
            [shift, shift],
            [20 + shift, shift],
            [shift, 20 + shift],
          ],
          covariances_: [1, 1, 1],
        });
      let [following, averaging] = [truth(0), truth(0)];
      for (let i = 1; i <= 12; i++) {
        const chunk = truth(Math.min(3, i / 2)).sample(500, { seed: i }).samples;
        following = await following.partialFit(chunk, { ...scope(), stepSize: 0.5 });
        const stepSize = { alpha: 1, offset: 1 };
        averaging = await averaging.partialFit(chunk, { ...scope(), stepSize });
      }
      const wanted = truth(3).means;
      // six chunks after the drift, 3 / 2^6 of its last steps is left, and a standard error of 0.05;
      // the average of all twelve lags by 0.625
      expect(largestDifference(following.means, wanted)).toBeLessThan(0.2);
      expect(largestDifference(averaging.means, wanted)).toBeGreaterThan(0.5);
    });

    test('stops and resumes through JSON, with the same numbers', async () => {
      const all = shuffled(stationary);
      const fits = [
        GaussianMixture.fit(rows(all, 0, 300), {
          nComponents: 3,
          covarianceType: 'diag',
          ...scope(),
        }),
        GaussianMixture.fit(rows(all, 0, 300), {
          nComponents: 3,
          covarianceType: 'fixed',
          fixedCovariance: [1, 0.2, 0.2, 1],
          ...scope(),
        }),
        BernoulliMixture.fit(binary(rows(all, 0, 300)), {
          nComponents: 2,
          prior: { a: 2, b: 2 },
          ...scope(),
        }),
      ];
      for (const [i, fit] of fits.entries()) {
        const form = i === 2 ? binary : (matrix: Matrix) => matrix;
        const options = { ...scope(), ...(i === 2 && { prior: { a: 2, b: 2 } }) };
        let [going, resumed]: FittedMixture[] = [await fit, await fit];
        for (let at = 300; at < 1200; at += 300) {
          const chunk = form(rows(all, at, at + 300));
          going = await going.partialFit(chunk, options);
          resumed = readMixture(JSON.parse(JSON.stringify(resumed)));
          resumed = await resumed.partialFit(chunk, options);
        }
        expect(resumed.parameters).toEqual(going.parameters);
        expect(resumed.nSamplesSeen).toBe(1200);
        expect(resumed.toJSON()).toEqual(going.toJSON());
      }
    });

    test('takes a single sample, and a chunk that is a dataset of scikit-learn’s making', async () => {
      const first = GaussianMixture.fromScikitLearn({
        covariance_type: 'diag',
        weights_: [0.5, 0.5],
        means_: [
          [0, 0],
          [8, 8],
        ],
        covariances_: [
          [1, 1],
          [1, 1],
        ],
      });
      expect(first.nSamplesSeen).toBe(0);
      const next = await first.partialFit([[0.5, 0]], { ...scope(), stepSize: 0.2 });
      // sum of 0.5 x 0.8 and 1 x 0.2 for the component that the sample is of
      expect(next.weights[0]).toBeCloseTo(0.6, 6);
      expect(next.means[0]).toBeCloseTo((0.2 * 0.5) / 0.6, 6);
      expect(largestDifference(next.means.slice(2), [8, 8])).toBeLessThan(1e-5);
    });
  });
}

/** The samples in another order: they come by component or nearly so. */
function shuffled({ data, nSamples, nFeatures }: Matrix): Matrix {
  const out = new Float64Array(data.length);
  for (let n = 0; n < nSamples; n++) {
    const from = ((n * 1231) % nSamples) * nFeatures;
    out.set(data.subarray(from, from + nFeatures), n * nFeatures);
  }
  return { data: out, nSamples, nFeatures };
}

const binary = (matrix: Matrix): Matrix => ({
  ...matrix,
  data: matrix.data.map((value) => (value > 0 ? 1 : 0)),
});
