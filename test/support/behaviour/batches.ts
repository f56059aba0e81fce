import { describe, expect, test } from 'vitest';
import {
  BayesianGaussianMixture,
  bernoulli,
  BernoulliMixture,
  GaussianMixture,
  independent,
  Mixture,
  poisson,
  PoissonMixture,
  type FittedMixture,
  type GaussianMixtureOptions,
  type SavedMixture,
} from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { largestDifference } from '../numbers.ts';
import { expectRefusal, rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** `algorithm: 'stepwise' | 'incremental'`, and warm starts. */
export function describeBatchFits(backend: 'cpu' | 'webgpu'): void {
  describe(`fits by batches, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (options: Partial<GaussianMixtureOptions> = {}) =>
      GaussianMixture.fit(samples, {
        nComponents: 3,
        covarianceType: 'diag',
        seed: 1,
        context: side.context,
        ...options,
      });

    test('one step of the worked example is what the formulas give', async () => {
      const x = [-1, 0, 4, 5, 6];
      // of component 1 under the start, from the 50-digit trace
      const gamma = [
        1.3651204889115536e-7, 1.392441555492751e-5, 0.45466167289237075, 0.6666666666666666,
        0.6938428964855771,
      ];
      const eta = 3 ** -0.8;
      const steps = GaussianMixture.fitSteps(
        { data: Float64Array.from(x), nSamples: 5, nFeatures: 1 },
        {
          nComponents: 2,
          covarianceType: 'diag',
          weightsInit: [0.5, 0.5],
          meansInit: [6, 7],
          covariancesInit: [1, 4],
          regCovar: 0,
          algorithm: 'stepwise',
          stepSize: { alpha: 0.8, offset: 3 },
          maxIter: 1,
          context: side.context,
        },
      );
      await steps.next();
      const { value } = await steps.next();
      const { mixture, lowerBound } = value as { mixture: GaussianMixture; lowerBound: number };
      await steps.return(undefined as never);
      expect(5 * lowerBound).toBeCloseTo(-24.512532330086678, backend === 'cpu' ? 9 : 4);
      const near = 10 * side.near;
      for (const [k, mean, variance] of [
        [0, 6, 1],
        [1, 7, 4],
      ]) {
        const own = gamma.map((value) => (k === 0 ? value : 1 - value));
        // (1 - eta) of what 5 samples of the start give, eta of what these 5 give: N, sum x, sum x^2
        const blend = (expected: number, power: number): number =>
          (1 - eta) * 2.5 * expected +
          eta * x.reduce((sum, value, n) => sum + own[n] * value ** power, 0);
        const mass = blend(1, 0);
        const first = blend(mean, 1) / mass;
        const second = blend(variance + mean ** 2, 2) / mass;
        expect(Math.abs(mixture.weights[k] - mass / 5)).toBeLessThan(near);
        expect(Math.abs(mixture.means[k] - first)).toBeLessThan(near * 10);
        expect(Math.abs(mixture.covariances[k] - (second - first ** 2))).toBeLessThan(near * 20);
      }
    });

    test('a seed settles the order of the batches; each ends with a full E-step', async () => {
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const options = { algorithm, batchSize: 100, maxIter: 4, tol: 0 };
        const mixture = await fit(options);
        expect((await fit(options)).parameters).toEqual(mixture.parameters);
        expect([mixture.nIter, mixture.converged]).toEqual([4, false]);
        // the bound's parameters are one M-step of EM before the mixture's
        const bounds = await fit({ warmStart: mixture, maxIter: 2, tol: 0 });
        expect(bounds.lowerBounds[0]).toBeGreaterThan(mixture.lowerBound - side.near);
      }
    });

    test('stops by tol, and says that it converged', async () => {
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const mixture = await fit({ algorithm, batchSize: 100, tol: 1e-2 });
        expect(mixture.converged).toBe(true);
        expect(mixture.nIter).toBeLessThan(50);
        expect(mixture.warnings).toEqual([]);
        const em = await fit({ tol: 1e-6 });
        expect(em.lowerBound - mixture.lowerBound).toBeLessThan(0.02);
      }
    });

    test('restarts run side by side, each as it runs alone', async () => {
      const options = { algorithm: 'stepwise', batchSize: 100, maxIter: 3, tol: 0 } as const;
      const both = await fit({ ...options, nInit: 2, seed: 5 });
      for (const [i, seed] of [5, 6].entries()) {
        const alone = await fit({ ...options, seed });
        expect(both.restarts[i].lowerBounds).toEqual(alone.lowerBounds);
      }
    });

    test('follows the known labels of a fit, and hard assignment', async () => {
      const known = threeClusters().labels.map((label, n) => (n % 10 === 0 ? label : -1));
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const mixture = await fit({ algorithm, batchSize: 100, labels: known, tol: 1e-4 });
        const found = await mixture.predict(samples);
        const agreeing = known.filter((label, n) => label >= 0 && found[n] === label).length;
        expect(agreeing).toBeGreaterThan(27);
        const hard = await fit({ algorithm, batchSize: 100, assignment: 'hard' });
        expect(Number.isFinite(hard.lowerBound)).toBe(true);
      }
    });

    test('names the option that is wrong, or belongs to another algorithm', async () => {
      const refused: [Partial<GaussianMixtureOptions>, RegExp][] = [
        [{ algorithm: 'online' as never }, /algorithm is online/],
        [{ algorithm: 'stepwise', batchSize: 0 }, /batchSize must be a whole number, at least 1/],
        [{ algorithm: 'stepwise', batchSize: 2.5 }, /batchSize must be a whole number/],
        [{ algorithm: 'stepwise', stepSize: { alpha: 0.5 } }, /stepSize.alpha must be above 0.5/],
        [{ algorithm: 'stepwise', stepSize: 2 }, /stepSize must be above 0 and at most 1/],
        [{ batchSize: 10 }, /batchSize was given for algorithm 'em'/],
        [{ stepSize: 0.1 }, /stepSize was given for algorithm 'em'/],
        [{ algorithm: 'incremental', stepSize: 0.1 }, /stepSize was given for algorithm 'incr/],
      ];
      for (const [options, message] of refused) {
        await expectRefusal(fit(options), 'INVALID_OPTION', message);
      }
    });

    test('a Bayesian mixture has neither, and says so', async () => {
      const options = { nComponents: 2, covarianceType: 'diag', context: side.context } as const;
      const refused = BayesianGaussianMixture.fit(samples, { ...options, algorithm: 'stepwise' });
      await expectRefusal(refused, 'INVALID_OPTION', /no algorithm 'stepwise'/);
      const mixture = await BayesianGaussianMixture.fit(samples, { ...options, maxIter: 2 });
      const promise = Promise.resolve().then(() => mixture.partialFit(samples));
      await expectRefusal(promise, 'INVALID_OPTION', /no partialFit/);
      expect(side.context.liveBuffers).toBe(0);
    });

    test('ends soon after an abort, and leaves nothing on the device', async () => {
      const spec = {
        seed: 2,
        k: 4,
        d: 4,
        kind: 'full',
        sep: 1,
        corr: 0.5,
        smin: 0.5,
        smax: 1,
      } as const;
      const { data } = hashgen({ ...spec, n: 9000 });
      for (const algorithm of ['stepwise', 'incremental'] as const) {
        const controller = new AbortController();
        const promise = GaussianMixture.fit(
          { data, nSamples: 9000, nFeatures: 4 },
          {
            nComponents: 4,
            covarianceType: 'diag',
            algorithm,
            tol: 0,
            maxIter: 1000,
            context: side.context,
            signal: controller.signal,
            onIteration: () => controller.abort(new Error('enough')),
          },
        );
        expect(await rejection(promise)).toEqual(new Error('enough'));
        expect(side.context.liveBuffers).toBe(0);
      }
    });

    test('a warm start may be the mixture, its JSON as object or text, or scikit-learn’s', async () => {
      const types = ['diag', 'tied-diag', 'fixed'] as const;
      for (const covarianceType of backend === 'cpu' ? (['full', ...types] as const) : types) {
        const first = await fit({ covarianceType, maxIter: 2 });
        const go = (warmStart: GaussianMixture | SavedMixture) =>
          fit({ covarianceType, warmStart, maxIter: 3, tol: 0 });
        const wanted = await go(first);
        const forms: SavedMixture[] = [first.toJSON(), JSON.stringify(first)];
        if (['full', 'diag'].includes(covarianceType)) forms.push(first.toScikitLearn());
        for (const form of forms) {
          const found = await go(form);
          expect(found.lowerBounds).toEqual(wanted.lowerBounds);
          expect(found.parameters).toEqual(wanted.parameters);
        }
      }
    });

    test('a warm start of a Bayesian mixture, too', async () => {
      const options = { nComponents: 2, covarianceType: 'diag', context: side.context } as const;
      const first = await BayesianGaussianMixture.fit(samples, { ...options, maxIter: 2 });
      const go = (warmStart: BayesianGaussianMixture | SavedMixture) =>
        BayesianGaussianMixture.fit(samples, { ...options, warmStart, maxIter: 2, tol: 0 });
      const wanted = await go(first);
      for (const form of [first.toJSON(), JSON.stringify(first), first.toScikitLearn()]) {
        const found = await go(form);
        expect(found.lowerBounds).toEqual(wanted.lowerBounds);
        expect(found.parameters).toEqual(wanted.parameters);
      }
    });

    test('a warm start may be of any class’s JSON', async () => {
      const counts = { ...samples, data: samples.data.map((x) => Math.round(Math.abs(x))) };
      const bits = { ...samples, data: samples.data.map((x) => (x > 0 ? 1 : 0)) };
      const options = { nComponents: 2, maxIter: 2, seed: 3, context: side.context };
      const family = independent({ a: poisson(), b: bernoulli() });
      const both = { ...counts, data: counts.data.map((x, i) => (i % 2 === 0 ? x : x % 2)) };
      const again: (readonly [FittedMixture, (json: SavedMixture) => Promise<FittedMixture>])[] = [
        [
          await PoissonMixture.fit(counts, options),
          (warmStart) => PoissonMixture.fit(counts, { ...options, warmStart, maxIter: 0 }),
        ],
        [
          await BernoulliMixture.fit(bits, options),
          (warmStart) => BernoulliMixture.fit(bits, { ...options, warmStart, maxIter: 0 }),
        ],
        [
          await Mixture.fit(both, { ...options, family }),
          (warmStart) => Mixture.fit(both, { ...options, family, warmStart, maxIter: 0 }),
        ],
      ];
      for (const [mixture, go] of again) {
        for (const json of [mixture.toJSON(), JSON.stringify(mixture)]) {
          const found = await go(json);
          for (const [name, values] of Object.entries(mixture.parameters)) {
            expect(largestDifference(found.parameters[name], values)).toBeLessThan(1e-12);
          }
        }
      }
    });

    test('a warm start that does not fit is refused', async () => {
      const first = await fit({ maxIter: 1 });
      const json = first.toJSON();
      await expectRefusal(fit({ warmStart: json, nComponents: 2 }), 'INVALID_OPTION', /3 comp.* 2/);
      await expectRefusal(
        fit({ warmStart: json, covarianceType: 'tied' }),
        'INVALID_OPTION',
        /gaussian-diag.*gaussian-tied/,
      );
      const counts = { ...samples, data: samples.data.map((x) => Math.round(Math.abs(x))) };
      const other = PoissonMixture.fit(counts, { nComponents: 3, warmStart: json });
      await expectRefusal(other, 'INVALID_OPTION', /gaussian-diag.*poisson/);
      await expectRefusal(fit({ warmStart: '{' }), 'INVALID_MODEL', /not valid JSON/);
      await expectRefusal(fit({ warmStart: {} as never }), 'INVALID_MODEL', /names no format/);
      await expectRefusal(
        fit({ warmStart: { ...json, means: json.means.slice(1) } }),
        'INVALID_MODEL',
        /weights/,
      );
      const narrow = await GaussianMixture.fit([[1], [2], [3], [4]], {
        nComponents: 3,
        covarianceType: 'diag',
        context: side.context,
      });
      await expectRefusal(fit({ warmStart: narrow.toJSON() }), 'FEATURE_MISMATCH', /2 feat.* 1/);
    });

    test('a warm start from a stream does not take the chunk’s bound for its own', async () => {
      const first = await fit({ tol: 1e-6 });
      const streamed = await first.partialFit(samples);
      const again = await fit({ warmStart: streamed, tol: 10 });
      expect(again.nIter).toBe(2);
    });
  });
}
