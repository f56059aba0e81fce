import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  createContext,
  defineFamily,
  independent,
  Mixture,
  MixtureError,
} from '../../src/index.ts';
import type { FamilyDefinition } from '../../src/index.ts';
import { hoursAreFound, wavesAreFound } from './own-family-checks.ts';
import { logNormal } from './own-definitions.ts';
import { fitHours, fitWaves, rayleigh, vonMises } from './own-family.ts';

const docs = new URL('../../docs/', import.meta.url);

test('docs/own-family.md shows the files that run here, word for word', () => {
  const page = readFileSync(new URL('own-family.md', docs), 'utf8');
  const shown = [...page.matchAll(/`(own-family\/[\w-]+\.ts)`:\n\n```ts\n(.*?)```/gs)];
  const files = readdirSync(new URL('own-family/', docs));
  expect(shown.map(([, name]) => name).sort()).toEqual(
    files.map((file) => `own-family/${file}`).sort(),
  );
  expect(page.split('```').length - 1).toBe(2 * files.length);
  for (const [, name, code] of shown) {
    const file = readFileSync(new URL(name, docs), 'utf8');
    expect(code).toBe(file.replaceAll(`'../../src/index.ts'`, `'webgpu-em'`));
  }
});

describe('What docs/own-family.md says of its families, in float64', () => {
  test('the waves', async () => {
    const context = await createContext({ backend: 'cpu' });
    wavesAreFound(await fitWaves(context));
  });

  test('the rush hours', async () => {
    const context = await createContext({ backend: 'cpu' });
    hoursAreFound(await fitHours(context));
  });

  test('the message of a wrong A', () => {
    expect(caught({ ...sound, logPartition: ([eta]) => -Math.log(-0.5 * eta) }).message).toBe(
      'The family rayleigh-2: at eta = [-0.5] the density integrates to 0.25 over its support, not to 1.',
    );
  });

  test('priors, missing entries, other columns, saved models', async () => {
    const context = await createContext({ backend: 'cpu' });
    const fit = (rows: number[][], options: object) =>
      Mixture.fit(rows, { family: rayleigh, nComponents: 1, tol: 1e-12, context, ...options });
    const heights = [[1], [2], [Number.NaN], [3]];
    const plain = await fit(heights, {});
    expect(plain.parameters['sigmas'][0]).toBeCloseTo(Math.sqrt(14 / 6), 12);
    const prior = { statistics: [2], strength: 10, alpha: 2 };
    const held = await fit(heights, { prior });
    expect(held.parameters['sigmas'][0]).toBeCloseTo(Math.sqrt((14 + 20) / 26), 12);
    const filled = await plain.impute(heights);
    expect(filled.data[2]).toBeCloseTo(Math.sqrt(14 / 6) * Math.sqrt(Math.PI / 2), 9);

    const saved = JSON.stringify(plain);
    const again = Mixture.fromJSON(saved, { families: [rayleigh] });
    expect(await again.score([[1.5]])).toBeCloseTo(await plain.score([[1.5]]), 14);
    expect(() => Mixture.fromJSON(saved)).toThrow(/rayleigh/);

    const family = independent({ height: rayleigh, direction: vonMises });
    const { parameters } = await Mixture.fit(
      [
        [1, 0.1],
        [2, -0.2],
        [3, 0.4],
        [1, 0.2],
      ],
      { family, nComponents: 1, context },
    );
    expect(parameters['height.sigmas'][0]).toBeCloseTo(Math.sqrt(15 / 8), 12);
    expect(parameters['direction.directions'][0]).toBeCloseTo(0.125, 2);
  });

  test('a prior that no member has is refused as what it is', async () => {
    const context = await createContext({ backend: 'cpu' });
    const family = defineFamily(logNormal(0, 1));
    // (the mean of ln^2 x is never below the square of that of ln x)
    const prior = { statistics: [2, 1], strength: 1000 };
    const fit = Mixture.fit([[1], [2], [3]], { family, nComponents: 1, context, prior });
    await expect(fit).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      details: { option: 'prior.statistics' },
    });
  });

  test('a component of samples that are all alike collapses', async () => {
    const context = await createContext({ backend: 'cpu' });
    const fit = Mixture.fit([[1], [1], [1]], { family: vonMises, nComponents: 1, context });
    await expect(fit).rejects.toMatchObject({ code: 'COLLAPSED_COMPONENT' });
  });

  test('what a definition leaves out is refused when it is asked for', async () => {
    const { sample: _sample, mean: _mean, ...rest } = sound;
    const context = await createContext({ backend: 'cpu' });
    const mixture = await Mixture.fit([[1], [2], [Number.NaN]], {
      family: defineFamily(rest),
      nComponents: 1,
      context,
    });
    expect(() => mixture.sample(3)).toThrow(/how to draw/);
    await expect(mixture.impute([[Number.NaN]])).rejects.toThrow(/E\[x\]/);
  });
});

const sound: FamilyDefinition = {
  name: 'rayleigh-2',
  support: { kind: 'interval', from: 0, to: Infinity },
  neutral: [-0.5],
  sufficientStatistics: (x) => [x * x],
  logBaseMeasure: (x) => Math.log(x),
  logPartition: ([eta]) => -Math.log(-2 * eta),
  meanToNatural: ([mean]) => [-1 / mean],
  wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 1> { return array<f32, 1>(x * x); }',
  mean: ([eta]) => Math.sqrt(-Math.PI / (4 * eta)),
  sample: ([eta], random) => Math.sqrt(Math.log(random.uniform()) / eta),
};

function caught(definition: FamilyDefinition): MixtureError {
  try {
    defineFamily(definition);
  } catch (error) {
    if (error instanceof MixtureError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('A definition', () => {
  test('is taken when it is sound; its parameters are the natural ones unless it names others', () => {
    const family = defineFamily(sound);
    expect(family.parameterShapes(2, 3)).toEqual({ naturalParameters: [2, 3, 1] });
    expect(rayleigh.parameterShapes(2, 3)).toEqual({ sigmas: [2, 3] });
    expect(vonMises.freeParameters(2, 3)).toBe(12);
    expect(defineFamily(sound, 2).settings).toEqual({ nFeatures: 2 });
  });

  test('has density where h is above 0, and nowhere else', () => {
    const { support } = rayleigh;
    expect([1e-300, 5, 1e9].every((x) => support.has(x, 0))).toBe(true);
    expect([0, -1, Infinity, Number.NaN].some((x) => support.has(x, 0))).toBe(false);
    expect(support.description).toBe('the finite numbers from 0 to infinity where h(x) is above 0');
  });

  test('of counts', () => {
    // negative binomial with 3 failures: h = (x + 1)(x + 2) / 2, eta = ln p, A = -3 ln(1 - p)
    const family = defineFamily({
      name: 'third-failure',
      support: { kind: 'integers', from: 0, to: Infinity },
      neutral: [-0.7],
      sufficientStatistics: (x) => [x],
      logBaseMeasure: (x) => Math.log(((x + 1) * (x + 2)) / 2),
      logPartition: ([eta]) => -3 * Math.log(-Math.expm1(eta)),
      meanToNatural: ([mean]) => [-Math.log1p(3 / mean)],
      wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 1> { return array<f32, 1>(x); }',
    });
    expect(family.support.has(2.5, 0)).toBe(false);
    const parameters = { weights: Float64Array.of(1), naturalParameters: Float64Array.of(-1) };
    // T(x) = x, so that E[x] needs no word: 3 p / (1 - p)
    const p = Math.exp(-1);
    expect(family.expectation(parameters, 1)[0]).toBeCloseTo((3 * p) / (1 - p), 8);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['without a name', { name: '' }, 'must begin with a letter'],
    ['with a name of the library', { name: 'poisson' }, 'has a family of this name'],
    ['with a Gaussian name', { name: 'gaussian-odd' }, 'has a family of this name'],
    ['without T', { sufficientStatistics: undefined }, 'sufficientStatistics must be a function'],
    ['with a number for a function', { mean: 3 }, 'mean must be a function; it is number'],
    ['without a support', { support: undefined }, 'support must be'],
    ['with an empty support', { support: { kind: 'interval', from: 1, to: 1 } }, 'from < to'],
    ['with halves for counts', { support: { kind: 'integers', from: 0.5, to: 3 } }, 'whole ends'],
    ['without neutral', { neutral: [] }, 'neutral must be'],
    ['without WGSL', { wgsl: undefined }, 'array<f32, 1>'],
    ['with WGSL of two statistics', { wgsl: vonMisesSignature() }, 'array<f32, 1>'],
    ['with T of another length', { sufficientStatistics: (x: number) => [x, x] }, '2 numbers'],
    ['outside its parameters', { neutral: [0.5] }, 'logPartition is NaN'],
    ['with another h', { logBaseMeasure: undefined }, 'not to 1'],
    ['with another support', { support: { kind: 'interval', from: 1, to: Infinity } }, 'not to 1'],
    ['with a wrong inverse', { meanToNatural: ([m]: number[]) => [1 / m] }, 'meanToNatural'],
    ['with a wrong gradient', { naturalToMean: ([e]: number[]) => [1 / e] }, 'gradient'],
    ['with another sampler', { sample: () => 1.5 }, 'the mean of T_0 over 4000 draws is 2.25'],
    ['with a sampler of nothing', { sample: () => undefined }, 'sample() gives undefined'],
    ['with a mean of nothing', { mean: () => Number.NaN }, 'mean of the neutral member is NaN'],
    ['with an infinite mean', { mean: () => Infinity }, 'mean of the neutral member is Infinity'],
    [
      'with another mean',
      { mean: () => 7 },
      'the mean of the neutral member is 7, but E[x] is 1.253',
    ],
    ['with an unknown key', { logbasemeasure: () => 0 }, 'defineFamily has no "logbasemeasure"'],
    [
      'with an unknown key of the support',
      { support: { kind: 'interval', from: 0, to: Infinity, closed: true } },
      'rayleigh-2.support has no "closed"',
    ],
    ['with a number for T', { sufficientStatistics: (x: number) => x * x }, 'gives number'],
    ['with words for T', { sufficientStatistics: () => ['2'] }, 'not all of it numbers'],
    ['with a number for eta', { meanToNatural: ([m]: number[]) => -1 / m }, 'gives number'],
    ['with an inverse of nothing', { meanToNatural: () => null }, 'gives null'],
    [
      'with a number for the gradient',
      { naturalToMean: ([e]: number[]) => -1 / e },
      'gives number',
    ],
    ['with a sampler outside the support', { sample: () => -1 }, 'outside the support'],
    [
      'with parameters that do not lead back',
      {
        parameters: {
          names: ['s'],
          fromNatural: ([e]: number[]) => [-e],
          toNatural: (v: number[]) => v,
        },
      },
      'parameters.toNatural',
    ],
    [
      'with a parameter of the mixture',
      {
        parameters: {
          names: ['weights'],
          fromNatural: (e: unknown) => e,
          toNatural: (v: unknown) => v,
        },
      },
      'none of them weights',
    ],
    [
      'with too few names',
      {
        parameters: {
          names: ['a', 'b'],
          fromNatural: (e: unknown) => e,
          toNatural: (v: unknown) => v,
        },
      },
      'parameters.fromNatural gives 1 numbers, but parameters.names has 2',
    ],
    [
      'with a key of the parameters unknown',
      {
        parameters: {
          names: ['s'],
          fromNatural: (e: unknown) => e,
          toNatural: (v: unknown) => v,
          shapes: [1],
        },
      },
      'rayleigh-2.parameters has no "shapes"',
    ],
  ])('%s is refused', (_, change, message) => {
    const error = caught({ ...sound, ...change });
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(message);
  });

  test('is an object', () => {
    for (const nothing of [undefined, null, 3]) {
      const error = caught(nothing as never);
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toMatch(/needs an object; it got (undefined|null|number)/);
    }
  });

  test.each<[object, string]>([
    [{ statistics: [1] }, 'prior.statistics needs prior.strength'],
    [{ statistics: [0], strength: 1 }, 'no member of rayleigh has the mean of T [0] (feature 0)'],
    [{ statistics: [1, -1], strength: [1, 2] }, 'the mean of T [-1] (feature 1)'],
    [{ strength: 1 }, 'prior.statistics must be 1 finite numbers'],
    [{ statistics: [1, 2, 3], strength: 1 }, 'or 2 x 1'],
    [{ statistics: [Number.NaN], strength: 1 }, 'finite'],
    [{ statistics: [1], strength: -1 }, 'at least 0'],
    [{ a: 1 }, 'has no "a"'],
  ])('has a prior of { statistics, strength }: %j is refused', (prior, message) => {
    const problem = { nComponents: 2, nFeatures: 2, samples: undefined as never };
    expect(() => rayleigh.readPrior(prior as never, problem)).toThrow(message);
    expect(rayleigh.readPrior({ strength: 0 }, problem)).toBeUndefined();
  });
});

function vonMisesSignature(): string {
  return 'fn sufficient_statistics(x: f32) -> array<f32, 2> { return array<f32, 2>(x, x); }';
}
