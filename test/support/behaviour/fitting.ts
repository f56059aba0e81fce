import { describe, expect, test } from 'vitest';
import {
  GaussianMixture,
  MixtureError,
  type GaussianMixtureOptions,
  type InitParams,
} from '../../../src/index.ts';
import { largestDifference, relativeDifference } from '../numbers.ts';
import { COVARIANCE_TYPES } from '../problems.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

const { samples, labels } = threeClusters();
const INIT_PARAMS: readonly InitParams[] = ['kmeans', 'k-means++', 'random_from_data', 'random'];

/** How a fit begins, goes on and ends. */
export function describeFitting(backend: 'cpu' | 'webgpu'): void {
  describe(`a fit, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (options: Partial<GaussianMixtureOptions> = {}) =>
      GaussianMixture.fit(samples, { nComponents: 3, seed: 1, context: side.context, ...options });

    test.each(COVARIANCE_TYPES)(
      'recovers a known mixture from samples of it, %s',
      async (covarianceType) => {
        const truth = GaussianMixture.fromScikitLearn({
          covariance_type: 'spherical',
          weights_: [0.2, 0.3, 0.5],
          means_: [
            [0, 0],
            [8, 0],
            [0, 8],
          ],
          covariances_: [1, 1, 1],
        });
        const mixture = await GaussianMixture.fit(truth.sample(6000, { seed: 1 }).samples, {
          nComponents: 3,
          covarianceType,
          nInit: 5,
          regCovar: 0,
          context: side.context,
        });
        for (let j = 0; j < 3; j++) {
          const distances = Array.from({ length: 3 }, (_, k) =>
            Math.hypot(
              mixture.means[2 * k] - truth.means[2 * j],
              mixture.means[2 * k + 1] - truth.means[2 * j + 1],
            ),
          );
          const nearest = distances.indexOf(Math.min(...distances));
          // 0.03: the standard error of the smallest component's mean
          expect(distances[nearest]).toBeLessThan(0.12);
          expect(Math.abs(mixture.weights[nearest] - truth.weights[j])).toBeLessThan(0.03);
        }
      },
    );

    test.each(INIT_PARAMS)(
      "initParams '%s': different means, within the data, repeatable, and it converges",
      async (initParams) => {
        for (const covarianceType of COVARIANCE_TYPES) {
          const start = await fit({ initParams, covarianceType, maxIter: 0 });
          expect([start.nIter, start.converged, start.lowerBound]).toEqual([0, false, -Infinity]);
          const points = [0, 1, 2].map((k) => `${start.means[2 * k]} ${start.means[2 * k + 1]}`);
          expect(new Set(points).size).toBe(3);
          const again = await fit({ initParams, covarianceType, maxIter: 0 });
          expect(again.means).toEqual(start.means);
          const other = await fit({ initParams, covarianceType, maxIter: 0, seed: 77 });
          expect(other.means).not.toEqual(start.means);
          const fitted = await fit({ initParams, covarianceType, maxIter: 500 });
          expect(fitted.converged).toBe(true);
          expect(fitted.means.length).toBe(6);
          for (const d of [0, 1]) {
            const column = samples.data.filter((_, i) => i % 2 === d);
            const means = fitted.means.filter((_, i) => i % 2 === d);
            expect(Math.min(...means)).toBeGreaterThanOrEqual(Math.min(...column));
            expect(Math.max(...means)).toBeLessThanOrEqual(Math.max(...column));
          }
        }
      },
    );

    test('maxIter 0 returns the start; given parts replace those of the partition one by one', async () => {
      const { weights, covariances } = await fit({ labelsInit: labels, maxIter: 0 });
      const meansInit = [
        [0, 0],
        [1, 1],
        [2, 2],
      ];
      const start = await fit({ labelsInit: labels, meansInit, maxIter: 0 });
      expect(largestDifference(start.means, meansInit.flat())).toBeLessThan(1e-12);
      expect(largestDifference(start.weights, weights)).toBeLessThan(1e-15);
      expect(largestDifference(start.covariances, covariances)).toBeLessThan(1e-12);
      const given = await fit({ meansInit, weightsInit: [0.5, 0.25, 0.25], maxIter: 0, seed: 4 });
      expect(largestDifference(given.means, meansInit.flat())).toBeLessThan(1e-12);
      expect(Array.from(given.weights)).toEqual([0.5, 0.25, 0.25]);
    });

    test('stops when the bound changes by less than tol, and says so', async () => {
      const mixture = await fit({ tol: 1e-4, maxIter: 200, labelsInit: labels });
      const { lowerBounds, nIter, lowerBound } = mixture;
      expect(mixture.converged).toBe(true);
      expect(lowerBounds.length).toBe(nIter);
      expect(nIter).toBeGreaterThanOrEqual(2);
      expect(lowerBound).toBe(lowerBounds.at(-1));
      const changes = lowerBounds.slice(1).map((bound, t) => Math.abs(bound - lowerBounds[t]));
      expect(changes.at(-1)!).toBeLessThan(1e-4);
      for (const change of changes.slice(0, -1)) expect(change).toBeGreaterThanOrEqual(1e-4);
      expect(mixture.warnings).toEqual([]);
    });

    test('a run that meets maxIter first is a mixture with a warning, not an error', async () => {
      const mixture = await fit({ tol: 0, maxIter: 1 });
      expect([mixture.nIter, mixture.converged]).toEqual([1, false]);
      expect(mixture.warnings).toMatchObject([
        { code: 'NOT_CONVERGED', details: { seed: 1, nIter: 1, tol: 0, change: null } },
      ]);
      expect(mixture.warnings[0].message).toMatch(/did not converge in 1 iteration/);
    });

    test('nInit keeps the best of its restarts, and is never worse than one', async () => {
      const overlapping = await fit({ nComponents: 5, nInit: 6, maxIter: 15, seed: 10 });
      expect(overlapping.restarts.length).toBe(6);
      expect(new Set(overlapping.restarts.map(({ seed }) => seed)).size).toBe(6);
      const last = overlapping.restarts.map(({ lowerBounds }) => lowerBounds.at(-1)!);
      expect(overlapping.lowerBound).toBe(Math.max(...last));
      const single = await fit({ nComponents: 5, maxIter: 15, seed: 10 });
      expect(single.lowerBounds).toEqual(overlapping.restarts[0].lowerBounds);
      expect(overlapping.lowerBound).toBeGreaterThanOrEqual(single.lowerBound);
    });

    test('two fits of one iteration, warm, are one fit of two', async () => {
      for (const covarianceType of COVARIANCE_TYPES) {
        const options = { covarianceType, labelsInit: labels, tol: 0 };
        const two = await fit({ ...options, maxIter: 2 });
        const first = await fit({ ...options, maxIter: 1 });
        const second = await fit({ covarianceType, tol: 0, maxIter: 1, warmStart: first });
        expect(largestDifference(second.weights, two.weights)).toBeLessThan(side.near);
        expect(largestDifference(second.means, two.means)).toBeLessThan(10 * side.near);
        expect(largestDifference(second.covariances, two.covariances)).toBeLessThan(10 * side.near);
        expect(relativeDifference(second.lowerBound, two.lowerBound)).toBeLessThan(side.near);
        expect(second.lowerBound).toBeGreaterThanOrEqual(first.lowerBound - side.near);
      }
    });

    test('convergence is seen across warm fits of one iteration each', async () => {
      let mixture = await fit({ initParams: 'random', maxIter: 1 });
      let count = 1;
      while (!mixture.converged && count < 300) {
        mixture = await fit({ warmStart: mixture, maxIter: 1 });
        count++;
      }
      expect(mixture.converged).toBe(true);
      expect(mixture.nIter).toBe(1);
      const whole = await fit({ initParams: 'random', maxIter: 300 });
      expect(Math.abs(whole.nIter - count)).toBeLessThanOrEqual(backend === 'cpu' ? 0 : 1);
      expect(largestDifference(mixture.means, whole.means)).toBeLessThan(1e-2);
    });

    test('one component and three samples: fits, and can be sampled', async () => {
      const few = [
        [0, 1],
        [2, 0],
        [1, 3],
      ];
      for (const covarianceType of COVARIANCE_TYPES) {
        const options = { nComponents: 1, covarianceType, context: side.context };
        const mixture = await GaussianMixture.fit(few, options);
        expect(mixture.converged).toBe(true);
        expect(mixture.sample(5).samples.data.every(Number.isFinite)).toBe(true);
      }
    });

    test('two points repeated: refused without regCovar, fitted with it', async () => {
      const rows = Array.from({ length: 10 }, (_, n) => new Array<number>(5).fill(n < 5 ? 1 : 2));
      for (const covarianceType of COVARIANCE_TYPES) {
        for (const nComponents of [2, 10]) {
          const options = { nComponents, covarianceType, context: side.context };
          const refusal = await expectRefusal(
            GaussianMixture.fit(rows, { ...options, regCovar: 0 }),
            'COLLAPSED_COMPONENT',
            /collapsed.*not positive definite/,
            { restart: 0 },
          );
          expect(refusal.hint).toMatch(/fewer components.*regCovar/);
          const mixture = await GaussianMixture.fit(rows, { ...options, regCovar: 1e-6 });
          expect(mixture.means.every(Number.isFinite)).toBe(true);
          expect(mixture.covariances.every((value) => Number.isFinite(value))).toBe(true);
        }
      }
    });

    test('a collapse in mid-run keeps the last good mixture, and names component, mass and iteration', async () => {
      // component 0 starts narrow on a sample of its own: its variance goes to 0 within some iterations
      const rows = [[0], [10], [10.5], [11], [11.5], [12], [9], [9.5], [10.2], [11.1]];
      const seen: GaussianMixture[] = [];
      const fitted = GaussianMixture.fit(rows, {
        nComponents: 2,
        weightsInit: [0.5, 0.5],
        meansInit: [[3], [11]],
        covariancesInit: [[[4]], [[1]]],
        regCovar: 0,
        tol: 0,
        maxIter: 1000,
        context: side.context,
        onIteration: ({ mixture }) => seen.push(mixture),
      });
      const { details } = await expectRefusal(fitted, 'COLLAPSED_COMPONENT', /Component 0.*mass/, {
        component: 0,
        restart: 0,
      });
      expect(details['mass']).toBeCloseTo(1, 3);
      expect(details['smallestPivot']).toBeLessThan(1e-6);
      expect(details['iteration']).toBe(seen.length + 1);
      const last = details['mixture'] as GaussianMixture;
      expect(last).toBeInstanceOf(GaussianMixture);
      expect(last.means).toEqual(seen.at(-1)!.means);
      expect(await last.score(rows, { context: side.context })).toBeGreaterThan(-10);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('a restart that collapses does not spoil the others', async () => {
      // as many components as clusters of one point each, and one cluster with spread: some starts collapse
      const rows = [
        ...Array.from({ length: 8 }, () => [0, 0]),
        ...toRows(samples.data).slice(0, 60),
      ];
      const mixture = await GaussianMixture.fit(rows, {
        nComponents: 3,
        nInit: 12,
        regCovar: 0,
        initParams: 'random_from_data',
        context: side.context,
      });
      const failed = mixture.restarts.filter(({ error }) => error);
      expect(failed.length).toBeGreaterThan(0);
      for (const { error } of failed) {
        expect(error).toBeInstanceOf(MixtureError);
        expect(error!.code).toBe('COLLAPSED_COMPONENT');
      }
      const warning = mixture.warnings.find(({ code }) => code === 'RESTARTS_FAILED');
      expect(warning!.message).toMatch(/collapsed/);
      expect(warning!.details).toEqual({
        failed: failed.length,
        restarts: 12,
        seeds: failed.map(({ seed }) => seed),
        codes: failed.map(() => 'COLLAPSED_COMPONENT'),
      });
      const finished = mixture.restarts.filter(({ error }) => !error);
      const best = Math.max(...finished.map(({ lowerBounds }) => lowerBounds.at(-1)!));
      expect(mixture.lowerBound).toBe(best);
    });

    test('a start far too narrow underflows nothing: a low bound, no error', async () => {
      const mixture = await fit({
        covarianceType: 'spherical',
        regCovar: 0,
        weightsInit: [0.2, 0.3, 0.5],
        meansInit: [
          [-5, -5],
          [0, 0],
          [5, 5],
        ],
        precisionsInit: [1e6, 1e6, 1e6],
        maxIter: 1,
      });
      expect(mixture.converged).toBe(false);
      expect(mixture.lowerBound).toBeLessThan(-1e6);
      expect(Number.isFinite(mixture.lowerBound)).toBe(true);
      expect(mixture.means.every(Number.isFinite)).toBe(true);
    });
  });
}

function toRows(values: Float64Array): number[][] {
  return Array.from({ length: values.length / 2 }, (_, n) => [values[2 * n], values[2 * n + 1]]);
}
