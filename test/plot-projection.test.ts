import { describe, expect, test } from 'vitest';
import { leadingEigenvectors } from '../src/app/plot/eigen.ts';
import { ellipse, marginals } from '../src/app/plot/marginal.ts';
import type { Components } from '../src/app/plot/marginal.ts';
import { principalComponents } from '../src/app/plot/principal.ts';
import { drawnInWords, nLacking } from '../src/app/plot/drawn.ts';
import { axesProjection } from '../src/app/plot/projection.ts';
import type { Projection } from '../src/app/plot/projection.ts';
import { placeRows } from '../src/app/plot/sample-places.ts';
import { windowOf } from '../src/app/plot/view-window.ts';
import { dataOf } from './setup/source-data.ts';
import reference from './fixtures/pca.json' with { type: 'json' };

const never = new AbortController().signal;

/** The samples of fixtures/scripts/pca_ref.py. */
function generated(nSamples: number, nFeatures: number, missing: number, offset: number) {
  let state = 12345;
  const data = new Float64Array(nSamples * nFeatures);
  for (let i = 0; i < nSamples; i++) {
    let common: number | undefined;
    for (let j = 0; j < nFeatures; j++) {
      state = (state * 48271) % 2147483647;
      const uniform = state / 2147483647;
      common ??= uniform;
      data[i * nFeatures + j] = 10 * j + ((j % 3) + 1) * uniform + (j % 5) * common + offset;
    }
  }
  const present = data.map((value, i) => (missing > 0 && i % missing === 2 ? NaN : value));
  return { samples: { data: present, nSamples, nFeatures } };
}

describe('principal components', () => {
  test.each(reference.cases)('are those of numpy: $name', async (expected) => {
    const { nSamples, nFeatures, missing, offset } = expected;
    const data = generated(nSamples, nFeatures, missing, offset);
    const { projection, nUsed } = await principalComponents(data, never);
    expect(nUsed).toBe(nSamples);
    const largest = Math.max(1, Math.abs(offset));
    [projection.x, projection.y!].forEach((vector, c) => {
      vector.forEach((entry, d) => {
        expect(Math.abs(entry - expected.components[c][d])).toBeLessThan(1e-9);
      });
    });
    projection.origin.forEach((mean, d) => {
      expect(Math.abs(mean - expected.means[d])).toBeLessThan(1e-14 * largest * 1000);
    });
    const share = 100 * expected.shares[0];
    expect(projection.xName).toBe(`PC1 (${share.toFixed(0)} % of the variance)`);
  });

  test('of many samples are taken from a part of them, spread evenly, and say how many', async () => {
    const nSamples = 150_000;
    // a rhythm of rows: every tenth is far away, which every-so-many-th rows would miss or see alone
    const data = Float32Array.from({ length: nSamples * 3 }, (_, i) => {
      const row = Math.floor(i / 3);
      return i % 3 === 0 && row % 10 === 0 ? 50 : ((i * 7919) % 1000) / 1000;
    });
    const samples = { data, nSamples, nFeatures: 3 };
    const { projection, nUsed } = await principalComponents({ samples }, never);
    expect(nUsed).toBe(100_000);
    expect(projection.x[0]).toBeCloseTo(1, 4);
    // 0.1 of the rows at 50: the mean of all is near 5 + 0.45
    expect(projection.origin[0]).toBeCloseTo(5.45, 1);
  });

  test('are those of the complete samples, where these are many; the others have no place', async () => {
    const complete = generated(60, 5, 0, 0).samples;
    const data = Float64Array.from([...complete.data, 5, 5, NaN, 5, 5, NaN, 9, 9, 9, 9]);
    const samples = { data, nSamples: 62, nFeatures: 5 };
    const { projection } = await principalComponents({ samples }, never);
    const alone = await principalComponents({ samples: complete }, never);
    expect(projection).toEqual({ ...alone.projection, leavesOut: true });
    const source = { ...dataOf([[0]]), samples };
    expect(nLacking(source, projection)).toBe(2);
    expect(windowOf(source, projection)).toEqual(windowOf({ samples: complete }, alone.projection));
    const { x } = placeRows(source, projection, projection.origin, 1);
    expect([...x.keys()].filter((n) => Number.isNaN(x[n]))).toEqual([60, 61]);
  });

  test('of samples that are all alike have a plane still', async () => {
    const samples = { data: new Float64Array(12).fill(3), nSamples: 4, nFeatures: 3 };
    const { projection } = await principalComponents({ samples }, never);
    expect(projection.xName).toBe('PC1 (0.0 % of the variance)');
    expect(Math.hypot(...projection.x)).toBeCloseTo(1);
    expect(Math.hypot(...projection.y!)).toBeCloseTo(1);
  });

  test('stop where the samples are no longer wanted', async () => {
    const controller = new AbortController();
    const work = principalComponents(generated(4096, 300, 0, 0), controller.signal);
    controller.abort(new Error('other samples'));
    await expect(work).rejects.toThrow('other samples');
  });
});

test('two vectors of a large matrix are iterated to its leading eigenvectors', () => {
  const n = 160;
  // a sum of two outer products and a diagonal: the leading plane is that of a and b
  const a = Float64Array.from({ length: n }, (_, i) => Math.sin(i + 1));
  const b = Float64Array.from({ length: n }, (_, i) => Math.cos(3 * i));
  const matrix = Float64Array.from({ length: n * n }, (_, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    return 9 * a[i] * a[j] + 4 * b[i] * b[j] + (i === j ? 1 : 0);
  });
  const { values, vectors } = leadingEigenvectors(matrix, n, 2);
  vectors.forEach((vector, v) => {
    const image = vector.map((_, i) =>
      vector.reduce((sum, entry, j) => sum + matrix[i * n + j] * entry, 0),
    );
    image.forEach((entry, i) =>
      expect(Math.abs(entry - values[v] * vector[i])).toBeLessThan(1e-8 * values[0]),
    );
  });
  expect(values[0]).toBeGreaterThan(values[1]);
});

describe('an ellipse in the plane', () => {
  const mixture: Components = {
    covarianceType: 'full',
    nComponents: 1,
    nFeatures: 3,
    weights: Float64Array.of(1),
    means: Float64Array.of(5, -2, 7),
    covariances: Float64Array.of(4, 1.2, 0.5, 1.2, 1, -0.3, 0.5, -0.3, 2),
  };
  const slanting: Projection = {
    kind: 'pca',
    x: Float64Array.of(2 / 3, 2 / 3, 1 / 3),
    y: Float64Array.of(-1 / Math.SQRT2, 1 / Math.SQRT2, 0),
    origin: Float64Array.of(1, 2, 3),
    xName: 'a',
    yName: 'b',
  };

  test.each([
    ['along two features', axesProjection(['a', 'b', 'c'], 2, 0)],
    ['along principal components', slanting],
  ])('has the covariance of samples of the component, %s', (_, projection) => {
    const samples = drawn(200_000);
    const [seen] = marginals(mixture, projection);
    const place = (vector: Float64Array, n: number) =>
      vector.reduce(
        (sum, entry, d) => sum + entry * (samples[3 * n + d] - projection.origin[d]),
        0,
      );
    const x = Array.from({ length: 200_000 }, (_, n) => place(projection.x, n));
    const y = Array.from({ length: 200_000 }, (_, n) => place(projection.y!, n));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / x.length;
    const [mx, my] = [mean(x), mean(y)];
    // 200,000 samples: variances to about half a per cent
    expect(Math.abs(seen.mean[0] - mx)).toBeLessThan(0.02);
    expect(Math.abs(seen.mean[1] - my)).toBeLessThan(0.02);
    const covariance = [
      mean(x.map((value) => (value - mx) ** 2)),
      mean(x.map((value, n) => (value - mx) * (y[n] - my))),
      mean(y.map((value) => (value - my) ** 2)),
    ];
    covariance.forEach((entry, i) => {
      expect(Math.abs(entry - seen.covariance[i])).toBeLessThan(0.03);
    });
    // and the share of samples inside 2 sigma is that of the plane, 1 - exp(-2)
    const outline = ellipse(seen, 2, { x: (v) => v, y: (v) => v, scaleX: 1, scaleY: 1 });
    const inside = x.filter((value, n) => {
      const [dx, dy] = [value - outline.cx, y[n] - outline.cy];
      const along = dx * Math.cos(outline.angle) + dy * Math.sin(outline.angle);
      const beside = dy * Math.cos(outline.angle) - dx * Math.sin(outline.angle);
      return (along / outline.rx) ** 2 + (beside / outline.ry) ** 2 <= 1;
    });
    expect(inside.length / x.length).toBeCloseTo(1 - Math.exp(-2), 2);
  });

  /** Samples of the component above: its mean and a Cholesky factor times normal numbers. */
  function drawn(count: number): Float64Array {
    const s = mixture.covariances;
    const l00 = Math.sqrt(s[0]);
    const [l10, l20] = [s[3] / l00, s[6] / l00];
    const l11 = Math.sqrt(s[4] - l10 ** 2);
    const l21 = (s[7] - l20 * l10) / l11;
    const l22 = Math.sqrt(s[8] - l20 ** 2 - l21 ** 2);
    let state = 4711;
    const uniform = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    const samples = new Float64Array(3 * count);
    for (let n = 0; n < count; n++) {
      const [a, b, c] = [normal(), normal(), normal()];
      samples.set([5 + l00 * a, -2 + l10 * a + l11 * b, 7 + l20 * a + l21 * b + l22 * c], 3 * n);
    }
    return samples;
  }
});

test('a window holds all samples, leaves out missing entries, and exists for a constant column', () => {
  const samples = {
    data: Float64Array.of(1, 7, NaN, 3, 7, 2, 2, 7, 4),
    nSamples: 3,
    nFeatures: 3,
  };
  const window = windowOf({ samples }, axesProjection(['a', 'b', 'c'], 0, 2));
  expect(window.x).toEqual({ low: 1 - 0.12, high: 3 + 0.12 });
  expect(window.y).toEqual({ low: 2 - 0.12, high: 4 + 0.12 });
  const constant = windowOf({ samples }, axesProjection(['a', 'b', 'c'], 1, 0));
  expect(constant.x.low).toBeLessThan(7);
  expect(constant.x.high).toBeGreaterThan(7);
  const empty = { data: new Float64Array(4).fill(NaN), nSamples: 2, nFeatures: 2 };
  const nothing = windowOf({ samples: empty }, axesProjection(['a', 'b'], 0, 1));
  expect(nothing).toEqual({ x: { low: 0, high: 1 }, y: { low: 0, high: 1 } });
});

test('the samples that have no place in the plane are counted, and said', () => {
  const data = dataOf([
    [1, 2, 3],
    [NaN, 2, 3],
    [1, NaN, 3],
    [1, 2, NaN],
  ]);
  const lacking = (x: number, y?: number) => nLacking(data, axesProjection(['a', 'b', 'c'], x, y));
  expect([lacking(0, 1), lacking(1, 2), lacking(2, 0), lacking(1), lacking(0)]).toEqual([
    2, 2, 2, 1, 1,
  ]);
  expect(drawnInWords(4, 4, 0)).toBe('All 4 samples are drawn.');
  expect(drawnInWords(4, 4, 1)).toBe(
    '3 of 4 samples are drawn: 1 lacks a value of an axis shown. All are fitted.',
  );
  expect(drawnInWords(2000, 4000, 30)).toContain('30 of all');
});
