import { assert, asyncProperty } from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createDataset,
  GaussianMixture,
  MixtureError,
  type Context,
  type DatasetOptions,
  type GaussianMixtureOptions,
  type SamplesInput,
} from '../../src/index.ts';
import { uniform } from './hashgen.ts';
import { columnDeviations, largestDifference, relativeDifference } from './numbers.ts';
import { differences, type FlatParameters } from './parameter-differences.ts';
import { optionsOf, problems, samplesOf, startOf, type Problem } from './problems.ts';
import { contextOn } from './context.ts';
import { sameCases } from './seeded.ts';

sameCases();

export interface PropertySuite {
  readonly backend: 'cpu' | 'webgpu';
  readonly numRuns: number;
  /** Largest number of samples beyond the least that a problem needs. */
  readonly mostSamples: number;
  /** Of a lower bound that may only rise. */
  readonly rounding: number;
  /** Of two runs that agree in exact arithmetic: bounds (relative to max(1, |l|)), and parameters (see ParameterDifferences). */
  readonly bound: number;
  readonly parameters: number;
}

/** Iterations compared: few, so that what is compared is the step and not how a path amplifies roundings. */
const ITERATIONS = 5;

/** What must hold for any data, on either side of the seam. */
export function describeProperties(suite: PropertySuite): void {
  const { backend, numRuns, mostSamples } = suite;

  describe(`properties, on the ${backend} backend`, () => {
    let context: Context;
    let fits = 0;
    let collapses = 0;
    beforeAll(async () => {
      context = await contextOn(backend);
    });
    afterAll(() => {
      const { liveBuffers } = context;
      context.dispose();
      expect(liveBuffers).toBe(0);
      // properties say nothing of fits that collapse: those must stay few
      expect(collapses).toBeLessThanOrEqual(0.1 * fits);
    });

    /** Fits a problem, or gives undefined where a component truly collapses: no property is about those. */
    async function fit(
      samples: SamplesInput,
      options: GaussianMixtureOptions,
      datasetOptions: DatasetOptions = {},
    ): Promise<GaussianMixture | undefined> {
      const dataset = await createDataset(samples, { context, ...datasetOptions });
      fits++;
      try {
        return await GaussianMixture.fit(dataset, { maxIter: ITERATIONS, ...options, context });
      } catch (error) {
        if (error instanceof MixtureError && error.code === 'COLLAPSED_COMPONENT') {
          collapses++;
          return undefined;
        }
        throw error;
      } finally {
        dataset.dispose();
      }
    }

    async function holds(property: (problem: Problem) => Promise<void>): Promise<void> {
      await assert(asyncProperty(problems(mostSamples), property), { numRuns });
    }

    function expectSame(
      actual: GaussianMixture,
      expected: FlatParameters & { lowerBounds: ArrayLike<number> },
      problem: Problem,
      shape: { deviations?: Float64Array } = {},
    ): void {
      expect(actual.lowerBounds.length).toBe(expected.lowerBounds.length);
      actual.lowerBounds.forEach((bound, t) => {
        expect(relativeDifference(bound, expected.lowerBounds[t])).toBeLessThanOrEqual(suite.bound);
      });
      const deviations =
        shape.deviations ?? columnDeviations(problem.data, problem.nSamples, problem.nFeatures);
      const found = differences(actual, expected, problem.covarianceType, deviations);
      expect(Math.max(found.weights, found.means, found.covariances)).toBeLessThanOrEqual(
        suite.parameters,
      );
    }

    test('responsibilities are probabilities and sum to 1 for every sample', async () => {
      await holds(async (problem) => {
        const mixture = await fit(samplesOf(problem), optionsOf(problem));
        if (!mixture) return;
        const { nComponents } = problem;
        const responsibilities = await mixture.predictProba(samplesOf(problem), { context });
        for (let n = 0; n < problem.nSamples; n++) {
          const row = responsibilities.subarray(n * nComponents, (n + 1) * nComponents);
          expect(Math.min(...row)).toBeGreaterThanOrEqual(0);
          const sum = row.reduce((total, value) => total + value, 0);
          // float32 carries them, and ln p(x) comes to the device's posterior with a float32's rounding
          expect(Math.abs(sum - 1)).toBeLessThanOrEqual(backend === 'cpu' ? 1e-6 : 1e-5);
        }
      });
    });

    test('the lower bound does not fall, without regCovar, however long the run', async () => {
      await holds(async (problem) => {
        const bounds: number[] = [];
        await fit(samplesOf(problem), {
          ...optionsOf(problem),
          maxIter: 40,
          onIteration: ({ lowerBound }) => bounds.push(lowerBound),
        });
        for (let t = 1; t < bounds.length; t++) {
          const slack = suite.rounding * Math.max(1, Math.abs(bounds[t]));
          expect(bounds[t]).toBeGreaterThanOrEqual(bounds[t - 1] - slack);
        }
      });
    });

    test('the order of the components in the start is the order in the result, and nothing else', async () => {
      await holds(async (problem) => {
        const { nComponents } = problem;
        const mixture = await fit(samplesOf(problem), optionsOf(problem));
        const start = startOf(problem);
        const turned = Array.from({ length: nComponents }, (_, k) => (k + 1) % nComponents);
        const turn = (values: Float64Array, perComponent: number): Float64Array =>
          values.map((_, i) => {
            const k = Math.floor(i / perComponent);
            return values[turned[k] * perComponent + (i % perComponent)];
          });
        const turnAll = ({ weights, means, covariances }: FlatParameters) => ({
          weights: turn(weights as Float64Array, 1),
          means: turn(means as Float64Array, problem.nFeatures),
          covariances:
            problem.covarianceType === 'tied'
              ? covariances
              : turn(covariances as Float64Array, covariances.length / nComponents),
        });
        const startTurned = turnAll({
          weights: start.weightsInit,
          means: start.meansInit,
          covariances: start.covariancesInit,
        });
        const other = await fit(samplesOf(problem), {
          ...optionsOf(problem),
          weightsInit: startTurned.weights,
          meansInit: startTurned.means,
          covariancesInit: startTurned.covariances,
        });
        if (!mixture || !other) return;
        expectSame(other, { ...turnAll(mixture), lowerBounds: mixture.lowerBounds }, problem);
      });
    });

    test('shifting and scaling the data shifts and scales the mixture', async () => {
      await holds(async (problem) => {
        const { nFeatures, seed, covarianceType } = problem;
        const spherical = covarianceType === 'spherical';
        // a scale a column, either sign; one for all where covariances are spherical
        const scale = Float64Array.from({ length: nFeatures }, (_, d) => {
          const power = uniform(seed, 20, spherical ? 0 : d) * 8 - 4;
          return (uniform(seed, 21, d) < 0.5 ? -1 : 1) * 10 ** power;
        });
        const shift = scale.map((s, d) => s * (uniform(seed, 22, d) - 0.5) * 200);
        const moved = problem.data.map((x, i) => x * scale[i % nFeatures] + shift[i % nFeatures]);
        const mixture = await fit(samplesOf(problem), optionsOf(problem));
        const start = startOf(problem);
        const movePoints = (means: Float64Array): Float64Array =>
          means.map((x, i) => x * scale[i % nFeatures] + shift[i % nFeatures]);
        const moveCovariances = (covariances: Float64Array): Float64Array =>
          covariances.map((value, i) => {
            if (spherical) return value * scale[0] ** 2;
            if (covarianceType === 'diag') return value * scale[i % nFeatures] ** 2;
            const row = Math.floor(i / nFeatures) % nFeatures;
            return value * scale[row] * scale[i % nFeatures];
          });
        const other = await fit(
          { ...samplesOf(problem), data: moved },
          {
            ...optionsOf(problem),
            meansInit: movePoints(start.meansInit),
            covariancesInit: moveCovariances(start.covariancesInit),
          },
        );
        if (!mixture || !other) return;
        const logScale = scale.reduce((sum, s) => sum + Math.log(Math.abs(s)), 0);
        expectSame(
          other,
          {
            weights: mixture.weights,
            means: movePoints(mixture.means),
            covariances: moveCovariances(mixture.covariances),
            lowerBounds: mixture.lowerBounds.map((bound) => bound - logScale),
          },
          problem,
          { deviations: columnDeviations(moved, problem.nSamples, nFeatures) },
        );
      });
    });

    test('a whole-numbered weight is the sample that many times', async () => {
      await holds(async (problem) => {
        const { nSamples, nFeatures, seed, data } = problem;
        const sampleWeights = Array.from({ length: nSamples }, (_, n) =>
          n === 0 ? 2 : Math.floor(uniform(seed, 23, n) * 4),
        );
        const rows = sampleWeights.flatMap((weight, n) => new Array<number>(weight).fill(n));
        const repeated = Float64Array.from(
          { length: rows.length * nFeatures },
          (_, i) => data[rows[Math.floor(i / nFeatures)] * nFeatures + (i % nFeatures)],
        );
        const options = optionsOf(problem);
        const weighted = await fit(samplesOf(problem), options, { sampleWeights });
        const duplicated = await fit({ data: repeated, nSamples: rows.length, nFeatures }, options);
        if (!weighted || !duplicated) return;
        expectSame(weighted, duplicated, problem);
        // scores of the same mixture too, information criteria included
        const weightedSet = await createDataset(samplesOf(problem), { context, sampleWeights });
        const duplicates = { data: repeated, nSamples: rows.length, nFeatures };
        const bic = await weighted.bic(weightedSet, { context });
        weightedSet.dispose();
        const expected = await weighted.bic(duplicates, { context });
        const perSample = Math.abs(bic - expected) / rows.length;
        expect(perSample).toBeLessThanOrEqual(
          4 * suite.bound * Math.max(1, Math.abs(expected / rows.length)),
        );
      });
    });

    test('samples in chunks of a stream are the samples in one array', async () => {
      await holds(async (problem) => {
        const { nSamples, nFeatures, data, seed } = problem;
        const length = 1 + Math.floor(uniform(seed, 24, 0) * nSamples);
        const stream = {
          *chunks() {
            for (let n = 0; n < nSamples; n += length) {
              const count = Math.min(length, nSamples - n);
              const part = data.slice(n * nFeatures, (n + count) * nFeatures);
              yield { data: part, nSamples: count, nFeatures };
            }
          },
        };
        const options = { ...optionsOf(problem), context };
        const whole = await fit(samplesOf(problem), options);
        const streamed = await fit(stream, options);
        if (!whole || !streamed) return;
        expect(largestDifference(streamed.lowerBounds, whole.lowerBounds)).toBe(0);
        expect(largestDifference(streamed.means, whole.means)).toBe(0);
      });
    });
  });
}
