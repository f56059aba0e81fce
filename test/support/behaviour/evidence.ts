import { describe, expect, test } from 'vitest';
import { GaussianMixture, PoissonMixture } from '../../../src/index.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

/** l = L(q, theta) + KL(q || p): the bound's parts for any q. */
export function describeEvidence(backend: 'cpu' | 'webgpu'): void {
  describe(`evidence, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const { samples } = threeClusters();

    /** Any q: positive rows that sum to 1, no two alike. */
    function anyQ(nSamples: number, nComponents: number): Float64Array {
      const q = new Float64Array(nSamples * nComponents);
      for (let n = 0; n < nSamples; n++) {
        const row = Array.from({ length: nComponents }, (_, k) => 1.05 + Math.sin(17 * n + 5 * k));
        const sum = row.reduce((total, value) => total + value, 0);
        row.forEach((value, k) => (q[n * nComponents + k] = value / sum));
      }
      return q;
    }

    test('l = L + KL to rounding, L <= l, and equality for the posterior', async () => {
      const options = { context: side.context };
      const sampleWeights = Float64Array.from({ length: 300 }, (_, n) => 0.5 + (n % 4));
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 3,
        maxIter: 3,
        sampleWeights,
        ...options,
      });
      const score = await mixture.score(samples, options);
      const own = await mixture.evidence(samples, options);
      expect(own.divergence).toBe(0);
      expect(own.logLikelihood).toBeCloseTo(300 * score, 6);
      expect(own.lowerBound).toBeCloseTo(own.logLikelihood, 3);
      for (const responsibilities of [anyQ(300, 3), oneHot(300, 3)]) {
        const { logLikelihood, lowerBound, divergence } = await mixture.evidence(samples, {
          responsibilities,
          ...options,
        });
        expect(lowerBound).toBeLessThan(logLikelihood);
        expect(divergence).toBeGreaterThan(0);
        const slack = side.near * Math.max(Math.abs(lowerBound), divergence);
        expect(Math.abs(logLikelihood - lowerBound - divergence)).toBeLessThan(slack);
        expect(logLikelihood).toBe(own.logLikelihood);
      }
    });

    test('the bound of the posterior of older parameters lies below the likelihood of newer ones', async () => {
      const counts = Float64Array.from(samples.data, (x) => Math.abs(Math.round(x)));
      const data = { data: counts, nSamples: 300, nFeatures: 2 };
      const options = { context: side.context };
      const early = await PoissonMixture.fit(data, { nComponents: 2, maxIter: 1, ...options });
      const late = await PoissonMixture.fit(data, { nComponents: 2, maxIter: 5, ...options });
      const responsibilities = await early.predictProba(data, options);
      const { logLikelihood, lowerBound, divergence } = await late.evidence(data, {
        responsibilities,
        ...options,
      });
      expect(lowerBound).toBeLessThanOrEqual(logLikelihood);
      expect(Math.abs(logLikelihood - lowerBound - divergence)).toBeLessThan(
        side.near * Math.abs(logLikelihood),
      );
    });

    test('where q says what cannot be, L is -Infinity and KL Infinity; rows that do not sum to 1 are refused', async () => {
      const data = { data: Float64Array.of(0, 0, 3, 5), nSamples: 4, nFeatures: 1 };
      const options = { context: side.context };
      const mixture = await PoissonMixture.fit(data, {
        nComponents: 2,
        weightsInit: [0.5, 0.5],
        ratesInit: [[0], [4]],
        maxIter: 0,
        ...options,
      });
      const responsibilities = [
        [1, 0],
        [1, 0],
        [1, 0],
        [0, 1],
      ];
      const impossible = await mixture.evidence(data, { responsibilities, ...options });
      expect(impossible.logLikelihood).toBeLessThan(0);
      expect(impossible.lowerBound).toBeLessThan(-1e20);
      expect(impossible.divergence).toBeGreaterThan(1e20);
      const short = responsibilities.map(([first]) => [first, 0.5]);
      await expectRefusal(
        mixture.evidence(data, { responsibilities: short, ...options }),
        'INVALID_OPTION',
        /sample 0 sum to 1.5/,
      );
    });
  });
}

function oneHot(nSamples: number, nComponents: number): Float64Array {
  const q = new Float64Array(nSamples * nComponents);
  for (let n = 0; n < nSamples; n++) q[n * nComponents + (n % nComponents)] = 1;
  return q;
}
