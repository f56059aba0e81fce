import { describe, expect, test } from 'vitest';
import { defineFamily, type FamilyDefinition } from '../../src/index.ts';
import {
  accepted,
  counts,
  laplace,
  logNormal,
  normal,
  normalOfTwo,
  pareto,
  zipf,
} from './own-definitions.ts';

type Change = (definition: FamilyDefinition) => Partial<FamilyDefinition>;

const refusal = (definition: FamilyDefinition, change: Change): string => {
  try {
    defineFamily({ ...definition, ...change(definition) });
  } catch (error) {
    return (error as Error).message;
  }
  return 'taken';
};

describe('The check of a definition by quadrature', () => {
  test.each(Object.entries(accepted))('takes %s', (_, definition) => {
    expect(defineFamily(definition).name).toBe(definition.name);
  });

  // quadrature cannot tell: float64 leaves ln p (or what is within 1e-16 of x = 1, or beyond 10^15) less exact than the slip
  const undecided = new Set(['normal about 5, sd 1e-6', 'beta(3, 0.1)', 'Zipf, s = 1.02']);
  const decided = Object.entries(accepted).filter(([name]) => !undecided.has(name));

  const wrongPartition: Change = ({ logPartition }) => ({
    logPartition: (natural) => logPartition(natural) + 0.01,
  });
  test.each(decided)('finds that A is 0.01 too large: %s', (_, definition) => {
    expect(refusal(definition, wrongPartition)).toMatch(/(integrates|sums) to 0\.9\d+ over/);
  });

  const wrongMeasure: Change = ({ logBaseMeasure }) => ({
    logBaseMeasure: (x) => (logBaseMeasure?.(x) ?? 0) + 0.01,
  });
  test.each(decided)('finds that ln h is 0.01 too large: %s', (_, definition) => {
    expect(refusal(definition, wrongMeasure)).toMatch(/(integrates|sums) to 1\.0\d+ over/);
  });

  // (the variance, 1, is the difference of two means of T of 10^12)
  const unstable = new Set(['normal of two statistics about 1e6']);
  const wrongInverse: Change = ({ meanToNatural }) => ({
    meanToNatural: (mean) => Array.from(meanToNatural(mean), (eta) => 1.05 * eta + 0.01),
  });
  test.each(Object.entries(accepted).filter(([name]) => !unstable.has(name)))(
    'finds that meanToNatural is 5 percent off: %s',
    (_, definition) => {
      expect(refusal(definition, wrongInverse)).toContain('meanToNatural at the mean of T');
    },
  );

  test.each<[string, FamilyDefinition, Change, RegExp]>([
    ['a support cut off', laplace(3), from(0), /integrates to 0\.975106/],
    ['a support without the mode', laplace(-100), from(0), /integrates to /],
    ['a support of whole numbers cut off', zipf(2), from(2), /sums to 0\.392/],
    ['a support cut off far out', pareto(0.05), from(2), /integrates to 0\.965936/],
    ['a mean far away', laplace(100), () => ({ mean: () => 100.1 }), /but E\[x\] is (100|99\.9)/],
    ['a mean in a tail', logNormal(2, 5), () => ({ mean: () => 1e6 }), /but E\[x\] is 198275/],
    ['draws far away', normal(1e6, 1), () => ({ sample: () => 999_000 }), /over 4000 draws/],
    ['draws of the wrong scale', logNormal(0, 1), draws(2), /the mean of T_1 over 4000 draws/],
    ['draws of the wrong tail', pareto(0.7), draws(1.2), /the mean of T_0 over 4000 draws/],
    ['draws of no whole number', counts(3), () => ({ sample: () => 2.5 }), /outside the support/],
    [
      'a density that grows without end',
      { ...laplace(0), neutral: [-1] },
      () => ({ sufficientStatistics: (x) => [-Math.abs(x)] }),
      /integrates to Infinity/,
    ],
    [
      'a gradient of another family',
      normalOfTwo(0.5, 2),
      () => ({ naturalToMean: () => [0.5, 4] }),
      /gradient of logPartition .* is \[0\.5, 4\], but should be \[0\.5, 4\.25\]/,
    ],
  ])('finds %s', (_, definition, change, message) => {
    expect(refusal(definition, change)).toMatch(message);
  });

  test('a mean that does not exist is infinite', () => {
    const family = defineFamily(pareto(0.7));
    const parameters = { weights: Float64Array.of(1), naturalParameters: Float64Array.of(-3) };
    expect(family.expectation(parameters, 1)[0]).toBeCloseTo(1.5, 12);
  });

  test('T(x) = x^2 on 0 to 1 is not taken for T(x) = x', () => {
    // p(x) = 2 x exp(eta x^2 - A), A = ln((e^eta - 1) / eta): x^2 is uniform at eta = 0
    const family = defineFamily({
      name: 'square',
      support: { kind: 'interval', from: 0, to: 1 },
      neutral: [1],
      sufficientStatistics: (x) => [x * x],
      logBaseMeasure: (x) => Math.log(2 * x),
      logPartition: ([eta]) => Math.log(Math.expm1(eta) / eta),
      meanToNatural: ([mean]) => {
        let [low, high] = [-500, 501];
        for (let step = 0; step < 100; step++) {
          const eta = (low + high) / 2;
          if (1 / -Math.expm1(-eta) - 1 / eta < mean) low = eta;
          else high = eta;
        }
        return [low];
      },
      wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 1> { return array<f32, 1>(x * x); }',
    });
    const parameters = { weights: Float64Array.of(1), naturalParameters: Float64Array.of(1) };
    expect(() => family.expectation(parameters, 1)).toThrow(/E\[x\]/);
  });
});

describe('On WebGPU', () => {
  /** The most features with S statistics: 1 + ceil(D / 4) (2 + S) loop turns a density, at most 3800. */
  test.each([
    [1, 15196],
    [2, 3796],
    [3, 3036],
    [33, 432],
  ])('%i statistics are refused from %i features on', (nStatistics, most) => {
    const family = defineFamily(polynomial(nStatistics));
    expect(family.device(most, false).densityIterations).toBeLessThanOrEqual(3800);
    expect(() => family.device(most + 1, false)).toThrow(
      expect.objectContaining({ code: 'LIMIT_EXCEEDED' }),
    );
  });
});

function from(start: number): Change {
  return ({ support }) => ({ support: { ...support, from: start } });
}

/** Draws whose logarithms are so many times too large. */
function draws(factor: number): Change {
  return ({ sample }) => ({ sample: (natural, random) => sample!(natural, random) ** factor });
}

/** S + 1 whole numbers, each as likely as it likes: T says which. */
function polynomial(nStatistics: number): FamilyDefinition {
  const total = (numbers: Float64Array): number => numbers.reduce((sum, value) => sum + value, 0);
  const odds = (natural: Float64Array): Float64Array => natural.map(Math.exp);
  return {
    name: `steps-${nStatistics}`,
    support: { kind: 'integers', from: 0, to: nStatistics },
    neutral: Array.from({ length: nStatistics }, () => 0),
    sufficientStatistics: (x) =>
      Array.from({ length: nStatistics }, (_, s) => (x === s + 1 ? 1 : 0)),
    logPartition: (natural) => Math.log1p(total(odds(natural))),
    meanToNatural: (mean) => mean.map((value) => Math.log(value / (1 - total(mean)))),
    naturalToMean: (natural) => odds(natural).map((value) => value / (1 + total(odds(natural)))),
    wgsl: `fn sufficient_statistics(x: f32) -> array<f32, ${nStatistics}> { return array<f32, ${nStatistics}>(); }`,
  };
}
