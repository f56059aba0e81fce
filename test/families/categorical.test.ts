import { describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { readSamples } from '../../src/data/samples.ts';
import { identityStandardisation } from '../../src/data/standardisation.ts';
import {
  categorical,
  type CategoricalFamily,
  type CategoricalParameters,
} from '../../src/families/categorical.ts';
import { zeroStatistics, type Statistics } from '../../src/families/statistics.ts';
import { atOnce } from '../../src/data/pause.ts';

const NO_SAMPLES = undefined as never;
/** Two components, three features of 3, 1 and 2 categories. */
const nCategories = [3, 1, 2];
const family = categorical(nCategories);
const parameters: CategoricalParameters = {
  weights: Float64Array.of(0.25, 0.75),
  probabilities: Float64Array.from(
    [
      [0.5, 0.2, 0.3, 1, 0, 0, 0.9, 0.1, 0],
      [0, 0.25, 0.75, 1, 0, 0, 0, 1, 0],
    ].flat(),
  ),
};

function logDensity(component: number, sample: number[]): number {
  const density = family.density(parameters, identityStandardisation(3));
  return family.logDensity(density, component, Float64Array.from(sample), new Float64Array(3));
}

function statisticsOf(samples: readonly number[][], weights: readonly number[]): Statistics {
  const statistics = zeroStatistics(1, 9, new Float64Array(0));
  const density = family.density(family.neutral(1, 3), identityStandardisation(3));
  samples.forEach((row, n) => {
    const sample = Float64Array.from(row);
    statistics.componentMass[0] += weights[n];
    family.accumulate(density, 0, weights[n], sample, sample, statistics.sums);
  });
  return statistics;
}

function mStep(
  statistics: Statistics,
  prior?: Record<string, unknown>,
  of: CategoricalFamily = family,
): number[] {
  const problem = { nComponents: 1, nFeatures: 3, samples: NO_SAMPLES };
  const previous = {
    weights: Float64Array.of(1),
    probabilities: Float64Array.of(0.1, 0.2, 0.7, 1, 0, 0, 0.4, 0.6, 0),
  };
  const next = of.mStep(statistics, previous, {
    regCovar: new Float64Array(3),
    standardisation: identityStandardisation(3),
    prior: prior && of.readPrior(prior, problem),
  });
  return [...next.probabilities];
}

describe('categorical in float64', () => {
  test('ln p is the sum of ln theta of the categories seen', () => {
    expect(logDensity(0, [2, 0, 1])).toBeCloseTo(Math.log(0.25 * 0.3 * 0.1), 14);
    expect(logDensity(1, [1, 0, 1])).toBeCloseTo(Math.log(0.75 * 0.25), 14);
    expect(logDensity(1, [0, 0, 1])).toBe(-Infinity);
    expect(logDensity(1, [NaN, 0, 1])).toBeCloseTo(Math.log(0.75), 14);
    expect(logDensity(0, [NaN, NaN, NaN])).toBeCloseTo(Math.log(0.25), 14);
  });

  test('the densities of all samples sum to 1', () => {
    let total = 0;
    for (let a = 0; a < 3; a++) {
      for (let b = 0; b < 2; b++) total += Math.exp(logDensity(0, [a, 0, b])) / 0.25;
    }
    expect(total).toBeCloseTo(1, 14);
  });

  test('maximum likelihood: the shares of the categories among the observed entries', () => {
    const samples = [
      [0, 0, 1],
      [2, 0, NaN],
      [2, NaN, 1],
    ];
    const theta = mStep(statisticsOf(samples, [1, 0.5, 2.5]));
    expect(theta).toEqual([0.25, 0, 0.75, 1, 0, 0, 0, 1, 0]);
  });

  test('a feature that nobody observed stays', () => {
    const theta = mStep(statisticsOf([[0, NaN, NaN]], [1]));
    expect(theta).toEqual([1, 0, 0, 1, 0, 0, 0.4, 0.6, 0]);
  });

  test('under Dirichlet(c): counts + c - 1, as far as the feature has categories', () => {
    const statistics = statisticsOf(
      [
        [0, 0, 1],
        [2, 0, NaN],
      ],
      [1, 1],
    );
    const shared = mStep(statistics, { concentration: 2 });
    [2 / 5, 1 / 5, 2 / 5, 1, 0, 0, 1 / 3, 2 / 3, 0].forEach((p, i) => {
      expect(shared[i]).toBeCloseTo(p, 15);
    });
    const each = mStep(statistics, { concentration: [1, 3, 2] });
    [1 / 5, 2 / 5, 2 / 5, 1, 0, 0, 0, 1, 0].forEach((p, i) => {
      expect(each[i]).toBeCloseTo(p, 15);
    });
    expect(() => mStep(statistics, { concentration: 0.5 })).toThrow(
      expect.objectContaining({ code: 'NO_MODE' }),
    );
    expect(() => mStep(statistics, { concentration: [1, 1] })).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
  });

  test('ln of the prior counts only the categories that a feature has', () => {
    const problem = { nComponents: 2, nFeatures: 3, samples: NO_SAMPLES };
    const prior = family.readPrior({ concentration: [1, 3, 2] }, problem);
    const one = {
      weights: Float64Array.of(1),
      probabilities: parameters.probabilities.subarray(0, 9),
    };
    const expected = 2 * Math.log(0.2) + Math.log(0.3) + 2 * Math.log(0.1);
    expect(family.logPrior(one, prior)).toBeCloseTo(expected, 14);
  });

  test('what the settings leave open is taken from the samples', async () => {
    const samples = await readSamples([
      [0, 3, NaN],
      [2, 0, NaN],
    ]);
    const resolved = atOnce(categorical().resolve!(samples)) as CategoricalFamily;
    expect(resolved.settings).toEqual({ nCategories: [3, 4, 1] });
    expect([...resolved.categories(3)!]).toEqual([3, 4, 1]);
    expect(resolved.parameterShapes(2, 3)).toEqual({ probabilities: [2, 3, 4] });
    expect(resolved.freeParameters(2, 3)).toBe(2 * (2 + 3 + 0));
    expect(resolved.statisticsLength(3)).toBe(12);
    expect(resolved.support.has(3, 1)).toBe(true);
    expect(resolved.support.has(3, 0)).toBe(false);
    // again from JSON
    const settings = JSON.parse(JSON.stringify(resolved.settings)) as Record<string, number[]>;
    expect(categorical(settings).freeParameters(2, 3)).toBe(10);
    // given: kept
    expect(atOnce(categorical(5).resolve!(samples)).settings).toEqual({ nCategories: 5 });
    expect(() => atOnce(categorical([3, 4]).resolve!(samples))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    const identifiers = await readSamples([[1], [70_000]]);
    expect(() => atOnce(categorical().resolve!(identifiers))).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });

  test('the support is the whole numbers below the number of categories', () => {
    const seen = [0, 2, 3, -1, 0.5, NaN].map((value) => family.support.has(value, 0));
    expect(seen).toEqual([true, true, false, false, false, false]);
    expect(family.support.has(1, 1)).toBe(false);
  });

  test('neutral: all categories alike, 0 beyond them', () => {
    const third = 1 / 3;
    const row = [third, third, third, 1, 0, 0, 0.5, 0.5, 0];
    expect([...family.neutral(2, 3).probabilities]).toEqual([...row, ...row]);
  });

  test('draws follow the probabilities', () => {
    const prepared = family.prepareDraws(parameters, 3);
    const random = new Random(3);
    const out = new Float64Array(3);
    const counts = [new Float64Array(9), new Float64Array(9)];
    const draws = 20_000;
    for (let n = 0; n < draws; n++) {
      for (const k of [0, 1]) {
        family.draw(parameters, prepared, k, random, out, 0);
        out.forEach((category, d) => counts[k][3 * d + category]++);
      }
    }
    parameters.probabilities.forEach((p, i) => {
      const share = counts[Math.floor(i / 9)][i % 9] / draws;
      // four standard deviations, none at 0 and 1
      expect(Math.abs(share - p)).toBeLessThanOrEqual(4 * Math.sqrt((p * (1 - p)) / draws));
    });
  });

  test('the mean category, for categories with an order', () => {
    const means = family.expectation(parameters, 3);
    [0.8, 0, 0.1, 1.75, 0, 1].forEach((mean, i) => expect(means[i]).toBeCloseTo(mean, 15));
  });

  test('only probabilities that sum to 1 over a feature', () => {
    expect(family.checkParameters(parameters, 3)).toBeUndefined();
    const change = (index: number, value: number): string | undefined =>
      family.checkParameters(
        { ...parameters, probabilities: parameters.probabilities.with(index, value) },
        3,
      );
    expect(change(1, 0.3)).toMatch(/component 0, feature 0 sum to 1\.1/);
    expect(change(1, -0.2)).toMatch(/component 0, feature 0, category 1 is -0\.2/);
    expect(change(17, 0.1)).toMatch(/beyond a feature's 2 categories.*category 2 is 0\.1/);
  });

  test('wrong numbers of categories are refused', () => {
    for (const wrong of [0, 1.5, -1, [], [2, 0], 1e6]) {
      expect(() => categorical(wrong)).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    }
    expect(() => categorical().density(parameters, identityStandardisation(3))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION' }),
    );
    expect(categorical([2, 3]).settings).toEqual({ nFeatures: 2, nCategories: [2, 3] });
  });
});
