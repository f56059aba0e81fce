import { describe, expect, test } from 'vitest';
import { MixtureError } from '../../src/index.ts';
import type { GaussianParameters } from '../../src/families/gaussian.ts';
import type { GaussianFamily } from '../../src/families/gaussian-common.ts';
import type { GaussianPrior } from '../../src/families/gaussian-prior.ts';
import { gaussianFamilies } from '../../src/families/gaussian-types.ts';
import type { Standardisation } from '../../src/data/standardisation.ts';
import {
  asSamples,
  expectedLogDensity,
  families,
  independentFamilies,
  makeData,
  makeRows,
  someParameters,
  standardise,
  statisticsOf,
} from './gaussian-problems.ts';

const K = 2;
const N = 60;
const NO_REG = new Float64Array(3);

interface Solved {
  readonly parameters: GaussianParameters;
  readonly objective: (parameters: GaussianParameters) => number;
  readonly standardisation: Standardisation;
}

/** One M-step from given responsibilities, in the user's units, and what it should maximise. */
async function solve(
  family: GaussianFamily,
  missingShare: number,
  option: Readonly<Record<string, unknown>> | string | undefined,
): Promise<Solved> {
  const data = makeData(N, missingShare);
  const samples = await asSamples(data);
  const standardisation = standardise(samples);
  const rows = makeRows(N, K);
  const start = family.standardise(
    family.restore(someParameters(family, K), standardisation),
    standardisation,
  );
  const statistics = statisticsOf(family, start, data, standardisation, rows);
  const prior = option && family.readPrior(option, { nComponents: K, nFeatures: 3, samples });
  const options = { regCovar: NO_REG, standardisation, prior };
  const parameters = family.restore(family.mStep(statistics, start, options), standardisation);
  const objective = (at: GaussianParameters): number =>
    expectedLogDensity(family, at, data, standardisation, rows) +
    (prior ? family.logPrior(at, prior) : 0);
  return { parameters, objective, standardisation };
}

/** Every direction in parameter space, as a change of means and covariances by about a hundredth of what they are. */
function* directions(
  family: GaussianFamily,
  { means, covariances }: GaussianParameters,
  { scales }: Standardisation,
): Generator<(amount: number) => Pick<GaussianParameters, 'means' | 'covariances'>> {
  for (let i = 0; i < means.length; i++) {
    yield (amount) => {
      const moved = means.slice();
      moved[i] += amount * scales[i % 3];
      return { means: moved, covariances };
    };
  }
  if (family.covarianceParameters(K, 3) === 0) return;
  const matrices = family.missing === 'conditional';
  for (let i = 0; i < covariances.length; i++) {
    const [row, column] = [Math.floor(i / 3) % 3, i % 3];
    if (matrices && column > row) continue;
    yield (amount) => {
      const moved = covariances.slice();
      const step = matrices
        ? amount * Math.sqrt(covariances[i + row - column] * covariances[i + 3 * (column - row)])
        : amount * covariances[i];
      moved[i] += step;
      if (matrices && column < row) moved[i + 2 * (row - column) * -1] += step;
      return { means, covariances: moved };
    };
  }
}

async function expectMaximum(
  family: GaussianFamily,
  missingShare: number,
  option: Readonly<Record<string, unknown>> | string | undefined,
): Promise<void> {
  const { parameters, objective, standardisation } = await solve(family, missingShare, option);
  const best = objective(parameters);
  const step = 1e-3;
  let count = 0;
  for (const direction of directions(family, parameters, standardisation)) {
    const up = objective({ ...parameters, ...direction(step) }) - best;
    const down = objective({ ...parameters, ...direction(-step) }) - best;
    // a maximum: lower on both sides, by nearly the same
    expect(up).toBeLessThan(0);
    expect(down).toBeLessThan(0);
    expect(Math.abs(up - down)).toBeLessThan(0.02 * Math.abs(up + down));
    count++;
  }
  expect(count).toBeGreaterThanOrEqual(6);
}

describe.each(families)(
  '%s: the M-step is the maximum of the expected log-density',
  (_, family) => {
    test('by maximum likelihood', () => expectMaximum(family, 0, undefined));
    test("plus ln prior, 'mclust'", () => expectMaximum(family, 0, 'mclust'));
    test('plus ln prior, strong and off centre', () =>
      expectMaximum(family, 0, { kappa: 7, mean: [9, -250, 1] }));
    test('plus ln prior, without shrinkage', () => expectMaximum(family, 0, { kappa: 0 }));
  },
);

describe.each(independentFamilies)('%s, a third of the entries missing', (_, family) => {
  test('the maximum by maximum likelihood', () => expectMaximum(family, 0.33, undefined));
  test('the maximum under a prior', () => expectMaximum(family, 0.33, { kappa: 3 }));
});

const free = families.filter(([, family]) => family.covarianceParameters(K, 3) > 0);

test.each(free)('%s: an empty component goes to the mode of the prior', async (_, family) => {
  const samples = await asSamples(makeData(N, 0));
  const standardisation = standardise(samples);
  const prior = family.readPrior(
    { kappa: 2, mean: [1, 2, 3] },
    {
      nComponents: K,
      nFeatures: 3,
      samples,
    },
  ) as GaussianPrior;
  const rows = Float64Array.from({ length: N * K }, (_, i) => (i % K === 0 ? 1 : 0));
  const start = someParameters(family, K);
  const statistics = statisticsOf(family, start, makeData(N, 0), standardisation, rows);
  const options = { regCovar: NO_REG, standardisation, prior };
  const at = family.restore(family.mStep(statistics, start, options), standardisation);
  expect(Array.from(at.means.subarray(3))).toEqual([1, 2, 3].map((v) => expect.closeTo(v, 10)));
  // shared covariances have the other component's samples
  if (family.covarianceShape(2, 3).join() === family.covarianceShape(1, 3).join()) return;
  const size = at.covariances.length / K;
  const divisor = { 1: prior.dof + 3 + 2, 3: prior.dof + 3, 9: prior.dof + 3 + 2 }[size]!;
  for (let i = 0; i < size; i++) {
    const scale = prior.scale.length > 1 ? prior.scale[i] : prior.scale[0];
    expect(at.covariances[size + i] / (scale / divisor)).toBeCloseTo(1, 12);
  }
});

test('regCovar is added on top', async () => {
  const samples = await asSamples(makeData(N, 0));
  const standardisation = standardise(samples);
  for (const [, family] of free) {
    const prior = family.readPrior('mclust', { nComponents: K, nFeatures: 3, samples });
    const start = someParameters(family, K);
    const statistics = statisticsOf(family, start, makeData(N, 0), standardisation, makeRows(N, K));
    const fit = (reg: number): Float64Array =>
      family.restore(
        family.mStep(statistics, start, {
          regCovar: standardisation.scales.map((scale) => reg / scale / scale),
          standardisation,
          prior,
        }),
        standardisation,
      ).covariances;
    const [without, added] = [fit(0), fit(0.25)];
    const matrix = family.missing === 'conditional';
    without.forEach((value, i) => {
      const onDiagonal = !matrix || (i % 9) % 4 === 0;
      expect(added[i] - value).toBeCloseTo(onDiagonal ? 0.25 : 0, 9);
    });
  }
});

describe('the option', () => {
  const problem = async (missingShare = 0) => ({
    nComponents: K,
    nFeatures: 3,
    samples: await asSamples(makeData(N, missingShare)),
  });
  const refused: [string, keyof typeof gaussianFamilies, unknown][] = [
    ['an unknown key', 'full', { nu: 5 }],
    ['another word', 'full', 'flat'],
    ['negative kappa', 'full', { kappa: -1 }],
    ['infinite kappa', 'diag', { kappa: Infinity }],
    ['a mean of another length', 'diag', { mean: [1, 2] }],
    ['a mean that is no number', 'diag', { mean: [1, 2, Number.NaN] }],
    ['dof of D - 1', 'full', { dof: 2 }],
    ['dof of D - 1, tied', 'tied', { dof: 2 }],
    ['dof 0', 'spherical', { dof: 0 }],
    ['scale 0', 'tied-diag', { scale: 0 }],
    [
      'a matrix where a variance is meant',
      'tied-spherical',
      { scale: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
    ],
    ['a variance where a matrix is meant', 'full', { scale: 1 }],
    ['an indefinite scale', 'full', { scale: [1, 2, 0, 2, 1, 0, 0, 0, 1] }],
    ['a scale that is not symmetric', 'tied', { scale: [1, 0.5, 0, 0, 1, 0, 0, 0, 1] }],
    ['dof of a fixed covariance', 'fixed', { dof: 5 }],
    ['scale of a fixed covariance', 'fixed', { scale: 5 }],
  ];
  test.each(refused)('%s is refused', async (_, type, option) => {
    const given = await problem();
    const read = (): unknown => gaussianFamilies[type].readPrior(option as string, given);
    expect(read).toThrow(MixtureError);
    expect(read).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('without a key for means and covariances there is no prior', async () => {
    const given = await problem();
    expect(gaussianFamilies.full.readPrior({}, given)).toBeUndefined();
    expect(gaussianFamilies.full.readPrior({ kappa: undefined }, given)).toBeUndefined();
  });

  test('a matrix may be rows, and small dof are for variances', async () => {
    const given = await problem();
    const rows = [[2, 0, 0], [0, 3, 0], Float64Array.of(0, 0, 4)];
    const prior = gaussianFamilies.full.readPrior({ scale: rows }, given) as GaussianPrior;
    expect(Array.from(prior.scale)).toEqual([2, 0, 0, 0, 3, 0, 0, 0, 4]);
    const small = gaussianFamilies.spherical.readPrior({ dof: 0.5 }, given) as GaussianPrior;
    expect(small.dof).toBe(0.5);
  });

  test('defaults leave missing entries out', async () => {
    const given = await problem(0.2);
    const data = makeData(N, 0.2);
    const column = (d: number): number[] =>
      Array.from({ length: N }, (_, n) => data[n * 3 + d]).filter((value) => !Number.isNaN(value));
    const mean = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
    const variance = (values: number[]): number =>
      values.reduce((a, b) => a + (b - mean(values)) ** 2, 0) / (values.length - 1);
    const diag = gaussianFamilies.diag.readPrior('mclust', given) as GaussianPrior;
    const shrink = K ** (-2 / 3);
    [0, 1, 2].forEach((d) => expect(diag.mean[d]).toBeCloseTo(mean(column(d)), 10));
    const expected = mean([0, 1, 2].map((d) => variance(column(d)))) * shrink;
    expect(diag.scale[0] / expected).toBeCloseTo(1, 12);
    // 30 of 60 samples are complete: their covariance
    const full = gaussianFamilies.full.readPrior('mclust', given) as GaussianPrior;
    const complete = Array.from({ length: N }, (_, n) => data.subarray(n * 3, n * 3 + 3)).filter(
      (row) => !row.some(Number.isNaN),
    );
    const first = complete.map((row) => row[0]);
    expect(full.scale[0] / (variance(first) * shrink)).toBeCloseTo(1, 12);
    expect(full.scale[1]).not.toBe(0);
  });

  test('too few complete samples: variances without covariances; 1 for a column without any', async () => {
    const data = makeData(6, 0);
    for (let n = 0; n < 6; n++) data[n * 3 + 2] = Number.NaN;
    const samples = await asSamples(data);
    const given = { nComponents: K, nFeatures: 3, samples };
    const { scale, mean } = gaussianFamilies.full.readPrior('mclust', given) as GaussianPrior;
    expect(scale[8]).toBeCloseTo(K ** (-2 / 3), 12);
    expect([scale[1], scale[2], scale[5], mean[2]]).toEqual([0, 0, 0, 0]);
    expect(scale[0]).toBeGreaterThan(0);
  });
});

test('NO_MODE where neither samples nor scale have spread in some direction', async () => {
  const data = makeData(N, 0);
  // the third column is twice the first
  for (let n = 0; n < N; n++) data[n * 3 + 2] = 2 * data[n * 3];
  const samples = await asSamples(data);
  const standardisation = standardise(samples);
  for (const family of [gaussianFamilies.full, gaussianFamilies.tied]) {
    const prior = family.readPrior('mclust', { nComponents: K, nFeatures: 3, samples });
    const start = someParameters(family, K);
    const statistics = statisticsOf(family, start, data, standardisation, makeRows(N, K));
    const step = (reg: number): unknown =>
      family.mStep(statistics, start, {
        regCovar: new Float64Array(3).fill(reg),
        standardisation,
        prior,
      });
    expect(() => step(0)).toThrow(expect.objectContaining({ code: 'NO_MODE' }));
    expect(() => step(1e-6)).not.toThrow();
  }
});
