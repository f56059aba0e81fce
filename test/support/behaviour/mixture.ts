import { describe, expect, test } from 'vitest';
import { createContext, createDataset, GaussianMixture } from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { argmaxRows, largestDifference } from '../numbers.ts';
import { COVARIANCE_TYPES } from '../problems.ts';
import { knownMixture } from './known-mixture.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';
import { contextOn } from '../context.ts';

const { samples, labels } = threeClusters();

/** What a fitted mixture says of samples. */
export function describeMixture(backend: 'cpu' | 'webgpu'): void {
  describe(`a fitted mixture, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (covarianceType: (typeof COVARIANCE_TYPES)[number]) =>
      GaussianMixture.fit(samples, {
        nComponents: 3,
        covarianceType,
        seed: 1,
        nInit: 3,
        context: side.context,
      });

    test.each(COVARIANCE_TYPES)('predict, predictProba, scoreSamples agree, %s', async (type) => {
      const mixture = await fit(type);
      const at = { context: side.context };
      const predicted = await mixture.predict(samples, at);
      const responsibilities = await mixture.predictProba(samples, at);
      expect(predicted).toBeInstanceOf(Int32Array);
      expect(responsibilities).toBeInstanceOf(Float32Array);
      expect(responsibilities.length).toBe(900);
      expect(predicted).toEqual(argmaxRows(responsibilities, 3));
      // well-separated clusters: the same partition up to the components' names
      const pairs = new Set(Array.from(predicted, (label, n) => `${label} ${labels[n]}`));
      expect(pairs.size).toBe(3);
      const scores = await mixture.scoreSamples(samples, at);
      expect(scores).toBeInstanceOf(Float64Array);
      const mean = scores.reduce((sum, score) => sum + score, 0) / 300;
      const score = await mixture.score(samples, at);
      expect(Math.abs(score - mean)).toBeLessThan(1e-12 * Math.abs(mean));
      // without a context: the fit's own while it lives
      expect(await mixture.predict(samples)).toEqual(predicted);
    });

    test.each(COVARIANCE_TYPES)('one sample, or a few, score as among many, %s', async (type) => {
      const nFeatures = 24;
      const { data } = hashgen({
        seed: 8,
        n: 600,
        k: 2,
        d: nFeatures,
        kind: 'full',
        sep: 3,
        corr: 0.6,
        smin: 0.5,
        smax: 1.5,
      });
      const all = { data, nSamples: 600, nFeatures };
      const at = { context: side.context };
      const mixture = await GaussianMixture.fit(all, {
        nComponents: 2,
        covarianceType: type,
        ...at,
      });
      const scores = await mixture.scoreSamples(all, at);
      const labels = await mixture.predict(all, at);
      const responsibilities = await mixture.predictProba(all, at);
      for (const count of [1, 2, 7, 20, 24, 30]) {
        const few = { data: data.slice(0, count * nFeatures), nSamples: count, nFeatures };
        const apart = largestDifference(
          await mixture.scoreSamples(few, at),
          scores.slice(0, count),
        );
        expect([count, apart < 100 * side.near]).toEqual([count, true]);
        expect(await mixture.predict(few, at)).toEqual(labels.slice(0, count));
        const posterior = await mixture.predictProba(few, at);
        const expected = responsibilities.slice(0, 2 * count);
        expect(largestDifference(posterior, expected)).toBeLessThan(100 * side.near);
      }
      // the same sample again and again: every column constant
      const repeated = {
        columns: Array.from({ length: nFeatures }, (_, d) => [data[d], data[d]]),
      };
      const twice = await mixture.scoreSamples(repeated, at);
      expect(Math.abs(twice[1] - scores[0])).toBeLessThan(100 * side.near);
    });

    test.each(COVARIANCE_TYPES)(
      'samples far away score low, not NaN or infinite, %s',
      async (type) => {
        const mixture = knownMixture(type);
        const at = { context: side.context };
        const cpu = await createContext({ backend: 'cpu' });
        for (const reach of [1e3, 1e6, 1e12]) {
          const rows = [
            [0, 0],
            [reach, -reach],
            [1, 2],
          ];
          const scores = await mixture.scoreSamples(rows, at);
          const expected = await mixture.scoreSamples(rows, { context: cpu });
          for (const n of [0, 1, 2]) {
            expect(Number.isFinite(scores[n])).toBe(true);
            const difference = Math.abs(scores[n] - expected[n]);
            expect([reach, n, difference / Math.max(1, Math.abs(expected[n])) < 1e-3]).toEqual([
              reach,
              n,
              true,
            ]);
          }
          const responsibilities = await mixture.predictProba(rows, at);
          for (const n of [0, 1, 2]) {
            expect(responsibilities[2 * n] + responsibilities[2 * n + 1]).toBeCloseTo(1, 4);
          }
        }
        cpu.dispose();
      },
    );

    test('information criteria come from score, N and the number of parameters', async () => {
      for (const type of COVARIANCE_TYPES) {
        const mixture = await fit(type);
        const at = { context: side.context };
        const logLikelihood = 300 * (await mixture.score(samples, at));
        const p = mixture.nParameters;
        const bic = await mixture.bic(samples, at);
        expect(bic).toBeCloseTo(-2 * logLikelihood + p * Math.log(300), 8);
        expect(await mixture.aic(samples, at)).toBeCloseTo(-2 * logLikelihood + 2 * p, 8);
        const responsibilities = await mixture.predictProba(samples, at);
        let entropy = 0;
        for (const r of responsibilities) if (r > 0) entropy -= r * Math.log(r);
        expect(Math.abs((await mixture.icl(samples, at)) - (bic + 2 * entropy))).toBeLessThan(1e-3);
      }
    });

    test('one component in one dimension has the same BIC for every covariance type', async () => {
      const column = { data: samples.data.slice(0, 100), nSamples: 100, nFeatures: 1 };
      const criteria: number[] = [];
      for (const covarianceType of COVARIANCE_TYPES) {
        const options = { nComponents: 1, covarianceType, context: side.context };
        const mixture = await GaussianMixture.fit(column, options);
        criteria.push(await mixture.bic(column, { context: side.context }));
      }
      for (const bic of criteria) expect(Math.abs(bic - criteria[0])).toBeLessThan(100 * side.near);
    });

    test('AIC of one Gaussian is that of its entropy', async () => {
      const { samples: drawn } = knownMixture('full').sample(4000, { seed: 3 });
      const options = { nComponents: 1, regCovar: 0, context: side.context };
      const one = await GaussianMixture.fit(drawn, options);
      const [a, b, , d] = one.covariances as unknown as [number, number, number, number];
      const entropy = 0.5 * Math.log((2 * Math.PI * Math.E) ** 2 * (a * d - b * b));
      const aic = await one.aic(drawn, { context: side.context });
      expect(Math.abs(aic - (2 * 4000 * entropy + 2 * one.nParameters))).toBeLessThan(
        4000 * side.near * 10,
      );
    });

    test('with sample weights, score and criteria weigh too', async () => {
      const sampleWeights = Array.from({ length: 300 }, (_, n) => (n % 3) + 0.5);
      const mixture = await fit('full');
      const dataset = await createDataset(samples, { context: side.context, sampleWeights });
      const scores = await mixture.scoreSamples(dataset, { context: side.context });
      const total = sampleWeights.reduce((sum, weight) => sum + weight, 0);
      const weighted = sampleWeights.reduce((sum, weight, n) => sum + weight * scores[n], 0);
      const score = await mixture.score(dataset, { context: side.context });
      expect(score).toBeCloseTo(weighted / total, 10);
      const bic = await mixture.bic(dataset, { context: side.context });
      expect(bic).toBeCloseTo(-2 * weighted + mixture.nParameters * Math.log(total), 6);
      dataset.dispose();
    });

    test('counts free parameters', () => {
      const counts = COVARIANCE_TYPES.map((covariance_type) => {
        const identity = Array.from({ length: 5 }, (_, i) =>
          Array.from({ length: 5 }, (__, j) => (i === j ? 1 : 0)),
        );
        const ones = [1, 1, 1, 1, 1];
        const covariances = {
          full: [identity, identity],
          tied: identity,
          diag: [ones, ones],
          spherical: [1, 1],
        }[covariance_type];
        return GaussianMixture.fromScikitLearn({
          covariance_type,
          weights_: [0.5, 0.5],
          means_: [ones, ones],
          covariances_: covariances,
        }).nParameters;
      });
      expect(counts).toEqual([41, 26, 21, 13]);
    });

    test('says where it was fitted', async () => {
      const { contextInfo } = await fit('diag');
      expect(contextInfo?.backend).toBe(backend);
      expect(contextInfo?.reason).not.toBe('');
    });

    test('a mixture outlives its context, and predicts on another', async () => {
      const short = await contextOn(backend);
      const mixture = await GaussianMixture.fit(samples, { nComponents: 3, context: short });
      const expected = await mixture.predict(samples);
      short.dispose();
      expect(await mixture.predict(samples)).toEqual(expected);
      const disposed = mixture.predict(samples, { context: short });
      await expectRefusal(disposed, 'DISPOSED', /context/);
      const again = GaussianMixture.fit(samples, { nComponents: 3, context: short });
      await expectRefusal(again, 'DISPOSED', /context/);
    });
  });
}
