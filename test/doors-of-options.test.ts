import { describe, expect, test } from 'vitest';
import {
  BernoulliMixture,
  createContext,
  GaussianMixture,
  KMeans,
  MixtureError,
  selectComponents,
  type GaussianMixtureOptions,
} from '../src/index.ts';
import { rejection } from './support/behaviour/side.ts';

const rows = Array.from({ length: 40 }, (_, n) => [Math.sin(n) + (n % 2) * 9, Math.cos(n * n)]);
const context = await createContext({ backend: 'cpu' });
const mixture = await GaussianMixture.fit(rows, { nComponents: 2, context });

/** What goes wrong is said, whatever is given. */
async function expectSaid(run: () => unknown, message: RegExp): Promise<void> {
  const error = await rejection(Promise.resolve().then(run));
  expect(error).toBeInstanceOf(MixtureError);
  expect((error as MixtureError).code).toBe('INVALID_OPTION');
  expect((error as MixtureError).message).toMatch(message);
}

describe('options of another kind than they must be', () => {
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{ seed: 0.5 }, /seed must be a whole number/],
    [{ seed: 2 ** 60, nInit: 3 }, /seed is 1152921504606847000, too large/],
    [{ signal: 'x' }, /signal is a string/],
    [{ signal: {} }, /signal is another object/],
    [{ context: {} }, /context is another object/],
    [{ onIteration: 5 }, /onIteration is a number/],
    [{ labelsInit: null }, /labelsInit is no array/],
    [{ algorithm: 'stepwise', stepSize: { alpha: '0.6' } }, /stepSize.alpha must be/],
    [{ algorithm: 'stepwise', stepSize: { offset: '2' } }, /stepSize.offset must be/],
    [{ algorithm: 'stepwise', stepSize: [] }, /stepSize must be/],
  ];
  test.each(wrong)('of a fit: %j', async (more, message) => {
    const options = { nComponents: 2, ...more } as unknown as GaussianMixtureOptions;
    await expectSaid(() => GaussianMixture.fit(rows, options), message);
  });

  test('of k-means, selections and evaluations', async () => {
    await expectSaid(() => KMeans.fit(rows, { nClusters: 2, signal: 'x' } as never), /signal/);
    await expectSaid(() => KMeans.fit(rows, { nClusters: 2, context: 'x' } as never), /context/);
    const sizes = { nComponents: [1, 2] };
    await expectSaid(() => selectComponents(rows, { ...sizes, onProgress: 5 } as never), /onProg/);
    await expectSaid(() => selectComponents(rows, { ...sizes, family: null } as never), /family/);
    await expectSaid(
      () => selectComponents(rows, { ...sizes, criteria: 'bic' } as never),
      /criteria/,
    );
    const labels = rows.map((_, n) => n % 3);
    await expectSaid(() => selectComponents(rows, { ...sizes, labels }), /the label 2/);
    await expectSaid(() => mixture.predict(rows, null as never), /options are no object, but null/);
    await expectSaid(() => mixture.partialFit(rows, null as never), /options are no object/);
    await expectSaid(() => mixture.predict(rows, { signal: 5 } as never), /signal is a number/);
    await expectSaid(() => mixture.diagnose(rows, { ambiguousBelow: '0.8' } as never), /ambiguous/);
  });

  test('a misspelt option of a selection is answered with those that it takes', async () => {
    const error = await rejection(
      selectComponents(rows, { nComponents: [1, 2], covariance_types: ['full'] } as never),
    );
    expect((error as MixtureError).hint).toMatch(/Here it is called covarianceTypes/);
    const other = await rejection(
      selectComponents(rows, { nComponents: [1, 2], criteria: 'bic' } as never),
    );
    expect((other as MixtureError).hint).toMatch(/criterion/);
    expect((other as MixtureError).hint).not.toMatch(/meansInit|warmStart/);
  });

  test('a class of fitted models says that it makes none unfitted', async () => {
    const Gaussian = GaussianMixture as unknown as new (options: object) => unknown;
    await expectSaid(() => new Gaussian({ nComponents: 2 }), /no unfitted GaussianMixture/);
    const Clusters = KMeans as unknown as new (options: object) => unknown;
    await expectSaid(() => new Clusters({ nClusters: 2 }), /no unfitted KMeans/);
  });

  test('sample weights are numbers', async () => {
    const sampleWeights = rows.map(() => '1') as unknown as number[];
    const error = await rejection(GaussianMixture.fit(rows, { nComponents: 2, sampleWeights }));
    expect((error as MixtureError).code).toBe('INVALID_SAMPLES');
    const none = 0 as unknown as number[];
    const other = await rejection(
      GaussianMixture.fit(rows, { nComponents: 2, sampleWeights: none }),
    );
    expect((other as MixtureError).code).toBe('INVALID_SAMPLES');
  });
});

test('an error keeps its message in JSON', async () => {
  const error = await rejection(GaussianMixture.fit(rows, { nComponents: 0 }));
  const plain = JSON.parse(JSON.stringify(error)) as Record<string, unknown>;
  expect(plain['message']).toBe((error as MixtureError).message);
  expect(plain['code']).toBe('INVALID_OPTION');
});

test('annealing begins from given probabilities', async () => {
  const bits = rows.map(([a], n) => [a > 4 ? 1 : 0, n % 4 === 0 ? 1 : 0, a > 4 ? 0 : 1]);
  const fitted = await BernoulliMixture.fit(bits, {
    nComponents: 2,
    weightsInit: [0.5, 0.5],
    probabilitiesInit: [
      [0.6, 0.5, 0.4],
      [0.4, 0.5, 0.6],
    ],
    prior: { a: 1.5, b: 1.5 },
    annealing: true,
    context,
  });
  expect(fitted.lowerBounds.every(Number.isFinite)).toBe(true);
});
