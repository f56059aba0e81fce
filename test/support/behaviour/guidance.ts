import { describe, expect, test } from 'vitest';
import { BernoulliMixture, GaussianMixture } from '../../../src/index.ts';
import { hashgen, uniform } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { expectRefusal, useSide } from './side.ts';

/** Semi-supervised fits, and hard assignment. */
export function describeGuidance(backend: 'cpu' | 'webgpu'): void {
  describe(`what is known of the components, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const nSamples = 400;
    const { data: near, labels: truth } = hashgen({
      seed: 4,
      n: nSamples,
      k: 2,
      d: 2,
      kind: 'full',
      sep: 1,
      corr: 0.3,
      smin: 0.8,
      smax: 1.2,
    });
    const data = near.map((value, i) => value + (i % 2 === 0 ? 3.5 * truth[i >> 1] : 0));
    const samples = { data, nSamples, nFeatures: 2 };
    /** Every tenth sample's label, the components' names exchanged. */
    const labels = Int32Array.from(truth, (label, n) => (n % 10 === 0 ? 1 - label : -1));
    const options = { nComponents: 2, tol: 1e-6, maxIter: 300 };
    const fit = (more: object): Promise<GaussianMixture> =>
      GaussianMixture.fit(samples, { ...options, ...more, context: side.context });

    test('all labels known: one M-step, the moments of each class', async () => {
      const all = Int32Array.from(truth, (label) => 1 - label);
      const mixture = await fit({ labels: all, regCovar: 0 });
      for (const k of [0, 1]) {
        const rows = [...all.keys()].filter((n) => all[n] === k);
        expect(mixture.weights[k]).toBeCloseTo(rows.length / nSamples, 6);
        for (const d of [0, 1]) {
          const mean = rows.reduce((sum, n) => sum + data[2 * n + d], 0) / rows.length;
          expect(Math.abs(mixture.means[2 * k + d] - mean)).toBeLessThan(side.near * 10);
          const variance =
            rows.reduce((sum, n) => sum + (data[2 * n + d] - mean) ** 2, 0) / rows.length;
          const found = mixture.covariances[4 * k + 3 * d];
          expect(Math.abs(found / variance - 1)).toBeLessThan(side.near * 10);
        }
      }
      // nothing is left to find: the bound is the complete one, sum ln pi_z p(x | z)
      expect(mixture.converged).toBe(true);
      expect(mixture.nIter).toBeLessThanOrEqual(3);
    });

    test.each([0, 1, 2, 3])(
      'some labels known: the components are those, whatever the seed (%d)',
      async (seed) => {
        const mixture = await fit({ labels, seed });
        const found = await mixture.predict(samples, { context: side.context });
        const agreeing = truth.reduce((sum, label, n) => sum + (found[n] === 1 - label ? 1 : 0), 0);
        expect(agreeing / nSamples).toBeGreaterThan(0.85);
        for (const k of [0, 1]) {
          const known = labels.filter((label) => label === k).length;
          expect(mixture.weights[k] * nSamples).toBeGreaterThan(known);
        }
        const bounds = mixture.lowerBounds;
        for (let t = 1; t < bounds.length; t++)
          expect(bounds[t]).toBeGreaterThan(bounds[t - 1] - 1e-5);
      },
    );

    test('a label holds a sample in a component however far it is', async () => {
      const far = [...data, 60, 60];
      const given = { data: Float64Array.from(far), nSamples: nSamples + 1, nFeatures: 2 };
      const mixture = await GaussianMixture.fit(given, {
        ...options,
        labels: [...labels, 0],
        covarianceType: 'tied',
        context: side.context,
      });
      const free = await GaussianMixture.fit(given, {
        ...options,
        labels: [...labels.map(() => -1), -1],
        covarianceType: 'tied',
        context: side.context,
      });
      const variance = (one: GaussianMixture): number => one.covariances[0];
      expect(variance(mixture)).toBeGreaterThan(3);
      // (unheld, it has a component to itself)
      expect(variance(free)).toBeLessThan(variance(mixture));
      expect(Math.min(...free.weights)).toBeCloseTo(1 / (nSamples + 1), 4);
    });

    test('labels and rows of componentPriors with a single 1 are the same', async () => {
      const rows = Array.from(labels, (label) => [label === 1 ? 0 : 3, label === 0 ? 0 : 3]);
      const start = { labelsInit: truth, maxIter: 5, tol: 0 };
      const byLabels = await fit({ labels, ...start });
      const byRows = await fit({ componentPriors: rows, ...start });
      expect(largestDifference(byRows.lowerBounds, byLabels.lowerBounds)).toBeLessThan(side.near);
      expect(largestDifference(byRows.means, byLabels.means)).toBeLessThan(side.near);
    });

    test('componentPriors that prefer nothing change nothing, whatever their scale', async () => {
      const priors = Array.from({ length: nSamples }, (_, n) => [
        10 ** ((n % 600) - 300),
        10 ** ((n % 600) - 300),
      ]);
      const plain = await fit({ seed: 3 });
      const same = await fit({ seed: 3, componentPriors: priors });
      expect(largestDifference(same.lowerBounds, plain.lowerBounds)).toBe(0);
      expect(same.means).toEqual(plain.means);
    });

    test.each(['k-means++', 'kmeans', 'random_from_data', 'random'] as const)(
      'a start (%s) gives the components the names that componentPriors prefer',
      async (initParams) => {
        const componentPriors = Array.from(truth, (label) =>
          label === 1 ? [0.8, 0.2] : [0.2, 0.8],
        );
        for (const seed of [0, 1, 2]) {
          const mixture = await fit({ componentPriors, initParams, seed });
          const found = await mixture.predict(samples, { context: side.context });
          const right = truth.reduce((sum, label, n) => sum + (found[n] === 1 - label ? 1 : 0), 0);
          expect(right / nSamples).toBeGreaterThan(0.9);
        }
      },
    );

    test('componentPriors tip the balance where samples do not', async () => {
      // one cluster in two halves: who is where is the prior's word
      const rows = Array.from({ length: 100 }, (_, n) => [Math.sin(n * 12.9898) * 2]);
      const componentPriors = rows.map((_, n) => (n % 2 === 0 ? [0.9, 0.1] : [0.1, 0.9]));
      const mixture = await GaussianMixture.fit(rows, {
        nComponents: 2,
        componentPriors,
        meansInit: [[0], [0]],
        covariancesInit: [[[1]], [[1]]],
        weightsInit: [0.5, 0.5],
        maxIter: 1,
        context: side.context,
      });
      const even = rows.reduce((sum, [x], n) => sum + (n % 2 === 0 ? 0.9 : 0.1) * x, 0);
      expect(mixture.means[0]).toBeCloseTo(even / 50, 5);
      expect(mixture.weights[0]).toBeCloseTo(0.5, 6);
    });

    test('hold among missing entries, sample weights and packed bits', async () => {
      const holes = data.map((value, i) => (i % 7 === 3 ? Number.NaN : value));
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => 1 + (n % 2));
      const mixture = await GaussianMixture.fit(
        { data: holes, nSamples, nFeatures: 2 },
        { ...options, labels, sampleWeights, context: side.context },
      );
      const found = await mixture.predict(samples, { context: side.context });
      const agreeing = truth.reduce((sum, label, n) => sum + (found[n] === 1 - label ? 1 : 0), 0);
      expect(agreeing / nSamples).toBeGreaterThan(0.8);
      const bits = Array.from({ length: 90 }, (_, n) =>
        Array.from({ length: 40 }, (__, d) =>
          uniform(1, n, d) < (d < 20 === n < 45 ? 0.8 : 0.2) ? 1 : 0,
        ),
      );
      const known = bits.map((_, n) => (n % 10 === 0 ? (n < 45 ? 1 : 0) : -1));
      const binary = await BernoulliMixture.fit(bits, {
        nComponents: 2,
        labels: known,
        prior: { a: 1.1, b: 1.1 },
        context: side.context,
      });
      const parts = await binary.predict(bits, { context: side.context });
      expect(Array.from(parts)).toEqual(bits.map((_, n) => (n < 45 ? 1 : 0)));
    });

    test('what is wrong is refused by name', async () => {
      const refused = (more: object, message: RegExp, details: object = {}): Promise<unknown> =>
        expectRefusal(fit(more), 'INVALID_OPTION', message, details as Record<string, unknown>);
      await refused({ labels: [0, 1] }, /labels has 2 numbers for 400 samples/);
      const odd = labels.slice();
      odd[7] = 2;
      await refused({ labels: odd }, /sample 7 the label 2/, { sample: 7, label: 2 });
      await refused({ labels, componentPriors: [] }, /Both labels and componentPriors/);
      await refused({ componentPriors: [[1, 0]] }, /componentPriors should have the shape/);
      const rows = Array.from({ length: nSamples }, () => [1, 1]);
      rows[3] = [0, 0];
      await refused({ componentPriors: rows }, /only zeros for sample 3/, { sample: 3 });
      rows[3] = [0.5, -1];
      await refused({ componentPriors: rows }, /negative number, -1, for sample 3/);
      await refused({ assignment: 'firm' }, /assignment is firm/);
      await refused({ labels: null }, /labels is no array/);
      await refused({ labelsInit: null }, /labelsInit is no array/);
    });

    test('hard assignment ends at a partition and its moments', async () => {
      const mixture = await fit({ assignment: 'hard', regCovar: 0, seed: 1 });
      expect(mixture.converged).toBe(true);
      const found = await mixture.predict(samples, { context: side.context });
      for (const k of [0, 1]) {
        const rows = [...found.keys()].filter((n) => found[n] === k);
        expect(mixture.weights[k]).toBeCloseTo(rows.length / nSamples, 6);
        const mean = rows.reduce((sum, n) => sum + data[2 * n], 0) / rows.length;
        expect(Math.abs(mixture.means[2 * k] - mean)).toBeLessThan(side.near * 10);
      }
      const soft = await mixture.score(samples, { context: side.context });
      // max_k a <= ln sum_k exp a
      expect(mixture.lowerBound).toBeLessThan(soft);
    });
  });
}
