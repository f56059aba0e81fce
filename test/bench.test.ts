import { describe, expect, test } from 'vitest';
import { compareTraces, isRight, worst, type FitTrace } from '../bench/check.ts';
import { exponential, grouped, mebibytes, percent, threeDigits } from '../bench/format.ts';
import { drawProblem } from '../bench/problem.ts';
import { QUICK_SHAPES, type BenchShape } from '../bench/shapes.ts';
import { spread } from '../bench/statistics.ts';
import { shape } from './support/bench-rows.ts';

describe('the spread of measurements', () => {
  test('is median, quartiles and range, in any order of the values', () => {
    expect(spread([7, 1, 3, 2, 6, 5, 4])).toEqual({
      count: 7,
      least: 1,
      lowerQuartile: 2.5,
      median: 4,
      upperQuartile: 5.5,
      most: 7,
    });
  });

  test('lies between the two middle values of an even count, and on a single one', () => {
    expect(spread([4, 1, 2, 3]).median).toBe(2.5);
    expect(spread([10, 9])).toMatchObject({ lowerQuartile: 9.25, upperQuartile: 9.75 });
    expect(spread([5])).toMatchObject({ least: 5, lowerQuartile: 5, median: 5, most: 5 });
  });

  test('leaves the values as they were, and refuses what has no median', () => {
    const values = [3, 1, 2];
    spread(values);
    expect(values).toEqual([3, 1, 2]);
    expect(() => spread([])).toThrow('no measurements');
    expect(() => spread([1, Number.NaN])).toThrow('not a number');
  });
});

describe('the check beside a time', () => {
  const expected: FitTrace = {
    lowerBounds: [-3, -2],
    means: Float64Array.of(1, 20),
    variances: Float64Array.of(1, 16),
  };
  const shifted = (bound: number, mean: number): FitTrace => ({
    ...expected,
    lowerBounds: [-3, -2 + bound],
    means: Float64Array.of(1, 20 + mean),
  });

  test('is the largest difference over the iterations, means in standard deviations', () => {
    const found = compareTraces(shifted(-0.25, 2), expected);
    expect(found).toEqual({ iterations: 2, lowerBound: 0.25, meansInSigma: 0.5 });
    const nothing = { iterations: 2, lowerBound: 0, meansInSigma: 0 };
    expect(compareTraces(expected, expected)).toEqual(nothing);
  });

  test('covers the iterations that both ran, means only where both ran as many, and NaN anywhere', () => {
    const longer = { ...shifted(0.5, 1), lowerBounds: [-3, -1.5, -1, -0.5] };
    expect(compareTraces(longer, expected)).toEqual({
      iterations: 2,
      lowerBound: 0.5,
      meansInSigma: undefined,
    });
    const broken = { ...longer, lowerBounds: [-3, -2, -1, Number.NaN] };
    expect(compareTraces(broken, expected).lowerBound).toBeNaN();
    expect(() => compareTraces({ ...expected, lowerBounds: [] }, expected)).toThrow('no iteration');
  });

  test('passes at the gates, and fails beyond either one or at NaN', () => {
    const at = (lowerBound: number, meansInSigma?: number) =>
      isRight({ iterations: 1, lowerBound, meansInSigma });
    expect(at(1e-5, 1e-3)).toBe(true);
    expect(at(1e-5)).toBe(true);
    expect(at(1.01e-5, 0)).toBe(false);
    expect(at(0, 1.01e-3)).toBe(false);
    expect(isRight(compareTraces(shifted(Number.NaN, 0), expected))).toBe(false);
    expect(isRight(compareTraces(shifted(0, Number.NaN), expected))).toBe(false);
    const fine = { iterations: 3, lowerBound: 0, meansInSigma: undefined };
    const all = worst([fine, { iterations: 2, lowerBound: Number.NaN, meansInSigma: 1 }, fine]);
    expect(isRight(all)).toBe(false);
    expect(all).toMatchObject({ iterations: 3, meansInSigma: 1 });
  });
});

describe('numbers for people', () => {
  test('are grouped, short, and say their unit', () => {
    expect([7, 1000, 20_000, 1_000_000].map(grouped)).toEqual([
      '7',
      '1,000',
      '20,000',
      '1,000,000',
    ]);
    expect([0.012345, 1.2345, 123.45, 123_456].map(threeDigits)).toEqual([
      '0.0123',
      '1.23',
      '123',
      '123,456',
    ]);
    expect([1e-5, 2.34e-8, Number.NaN].map(exponential)).toEqual(['1e-5', '2.3e-8', 'NaN']);
    expect([2048, 1.5 * 2 ** 20].map(mebibytes)).toEqual(['2 KiB', '1.5 MiB']);
    expect([0.034, 0.34, 0.3456].map(percent)).toEqual(['3.4 %', '34 %', '34.6 %']);
  });
});

describe('the made samples', () => {
  test.each(QUICK_SHAPES)('are seeded, and so is the start: %o', (one) => {
    const { samples, start } = drawProblem(one, 1);
    expect(drawProblem(one, 1)).toEqual({ shape: one, samples, start });
    expect(drawProblem(one, 2).samples).not.toEqual(samples);
    const { nFeatures, nComponents } = one;
    const perCovariance: Record<BenchShape['model'], number> = {
      full: nComponents * nFeatures * nFeatures,
      tied: nFeatures * nFeatures,
      diag: nComponents * nFeatures,
      spherical: nComponents,
      bernoulli: 0,
      kmeans: 0,
    };
    const { covariancesInit = [], weightsInit, ...centres } = start;
    expect(covariancesInit).toHaveLength(perCovariance[one.model]);
    expect(Object.values(centres).map((array) => array.length)).toEqual([nComponents * nFeatures]);
    // (a k-means has no weights)
    const weights = weightsInit ?? Float64Array.of(1);
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  test('overlap as much in many features as in two: no responsibility is lost', () => {
    // squared distances of the made means, of unit deviation: some 48 each, whatever D
    for (const nFeatures of [2, 64]) {
      const { start } = drawProblem(shape('diag', 10, nFeatures, 40), 3);
      const means = start['meansInit'];
      let sum = 0;
      for (let k = 1; k < 40; k++) {
        for (let d = 0; d < nFeatures; d++) sum += (means[k * nFeatures + d] - means[d]) ** 2 / 39;
      }
      expect(sum).toBeGreaterThan(20);
      expect(sum).toBeLessThan(110);
    }
  });
});
