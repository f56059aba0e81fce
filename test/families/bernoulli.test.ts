import { describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { identityStandardisation } from '../../src/data/standardisation.ts';
import { bernoulli, type BernoulliParameters } from '../../src/families/bernoulli.ts';
import { addObserved, zeroStatistics, type Statistics } from '../../src/families/statistics.ts';

const family = bernoulli();
const NO_SAMPLES = undefined as never;

function logDensity(
  weights: number[],
  probabilities: number[],
  component: number,
  sample: number[],
): number {
  const parameters = {
    weights: Float64Array.from(weights),
    probabilities: Float64Array.from(probabilities),
  };
  const density = family.density(parameters, identityStandardisation(sample.length));
  return family.logDensity(
    density,
    component,
    Float64Array.from(sample),
    new Float64Array(sample.length),
  );
}

function statisticsOf(
  samples: readonly number[][],
  responsibilities: readonly number[][],
  missing: boolean,
  start = family.neutral(responsibilities[0].length, samples[0].length),
): Statistics {
  const nFeatures = samples[0].length;
  const nComponents = responsibilities[0].length;
  const observed = missing ? nComponents * nFeatures : 0;
  const density = family.density(start, identityStandardisation(nFeatures));
  const length = family.statisticsLength(nFeatures);
  const statistics = zeroStatistics(nComponents, length, family.origin(density), observed);
  samples.forEach((row, n) => {
    const sample = Float64Array.from(row);
    responsibilities[n].forEach((weight, k) => {
      statistics.componentMass[k] += weight;
      family.accumulate(density, k, weight, sample, sample, statistics.sums);
      addObserved(statistics, k, weight, sample);
    });
  });
  return statistics;
}

function mStep(
  statistics: Statistics,
  nFeatures: number,
  prior?: Record<string, unknown>,
  previous = family.neutral(statistics.nComponents, nFeatures),
): BernoulliParameters {
  const problem = { nComponents: statistics.nComponents, nFeatures, samples: NO_SAMPLES };
  return family.mStep(statistics, previous, {
    regCovar: new Float64Array(nFeatures),
    standardisation: identityStandardisation(nFeatures),
    prior: prior && family.readPrior(prior, problem),
  });
}

describe('Bernoulli in float64', () => {
  test('ln p is the sum of ln theta over the ones and ln(1 - theta) over the zeros', () => {
    const theta = [0.2, 0.9, 0.4, 0.5, 0.1, 0.9, 0.6, 0.9, 0.4, 0.1];
    expect(logDensity([0.3, 0.7], theta, 0, [1, 0, 0, 1, 0])).toBeCloseTo(
      Math.log(0.3 * (0.2 * 0.1 * 0.6 * 0.5 * 0.9)),
      14,
    );
    expect(logDensity([0.3, 0.7], theta, 1, [1, 1, 1, 1, 0])).toBeCloseTo(
      Math.log(0.7 * (0.9 * 0.6 * 0.9 * 0.4 * 0.9)),
      14,
    );
  });

  test('the densities of all samples sum to 1, with missing entries those of all completions', () => {
    const theta = [0.2, 0.9, 0, 0.5, 1];
    let total = 0;
    let withTwoKnown = 0;
    for (let code = 0; code < 32; code++) {
      const sample = Array.from({ length: 5 }, (_, d) => (code >> d) & 1);
      const p = Math.exp(logDensity([1], theta, 0, sample));
      total += p;
      if (sample[0] === 1 && sample[3] === 0) withTwoKnown += p;
    }
    expect(total).toBeCloseTo(1, 14);
    expect(withTwoKnown).toBeCloseTo(
      Math.exp(logDensity([1], theta, 0, [1, NaN, NaN, 0, NaN])),
      14,
    );
  });

  test('probabilities of 0 and 1 are certain: 0 ln 0 is 0, anything else is impossible', () => {
    const theta = [0, 1, 0.25];
    expect(logDensity([1], theta, 0, [0, 1, 1])).toBeCloseTo(Math.log(0.25), 15);
    expect(logDensity([1], theta, 0, [1, 1, 1])).toBe(-Infinity);
    expect(logDensity([1], theta, 0, [0, 0, 1])).toBe(-Infinity);
    expect(logDensity([1], theta, 0, [1, 0, 1])).toBe(-Infinity);
    expect(logDensity([1], theta, 0, [NaN, NaN, 1])).toBeCloseTo(Math.log(0.25), 15);
    expect(logDensity([1], theta, 0, [NaN, 0, 1])).toBe(-Infinity);
    expect(logDensity([1], theta, 0, [1, NaN, 1])).toBe(-Infinity);
    expect(logDensity([0, 1], [...theta, ...theta], 0, [0, 1, 1])).toBe(-Infinity);
  });

  test('the smallest probabilities keep their logarithms', () => {
    const small = 1e-300;
    expect(logDensity([1], [small, 0.5], 0, [1, 0])).toBeCloseTo(
      Math.log(small) + Math.log(0.5),
      10,
    );
    // ln(1 - theta) = -theta
    expect(logDensity([1], [1e-20], 0, [0])).toBe(-1e-20);
    expect(logDensity([1], [1e-20, 1e-20], 0, [0, NaN])).toBe(-1e-20);
    const almost = 1 - 2 ** -53;
    expect(logDensity([1], [almost], 0, [0])).toBeCloseTo(-53 * Math.LN2, 13);
  });

  test('a sample that is wholly missing has the prior', () => {
    expect(logDensity([0.25, 0.75], [0.1, 1, 0.3, 0], 1, [NaN, NaN])).toBeCloseTo(
      Math.log(0.75),
      15,
    );
  });

  test('maximum likelihood: the share of ones, by responsibility', () => {
    const statistics = statisticsOf(
      [
        [1, 0, 1],
        [1, 1, 0],
        [0, 0, 1],
      ],
      [
        [0.5, 0.5],
        [1, 0],
        [0.25, 0.75],
      ],
      false,
    );
    const { weights, probabilities } = mStep(statistics, 3);
    expect([...weights]).toEqual([1.75 / 3, 1.25 / 3]);
    const expected = [1.5 / 1.75, 1 / 1.75, 0.75 / 1.75, 0.5 / 1.25, 0, 1];
    expected.forEach((p, i) => expect(probabilities[i]).toBeCloseTo(p, 15));
  });

  test('what is rarer is counted, not subtracted: probabilities next to 0 and to 1 are as exact as each other', () => {
    const samples = [
      [1, 0],
      [1, 0],
      [0, 1],
    ];
    const responsibilities = [[1], [1], [1e-30]];
    const start = {
      weights: Float64Array.of(1),
      probabilities: Float64Array.of(0.9, 0.1),
    };
    const statistics = statisticsOf(samples, responsibilities, false, start);
    const next = mStep(statistics, 2, undefined, start);
    expect(next.probabilities[0]).toBe(1);
    expect(next.probabilities[1]).toBeCloseTo(0.5e-30, 44);
    const density = family.density(next, identityStandardisation(2));
    const a = family.logDensity(density, 0, Float64Array.of(0, 1), new Float64Array(2));
    expect(a).toBeCloseTo(2 * Math.log(0.5e-30), 12);
    // arrays of a user's own beside it: 1 - theta is that of the probabilities given
    const own = family.density(
      { ...next, probabilities: Float64Array.of(0.75, 0.25) },
      identityStandardisation(2),
    );
    const b = family.logDensity(own, 0, Float64Array.of(0, 1), new Float64Array(2));
    expect(b).toBeCloseTo(2 * Math.log(0.25), 14);
  });

  test('a sample that is listed first has the same density and statistics', () => {
    const random = new Random(7);
    const nFeatures = 37;
    const value = (): number => {
      const u = random.uniform();
      return u < 0.15 ? 0 : u < 0.3 ? 1 : random.uniform();
    };
    const parameters = {
      weights: Float64Array.of(0.5, 0.5),
      probabilities: Float64Array.from({ length: 2 * nFeatures }, value),
    };
    const standardisation = identityStandardisation(nFeatures);
    const plain = family.density(parameters, standardisation);
    const listed = family.density(parameters, standardisation);
    const sums = [new Float64Array(4 * nFeatures), new Float64Array(4 * nFeatures)];
    const sample = new Float64Array(nFeatures);
    let possible = 0;
    for (let n = 0; n < 60; n++) {
      family.draw(parameters, parameters.probabilities, n % 2, random, sample, 0);
      if (n % 3 === 2) sample.fill(Number.NaN, 5, 5 + (n % 30));
      family.prepareSample(listed, sample);
      for (const k of [0, 1]) {
        const a = family.logDensity(plain, k, sample, sample);
        if (a > -Infinity) possible++;
        expect(family.logDensity(listed, k, sample, sample)).toBeCloseTo(a, 11);
        family.accumulate(plain, k, n / 60, sample, sample, sums[0]);
        family.accumulate(listed, k, n / 60, sample, sample, sums[1]);
      }
    }
    expect(possible).toBeGreaterThanOrEqual(60);
    expect(possible).toBeLessThan(120);
    expect(sums[1]).toEqual(sums[0]);
  });

  test('missing entries count nowhere; a feature that nobody observed stays, or goes to the mode of its prior', () => {
    const samples = [
      [1, NaN, NaN],
      [NaN, 1, NaN],
      [0, 0, NaN],
    ];
    const statistics = statisticsOf(samples, [[1], [1], [1]], true);
    const previous = {
      weights: Float64Array.of(1),
      probabilities: Float64Array.of(0.1, 0.2, 0.3),
    };
    expect([...mStep(statistics, 3, undefined, previous).probabilities]).toEqual([0.5, 0.5, 0.3]);
    const map = mStep(statistics, 3, { a: 3, b: 2 }, previous).probabilities;
    expect([...map]).toEqual([3 / 5, 3 / 5, 2 / 3]);
  });

  test('an empty component keeps its probabilities', () => {
    const statistics = statisticsOf([[1, 0]], [[1, 0]], false);
    const previous = {
      weights: Float64Array.of(0.5, 0.5),
      probabilities: Float64Array.of(0.1, 0.2, 0.3, 0.4),
    };
    const { probabilities, weights } = mStep(statistics, 2, undefined, previous);
    expect([...probabilities]).toEqual([1, 0, 0.3, 0.4]);
    expect([...weights]).toEqual([1, 0]);
  });

  test('under Beta(a, b): (S + a - 1) / (N + a + b - 2), a and b for all features or for each', () => {
    const statistics = statisticsOf(
      [
        [1, 0],
        [1, 0],
        [0, 0],
      ],
      [[1], [1], [1]],
      false,
    );
    expect([...mStep(statistics, 2, { a: 2, b: 2 }).probabilities]).toEqual([3 / 5, 1 / 5]);
    const each = mStep(statistics, 2, { a: [2, 1], b: [1, 4] }).probabilities;
    expect([...each]).toEqual([3 / 4, 0]);
    expect(() => mStep(statistics, 2, { a: 0.5 })).toThrow(
      expect.objectContaining({ code: 'NO_MODE' }),
    );
    expect(() => mStep(statistics, 2, { c: 1 })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  test('ln of the prior has 0 ln 0 = 0', () => {
    const parameters = {
      weights: Float64Array.of(1),
      probabilities: Float64Array.of(0, 1, 0.25),
    };
    const problem = { nComponents: 1, nFeatures: 3, samples: NO_SAMPLES };
    const prior = family.readPrior({ a: [1, 2, 3], b: [2, 1, 2] }, problem);
    const expected = 2 * Math.log(0.25) + Math.log(0.75);
    expect(family.logPrior(parameters, prior)).toBeCloseTo(expected, 14);
    expect(family.logPrior(parameters, undefined)).toBe(0);
  });

  test('draws follow the probabilities; 0 and 1 are certain', () => {
    const parameters = {
      weights: Float64Array.of(0.5, 0.5),
      probabilities: Float64Array.of(0.5, 0.5, 0.5, 0, 1, 0.3),
    };
    const prepared = family.prepareDraws(parameters, 3);
    const random = new Random(1);
    const out = new Float64Array(3);
    const sums = [0, 0, 0];
    for (let n = 0; n < 20_000; n++) {
      family.draw(parameters, prepared, 1, random, out, 0);
      out.forEach((x, d) => (sums[d] += x));
    }
    expect(sums.slice(0, 2)).toEqual([0, 20_000]);
    // four standard deviations
    expect(Math.abs(sums[2] / 20_000 - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 20_000));
  });

  test('only probabilities, and only 0 and 1 as samples', () => {
    const weights = Float64Array.of(0.5, 0.5);
    expect(
      family.checkParameters({ weights, probabilities: Float64Array.of(0, 1, 0.5, 0.2) }, 2),
    ).toBeUndefined();
    expect(
      family.checkParameters({ weights, probabilities: Float64Array.of(0, 1, 1.5, 0.2) }, 2),
    ).toBe('probabilities must be between 0 and 1, but that of component 1, feature 0 is 1.5');
    expect(
      family.checkParameters({ weights, probabilities: Float64Array.of(0, NaN, 0, 0) }, 2),
    ).toMatch(/component 0, feature 1 is NaN/);
    expect([0, 1, 2, -1, 0.5, NaN].map((x) => family.support.has(x, 0))).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(family.freeParameters(3, 7)).toBe(21);
    expect(() => bernoulli(0)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(bernoulli(4).settings).toEqual({ nFeatures: 4 });
  });
});
