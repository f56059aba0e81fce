import { describe, expect, test } from 'vitest';
import { gflopsOf, shareOf, workOf } from '../bench/roofline.ts';
import { OWN_SHAPES, shapeName, SHAPES, type BenchShape } from '../bench/shapes.ts';

const shape = (
  model: BenchShape['model'],
  nSamples: number,
  nFeatures: number,
  nComponents: number,
): BenchShape => ({ model, nSamples, nFeatures, nComponents });

describe('the work of one iteration', () => {
  // By hand: N K (2 D^2 + 8 D + 8), (8 D + 8), (4 D + 10), (4 D + 8), (4 D + 8); 4 N D once, or 8 N D + 8 N K, or N D / 4 + 8 N K.
  test.each([
    [shape('full', 1_000_000, 2, 8), 256e6, 8e6, 'fused'],
    [shape('full', 1_000_000, 4, 64), 4.608e9, 16e6, 'fused'],
    [shape('full', 1_000_000, 16, 16), 10.368e9, 256e6, 'scratch'],
    [shape('full', 65_536, 32, 64), 9_697_230_848, 50_331_648, 'scratch'],
    [shape('full', 100_000, 32, 16), 3.6992e9, 38.4e6, 'scratch'],
    [shape('diag', 1_000_000, 64, 64), 33.28e9, 1.024e9, 'scratch'],
    [shape('diag', 10_000, 8, 4), 2.88e6, 320e3, 'fused'],
    [shape('spherical', 1_000_000, 128, 1024), 534.528e9, 9.216e9, 'scratch'],
    [shape('tied', 100_000, 32, 16), 217.6e6, 12.8e6, 'fused'],
    [shape('bernoulli', 60_000, 784, 10), 1.8864e9, 16.56e6, 'scratch'],
    [shape('bernoulli', 60_000, 784, 100), 18.864e9, 59.76e6, 'scratch'],
  ] as const)('of %o is %d operations and %d bytes, %s', (one, flops, bytes, design) => {
    expect(workOf(one)).toMatchObject({ flops, bytes, design });
    expect(workOf(one).exps).toBe(one.nSamples * one.nComponents);
  });

  test('of k-means has no exponential: N K (2 D + 2) for the nearest centre, N D to add up', () => {
    expect(workOf(shape('kmeans', 1_000_000, 8, 16))).toEqual({
      flops: 296e6,
      exps: 0,
      bytes: 32e6,
      design: 'fused',
    });
  });
});

describe('the share of the bound', () => {
  const peaks = { flops: 10e12, exps: 1e12, bytes: 500e9, latency: 0.0005 };

  test('is the time at FMA peak over the time taken where that is the larger bound', () => {
    // 10.368 GFLOP at 10 TFLOP/s: 1.0368 ms; 256 MB at 500 GB/s: 0.512 ms
    const found = shareOf(shape('full', 1_000_000, 16, 16), 4.1472, peaks)!;
    expect(found.bound).toBe('compute');
    expect(found.share).toBeCloseTo(0.25, 12);
    expect(found.gflops).toBeCloseTo(2500, 9);
    expect(found.compute).toBeCloseTo(1.0368, 12);
    expect(found.bandwidth).toBeCloseTo(0.512, 12);
    expect(found.exponentials).toBeCloseTo(0.016, 12);
    expect(found.latency).toBeCloseTo(0.5, 12);
  });

  test('is the time at copy bandwidth where bytes take longer', () => {
    // 8 GFLOP/s against 2 bytes a second: the bytes
    const found = shareOf(shape('full', 1_000_000, 2, 8), 2, { ...peaks, bytes: 8e9 })!;
    expect(found).toMatchObject({ bound: 'bandwidth', bandwidth: 1 });
    expect(found.share).toBeCloseTo(0.5, 12);
  });

  test('is not known where a peak is not, and says nothing of what was not measured', () => {
    const one = shape('full', 1000, 2, 2);
    expect(shareOf(one, 1, { ...peaks, flops: undefined })).toBeUndefined();
    expect(shareOf(one, 1, { ...peaks, bytes: undefined })).toBeUndefined();
    const found = shareOf(one, 1, { ...peaks, exps: undefined, latency: undefined })!;
    expect(found.exponentials).toBeUndefined();
    expect(found.latency).toBeUndefined();
  });

  test('useful operations a second need no peak: 32 N K in a millisecond', () => {
    expect(gflopsOf(shape('full', 1_000_000, 2, 8), 1)).toBeCloseTo(256, 12);
  });
});

describe('the shapes', () => {
  test('are the ones that peers are compared at, and every model of this library is among all', () => {
    expect(SHAPES.map(shapeName)).toEqual([
      'full-10000x8-k4',
      'full-1000000x2-k8',
      'full-1000000x8-k16',
      'full-100000x32-k16',
      'full-65536x32-k64',
      'diag-1000000x64-k64',
      'spherical-1000000x128-k1024',
      'bernoulli-60000x784-k10',
      'bernoulli-60000x784-k100',
    ]);
    const models = new Set([...SHAPES, ...OWN_SHAPES].map(({ model }) => model));
    expect([...models].toSorted()).toEqual([
      'bernoulli',
      'diag',
      'full',
      'kmeans',
      'spherical',
      'tied',
    ]);
  });
});
