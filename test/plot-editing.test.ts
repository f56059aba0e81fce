import { describe, expect, test } from 'vitest';
import {
  edited,
  liftedMove,
  movedMean,
  reshapedCovariance,
  scaledCovariance,
  stretchedVariances,
} from '../src/app/plot/component-edit.ts';
import type { PlaneMap } from '../src/app/plot/component-edit.ts';
import { componentAt } from '../src/app/plot/hover.ts';
import { marginals } from '../src/app/plot/marginal.ts';
import type { Components } from '../src/app/plot/marginal.ts';
import { nearestSamples } from '../src/app/plot/pick.ts';
import { plotMap } from '../src/app/plot/plot-map.ts';
import { axesProjection } from '../src/app/plot/projection.ts';
import type { Projection } from '../src/app/plot/projection.ts';
import { startMeans } from '../src/app/plot/starts.ts';
import { dataOf } from './setup/source-data.ts';

const SIGMA = [4, 1.2, 0.5, -0.4, 1.2, 1, -0.3, 0.1, 0.5, -0.3, 2, 0.6, -0.4, 0.1, 0.6, 1.5];
const mixture: Components = {
  covarianceType: 'full',
  nComponents: 2,
  nFeatures: 4,
  weights: Float64Array.of(0.4, 0.6),
  means: Float64Array.of(0, 0, 0, 0, 5, -2, 7, 1),
  covariances: Float64Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, ...SIGMA),
};
/** Not even orthonormal: any plane has its lift. */
const slanting: Projection = {
  kind: 'pca',
  x: Float64Array.of(0.5, 0.5, -0.5, 0.7),
  y: Float64Array.of(0.1, -0.6, 0.2, 0.5),
  origin: Float64Array.of(1, 2, 3, 4),
  xName: 'a',
  yName: 'b',
};
const PROJECTIONS: [string, Projection][] = [
  ['two features', axesProjection(['a', 'b', 'c', 'd'], 3, 1)],
  ['a slanting plane', slanting],
];

/** The least pivot of a Cholesky factorisation: above 0 for a positive definite matrix. */
function leastPivot(matrix: Float64Array, n: number): number {
  const a = Float64Array.from(matrix);
  let least = Infinity;
  for (let k = 0; k < n; k++) {
    const pivot = a[k * n + k];
    least = Math.min(least, pivot);
    for (let i = k + 1; i < n; i++) {
      for (let j = k + 1; j < n; j++) a[i * n + j] -= (a[i * n + k] * a[k * n + j]) / pivot;
    }
  }
  return least;
}

describe('a component dragged in the plane', () => {
  test.each(PROJECTIONS)('moves by what was dragged, and only within %s', (_, projection) => {
    const by = { x: 1.5, y: -0.25 };
    const mean = movedMean(mixture, 1, projection, by);
    const moved = edited(mixture, { component: 1, mean });
    const [before, after] = [marginals(mixture, projection)[1], marginals(moved, projection)[1]];
    expect(after.mean[0] - before.mean[0]).toBeCloseTo(by.x, 12);
    expect(after.mean[1] - before.mean[1]).toBeCloseTo(by.y, 12);
    // the shortest of all moves that do: nothing beside the plane
    const move = liftedMove(projection, by);
    const length = Math.hypot(...move);
    const beside = crossing(projection);
    expect(Math.abs(move.reduce((sum, entry, d) => sum + entry * beside[d], 0))).toBeLessThan(
      1e-12 * length,
    );
    expect(moved.means.slice(0, 4)).toEqual(mixture.means.slice(0, 4));
  });

  const MAPS: [string, PlaneMap][] = [
    ['stretched', [3, 0, 0, 0.2]],
    ['turned', [Math.cos(1), -Math.sin(1), Math.sin(1), Math.cos(1)]],
    ['sheared and shrunk', [0.02, 0.4, 0, 0.05]],
  ];
  const cases = PROJECTIONS.flatMap(([name, projection]) =>
    MAPS.map(([how, map]) => ({ name, projection, how, map })),
  );
  test.each(cases)('in $name and $how, is seen as it was dragged', ({ projection, map }) => {
    const covariance = reshapedCovariance(mixture, 1, projection, map);
    const [xx, xy, yy] = marginals(mixture, projection)[1].covariance;
    const [a, b, c, d] = map;
    const wanted = [
      a * a * xx + 2 * a * b * xy + b * b * yy,
      a * c * xx + (a * d + b * c) * xy + b * d * yy,
      c * c * xx + 2 * c * d * xy + d * d * yy,
    ];
    const after = edited(mixture, { component: 1, covariance });
    marginals(after, projection)[1].covariance.forEach((entry, i) =>
      expect(entry).toBeCloseTo(wanted[i], 12),
    );
    expect(leastPivot(covariance, 4)).toBeGreaterThan(0);
    // symmetric to the last digit
    for (let i = 0; i < 16; i++) {
      expect(covariance[i]).toBe(covariance[(i % 4) * 4 + Math.floor(i / 4)]);
    }
    // what lies beside the plane stays
    const beside = crossing(projection);
    const along = (s: ArrayLike<number>) =>
      beside.reduce(
        (sum, u, i) => sum + beside.reduce((inner, v, j) => inner + u * v * s[i * 4 + j], 0),
        0,
      );
    expect(along(covariance)).toBeCloseTo(along(SIGMA), 12);
  });

  test.each(PROJECTIONS)(
    'a diagonal covariance is stretched along a direction of %s',
    (_, projection) => {
      const variances = [4, 1, 2, 1.5];
      const diagonal: Components = {
        ...mixture,
        covarianceType: 'diag',
        covariances: Float64Array.of(1, 1, 1, 1, ...variances),
      };
      for (const [along, factor] of [
        [{ x: 1, y: 0 }, 3],
        [{ x: 0, y: 1 }, 0.02],
        [{ x: 0.6, y: -0.8 }, 50],
      ] as const) {
        const covariance = stretchedVariances(diagonal, 1, projection, along, factor);
        const after = edited(diagonal, { component: 1, covariance });
        const spread = (of: Components) => {
          const [xx, xy, yy] = marginals(of, projection)[1].covariance;
          return along.x * along.x * xx + 2 * along.x * along.y * xy + along.y * along.y * yy;
        };
        expect(spread(after) / spread(diagonal) / factor ** 2).toBeCloseTo(1, 9);
        const isDiagonal = (_: number, i: number) => i % 5 === 0;
        expect(Math.min(...covariance.filter(isDiagonal))).toBeGreaterThan(0);
        expect(covariance.filter((value, i) => !isDiagonal(value, i) && value !== 0)).toEqual(
          covariance.slice(0, 0),
        );
      }
    },
  );

  test('along a feature a diagonal covariance stretches in that feature and in no other', () => {
    const [, axes] = PROJECTIONS.find(([, { kind }]) => kind === 'axes')!;
    const variances = [4, 1, 2, 1.5];
    const diagonal: Components = {
      ...mixture,
      covarianceType: 'diag',
      covariances: Float64Array.of(1, 1, 1, 1, ...variances),
    };
    const covariance = stretchedVariances(diagonal, 1, axes, { x: 1, y: 0 }, 2);
    expect([0, 5, 10].map((at) => covariance[at])).toEqual(variances.slice(0, 3));
    expect(covariance[15]).toBeCloseTo(4 * 1.5, 9);
  });

  test('many times over stays positive definite', () => {
    let shape = mixture;
    for (let i = 0; i < 200; i++) {
      const turn = 0.3 * i;
      const map: PlaneMap = [
        Math.cos(turn),
        -Math.sin(turn),
        Math.sin(turn),
        0.97 * Math.cos(turn),
      ];
      const scaled = map.map((entry) => entry * 1.02) as unknown as PlaneMap;
      const covariance = reshapedCovariance(shape, 1, slanting, scaled);
      shape = edited(shape, { component: 1, covariance });
    }
    expect(leastPivot(shape.covariances.slice(16), 4)).toBeGreaterThan(0);
  });

  test.each(['tied', 'diag', 'spherical', 'tied-diag', 'tied-spherical', 'fixed'] as const)(
    'keeps to its covariance type: %s',
    (covarianceType) => {
      const stored = {
        tied: 16,
        fixed: 16,
        diag: 8,
        spherical: 2,
        'tied-diag': 4,
        'tied-spherical': 1,
      };
      const covariances =
        covarianceType === 'tied' || covarianceType === 'fixed'
          ? Float64Array.from(SIGMA)
          : new Float64Array(stored[covarianceType]).fill(2);
      const shape: Components = { ...mixture, covarianceType, covariances };
      const covariance = scaledCovariance(shape, 1, 3);
      const after = edited(shape, { component: 1, covariance });
      expect(after.covariances.length).toBe(stored[covarianceType]);
      const grown = marginals(after, slanting)[1].covariance;
      const times = covarianceType === 'fixed' ? 1 : 9;
      marginals(shape, slanting)[1].covariance.forEach((entry, i) =>
        expect(grown[i]).toBeCloseTo(times * entry, 12),
      );
      const other = marginals(after, slanting)[0].covariance[0];
      const shared = covarianceType.startsWith('tied');
      const before = marginals(shape, slanting)[0].covariance[0];
      expect(other).toBeCloseTo(shared ? 9 * before : before, 12);
    },
  );

  /** A direction that neither of the projection's two has a part of. */
  function crossing({ x, y }: Projection): Float64Array {
    const vector = Float64Array.of(0.3, -0.8, 0.55, 0.9);
    const basis: Float64Array[] = [];
    for (const direction of [x, y!]) {
      const rest = Float64Array.from(direction);
      for (const earlier of basis) remove(rest, earlier);
      const length = Math.hypot(...rest);
      basis.push(rest.map((entry) => entry / length));
    }
    for (const direction of basis) remove(vector, direction);
    return vector;
  }

  function remove(from: Float64Array, direction: Float64Array): void {
    const along = from.reduce((sum, entry, d) => sum + entry * direction[d], 0);
    direction.forEach((entry, d) => (from[d] -= along * entry));
  }
});

describe('pointing', () => {
  const map = plotMap({ x: { low: 0, high: 100 }, y: { low: 0, high: 10 } }, 1070, 1052);
  const projection = axesProjection(['a', 'b', 'c'], 0, 2);
  // a grid of 21 x 21 places 5 and 0.5 apart, then one with a missing entry
  const rows = Array.from({ length: 441 }, (_, n) => [
    5 * (n % 21),
    1000 + n,
    0.5 * Math.floor(n / 21),
  ]);
  const data = dataOf([...rows, [50, 0, NaN]]);

  test('finds the nearest sample within reach, by pixels and not by units', () => {
    // x has 10 pixels a unit, y 100
    const at = { x: map.x(52), y: map.y(5.24) };
    const near = (within: number, most = 1) =>
      nearestSamples(data, projection, map, at, { within, most });
    expect(near(40)).toEqual([10 + 21 * 10]);
    expect(near(12)).toEqual([]);
    const four = near(Infinity, 4);
    expect(four[0]).toBe(10 + 21 * 10);
    expect(new Set(four)).toEqual(new Set([220, 221, 241, 242]));
  });

  test('agrees with the plain search for places and planes at random', () => {
    const plane: Projection = {
      ...projection,
      kind: 'pca',
      x: Float64Array.of(0.8, 0, 0.6),
      y: Float64Array.of(-0.6, 0.001, 0.8),
    };
    let state = 77;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
    for (let i = 0; i < 50; i++) {
      const at = { x: 60 + 900 * uniform(), y: 1000 * uniform() };
      const distances = [...rows, [50, 0, 0]].map(([a, b, c]) => {
        const dx = map.x(0.8 * a + 0.6 * c) - at.x;
        const dy = map.y(-0.6 * a + 0.001 * b + 0.8 * c) - at.y;
        return Math.hypot(dx, dy);
      });
      const [found] = nearestSamples(data, plane, map, at, { within: Infinity, most: 1 });
      expect(distances[found]).toBeCloseTo(Math.min(...distances), 9);
    }
  });

  test('finds the component whose line is near', () => {
    const two: Components = {
      covarianceType: 'spherical',
      nComponents: 2,
      nFeatures: 3,
      weights: Float64Array.of(0.5, 0.5),
      means: Float64Array.of(30, 0, 5, 70, 0, 5),
      covariances: Float64Array.of(1, 1),
    };
    const seen = marginals(two, projection);
    // one unit across is 10 pixels, so 1, 2 and 3 sigma are 10, 20 and 30 from the mean
    for (const sigma of [1, 2, 3]) {
      const at = { x: map.x(70 + sigma) + 1, y: map.y(5) };
      expect(componentAt(seen, map, at)).toBe(1);
    }
    expect(componentAt(seen, map, { x: map.x(50), y: map.y(5) })).toBeUndefined();
  });

  test('starts have in other features what the nearest sample has, and columns their mean where it has nothing', () => {
    const places = [
      { x: 51, y: 5.1 },
      { x: 5, y: 0.5 },
    ];
    const means = startMeans(data, projection, map, places);
    expect(Array.from(means.slice(0, 3))).toEqual([51, 1220, 5.1]);
    expect(Array.from(means.slice(3))).toEqual([5, 1022, 0.5]);
    const gap = dataOf([
      [1, NaN, 1],
      [90, 4, 9],
      [91, 6, 9],
    ]);
    expect(Array.from(startMeans(gap, projection, map, [{ x: 2, y: 1 }]))).toEqual([2, 5, 1]);
  });
});
