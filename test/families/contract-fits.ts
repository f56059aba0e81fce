import { describe, expect, test } from 'vitest';
import type { Samples } from '../../src/data/samples.ts';
import type { Parameters, ParameterShapes } from '../../src/families/family.ts';
import {
  createDataset,
  Mixture,
  MixtureError,
  type Context,
  type MixtureOptions,
} from '../../src/index.ts';
import { atOnce } from '../../src/data/pause.ts';
import { largestDifference, relativeDifference } from '../support/numbers.ts';
import type { ContractCase } from './contract-cases.ts';
import { directionsOf, moved, valueAt } from './contract-directions.ts';
import {
  drawn,
  parametersOf,
  problemOf,
  responsibilitiesOf,
  type Problem,
} from './contract-problem.ts';

export interface FitContract {
  readonly backend: 'cpu' | 'webgpu';
  /** Shared by all cases, so that kernels are compiled once; there when the tests run. */
  readonly contextOf: () => Context;
  /** How far a bound may fall, per sample, by rounding alone. */
  readonly rounding: number;
}

type Fit = (samples: DrawnSamples, options?: Partial<MixtureOptions>) => Promise<Mixture>;

/** What every family promises of fits and fitted mixtures, on one side of the seam. */
export function describeFits(one: ContractCase, contract: FitContract): void {
  const { family, nFeatures } = one;
  const { backend, contextOf, rounding } = contract;
  describe(`a mixture of ${one.name}, on the ${backend} backend`, () => {
    const fit: Fit = (samples, options) =>
      Mixture.fit(samples, {
        family,
        nComponents: 2,
        seed: 1,
        // (it would let a bound fall a little)
        regCovar: 0,
        context: contextOf(),
        ...options,
      });

    test.each([undefined, ...one.priors])(
      'has a bound that never falls (prior %j)',
      async (prior) => {
        const samples = drawn(one, 250, { seed: 3 });
        const mixture = await fit(samples, { nComponents: 3, tol: 0, maxIter: 30, prior });
        expectRising(mixture.lowerBounds, rounding);
        const last = (mixture.logLikelihood + mixture.logPrior) / samples.nSamples;
        expect(relativeDifference(last, mixture.lowerBound)).toBeLessThan(1e-12);
      },
    );

    test('has a bound that never falls under hard assignment, where each sample then is with its best', async () => {
      const samples = drawn(one, 250, { seed: 3 });
      const options = { nComponents: 3, tol: 0, maxIter: 30, assignment: 'hard' } as const;
      // (without a prior, a component of one sample would end the restart)
      const prior = one.priors[0];
      const mixture = await fit(samples, { ...options, prior, nInit: 3 });
      expectRising(mixture.lowerBounds, rounding, mixture.nIter);
      // classification EM stops by itself: the same partition again changes nothing
      expect(mixture.nIter).toBeLessThan(30);
      const context = contextOf();
      const logJoint = await mixture.evaluate(samples, { context }, async (seam, parameters) => {
        const { logLikelihood } = await seam.eStep(parameters, undefined, { assignment: 'hard' });
        return logLikelihood;
      });
      expect(relativeDifference(logJoint, mixture.logLikelihood)).toBeLessThan(1e-5);
    });

    test('finds the parameters that drew the samples, to a few standard errors', async () => {
      const samples = drawn(one, 2000, { seed: 5 });
      const mixture = await fit(samples, { nInit: 3, tol: 1e-8, maxIter: 300 });
      expect(mixture.converged).toBe(true);
      const problem = await problemOf(one, 2000, { seed: 5 });
      const free = directionsOf(one).length;
      // the mean of a chi-square of so many degrees of freedom, and five of its standard deviations
      expect(waldStatistic(one, problem, mixture)).toBeLessThan(free + 5 * Math.sqrt(2 * free));
    });

    test('is the same after toJSON and fromJSON', async () => {
      const samples = drawn(one, 120, { seed: 6 });
      const mixture = await fit(samples, { maxIter: 3 });
      const text = JSON.stringify(mixture.toJSON());
      const again = Mixture.fromJSON(text, { families: one.own });
      expect(again.parameters).toEqual(mixture.parameters);
      expect(again.toJSON()).toEqual(mixture.toJSON());
      expect(mixture.nParameters).toBe(directionsOf(one).length);
      expect(again.nParameters).toBe(mixture.nParameters);
      const scores = await mixture.scoreSamples(samples, { context: contextOf() });
      const others = await again.scoreSamples(samples, { context: contextOf() });
      const differences = others.map((other, n) => relativeDifference(other, scores[n]));
      expect(Math.max(...differences)).toBeLessThan(backend === 'cpu' ? 1e-13 : 1e-5);
    });

    test('names sample, column, value and support of what it gives no density', async () => {
      const samples = drawn(one, 40);
      const value = one.outside ?? Infinity;
      samples.data[3 * nFeatures] = value;
      const error = await errorOf(fit(samples));
      expect(error.code).toBe(one.outside === undefined ? 'NON_FINITE' : 'OUTSIDE_SUPPORT');
      expect(error.details).toMatchObject({ sample: 3, column: 0, value });
      expect(error.message).toContain(`Sample 3, column 0 is ${value}`);
      const { support } = family;
      const description = support.describe?.(0) ?? support.description;
      expect(error.message).toContain(one.outside === undefined ? '' : description);
    });

    const describeMissing = family.missing === 'refused' ? describeRefusal : describeGaps;
    describeMissing(one, contract, fit);
  });
}

function describeRefusal(one: ContractCase, _contract: FitContract, fit: Fit): void {
  test('refuses missing entries, and names the first', async () => {
    const samples = drawn(one, 40);
    samples.data[7 * one.nFeatures + 1] = Number.NaN;
    const error = await errorOf(fit(samples));
    expect(error.code).toBe('NON_FINITE');
    expect(error.details).toMatchObject({ sample: 7, column: 1 });
  });
}

function describeGaps(one: ContractCase, { contextOf, rounding }: FitContract, fit: Fit): void {
  const { family, nFeatures } = one;
  test('fits around missing entries, and the bound does not fall', async () => {
    const samples = drawn(one, 250, { seed: 8, missing: 0.2 });
    const mixture = await fit(samples, { tol: 0, maxIter: 30 });
    expectRising(mixture.lowerBounds, rounding);
  });

  test('gives a wholly missing sample the weights, and no evidence', async () => {
    const samples = drawn(one, 60, { seed: 9, missing: 0.1 });
    samples.data.fill(Number.NaN, 5 * nFeatures, 6 * nFeatures);
    const resolved = family.resolve
      ? atOnce(family.resolve(await checkedSamples(samples)))
      : family;
    const mixture = new Mixture(resolved, parametersOf(one), nFeatures);
    const probabilities = await mixture.predictProba(samples, { context: contextOf() });
    expect(largestDifference(probabilities.slice(10, 12), mixture.weights)).toBeLessThan(1e-6);
    const scores = await mixture.scoreSamples(samples, { context: contextOf() });
    expect(Math.abs(scores[5])).toBeLessThan(1e-5);
    // and it may be among those of a fit
    expectFinite(await fit(samples, { maxIter: 5 }));
  });

  test('has a finite result where a column is wholly missing', async () => {
    const samples = drawn(one, 120, { seed: 10, missing: 0.1 });
    for (let n = 0; n < 120; n++) samples.data[n * nFeatures + 1] = Number.NaN;
    expectFinite(await fit(samples, { maxIter: 8, regCovar: 1e-6 }));
  });

  test('imputes missing entries and leaves the others as they were', async () => {
    const samples = drawn(one, 80, { seed: 11, missing: 0.3 });
    const before = samples.data.slice();
    const mixture = await fit(samples, { maxIter: 5 });
    const { data } = await mixture.impute(samples, { context: contextOf() });
    expect(samples.data).toEqual(before);
    expect(data.every(Number.isFinite)).toBe(true);
    expect(data.map((value, i) => (Number.isNaN(before[i]) ? Number.NaN : value))).toEqual(before);
  });
}

type DrawnSamples = ReturnType<typeof drawn>;

const checkedSamples = async (samples: DrawnSamples): Promise<Samples> =>
  (await createDataset(samples)).samples;

function expectFinite(mixture: Mixture): void {
  expect(Number.isFinite(mixture.lowerBound)).toBe(true);
  for (const [name, values] of Object.entries(mixture.parameters)) {
    expect(values.every(Number.isFinite), name).toBe(true);
  }
}

function expectRising(bounds: Float64Array, rounding: number, length = 30): void {
  expect(bounds).toHaveLength(length);
  expect(bounds.every(Number.isFinite)).toBe(true);
  const falls = bounds.slice(1).map((bound, t) => bounds[t] - bound);
  expect(Math.max(...falls)).toBeLessThan(rounding);
}

async function errorOf(promise: Promise<unknown>): Promise<MixtureError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof MixtureError) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

/**
 * (found - true)' I (found - true) over the free numbers, with the information I = sum_n score_n score_n' of the samples at the
 * true parameters: of about as many degrees of freedom as there are free numbers, if the fit found what drew the samples. The
 * better of the two orders of the components.
 */
function waldStatistic(one: ContractCase, problem: Problem, mixture: Mixture): number {
  const truth = parametersOf(one);
  const directions = directionsOf(one);
  const scores = directions.map((direction) => {
    const step = 1e-5 * Math.max(0.01, Math.abs(valueAt(truth, direction)));
    const up = responsibilitiesOf(problem, moved(truth, direction, step)).scores;
    const down = responsibilitiesOf(problem, moved(truth, direction, -step)).scores;
    return up.map((value, n) => (value - down[n]) / 2 / step);
  });
  const given = mixture.parameters as unknown as Parameters;
  return Math.min(
    ...[given, swapped(one, given)].map((found) => {
      const errors = directions.map(
        (direction) => valueAt(found, direction) - valueAt(truth, direction),
      );
      // (sum over directions of error times score)^2, summed over samples
      return scores[0].reduce((sum, _, n) => {
        const along = errors.reduce((total, error, i) => total + error * scores[i][n], 0);
        return sum + along * along;
      }, 0);
    }),
  );
}

/** The two components in the other order: arrays whose first axis is K. */
function swapped({ family, nFeatures }: ContractCase, parameters: Parameters): Parameters {
  const shapes: ParameterShapes = { weights: [2], ...family.parameterShapes(2, nFeatures) };
  // shared arrays have the same shape for any K
  const other: ParameterShapes = { weights: [3], ...family.parameterShapes(3, nFeatures) };
  return Object.fromEntries(
    Object.entries(parameters as unknown as Record<string, Float64Array>).map(([name, values]) => {
      if (shapes[name].join() === other[name].join()) return [name, values];
      const half = values.length / 2;
      return [name, Float64Array.from([...values.subarray(half), ...values.subarray(0, half)])];
    }),
  ) as unknown as Parameters;
}
