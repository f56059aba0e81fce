import { describe, expect, test } from 'vitest';
import {
  BayesianGaussianMixture,
  GaussianMixture,
  independent,
  gaussian,
  Mixture,
  MixtureError,
  poisson,
  PoissonMixture,
  readMixture,
  type WarningCode,
} from '../../../src/index.ts';
import { loadSamples } from '../fixtures.ts';
import { threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** Each warning on data made for it, and none on healthy data. */
export function describeWarnings(backend: 'cpu' | 'webgpu'): void {
  describe(`warnings of a fit, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const near = backend === 'cpu' ? 6 : 3;
    /** 60 samples about 0, and others far away. */
    const withFar = (...far: number[][]): number[][] => [
      ...Array.from({ length: 60 }, (_, n) => [samples.data[2 * n] / 10, samples.data[2 * n + 1]]),
      ...far,
    ];
    const codes = ({ warnings }: { warnings: readonly { code: WarningCode }[] }) =>
      warnings.map(({ code }) => code);

    test('iris, three components: nothing to warn of, with any covariance', async () => {
      const iris = await loadSamples('iris');
      const types = ['full', 'diag', 'spherical', 'tied'] as const;
      for (const covarianceType of types.slice(0, backend === 'cpu' ? 4 : 2)) {
        const options = { nComponents: 3, covarianceType, maxIter: 500, context: side.context };
        expect((await GaussianMixture.fit(iris, options)).warnings).toEqual([]);
      }
    });

    test('a component on a sample of its own: which component, which sample', async () => {
      const rows = withFar([300, -40]);
      const labelsInit = rows.map((_, n) => (n === 60 ? 1 : 0));
      for (const covarianceType of ['full', 'diag'] as const) {
        const mixture = await GaussianMixture.fit(rows, {
          nComponents: 2,
          covarianceType,
          labelsInit,
          context: side.context,
        });
        expect(mixture.warnings).toMatchObject([
          {
            code: 'SINGLE_SAMPLE_COMPONENT',
            details: { components: [1], samples: [60] },
          },
        ]);
        const { message, details } = mixture.warnings[0];
        expect(message).toMatch(/component 1 of sample 60/);
        expect((details['masses'] as number[])[0]).toBeCloseTo(1, near);
        expect((details['shares'] as number[])[0]).toBeCloseTo(1, near);
      }
    });

    test('a heavy sample of its own is seen behind its weight; weights that sum to 1 are no emptiness', async () => {
      const rows = withFar([300, -40]);
      const labelsInit = rows.map((_, n) => (n === 60 ? 1 : 0));
      const fit = (sampleWeights: number[]) =>
        GaussianMixture.fit(rows, {
          nComponents: 2,
          labelsInit,
          sampleWeights,
          context: side.context,
        });
      const heavy = await fit(rows.map((_, n) => (n === 60 ? 30 : 1)));
      expect(codes(heavy)).toEqual(['SINGLE_SAMPLE_COMPONENT']);
      expect((heavy.warnings[0].details['masses'] as number[])[0]).toBeCloseTo(30, near - 2);
      const clusters = await GaussianMixture.fit(samples, {
        nComponents: 3,
        seed: 1,
        sampleWeights: new Float64Array(300).fill(1 / 300),
        context: side.context,
      });
      expect(clusters.warnings).toEqual([]);
    });

    test('fewer samples than the parameters need: 3 for a full covariance in the plane, 2 for diag, 1 for tied', async () => {
      const rows = withFar([300, -40], [302, -43]);
      const options = {
        nComponents: 2,
        labelsInit: rows.map((_, n) => (n >= 60 ? 1 : 0)),
        context: side.context,
      };
      const full = await GaussianMixture.fit(rows, options);
      expect(full.warnings).toMatchObject([
        { code: 'NEARLY_EMPTY_COMPONENT', details: { components: [1], least: 3 } },
      ]);
      expect((full.warnings[0].details['masses'] as number[])[0]).toBeCloseTo(2, near);
      expect(full.warnings[0].message).toMatch(/component 1 with 2\.00/);
      for (const covarianceType of ['diag', 'tied'] as const) {
        expect(codes(await GaussianMixture.fit(rows, { ...options, covarianceType }))).toEqual([]);
      }
      // blocks: as many as the most needy of them
      const family = independent({ a: poisson(), b: gaussian() });
      const counts = rows.map(([, b], n) => [n < 60 ? n % 3 : 90, b]);
      expect(codes(await Mixture.fit(counts, { ...options, family }))).toEqual([]);
      const shape = gaussian({ covarianceType: 'full', nFeatures: 2 });
      const blocks = independent({ counts: poisson(), shape });
      const both = rows.map(([a, b], n) => [n < 60 ? n % 3 : 90, a, b]);
      const mixed = await Mixture.fit(both, { ...options, family: blocks });
      expect(codes(mixed)).toEqual(['NEARLY_EMPTY_COMPONENT']);
    });

    test('a component that no sample wants: mass 0, the pseudo-counts of a prior taken off', async () => {
      const rows = Array.from({ length: 40 }, (_, n) => [n % 5]);
      const options = {
        nComponents: 2,
        weightsInit: [0.5, 0.5],
        ratesInit: [[2], [1000]],
        context: side.context,
      };
      const priors = [
        [undefined, 0],
        [{ alpha: 3, a: 1, b: 0 }, 2 / 44],
      ] as const;
      for (const [prior, weight] of priors) {
        const mixture = await PoissonMixture.fit(rows, { ...options, prior });
        expect(codes(mixture)).toEqual(['NEARLY_EMPTY_COMPONENT']);
        const { details } = mixture.warnings[0];
        expect(details).toMatchObject({ components: [1], least: 1 });
        expect((details['masses'] as number[])[0]).toBeLessThan(1e-5);
        expect(mixture.weights[1]).toBeCloseTo(weight, 6);
      }
    });

    test('a Bayesian mixture empties components without a warning; diagnose tells which', async () => {
      const mixture = await BayesianGaussianMixture.fit(samples, {
        nComponents: 6,
        weightConcentrationPrior: 1e-3,
        maxIter: 300,
        seed: 1,
        context: side.context,
      });
      expect(codes(mixture)).toEqual([]);
      const { components, warnings } = await mixture.diagnose(samples, { context: side.context });
      expect(components.filter(({ mass }) => mass < 1).length).toBe(3);
      expect(components.filter(({ nAssigned }) => nAssigned === 0).length).toBe(3);
      expect(warnings).toEqual([]);
    });

    test('a column without an entry, and a bound that regCovar lets fall', async () => {
      const gap = Array.from({ length: 30 }, (_, n) => [n % 7, Number.NaN]);
      const diag = { nComponents: 1, covarianceType: 'diag', context: side.context } as const;
      const empty = await GaussianMixture.fit(gap, diag);
      expect(codes(empty)).toEqual(['EMPTY_COLUMNS', 'MISSING_ENTRIES']);
      expect(empty.warnings[0].details).toEqual({ columns: [1] });
      const fell = await GaussianMixture.fit(samples, {
        nComponents: 3,
        seed: 1,
        regCovar: 5,
        tol: 1e-9,
        warmStart: await GaussianMixture.fit(samples, {
          nComponents: 3,
          seed: 1,
          context: side.context,
        }),
        context: side.context,
      });
      expect(codes(fell)).toContain('BOUND_FELL');
      const { details } = fell.warnings.find(({ code }) => code === 'BOUND_FELL')!;
      expect(details).toMatchObject({ iteration: 2, regCovar: 5 });
      expect(details['drop']).toBeCloseTo(fell.lowerBounds[0] - fell.lowerBounds[1], 12);
    });

    test('a saved mixture keeps them; files without them load; what is no warning is refused', async () => {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 3,
        tol: 0,
        maxIter: 2,
        context: side.context,
      });
      expect(codes(mixture)).toEqual(['NOT_CONVERGED']);
      const plain = JSON.parse(JSON.stringify(mixture)) as Record<string, unknown>;
      expect(readMixture(plain).warnings).toEqual(mixture.warnings);
      const { warnings: _, ...old } = plain;
      expect(readMixture(old).warnings).toEqual([]);
      for (const warnings of ['none', ['a sentence'], [{ code: 'BOUND_FELL' }]]) {
        expect(() => readMixture({ ...plain, warnings })).toThrow(MixtureError);
      }
      const counts = await PoissonMixture.fit([[1], [2], [9]], {
        nComponents: 2,
        maxIter: 1,
        tol: 0,
        context: side.context,
      });
      expect(readMixture(JSON.stringify(counts)).warnings).toEqual(counts.warnings);
    });
  });
}
