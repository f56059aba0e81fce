import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readRow, readSamples, type Samples } from '../../src/data/samples.ts';
import { identityStandardisation, standardise } from '../../src/data/standardisation.ts';
import { MixtureError } from '../../src/errors.ts';
import { bernoulli } from '../../src/families/bernoulli.ts';
import type { Family, Parameters } from '../../src/families/family.ts';
import { gaussianDiag } from '../../src/families/gaussian-diag.ts';
import { gaussianFull } from '../../src/families/gaussian-full.ts';
import type { IndependentParameters } from '../../src/families/independent-block.ts';
import { independent, independentFromSettings } from '../../src/families/independent.ts';
import { poisson } from '../../src/families/poisson.ts';
import { zeroStatistics } from '../../src/families/statistics.ts';
import {
  categorical,
  createContext,
  gaussian,
  GaussianMixture,
  Mixture,
  type Context,
} from '../../src/index.ts';
import { atOnce } from '../../src/data/pause.ts';
import { largestDifference, relativeDifference } from '../support/numbers.ts';

let context: Context;
beforeAll(async () => {
  context = await createContext({ backend: 'cpu' });
});
afterAll(() => context.dispose());

const BLOCKS = { age: poisson(), clicks: bernoulli(2), score: gaussianDiag };
const K = 2;
const D = 4;

const parameters = {
  weights: Float64Array.of(0.3, 0.7),
  'age.rates': Float64Array.of(3, 11),
  'clicks.probabilities': Float64Array.of(0.2, 0.9, 0.6, 0.4),
  'score.means': Float64Array.of(1000, 1003),
  'score.covariances': Float64Array.of(0.5, 2),
} as IndependentParameters;

/** Twelve samples, one with a missing entry in each block. */
async function someSamples(): Promise<Samples> {
  const rows = Array.from({ length: 12 }, (_, n) => [
    (n * 5) % 14,
    n % 2,
    n % 3 === 0 ? 1 : 0,
    1000 + ((n * 7) % 9) / 2,
  ]);
  rows[4] = [Number.NaN, 1, Number.NaN, Number.NaN];
  return readSamples({
    columns: Object.fromEntries(
      ['age', 'a', 'b', 'score'].map((name, d) => [name, rows.map((row) => row[d])]),
    ),
  });
}

/** A block's own arrays. */
const own = (block: string): Parameters =>
  Object.fromEntries(
    Object.entries(parameters)
      .filter(([name]) => name === 'weights' || name.startsWith(`${block}.`))
      .map(([name, values]) => [name.replace(`${block}.`, ''), values]),
  ) as unknown as Parameters;

/** ln(pi_k p(x | k)) of one sample and component with ln h(x), in the user's units. */
function logJoint(family: Family, given: Parameters, sample: Float64Array, k: number): number {
  const standardisation = identityStandardisation(sample.length);
  const density = family.density(family.standardise(given, standardisation), standardisation);
  const residual = new Float64Array(sample.length);
  return family.logDensity(density, k, sample, residual) + (family.logBaseMeasure?.(sample) ?? 0);
}

describe('a mixture of several families', () => {
  test('names its parameters after the blocks and counts those of all', () => {
    const family = independent(BLOCKS);
    expect(family.parameterShapes(K, D)).toEqual({
      'age.rates': [2, 1],
      'clicks.probabilities': [2, 2],
      'score.means': [2, 1],
      'score.covariances': [2, 1],
    });
    expect(family.freeParameters(K, D)).toBe(2 + 4 + 4);
    expect(family.settings['nFeatures']).toBe(D);
    expect(family.missing).toBe('observed');
  });

  test('has the sum of the blocks’ log-densities, whether it saw samples or not', async () => {
    const samples = await someSamples();
    const family = independent(BLOCKS);
    const resolved = atOnce(family.resolve!(samples));
    const row = new Float64Array(D);
    for (let n = 0; n < samples.nSamples; n++) {
      readRow(samples, n, row);
      for (let k = 0; k < K; k++) {
        const parts = Object.entries(BLOCKS).map(([name, block]) => {
          const columns = { age: [0, 1], clicks: [1, 3], score: [3, 4] }[name]!;
          const part = row.slice(columns[0], columns[1]);
          return logJoint(block, own(name), part, k) - Math.log(parameters.weights[k]);
        });
        const sum = parts.reduce((total, part) => total + part, Math.log(parameters.weights[k]));
        expect(relativeDifference(logJoint(family, parameters, row, k), sum)).toBeLessThan(1e-12);
        expect(relativeDifference(logJoint(resolved, parameters, row, k), sum)).toBeLessThan(1e-12);
      }
    }
  });

  test('maximises each block by itself', async () => {
    const samples = await someSamples();
    const family = atOnce(independent(BLOCKS).resolve!(samples));
    const identity = identityStandardisation(D);
    const before = family.standardise(parameters, identity);
    const density = family.density(before, identity);
    const whole = zeroStatistics(K, family.statisticsLength(D), family.origin(density), K * D);
    const residual = new Float64Array(D);
    const row = new Float64Array(D);
    const responsibility = (n: number, k: number): number => (k === 0 ? n + 1 : 12 - n) / 13;
    for (let n = 0; n < 12; n++) {
      readRow(samples, n, row);
      for (let k = 0; k < K; k++) {
        whole.componentMass[k] += responsibility(n, k);
        family.accumulate(density, k, responsibility(n, k), row, residual, whole.sums);
        row.forEach((x, d) => {
          if (!Number.isNaN(x)) whole.observed![k * D + d] += responsibility(n, k);
        });
      }
    }
    const options = { regCovar: new Float64Array(D).fill(0.01), standardisation: identity };
    const next = family.restore(family.mStep(whole, before, options), identity);

    const score = await readSamples(
      Array.from(samples.data!)
        .filter((_, i) => i % D === 3)
        .map((x) => [x]),
    );
    const scale = standardise(score);
    let [mass, sum, square] = [0, 0, 0];
    let [ages, count] = [0, 0];
    for (let n = 0; n < 12; n++) {
      readRow(samples, n, row);
      const gamma = responsibility(n, 1);
      if (Number.isNaN(row[3])) continue;
      mass += gamma;
      sum += gamma * row[3];
      square += gamma * row[3] * row[3];
      ages += gamma;
      count += gamma * row[0];
    }
    const mean = sum / mass;
    expect(scale.scales[0]).not.toBe(1);
    expect(relativeDifference(next['score.means'][1], mean)).toBeLessThan(1e-12);
    expect(
      relativeDifference(next['score.covariances'][1], square / mass - mean * mean + 0.01),
    ).toBeLessThan(1e-8);
    expect(relativeDifference(next['age.rates'][1], count / ages)).toBeLessThan(1e-12);
    expect(relativeDifference(next.weights[1], 78 / 156)).toBeLessThan(1e-12);
  });

  test('is the same, to the last bit, made again from its settings as JSON', async () => {
    const samples = await someSamples();
    const family = atOnce(independent(BLOCKS).resolve!(samples));
    const again = independentFromSettings(
      JSON.parse(JSON.stringify(family.settings)) as Record<string, unknown>,
      (name) =>
        ({ poisson: poisson(), bernoulli: bernoulli(2), 'gaussian-diag': gaussianDiag })[
          name
        ] as Family,
    );
    expect(again.settings).toEqual(family.settings);
    const identity = identityStandardisation(D);
    const scoreOf = (of: typeof family): Float64Array =>
      of.density(of.standardise(parameters, identity), identity).blocks[2].logConstants;
    expect(scoreOf(again)).toEqual(scoreOf(family));
  });

  test('says which block cannot run on WebGPU', () => {
    const family = independent({
      age: poisson(),
      shape: { ...gaussianFull, settings: { nFeatures: 2 } },
    });
    expect(family.deviceless).toMatch(/"shape" \(gaussian-full\)/);
    expect(() => family.device(3, false)).toThrow(MixtureError);
    expect(independent(BLOCKS).deviceless).toBeUndefined();
    expect(family.missing).toBe('refused');
  });
});

describe('a fit of several families', () => {
  test('of Gaussian columns alone is that of GaussianMixture, in the user’s units', async () => {
    const rows = Array.from({ length: 90 }, (_, n) => [
      5000 + (n % 3) * 4 + ((n * 7) % 11) / 5,
      1e-3 * ((n % 3) + ((n * 5) % 13) / 30),
    ]);
    const start = { means: [5000, 1e-4, 5008, 2e-3], covariances: [4, 1e-7, 9, 4e-7] };
    const options = { nComponents: 2, weightsInit: [0.4, 0.6], tol: 0, maxIter: 12, context };
    const alone = await GaussianMixture.fit(rows, {
      ...options,
      covarianceType: 'diag',
      regCovar: 1e-9,
      meansInit: start.means,
      covariancesInit: start.covariances,
    });
    const among = await Mixture.fit(rows, {
      ...options,
      family: independent({ size: gaussian(2) }),
      regCovar: 1e-9,
      parametersInit: { 'size.means': start.means, 'size.covariances': start.covariances },
    });
    expect(largestDifference(among.lowerBounds, alone.lowerBounds)).toBeLessThan(1e-10);
    for (const [name, values] of Object.entries({
      weights: alone.weights,
      'size.means': alone.means,
      'size.covariances': alone.covariances,
    })) {
      values.forEach((value, i) => {
        expect(Math.abs(among.parameters[name][i] / value - 1), name).toBeLessThan(1e-9);
      });
    }
    expect(among.nParameters).toBe(alone.nParameters);
  });

  test('imputes numbers by their mean and categories by the most probable', async () => {
    const rows = Array.from({ length: 80 }, (_, n) => (n % 2 ? [20 + (n % 5), 2] : [n % 3, 0]));
    const family = independent({ visits: poisson(), kind: categorical(3) });
    const mixture = await Mixture.fit(rows, { family, nComponents: 2, context });
    const { data } = await mixture.impute(
      [
        [22, null],
        [null, 0],
      ],
      { context },
    );
    expect(data[1]).toBe(2);
    expect(data[2]).toBeCloseTo(1, 0);
    expect([data[0], data[3]]).toEqual([22, 0]);
  });
});

describe('what it refuses', () => {
  const codeOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof MixtureError) return `${error.code}: ${error.message}`;
      throw error;
    }
    return 'nothing';
  };

  test('no blocks, names with a dot, values that are no family', () => {
    expect(codeOf(() => independent({}))).toMatch(/^INVALID_OPTION: .*at least one block/);
    expect(codeOf(() => independent({ 'a.b': poisson() }))).toMatch(/^INVALID_OPTION: .*"a\.b"/);
    expect(codeOf(() => independent({ age: poisson as unknown as Family }))).toMatch(
      /^INVALID_OPTION: Block "age" is no family/,
    );
  });

  test('samples of another width, or whose columns bear the blocks’ names in another order', async () => {
    const family = independent({ age: poisson(), visits: poisson() });
    const narrow = await readSamples([[1], [2]]);
    expect(codeOf(() => atOnce(family.resolve!(narrow)))).toMatch(
      /^INVALID_OPTION: The blocks take 2 columns \(age 1, visits 1\), but the samples have 1/,
    );
    const swapped = await readSamples({ columns: { visits: [1, 2], age: [3, 4] } });
    expect(codeOf(() => atOnce(family.resolve!(swapped)))).toMatch(
      /^INVALID_SAMPLES: Block "age" would take column 0, which is named "visits"/,
    );
    const other = await readSamples({ columns: { years: [1, 2], visits: [3, 4] } });
    expect(codeOf(() => atOnce(family.resolve!(other)))).toBe('nothing');
  });

  test('priors that are not the weights’: those are the blocks’ own', async () => {
    const samples = await readSamples([[1], [2]]);
    const problem = { nComponents: 2, nFeatures: 1, samples };
    const family = independent({ age: poisson({ prior: { a: 2, b: 1 } }) });
    expect(codeOf(() => family.readPrior({ a: 2 }, problem))).toMatch(/^INVALID_OPTION: .*"a"/);
    expect(family.settings['prior']).toEqual({});
    const prior = family.readPrior({}, problem);
    const given = { weights: Float64Array.of(0.5, 0.5), 'age.rates': Float64Array.of(1, 3) };
    // ln Gamma(rate | 2, 1) without its constant: ln rate - rate
    expect(family.logPrior(given as IndependentParameters, prior)).toBeCloseTo(Math.log(3) - 4, 12);
    expect(independent({ age: poisson() }).readPrior({}, problem)).toBeUndefined();
    expect(
      codeOf(() => independent({ age: poisson({ prior: { z: 1 } }) }).readPrior({}, problem)),
    ).toMatch(/^INVALID_OPTION: Block "age": .*z/);
  });

  test('parameters and values, in the block’s name', () => {
    const family = independent(BLOCKS);
    const wrong = { ...parameters, 'age.rates': Float64Array.of(1, -1) } as IndependentParameters;
    expect(family.checkParameters(wrong, D)).toMatch(/^in block "age", /);
    expect(family.checkParameters(parameters, D)).toBeUndefined();
    expect(family.support.has(2, 0)).toBe(true);
    expect(family.support.has(2, 1)).toBe(false);
    expect(family.support.describe(2)).toMatch(/0 and 1 \(block "clicks", bernoulli\)/);
  });
});
