import { describe, expect, test } from 'vitest';
import { createContext, GaussianMixture } from '../src/index.ts';
import type { CovarianceType } from '../src/index.ts';
import { edited } from '../src/app/fit/edit.ts';
import type { Frame } from '../src/app/fit/frame.ts';
import { History } from '../src/app/fit/history.ts';
import { covarianceOf } from '../src/app/fit/parameters.ts';
import { resized } from '../src/app/fit/resize.ts';

/** Components at (0, 0) and (10, 0) of unit variance, and others where they are given. */
function mixtureOf({
  means = [
    [0, 0],
    [10, 0],
  ],
  weights = means.map(() => 1 / means.length),
  covariances = means.map(() => [
    [1, 0],
    [0, 1],
  ]),
  covarianceType = 'full',
}: {
  means?: number[][];
  weights?: number[];
  covariances?: unknown[];
  covarianceType?: string;
} = {}): GaussianMixture {
  return GaussianMixture.fromJSON({
    format: 'webgpu-em/gaussian-mixture',
    version: 1,
    covarianceType,
    weights,
    means,
    covariances,
  });
}

function frame(iteration: number, part: Partial<Frame> = {}): Frame {
  return {
    iteration,
    restart: 0,
    by: iteration === 0 ? 'start' : 'iteration',
    lowerBound: iteration === 0 ? -Infinity : -10 + iteration,
    change: 1,
    milliseconds: iteration === 0 ? 0 : 1 + (iteration % 3),
    converged: false,
    mixture: mixtureOf(),
    ...part,
  };
}

describe('a history', () => {
  test('has the bound and the change of every iteration, none across an edit', () => {
    const history = new History();
    for (let t = 0; t <= 3; t++) history.push(frame(t));
    history.push(frame(3, { by: 'edit', lowerBound: -Infinity }));
    history.push(frame(4, { lowerBound: -20 }));
    history.push(frame(5, { lowerBound: -19.5 }));
    const { points, frames } = history.lanes[0];
    expect(points.map(({ iteration, lowerBound }) => [iteration, lowerBound])).toEqual([
      [1, -9],
      [2, -8],
      [3, -7],
      [4, -20],
      [5, -19.5],
    ]);
    expect(points.map(({ change }) => change)).toEqual([NaN, 1, 1, NaN, 0.5]);
    expect(history.begunAt(0)).toBe(3);
    expect(history.milliseconds(frames[3])).toBe(2);
    // a branch from before the edit
    history.truncate(frames[2]);
    expect(history.lanes[0].frames.map(({ iteration }) => iteration)).toEqual([0, 1, 2]);
    expect(history.lanes[0].points.map(({ iteration }) => iteration)).toEqual([1, 2]);
    expect(history.begunAt(0)).toBe(0);
  });

  test('knows the best restart, the first of equals, and the nearest iteration of any', () => {
    const history = new History();
    expect(history.best).toBeUndefined();
    for (const restart of [2, 0, 1]) {
      for (let t = 0; t <= 2 + restart; t++) history.push(frame(t, { restart, lowerBound: -5 }));
    }
    history.push(frame(9, { restart: 1, lowerBound: -4 }));
    history.push(frame(9, { restart: 2, lowerBound: -4 }));
    expect(history.lanes.map(({ restart }) => restart)).toEqual([0, 1, 2]);
    expect(history.best).toBe(1);
    expect(history.nearest(0, 100).iteration).toBe(2);
    expect(history.nearest(2, 1).iteration).toBe(1);
  });

  test('of mixtures too large to keep them all, forgets frames but no bounds, ends or edits', () => {
    const one = frame(1).mixture;
    const bytes = 8 * (2 + 4 + 8);
    expect(one.weights.length + one.means.length + one.covariances.length).toBe(14);
    const history = new History(20 * bytes);
    let shown: Frame | undefined;
    for (let t = 0; t <= 200; t++) {
      const next = frame(t, t === 33 ? { by: 'edit' } : {});
      history.push(next, shown);
      if (t === 77) shown = next;
    }
    const { frames, points } = history.lanes[0];
    expect(frames.length).toBeLessThanOrEqual(20);
    expect(frames.length).toBeGreaterThanOrEqual(8);
    const kept = frames.map(({ iteration }) => iteration);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
    expect(kept).toEqual(expect.arrayContaining([0, 33, 77, 200]));
    expect(points.length).toBe(200);
    expect(points.at(-1)!.change).toBe(1);
  });
});

describe('an edit', () => {
  const covariance = Float64Array.of(4, 1, 1, 2);
  const stored: Record<Exclude<CovarianceType, 'fixed'>, [given: unknown, expected: number[]]> = {
    full: [
      [
        [
          [1, 0],
          [0, 1],
        ],
        [
          [1, 0],
          [0, 1],
        ],
      ],
      [1, 0, 0, 1, 4, 1, 1, 2],
    ],
    tied: [
      [
        [1, 0],
        [0, 1],
      ],
      [4, 1, 1, 2],
    ],
    diag: [
      [
        [1, 1],
        [1, 1],
      ],
      [1, 1, 4, 2],
    ],
    spherical: [
      [1, 1],
      [1, 3],
    ],
    'tied-diag': [
      [1, 1],
      [4, 2],
    ],
    'tied-spherical': [[1], [3]],
  };

  test.each(Object.entries(stored))('of a covariance, %s', (covarianceType, [given, expected]) => {
    const mixture = mixtureOf({ covarianceType, covariances: given as unknown[] });
    const after = edited(mixture, { component: 1, covariance, mean: Float64Array.of(3, 4) });
    expect([...after.covariances]).toEqual(expected);
    expect([...after.means]).toEqual([0, 0, 3, 4]);
    expect([...after.weights]).toEqual([0.5, 0.5]);
    expect(after.covarianceType).toBe(covarianceType);
    // what it was made from is not touched
    expect([...mixture.means]).toEqual([0, 0, 10, 0]);
  });

  test('of a diagonal one is judged by its diagonal', () => {
    const indefinite = Float64Array.of(1, 2, 2, 1);
    const diagonal = mixtureOf({
      covarianceType: 'diag',
      covariances: [
        [1, 1],
        [1, 1],
      ],
    });
    expect([...edited(diagonal, { component: 0, covariance: indefinite }).covariances]).toEqual([
      1, 1, 1, 1,
    ]);
    expect(() => edited(mixtureOf(), { component: 0, covariance: indefinite })).toThrow(
      /component 0 would not be symmetric and positive definite/,
    );
  });
});

describe('the number of components', () => {
  /** Rows around these places, evenly spread on small crosses. */
  function around(places: readonly (readonly [number, number])[], each: number) {
    const data = new Float64Array(places.length * each * 2);
    let at = 0;
    for (const [x, y] of places) {
      for (let i = 0; i < each; i++) {
        const angle = 2.4 * i;
        const length = 0.8 * Math.sqrt((i + 0.5) / each);
        data[at++] = x + length * Math.cos(angle);
        data[at++] = y + length * Math.sin(angle);
      }
    }
    return { data, nSamples: data.length / 2, nFeatures: 2 };
  }
  const at = async () => ({
    context: await createContext({ backend: 'cpu' }),
    signal: new AbortController().signal,
  });

  test.each(['full', 'diag', 'spherical'] as const)(
    'one more: the component that stands for two clusters comes apart, %s',
    async (covarianceType) => {
      const samples = around(
        [
          [0, 0],
          [10, -3],
          [10, 3],
        ],
        100,
      );
      const { context, signal } = await at();
      const two = await GaussianMixture.fit(samples, {
        nComponents: 2,
        covarianceType,
        context,
        weightsInit: [0.34, 0.66],
        meansInit: [
          [0, 0],
          [10, 0],
        ],
      });
      const three = await resized(two, 3, samples, { context, signal });
      const [first, second] = [three.means.subarray(2, 4), three.means.subarray(4, 6)];
      for (const mean of [first, second]) {
        expect(mean[0]).toBeCloseTo(10, 1);
        expect(Math.abs(mean[1])).toBeCloseTo(3, 1);
      }
      expect(first[1] * second[1]).toBeLessThan(0);
      expect([...three.weights].map((weight) => Math.round(weight * 30))).toEqual([10, 10, 10]);
      // the other is where it was
      expect(three.means[0]).toBe(two.means[0]);
      expect(await three.score(samples, { context })).toBeGreaterThan(
        (await two.score(samples, { context })) + 0.3,
      );
    },
  );

  test('one more of tied ones: the covariance stays, the means part', async () => {
    const tied = mixtureOf({
      covarianceType: 'tied',
      covariances: [
        [1, 0],
        [0, 1],
      ],
    });
    const samples = around(
      [
        [0, 0],
        [10, -3],
        [10, 3],
      ],
      50,
    );
    const three = await resized(tied, 3, samples, await at());
    expect([...three.covariances]).toEqual([1, 0, 0, 1]);
    expect(three.means[3] * three.means[5]).toBeLessThan(0);
    expect(three.weights.reduce((sum, weight) => sum + weight)).toBeCloseTo(1, 12);
  });

  test('one fewer: the closest pair becomes one with the moments of both', async () => {
    const four = mixtureOf({
      means: [
        [0, 0],
        [10, 0],
        [10, 2],
        [-9, 4],
      ],
      weights: [0.4, 0.1, 0.3, 0.2],
    });
    const three = await resized(four, 3, around([[0, 0]], 10), await at());
    expect([...three.weights].map((weight) => weight.toFixed(9))).toEqual(
      [0.4, 0.4, 0.2].map((weight) => weight.toFixed(9)),
    );
    expect([...three.means].map((value) => Number(value.toFixed(9)))).toEqual([
      0, 0, 10, 1.5, -9, 4,
    ]);
    // 1 + 0.25 * 0.75 * 2^2 between the two
    expect([...covarianceOf(three, 1)].map((value) => Number(value.toFixed(9)))).toEqual([
      1, 0, 0, 1.75,
    ]);
    expect((await resized(four, 1, around([[0, 0]], 10), await at())).nComponents).toBe(1);
  });

  test('one more where nothing can be seen still is a mixture', async () => {
    const nothing = { data: new Float64Array(4).fill(NaN), nSamples: 2, nFeatures: 2 };
    const four = await resized(mixtureOf(), 4, nothing, await at());
    expect(four.nComponents).toBe(4);
    expect(
      new Set(Array.from({ length: 4 }, (_, k) => four.means.subarray(2 * k, 2 * k + 2).join()))
        .size,
    ).toBe(4);
  });
});
