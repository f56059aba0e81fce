import { describe, expect, test } from 'vitest';
import { MixtureError } from '../../src/errors.ts';
import { betaMode, logBetaPrior, readBetaPrior } from '../../src/families/beta-prior.ts';
import {
  dirichletMode,
  logDirichletPrior,
  readConcentration,
} from '../../src/families/dirichlet-prior.ts';
import { gammaMode, logGammaPrior, readGammaPrior } from '../../src/families/gamma-prior.ts';

function caught(run: () => unknown): MixtureError {
  try {
    run();
  } catch (error) {
    if (error instanceof MixtureError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('A prior on parameters', () => {
  test('is one number for all features, or one for each', () => {
    expect(readBetaPrior({ a: 2 }, 3)).toEqual({
      a: Float64Array.of(2, 2, 2),
      b: Float64Array.of(1, 1, 1),
    });
    expect(readGammaPrior({ a: [1, 2], b: Float32Array.of(0, 3) }, 2)).toEqual({
      a: Float64Array.of(1, 2),
      b: Float64Array.of(0, 3),
    });
    expect(readConcentration({ concentration: [1, 2, 3] }, 3)).toEqual(Float64Array.of(1, 2, 3));
  });

  test('that changes nothing is none', () => {
    expect(readBetaPrior({ a: 1, b: [1, 1] }, 2)).toBeUndefined();
    expect(readGammaPrior({ a: 1, b: 0 }, 2)).toBeUndefined();
    expect(readConcentration({}, 2)).toBeUndefined();
  });

  test.each([
    ['a word', () => readBetaPrior('mclust', 2), 'has no prior "mclust"'],
    ['another key', () => readGammaPrior({ concentration: 1 }, 2), 'has no "concentration"'],
    ['a zero', () => readBetaPrior({ a: 0 }, 2), 'above 0; it is 0'],
    ['a negative b', () => readGammaPrior({ b: [0, -1] }, 2), 'at least 0; element 1 is -1'],
    ['not a number', () => readBetaPrior({ b: Number.NaN }, 2), 'it is NaN'],
    ['infinity', () => readConcentration({ concentration: Infinity }, 2), 'it is Infinity'],
    ['a string', () => readConcentration({ concentration: '2' }, 2), 'of type string'],
    ['too many', () => readConcentration({ concentration: [1, 2, 3] }, 2), 'it has 3'],
  ])('with %s is refused', (_, read, message) => {
    const error = caught(read);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(message);
  });
});

describe('The mode under a prior', () => {
  test('Beta: (s + a - 1) / (s + f + a + b - 2)', () => {
    const prior = readBetaPrior({ a: 2, b: [3, 1.5] }, 2);
    expect(betaMode(3, 5, prior, 0, 0)).toBeCloseTo((3 + 1) / (8 + 3), 15);
    expect(betaMode(3, 5, prior, 0, 1)).toBeCloseTo((3 + 1) / (8 + 1.5), 15);
    expect(betaMode(3, 5, undefined, 0, 1)).toBe(3 / 8);
  });

  test('Gamma: (events + a - 1) / (exposure + b)', () => {
    expect(gammaMode(7, 4, readGammaPrior({ a: 3, b: 2 }, 1), 0, 0)).toBe(9 / 6);
    expect(gammaMode(7, 4, undefined, 0, 0)).toBe(7 / 4);
    expect(gammaMode(7, 0, undefined, 0, 0)).toBe(Infinity);
  });

  test('Dirichlet: counts + concentration - 1, divided by their sum', () => {
    const mode = dirichletMode([1, 0, 3], Float64Array.of(2, 1, 1.5, 9), 0)!;
    expect(Array.from(mode)).toEqual([2 / 5.5, 0, 3.5 / 5.5]);
  });

  test('is unknown where neither prior nor counts speak', () => {
    expect(betaMode(0, 0, undefined, 0, 0)).toBeUndefined();
    expect(gammaMode(0, 0, undefined, 0, 0)).toBeUndefined();
    expect(dirichletMode([0, 0], undefined, 0)).toBeUndefined();
  });

  test('takes counts that rounding left below 0 as 0', () => {
    expect(betaMode(-1e-9, 4, undefined, 0, 0)).toBe(0);
    expect(gammaMode(-1e-9, 4, undefined, 0, 0)).toBe(0);
    expect(Array.from(dirichletMode([-1e-9, 1], undefined, 0)!)).toEqual([0, 1]);
  });

  test.each([
    ['Beta at 0', () => betaMode(0.2, 9, readBetaPrior({ a: 0.5 }, 2), 3, 1), 1],
    ['Beta at 1', () => betaMode(9, 0.2, readBetaPrior({ b: 0.5 }, 2), 3, 1), 1],
    ['Gamma', () => gammaMode(0.2, 9, readGammaPrior({ a: 0.5 }, 2), 3, 1), 1],
    ['Dirichlet', () => dirichletMode([9, 0.2], Float64Array.of(1, 0.5), 3), undefined],
  ])('does not exist where the density is infinite: %s', (_, mode, feature) => {
    const error = caught(mode);
    expect(error.code).toBe('NO_MODE');
    expect(error.details['component']).toBe(3);
    expect(error.details['feature']).toBe(feature);
    expect(error.message).toContain('0.5');
  });
});

test('Log-priors are the exponents, with 0 ln 0 = 0', () => {
  const beta = readBetaPrior({ a: [1, 2], b: [3, 1] }, 2)!;
  expect(logBetaPrior(Float64Array.of(0, 0.5, 0.25, 1), beta)).toBeCloseTo(
    Math.log(0.5) + 2 * Math.log(0.75),
    14,
  );
  const gamma = readGammaPrior({ a: 2, b: 3 }, 1)!;
  expect(logGammaPrior(Float64Array.of(2, 4), gamma)).toBeCloseTo(Math.log(8) - 18, 14);
  expect(logDirichletPrior([0, 0.25, 0.75], Float64Array.of(1, 2, 3))).toBeCloseTo(
    Math.log(0.25) + 2 * Math.log(0.75),
    14,
  );
});
