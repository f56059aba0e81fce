import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { createDataset } from '../../src/em/create-dataset.ts';
import { Device } from '../../src/em/device.ts';
import { Reference } from '../../src/em/reference.ts';
import type { GaussianParameters } from '../../src/families/gaussian.ts';
import type { GaussianFamily } from '../../src/families/gaussian-common.ts';
import { gaussianFamilies } from '../../src/families/gaussian-types.ts';
import { createContext, GaussianMixture, type Context } from '../../src/index.ts';
import { families, independentFamilies, makeData, someParameters } from './gaussian-problems.ts';
import { contextOn } from '../support/context.ts';

let context: Context;
beforeAll(async () => {
  context = await contextOn('webgpu');
});
afterAll(() => context.dispose());

interface Differences {
  readonly logLikelihood: number;
  readonly masses: number;
  readonly means: number;
  readonly spreads: number;
  readonly scores: number;
}

/** One E- and M-step on both sides: differences relative to sizes, means and deviations to the components' deviations. */
async function compare(
  data: Float64Array,
  nFeatures: number,
  family: GaussianFamily,
  start: GaussianParameters,
): Promise<Differences> {
  const nSamples = data.length / nFeatures;
  const dataset = await createDataset({ data, nSamples, nFeatures }, { context });
  const { standardisation } = dataset;
  const at = family.standardise(family.restore(start, standardisation), standardisation);
  const device = new Device(dataset, family, context);
  const reference = new Reference(dataset, family);
  const options = { regCovar: new Float64Array(nFeatures), standardisation };
  try {
    const [found, expected] = [await device.eStep(at), await reference.eStep(at)];
    const a = family.mStep(found.statistics, at, options);
    const b = family.mStep(expected.statistics, at, options);
    const scores = [await device.scoreSamples(at), await reference.scoreSamples(at)];
    const size = b.covariances.length;
    const matrices = family.missing === 'conditional';
    const stride = matrices ? nFeatures + 1 : 1;
    const deviation = (i: number): number => Math.sqrt(b.covariances[(i * stride) % size]);
    return {
      logLikelihood: Math.abs(found.logLikelihood / expected.logLikelihood - 1),
      masses: largest(
        found.statistics.componentMass,
        (mass, k) => Math.abs(mass - expected.statistics.componentMass[k]) / nSamples,
      ),
      means: matrices
        ? largest(a.means, (mean, i) => Math.abs(mean - b.means[i]))
        : largest(a.means, (mean, i) => Math.abs(mean - b.means[i]) / deviation(i)),
      spreads: largest(
        a.covariances,
        (value, i) => Math.abs(value - b.covariances[i]) / (matrices ? 1 : b.covariances[i]),
      ),
      scores: largest(
        scores[0],
        (score, n) => Math.abs(score - scores[1][n]) / Math.max(1, Math.abs(scores[1][n])),
      ),
    };
  } finally {
    device.dispose();
    dataset.dispose();
  }
}

const largest = (values: Float64Array, of: (value: number, i: number) => number): number =>
  values.reduce((most, value, i) => Math.max(most, of(value, i)), 0);

function expectClose(differences: Differences): void {
  expect(differences.logLikelihood).toBeLessThan(1e-7);
  expect(differences.masses).toBeLessThan(5e-7);
  expect(differences.means).toBeLessThan(1e-5);
  expect(differences.spreads).toBeLessThan(3e-6);
  expect(differences.scores).toBeLessThan(1e-6);
}

describe('the device agrees with float64', () => {
  test.each(families)('%s', async (_, family) => {
    expectClose(await compare(makeData(3000, 0), 3, family, someParameters(family, 3)));
  });

  test.each(independentFamilies)('%s, a third of the entries missing', async (_, family) => {
    const data = makeData(3000, 0.33);
    // a sample without entries, and one at the end, which the padding repeats
    data.fill(Number.NaN, 0, 3);
    data.fill(Number.NaN, data.length - 3);
    expectClose(await compare(data, 3, family, someParameters(family, 3)));
  });

  test.each(independentFamilies)('%s, a column without any', async (_, family) => {
    const data = makeData(600, 0.1);
    for (let n = 0; n < 600; n++) data[n * 3 + 1] = Number.NaN;
    expectClose(await compare(data, 3, family, someParameters(family, 2)));
  });

  test('many features, most missing', async () => {
    const D = 37;
    const data = wideData(2000, D, 0.8);
    for (const family of [gaussianFamilies.diag, gaussianFamilies['tied-diag']]) {
      const means = Float64Array.from({ length: 4 * D }, (_, i) => Math.sin(i));
      expectClose(await compare(data, D, family, family.narrow!(means, 4, D, 0.7)));
    }
  });

  test('large data, whose samples go as single float32', async () => {
    const D = 8;
    const data = wideData(2 ** 19 + 1000, D, 0.25);
    const family = gaussianFamilies.diag;
    const means = Float64Array.from({ length: 2 * D }, (_, i) => Math.sin(i));
    expectClose(await compare(data, D, family, family.narrow!(means, 2, D, 0.9)));
  });

  test('components that shrink a thousandfold are looked at again', async () => {
    // two clumps 1e-4 wide of a column's spread, from components as wide as the column
    const random = new Random(6);
    const data = Float64Array.from(
      { length: 6000 },
      (_, i) => (i % 6 < 3 ? 1 : -1) + 1e-4 * random.normal(),
    );
    for (let i = 0; i < data.length; i += 5) data[i] = Number.NaN;
    for (const [name, family] of independentFamilies) {
      if (name.startsWith('fixed')) continue;
      const means = Float64Array.of(0.9, 0.9, 0.9, -0.9, -0.9, -0.9);
      expectClose(await compare(data, 3, family, family.narrow!(means, 2, 3, 0.3)));
    }
  });
});

test('a fit with missing entries goes the same way on both sides', async () => {
  const samples = { data: makeData(2000, 0.3), nSamples: 2000, nFeatures: 3 };
  const cpu = await createContext({ backend: 'cpu' });
  for (const covarianceType of ['diag', 'spherical', 'tied-diag', 'tied-spherical'] as const) {
    const options = {
      nComponents: 3,
      covarianceType,
      maxIter: 20,
      tol: 0,
      prior: 'mclust',
    } as const;
    const a = await GaussianMixture.fit(samples, { ...options, context });
    const b = await GaussianMixture.fit(samples, { ...options, context: cpu });
    expect(a.contextInfo?.backend).toBe('webgpu');
    expect(Math.abs(a.lowerBound / b.lowerBound - 1)).toBeLessThan(1e-6);
    const imputed = await a.impute(samples, { context });
    expect(imputed.data.every(Number.isFinite)).toBe(true);
    expect(samples.data.every((value, i) => Number.isNaN(value) || value === imputed.data[i])).toBe(
      true,
    );
  }
  cpu.dispose();
});

test('no buffer is left', () => expect(context.liveBuffers).toBe(0));

/** Columns of unlike offsets and units, two groups. */
function wideData(nSamples: number, nFeatures: number, missingShare: number): Float64Array {
  const random = new Random(8);
  return Float64Array.from({ length: nSamples * nFeatures }, (_, i) => {
    const d = i % nFeatures;
    const group = Math.floor(i / nFeatures) % 2;
    const value = 10 ** (d % 5) * (random.normal() + group + d);
    return random.uniform() < missingShare ? Number.NaN : value;
  });
}
