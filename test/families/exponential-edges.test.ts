import { describe, expect, test } from 'vitest';
import { readSamples } from '../../src/data/samples.ts';
import { MixtureError } from '../../src/errors.ts';
import { exponential } from '../../src/families/exponential.ts';
import type { Prior } from '../../src/families/family.ts';
import { geometric } from '../../src/families/geometric.ts';
import { multinomial } from '../../src/families/multinomial.ts';
import { poisson } from '../../src/families/poisson.ts';
import type { Statistics } from '../../src/families/statistics.ts';
import { atOnce } from '../../src/data/pause.ts';
import { apart, logDensity, options, standard, type AnyFamily } from './exponential-problems.ts';

function caught(run: () => unknown): MixtureError {
  try {
    run();
  } catch (error) {
    if (error instanceof MixtureError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Two components, one feature, with these masses and sums. */
const two = (mass: number[], sums: number[]): Statistics => ({
  nComponents: 2,
  componentMass: Float64Array.from(mass),
  sums: Float64Array.from(sums),
  origin: new Float64Array(0),
});
const problem = { nComponents: 2, nFeatures: 1, samples: undefined as never };

describe('Edges', () => {
  test('Closed forms by hand: Poisson (S + a - 1) / (N + b), exponential (N + a - 1) / (S + b), geometric', () => {
    const statistics = two([4, 8], [6, 2]);
    const gamma = { a: 3, b: 2 };
    const rates = (family: ReturnType<typeof poisson>, prior: Prior): number[] =>
      Array.from(family.mStep(statistics, family.neutral(2, 1), options(1, prior))['rates']);
    expect(rates(poisson(), undefined)).toEqual([6 / 4, 2 / 8]);
    expect(rates(poisson(), poisson().readPrior(gamma, problem))).toEqual([8 / 6, 4 / 10]);
    expect(rates(exponential(), undefined)).toEqual([4 / 6, 8 / 2]);
    expect(rates(exponential(), exponential().readPrior(gamma, problem))).toEqual([6 / 8, 10 / 4]);
    const family = geometric();
    const mode = (prior: Prior): number[] =>
      Array.from(
        family.mStep(statistics, family.neutral(2, 1), options(1, prior))['probabilities'],
      );
    expect(mode(undefined)).toEqual([4 / 10, 8 / 10]);
    expect(mode(family.readPrior({ a: 2, b: 5 }, problem))).toEqual([5 / 15, 9 / 15]);
  });

  test('a component whose counts are all 0 is a proper Poisson and a proper geometric', () => {
    const statistics = two([5, 5], [0, 10]);
    for (const family of [poisson(), geometric()] as AnyFamily[]) {
      const next = family.mStep(statistics, family.neutral(2, 1), options(1));
      const [array] = Object.keys(family.parameterShapes(2, 1));
      expect(next[array][0]).toBe(family.name === 'poisson' ? 0 : 1);
      expect(family.checkParameters(next, 1)).toBeUndefined();
      expect(logDensity(family, next, 0, Float64Array.of(0))).toBe(0);
      expect(logDensity(family, next, 0, Float64Array.of(1))).toBe(-Infinity);
    }
  });

  test('an exponential of zeros only collapses', () => {
    const family = exponential();
    const next = family.mStep(two([5, 5], [10, 0]), family.neutral(2, 1), options(1));
    const error = caught(() => family.density(next, standard(1)));
    expect(error.code).toBe('COLLAPSED_COMPONENT');
    expect(error.details).toEqual({ component: 1, feature: 0 });
  });

  test.each<[string, AnyFamily, Record<string, number>, number[], number[]]>([
    ['Poisson', poisson(), { a: 0.5 }, [5, 5], [3, 0.2]],
    ['exponential', exponential(), { a: 0.5, b: 1 }, [5, 0.2], [3, 3]],
    ['exponential without samples', exponential(), { a: 2 }, [5, 0], [3, 0]],
    ['geometric', geometric(), { b: 0.5 }, [5, 5], [3, 0.2]],
    ['geometric at p = 0', geometric(), { b: 2 }, [5, 0], [3, 0]],
  ])('a prior without a mode is an error: %s', (_, family, prior, mass, sums) => {
    const read = family.readPrior(prior, problem);
    const error = caught(() =>
      family.mStep(two(mass, sums), family.neutral(2, 1), options(1, read)),
    );
    expect(error.code).toBe('NO_MODE');
    expect(error.details).toEqual({ component: 1, feature: 0 });
  });

  test.each<[AnyFamily, Record<string, number[]>, string]>([
    [poisson(), { rates: [1, -1] }, 'at least 0'],
    [poisson(), { rates: [1, Infinity] }, 'finite'],
    [exponential(), { rates: [1, 0] }, 'above 0'],
    [geometric(), { probabilities: [0.5, 0] }, 'above 0'],
    [geometric(), { probabilities: [0.5, 1.5] }, 'at most 1'],
  ])('%s refuses parameters outside the family', (family, arrays, message) => {
    const [name, values] = Object.entries(arrays)[0];
    const parameters = { weights: Float64Array.of(0.5, 0.5), [name]: Float64Array.from(values) };
    expect(family.checkParameters(parameters, 1)).toContain(message);
    expect(family.checkParameters(parameters, 1)).toContain('component 1, feature 0');
  });

  test('the supports', () => {
    expect([0, 3, 2 ** 53 - 1].every((x) => poisson().support.has(x, 0))).toBe(true);
    expect([-1, 0.5, Infinity, Number.NaN].some((x) => geometric().support.has(x, 0))).toBe(false);
    expect(exponential().support.has(-1e-9, 0)).toBe(false);
  });

  test('settings: columns, and a prior that a fit may leave out', async () => {
    expect(poisson(3).settings).toEqual({ nFeatures: 3 });
    const own = poisson({ prior: { a: Float64Array.of(2, 3) } });
    expect(own.settings).toEqual({ prior: { a: [2, 3] } });
    expect(own.readPrior({}, { ...problem, nFeatures: 2 })).toEqual({
      a: Float64Array.of(2, 3),
      b: Float64Array.of(0, 0),
    });
    expect(caught(() => poisson(0)).code).toBe('INVALID_OPTION');
    const samples = await readSamples([[1, 2]]);
    expect(caught(() => atOnce(poisson(3).resolve!(samples))).message).toContain('3 features');
  });
});

describe('Multinomial', () => {
  const family = multinomial({ nTrials: 6 });
  const parameters = {
    weights: Float64Array.of(0.5, 0.5),
    probabilities: Float64Array.of(0.2, 0.3, 0.5, 0.6, 0, 0.4),
  };

  test('probabilities of all counts with one total sum to 1', () => {
    for (let k = 0; k < 2; k++) {
      let total = 0;
      for (let a = 0; a <= 6; a++) {
        for (let b = 0; a + b <= 6; b++) {
          const sample = Float64Array.of(a, b, 6 - a - b);
          total += Math.exp(logDensity(family as unknown as AnyFamily, parameters, k, sample));
        }
      }
      expect(total).toBeCloseTo(1, 14);
    }
  });

  test('the tilt changes nothing but rounding, and tells the trials', async () => {
    const rows = [
      [3, 0, 2],
      [1, 1, 5],
      [0, 0, 0],
      [40, 0, 9],
    ];
    const tilted = atOnce(multinomial().resolve!(await readSamples(rows)));
    expect(tilted.settings).toEqual({ nTrials: Math.round(61 / 4) });
    for (const row of rows) {
      for (let k = 0; k < 2; k++) {
        const [a, b] = [family, tilted].map((one) =>
          logDensity(one as unknown as AnyFamily, parameters as never, k, Float64Array.from(row)),
        );
        expect(apart(a, b)).toBeLessThan(1e-11);
      }
    }
  });

  test('M-step, with and without a Dirichlet prior', () => {
    const statistics: Statistics = {
      nComponents: 2,
      componentMass: Float64Array.of(2, 3),
      sums: Float64Array.of(1, 3, 4, 0, 2, 6),
      origin: new Float64Array(0),
    };
    const next = family.mStep(statistics, parameters, options(3));
    expect(Array.from(next.probabilities)).toEqual([1 / 8, 3 / 8, 4 / 8, 0, 2 / 8, 6 / 8]);
    const prior = family.readPrior({ concentration: [2, 1, 1.5] }, { ...problem, nFeatures: 3 });
    const mode = family.mStep(statistics, parameters, options(3, prior));
    expect(Array.from(mode.probabilities)).toEqual(
      [2, 3, 4.5].map((x) => x / 9.5).concat([1, 2, 6.5].map((x) => x / 9.5)),
    );
    expect(family.logPrior(parameters, prior)).toBeCloseTo(
      Math.log(0.2) + 0.5 * Math.log(0.5) + Math.log(0.6) + 0.5 * Math.log(0.4),
      14,
    );
    const low = family.readPrior({ concentration: 0.5 }, { ...problem, nFeatures: 3 });
    const error = caught(() => family.mStep(statistics, parameters, options(3, low)));
    expect([error.code, error.details]).toEqual(['NO_MODE', { component: 1 }]);
  });

  test('checks its parameters and settings; without trials nothing is drawn', () => {
    expect(family.checkParameters(parameters, 3)).toBeUndefined();
    const wrong = { ...parameters, probabilities: Float64Array.of(0.2, 0.3, 0.4, 1, 0, 0) };
    expect(family.checkParameters(wrong, 3)).toContain('component 0 sum to 0.9');
    expect(caught(() => multinomial({ nTrials: -1 })).code).toBe('INVALID_OPTION');
    expect(caught(() => multinomial().prepareDraws(parameters, 3)).message).toContain('trials');
    expect(family.freeParameters(2, 3)).toBe(4);
  });
});
