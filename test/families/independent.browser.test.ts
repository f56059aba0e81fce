import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { makeSeam } from '../../src/em/make-seam.ts';
import { mStep } from '../../src/em/m-step.ts';
import type { EStepResult } from '../../src/em/seam.ts';
import type { Family, Parameters } from '../../src/families/family.ts';
import {
  bernoulli,
  categorical,
  createContext,
  createDataset,
  defineFamily,
  exponential,
  gaussian,
  geometric,
  independent,
  Mixture,
  multinomial,
  poisson,
  type Context,
  type Dataset,
} from '../../src/index.ts';
import { atOnce } from '../../src/data/pause.ts';
import { largestDifference, relativeDifference } from '../support/numbers.ts';
import { contextOn } from '../support/context.ts';

/** A Gaussian by its two natural parameters: two statistics a feature. */
const normal = defineFamily({
  name: 'normal-by-statistics',
  support: { kind: 'interval', from: -Infinity, to: Infinity },
  neutral: [0, -0.5],
  sufficientStatistics: (x) => [x, x * x],
  logPartition: ([a, b]) => (-a * a) / 4 / b - 0.5 * Math.log(-b / Math.PI),
  meanToNatural: ([first, second]) => {
    const variance = second - first * first;
    return [first / variance, -0.5 / variance];
  },
  wgsl: 'fn sufficient_statistics(x: f32) -> array<f32, 2> { return array<f32, 2>(x, x * x); }',
  sample: ([a, b], random) => -a / 2 / b + random.normal() / Math.sqrt(-2 * b),
});

const columns = (family: Family, nFeatures: number): Family => ({
  ...family,
  settings: { ...family.settings, nFeatures },
});

/** Columns of every kind: 16 of them. */
const MANY = independent({
  visits: poisson(2),
  flags: bernoulli(3),
  kind: categorical({ nCategories: [6, 2, 9] }),
  size: gaussian({ covarianceType: 'tied-spherical', nFeatures: 2 }),
  own: columns(normal, 2),
  wait: exponential(),
  tries: geometric(),
  shape: gaussian({ covarianceType: 'spherical', nFeatures: 2 }),
});
const D = 16;

/** Parameters that differ from component to component, from a seed. */
function someParameters(nComponents: number, seed: number): Parameters {
  const random = new Random(seed);
  const numbers = (length: number, low: number, high: number): Float64Array =>
    Float64Array.from({ length }, () => low + (high - low) * random.uniform());
  const rows = Float64Array.from({ length: nComponents * 27 }, (_, i) =>
    i % 9 < [6, 2, 9][Math.floor(i / 9) % 3] ? 0.05 + random.uniform() : 0,
  );
  for (let at = 0; at < rows.length; at += 9) {
    const sum = rows.subarray(at, at + 9).reduce((total, p) => total + p, 0);
    for (let c = 0; c < 9; c++) rows[at + c] /= sum;
  }
  const natural = new Float64Array(nComponents * 4);
  for (let i = 0; i < natural.length; i += 2) {
    const variance = 0.5 + random.uniform();
    natural[i] = (4 * random.normal()) / variance;
    natural[i + 1] = -0.5 / variance;
  }
  return {
    weights: new Float64Array(nComponents).fill(1 / nComponents),
    'visits.rates': numbers(2 * nComponents, 0.5, 12),
    'flags.probabilities': numbers(3 * nComponents, 0.1, 0.9),
    'kind.probabilities': rows,
    'size.means': numbers(2 * nComponents, 90, 110),
    'size.covariances': Float64Array.of(2.5),
    'own.naturalParameters': natural,
    'wait.rates': numbers(nComponents, 0.2, 4),
    'tries.probabilities': numbers(nComponents, 0.1, 0.9),
    'shape.means': numbers(2 * nComponents, -2, 2),
    'shape.covariances': numbers(nComponents, 0.3, 2),
  } as unknown as Parameters;
}

interface Measured extends EStepResult {
  readonly scores: Float64Array;
  readonly next: Readonly<Record<string, Float64Array>>;
}

async function measure(
  dataset: Dataset,
  family: Family,
  parameters: Parameters,
): Promise<Measured> {
  const seam = await makeSeam(dataset, family);
  try {
    const standardisation = dataset.standardisationFor(family);
    const own = family.standardise(parameters, standardisation);
    const result = await seam.eStep(own);
    const regCovar = new Float64Array(dataset.nFeatures);
    const next = mStep(family, result.statistics, own, { regCovar, standardisation, massScale: 1 });
    return {
      ...result,
      scores: await seam.scoreSamples(own),
      next: family.restore(next, standardisation) as unknown as Measured['next'],
    };
  } finally {
    seam.dispose();
  }
}

describe('a mixture of several families on WebGPU', () => {
  let context: Context;
  beforeAll(async () => {
    context = await contextOn('webgpu');
  });
  afterAll(() => context.dispose());

  /** Both sides on one data set; the samples may be changed before. */
  async function bothSides(
    family: Family,
    parameters: Parameters,
    data: Float64Array,
  ): Promise<{ cpu: Measured; webgpu: Measured }> {
    const nFeatures = family.settings['nFeatures'] as number;
    const input = { data, nSamples: data.length / nFeatures, nFeatures };
    const dataset = await createDataset(input, { context });
    const plain = await createDataset(input);
    try {
      const resolved = atOnce(family.resolve!(dataset.samples));
      return {
        cpu: await measure(plain, resolved, parameters),
        webgpu: await measure(dataset, resolved, parameters),
      };
    } finally {
      dataset.dispose();
    }
  }

  function expectSame({ cpu, webgpu }: { cpu: Measured; webgpu: Measured }): void {
    cpu.scores.forEach((score, n) => {
      expect(relativeDifference(webgpu.scores[n], score), `sample ${n}`).toBeLessThan(1e-5);
    });
    expect(relativeDifference(webgpu.logLikelihood, cpu.logLikelihood)).toBeLessThan(1e-6);
    for (const [name, values] of Object.entries(cpu.next)) {
      const size = Math.max(...values.map(Math.abs));
      expect(largestDifference(webgpu.next[name], values) / size, name).toBeLessThan(1e-5);
    }
  }

  test.each([0, 0.25])(
    'computes what the reference does, column by column (missing: %d)',
    async (missing) => {
      const parameters = someParameters(5, 3);
      const { data } = new Mixture(MANY, parameters, D).sample(1500, { seed: 2 }).samples;
      const random = new Random(9);
      const given = data.map((value) => (random.uniform() < missing ? Number.NaN : value));
      expectSame(await bothSides(MANY, parameters, given));
    },
  );

  test('knows what is impossible: rates of 0, certain flags, categories that never occur', async () => {
    const family = independent({ visits: poisson(), flag: bernoulli(), kind: categorical(3) });
    const parameters = {
      weights: Float64Array.of(0.25, 0.5, 0.25),
      'visits.rates': Float64Array.of(0, 5, 1),
      'flag.probabilities': Float64Array.of(1, 0.5, 0),
      'kind.probabilities': Float64Array.of(0.5, 0.5, 0, 0.2, 0.3, 0.5, 0, 0, 1),
    } as unknown as Parameters;
    const rows = Array.from({ length: 600 }, (_, n) => [n % 5 === 0 ? 3 : 0, n % 2, n % 3]);
    const sides = await bothSides(family, parameters, Float64Array.from(rows.flat()));
    expectSame(sides);
    const { webgpu } = sides;
    // component 0 cannot have made a sample with visits, nor one of kind 2: so says each side, exactly
    expect(webgpu.next['visits.rates'][0]).toBe(0);
    expect(webgpu.next['flag.probabilities'][0]).toBe(1);
    expect(webgpu.next['kind.probabilities'][2]).toBe(0);
  });

  test('keeps narrow Gaussian components apart beside an outlier and a large offset', async () => {
    const family = independent({ count: poisson(), place: gaussian(2) });
    const parameters = {
      weights: Float64Array.of(0.5, 0.5),
      'count.rates': Float64Array.of(3, 3.5),
      'place.means': Float64Array.of(1e6, 0, 1e6 + 0.02, 0.001),
      'place.covariances': Float64Array.of(1e-4, 1e-6, 2e-4, 4e-6),
    } as unknown as Parameters;
    const { data } = new Mixture(family, parameters, 3).sample(1200, { seed: 4 }).samples;
    // columns a thousand and a million times as wide as the components
    data[1] += 10;
    data[2] += 1000;
    expectSame(await bothSides(family, parameters, data));
  });

  test('has the plane of each family on a dataset that several share', async () => {
    const samples = {
      data: Float64Array.from({ length: 600 }, (_, i) => (i * 7) % 5),
      nSamples: 300,
      nFeatures: 2,
    };
    const dataset = await createDataset(samples, { context });
    const families = [
      independent({ a: poisson(), b: geometric() }),
      independent({ a: gaussian(), b: poisson() }),
      independent({ a: poisson(), b: geometric() }),
    ];
    const scores = [];
    for (const family of families) {
      const mixture = await Mixture.fit(dataset, { family, nComponents: 2, maxIter: 3 });
      expect(mixture.contextInfo?.backend).toBe('webgpu');
      scores.push(await mixture.scoreSamples(dataset));
      const wanted = await mixture.scoreSamples(samples, {
        context: await createContext({ backend: 'cpu' }),
      });
      expect(largestDifference(scores.at(-1)!, wanted)).toBeLessThan(1e-4);
    }
    expect(scores[2]).toEqual(scores[0]);
    dataset.dispose();
  });

  test('computes in float64 where a block has no columns, and says so', async () => {
    const family = independent({
      words: multinomial({ nFeatures: 3, nTrials: 5 }),
      age: poisson(),
    });
    const rows = Array.from({ length: 60 }, (_, n) => [n % 4, (n * 3) % 5, 1, n % 9]);
    const mixture = await Mixture.fit(rows, { family, nComponents: 2, maxIter: 3, context });
    expect(mixture.contextInfo).toMatchObject({ backend: 'cpu' });
    expect(mixture.contextInfo?.reason).toMatch(/block "words" \(multinomial\)/);
  });

  test('leaves nothing on the device', () => {
    expect(context.liveBuffers).toBe(0);
  });
});
