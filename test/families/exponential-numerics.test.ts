import { describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { drawBinomial, drawMultinomial, drawPoisson } from '../../src/families/draws.ts';
import { logFactorial } from '../../src/families/log-factorial.ts';
import { integrate, sumOver } from '../support/quadrature.ts';

describe('ln n!', () => {
  // mpmath, 40 digits
  test.each([
    [0, '0'],
    [1, '0'],
    [3, '1.7917594692280550008'],
    [20, '42.33561646075348503'],
    [100, '363.73937555556349014'],
    [170, '706.57306224578734711'],
    [171, '711.71472580229000695'],
    [172, '716.86222027910346'],
    [500, '2611.3304584601560844'],
    [1000, '5912.1281784881633489'],
    [12345, '103962.95347844967567'],
    [1e6, '12815518.384658169624'],
    [1e9, '19723265848.226982608'],
    [2 ** 53 - 1, '321888483458023028.62'],
  ])('%d', (n, digits) => {
    const expected = Number(digits);
    expect(Math.abs(logFactorial(n) - expected)).toBeLessThanOrEqual(1e-15 * expected);
  });
});

describe('Quadrature', () => {
  test.each<[string, (x: number) => number, number, number, number]>([
    ['a polynomial', (x) => x * x, -1, 2, 3],
    ['an end with a pole', (x) => 1 / Math.sqrt(x), 0, 1, 2],
    ['a half line', (x) => Math.exp(-x), 0, Infinity, 1],
    ['the other half', (x) => Math.exp(x), -Infinity, 0, 1],
    ['the whole line', (x) => Math.exp(-x * x), -Infinity, Infinity, Math.sqrt(Math.PI)],
    ['a scale of a million', (x) => Math.exp(-x / 1e6) / 1e6, 0, Infinity, 1],
  ])('integrates %s', (_, f, a, b, expected) => {
    expect(integrate(f, a, b)).toBeCloseTo(expected, 7);
  });

  test('sums a series to its end', () => {
    expect(sumOver((x) => 0.99 ** x, 0, Infinity)).toBeCloseTo(100, 9);
    expect(sumOver((x) => x, 1, 10)).toBe(55);
  });
});

/** Mean and variance of `count` draws beside what they should be, in standard errors of the mean and of the variance. */
function compare(draw: () => number, mean: number, variance: number, kurtosis: number): void {
  const count = 40_000;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const x = draw();
    sum += x - mean;
    squares += (x - mean) ** 2;
  }
  expect(Math.abs(sum / count)).toBeLessThan(5 * Math.sqrt(variance / count));
  const error = variance * Math.sqrt((kurtosis - 1) / count);
  expect(Math.abs(squares / count - variance)).toBeLessThan(5 * error);
}

describe('Draws have the moments of their distributions', () => {
  test.each([0.01, 0.5, 3, 9.99, 10, 12.5, 40, 1000, 1e6])('Poisson, rate %d', (rate) => {
    const random = new Random(7);
    compare(() => drawPoisson(rate, random), rate, rate, 3 + 1 / rate);
  });

  test('Poisson of rate 0 is 0', () => {
    expect(drawPoisson(0, new Random(1))).toBe(0);
  });

  test.each([
    [1, 0.3],
    [20, 0.1],
    [20, 0.9],
    [100, 0.2],
    [1000, 0.5],
    [1e6, 1e-6],
    [1e6, 0.999],
  ])('binomial, n = %d, p = %d', (n, p) => {
    const random = new Random(3);
    const variance = n * p * (1 - p);
    compare(
      () => drawBinomial(n, p, random),
      n * p,
      variance,
      3 + (1 - 6 * p * (1 - p)) / variance,
    );
  });

  test('a binomial draw of certain or impossible successes', () => {
    const random = new Random(1);
    expect([drawBinomial(9, 0, random), drawBinomial(9, 1, random)]).toEqual([0, 9]);
    expect(drawBinomial(0, 0.5, random)).toBe(0);
  });

  test('multinomial counts add up, and never fall on what is impossible', () => {
    const random = new Random(5);
    const theta = Float64Array.of(0.1, 0, 0.2, 0.3, 0.4, 0);
    const out = new Float64Array(8);
    const sums = new Float64Array(6);
    for (let i = 0; i < 2000; i++) {
      drawMultinomial(50, theta, random, out, 1);
      expect(out.reduce((sum, x) => sum + x, 0)).toBe(50);
      for (let d = 0; d < 6; d++) sums[d] += out[1 + d];
    }
    expect([out[0], out[7], sums[1], sums[5]]).toEqual([0, 0, 0, 0]);
    theta.forEach((p, d) => {
      const error = Math.sqrt((p * (1 - p)) / 100_000);
      expect(Math.abs(sums[d] / 100_000 - p)).toBeLessThanOrEqual(5 * error);
    });
  });
});
