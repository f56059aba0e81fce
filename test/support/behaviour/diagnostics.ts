import { describe, expect, test } from 'vitest';
import {
  bernoulli,
  createDataset,
  GaussianMixture,
  gaussian,
  independent,
  Mixture,
  poisson,
  PoissonMixture,
  type Diagnostics,
  type FittedMixture,
  type SampleMatrix,
} from '../../../src/index.ts';
import { loadSamples } from '../fixtures.ts';
import { relativeDifference } from '../numbers.ts';
import { expectRefusal, rejection, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();

/** What `diagnose` says, against the same figures found from `predictProba`, and at the edges. */
export function describeDiagnostics(backend: 'cpu' | 'webgpu'): void {
  describe(`diagnostics, on the ${backend} backend`, () => {
    const side = useSide(backend);
    /** To the digits of float32, which predictProba gives on either side. */
    const expectNear = (actual: number, expected: number): void =>
      expect(Math.abs(actual - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));

    test('masses, ambiguous samples and entropies are those of predictProba, weights and missing entries included', async () => {
      const iris = await loadSamples('iris');
      const weights = Float64Array.from({ length: 150 }, (_, n) => n % 4);
      const gaps = iris.data.map((value, i) => (i % 11 === 3 ? Number.NaN : value));
      const counts = { ...iris, data: gaps.map(Math.round) };
      const cases: [SampleMatrix, () => Promise<FittedMixture>][] = [
        [iris, () => fit(iris, 'full')],
        [{ ...iris, data: gaps }, () => fit({ ...iris, data: gaps }, 'diag')],
        [{ ...iris, data: gaps }, () => fit({ ...iris, data: gaps }, 'full')],
        [counts, () => PoissonMixture.fit(counts, { nComponents: 3, context: side.context })],
      ];
      const fit = (data: SampleMatrix, covarianceType: 'full' | 'diag') =>
        GaussianMixture.fit(data, { nComponents: 3, covarianceType, context: side.context });
      for (const [data, fitted] of cases) {
        const mixture = await fitted();
        const dataset = await createDataset(data, {
          context: side.context,
          sampleWeights: weights,
          maxChunkSamples: 64,
        });
        for (const ambiguousBelow of [undefined, 0.95]) {
          const diagnostics = await mixture.diagnose(dataset, { ambiguousBelow });
          const rows = await mixture.predictProba(dataset);
          const expected = directly(rows, weights, 3, ambiguousBelow ?? 0.8);
          expect(diagnostics.ambiguousBelow).toBe(ambiguousBelow ?? 0.8);
          diagnostics.components.forEach((component, k) => {
            expect(component.weight).toBe(mixture.weights[k]);
            expect(component.nAssigned).toBe(expected.nAssigned[k]);
            expectNear(component.mass, expected.mass[k]);
            expectNear(
              component.ambiguousShare,
              share(expected.ambiguous[k], expected.assigned[k]),
            );
            expectNear(
              component.meanEntropy,
              share(expected.entropy[k], expected.assigned[k]) / Math.log(3),
            );
            const n = component.heaviestSample;
            expectNear(weights[n] * rows[3 * n + k], expected.heaviestMass[k]);
            expectNear(component.heaviestShare, expected.heaviestMass[k] / expected.mass[k]);
          });
          const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);
          const whole = total(Array.from(weights));
          expectNear(diagnostics.ambiguousShare, total(expected.ambiguous) / whole);
          expectNear(diagnostics.entropy, total(expected.entropy));
          expectNear(diagnostics.normalisedEntropy, total(expected.entropy) / whole / Math.log(3));
          // ICL = BIC + 2 entropy
          const excess = (await mixture.icl(dataset)) - (await mixture.bic(dataset));
          expect(Math.abs(2 * diagnostics.entropy - excess)).toBeLessThan(1e-3);
        }
        dataset.dispose();
      }
    });

    test('iris, three components: nothing is wrong, and the ambiguous samples lie where two species overlap', async () => {
      const iris = await loadSamples('iris');
      const mixture = await GaussianMixture.fit(iris, { nComponents: 3, context: side.context });
      const diagnostics = await mixture.diagnose(iris, { context: side.context });
      expect(diagnostics.warnings).toEqual([]);
      const byMean = diagnostics.components.toSorted((a, b) => a.ambiguousShare - b.ambiguousShare);
      const [setosa, ...overlapping] = byMean;
      expect([setosa.nAssigned, setosa.ambiguousShare]).toEqual([50, 0]);
      expect(overlapping.map(({ nAssigned }) => nAssigned).toSorted((a, b) => a - b)).toEqual([
        45, 55,
      ]);
      expect(diagnostics.ambiguousShare).toBeGreaterThan(0);
      expect(diagnostics.ambiguousShare).toBeLessThan(0.1);
      expect(diagnostics.normalisedEntropy).toBeGreaterThan(0);
      expect(diagnostics.normalisedEntropy).toBeLessThan(0.1);
      expect(diagnostics.effectiveComponents).toBeGreaterThan(2.9);
      expect(diagnostics.effectiveComponents).toBeLessThan(3);
    });

    test("each covariance's eigenvalues in the user's units, whatever its type", async () => {
      // (a column in units 1000 times smaller; 2 x 2 in closed form)
      const scaled = { ...samples, data: samples.data.map((x, i) => (i % 2 === 0 ? x : x * 1000)) };
      const types = [
        'full',
        'diag',
        'spherical',
        'tied',
        'tied-diag',
        'tied-spherical',
        'fixed',
      ] as const;
      // (found on the host: one says that WebGPU gets there)
      for (const covarianceType of types.slice(0, backend === 'cpu' ? 7 : 1)) {
        const mixture = await GaussianMixture.fit(scaled, {
          nComponents: 3,
          covarianceType,
          ...(covarianceType === 'fixed' && { fixedCovariance: [2, 900, 900, 1e6] }),
          maxIter: 2,
          context: side.context,
        });
        const { components } = await mixture.diagnose(scaled, { context: side.context });
        components.forEach(({ covariance }, k) => {
          const [a, b, c] = entries(mixture, k);
          const root = Math.hypot((a - c) / 2, b);
          const largest = (a + c) / 2 + root;
          const smallest = (a * c - b * b) / largest;
          const { largestEigenvalue, smallestEigenvalue, conditionNumber } = covariance!;
          expect(Math.abs(largestEigenvalue - largest)).toBeLessThan(1e-12 * largest);
          expect(Math.abs(smallestEigenvalue - smallest)).toBeLessThan(1e-10 * smallest);
          expect(relativeDifference(conditionNumber, largest / smallest)).toBeLessThan(1e-10);
        });
      }
    });

    test('families without covariances have no eigenvalues', async () => {
      const bits = [
        [0, 1],
        [1, 1],
        [0, 0],
        [1, 0],
        [0, 1],
      ];
      const families = [poisson(), bernoulli(), independent({ a: gaussian(), b: poisson() })];
      for (const family of families.slice(0, backend === 'cpu' ? 3 : 1)) {
        const options = { nComponents: 2, family, context: side.context };
        const mixture = await Mixture.fit(bits, options);
        const { components } = await mixture.diagnose(bits, { context: side.context });
        expect(components.map(({ covariance }) => covariance)).toEqual([undefined, undefined]);
      }
    });

    test('one component: no entropy, nothing ambiguous, at any threshold', async () => {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 1,
        context: side.context,
      });
      const at = { context: side.context, ambiguousBelow: 1 };
      const diagnostics = await mixture.diagnose(samples, at);
      expect(diagnostics).toMatchObject({
        ambiguousShare: 0,
        entropy: 0,
        normalisedEntropy: 0,
        effectiveComponents: 1,
        components: [{ weight: 1, nAssigned: 300, ambiguousShare: 0, meanEntropy: 0 }],
        warnings: [],
      });
      expectNear(diagnostics.components[0].mass, 300);
    });

    test('two components that are one: every sample ambiguous, entropy as large as it can be', async () => {
      const mixture = GaussianMixture.fromScikitLearn({
        covariance_type: 'spherical',
        weights_: [0.5, 0.5],
        means_: [
          [0, 0],
          [0, 0],
        ],
        covariances_: [1, 1],
      });
      const diagnostics = await mixture.diagnose(samples, { context: side.context });
      expect(diagnostics.ambiguousShare).toBe(1);
      expectNear(diagnostics.normalisedEntropy, 1);
      expectNear(diagnostics.effectiveComponents, 2);
      expect(diagnostics.components.map(({ nAssigned }) => nAssigned)).toEqual([300, 0]);
      expect(diagnostics.components[1]).toMatchObject({ ambiguousShare: 0, meanEntropy: 0 });
    });

    test('an empty component and one of a single sample are warned of, with the sample', async () => {
      const rows = [...Array.from({ length: 30 }, (_, n) => [n % 6, n % 5]), [500, 500]];
      const mixture = GaussianMixture.fromScikitLearn({
        covariance_type: 'spherical',
        weights_: [30 / 32, 1 / 32, 1 / 32],
        means_: [
          [2.5, 2],
          [500, 500],
          [-9000, 0],
        ],
        covariances_: [3, 1, 1],
      });
      expect(mixture.warnings).toEqual([]);
      const { components, warnings } = await mixture.diagnose(rows, { context: side.context });
      expect(components[1]).toMatchObject({ nAssigned: 1, heaviestSample: 30 });
      expectNear(components[1].mass, 1);
      expectNear(components[1].heaviestShare, 1);
      expect(components[2].nAssigned).toBe(0);
      expect(components[2].mass).toBeLessThan(1e-6);
      expect(warnings).toMatchObject([
        { code: 'SINGLE_SAMPLE_COMPONENT', details: { components: [1], samples: [30] } },
        { code: 'NEARLY_EMPTY_COMPONENT', details: { components: [2], least: 2 } },
      ]);
    });

    test("a fit's own warnings stay; those of components are found afresh on the samples given", async () => {
      const mixture = await GaussianMixture.fit(samples, {
        nComponents: 3,
        tol: 0,
        maxIter: 2,
        context: side.context,
      });
      const codes = ({ warnings }: Diagnostics) => warnings.map(({ code }) => code);
      expect(codes(await mixture.diagnose(samples))).toEqual(['NOT_CONVERGED']);
      const few = { data: samples.data.slice(0, 4), nSamples: 2, nFeatures: 2 };
      const onFew = await mixture.diagnose(few);
      expect(codes(onFew)[0]).toBe('NOT_CONVERGED');
      expect(codes(onFew).length).toBeGreaterThan(1);
      // both stop without a trace where asked to
      const controller = new AbortController();
      controller.abort(new Error('enough'));
      const at = { signal: controller.signal, context: side.context };
      expect(await rejection(mixture.diagnose(samples, at))).toBe(controller.signal.reason);
      for (const ambiguousBelow of [0, 1.5, Number.NaN]) {
        await expectRefusal(
          mixture.diagnose(samples, { ambiguousBelow }),
          'INVALID_OPTION',
          /ambiguousBelow is/,
          { option: 'ambiguousBelow' },
        );
      }
    });
  });
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** The figures from rows of responsibilities, sample by sample. */
function directly(rows: Float32Array, weights: Float64Array, K: number, threshold: number) {
  const zeros = (): number[] => new Array<number>(K).fill(0);
  const [mass, nAssigned, assigned, ambiguous] = [zeros(), zeros(), zeros(), zeros()];
  const [entropy, heaviestMass] = [zeros(), zeros()];
  weights.forEach((weight, n) => {
    if (weight === 0) return;
    const row = Array.from(rows.subarray(n * K, (n + 1) * K));
    const best = row.indexOf(Math.max(...row));
    nAssigned[best]++;
    assigned[best] += weight;
    if (row[best] < threshold) ambiguous[best] += weight;
    row.forEach((gamma, k) => {
      mass[k] += weight * gamma;
      if (gamma > 0) entropy[best] -= weight * gamma * Math.log(gamma);
      heaviestMass[k] = Math.max(heaviestMass[k], weight * gamma);
    });
  });
  return { mass, nAssigned, assigned, ambiguous, entropy, heaviestMass };
}

/** Variance, covariance, variance of component k in the plane. */
function entries({ covarianceType, covariances: c }: GaussianMixture, k: number): number[] {
  switch (covarianceType) {
    case 'full':
      return [c[4 * k], c[4 * k + 1], c[4 * k + 3]];
    case 'diag':
      return [c[2 * k], 0, c[2 * k + 1]];
    case 'spherical':
      return [c[k], 0, c[k]];
    case 'tied-diag':
      return [c[0], 0, c[1]];
    case 'tied-spherical':
      return [c[0], 0, c[0]];
    case 'tied':
    case 'fixed':
      return [c[0], c[1], c[3]];
  }
}
