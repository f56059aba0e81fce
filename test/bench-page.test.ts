import { describe, expect, test } from 'vitest';
import { headline } from '../bench/page/headline.ts';
import { logTicks } from '../bench/page/log-ticks.ts';
import { gridOf } from '../bench/page/settings.ts';
import { rowOf, type Row } from '../bench/result.ts';
import type { SideMeasured } from '../bench/row.ts';
import { describeShape } from '../bench/shapes.ts';
import { shape, sideAt } from './support/bench-rows.ts';

function row(nSamples: number, sides: readonly SideMeasured[]): Row {
  return rowOf({ shape: shape('full', nSamples, 8, 4), checkedBy: 'cpu', sides }, undefined);
}

describe('the headline of /bench', () => {
  const rows = [
    row(100_000, [sideAt('cpu', [120]), sideAt('threads', [30]), sideAt('webgpu', [0.5])]),
    row(1000, [sideAt('cpu', [1]), sideAt('webgpu', [0.4])]),
  ];

  test('compares the GPU with the faster CPU side at the largest shape, on hardware', () => {
    expect(headline('hardware', rows)).toBe(
      'full, 100,000 × 8, K = 4: an iteration takes 0.500 ms on the GPU and 30.0 ms on the CPU, 60.0 times as fast on the GPU.',
    );
    const slow = [row(1000, [sideAt('cpu', [1]), sideAt('webgpu', [4])])];
    expect(headline('hardware', slow)).toContain('4.00 times as slow on the GPU');
  });

  test('is none on a software adapter or without one, and says so', () => {
    for (const kind of ['software', 'cpu'] as const) {
      expect(headline(kind, rows)).toMatch(/^No headline: /);
      expect(headline(kind, rows)).not.toMatch(/\d/);
    }
  });

  test('is none where no shape is right on both', () => {
    const failed: SideMeasured = { side: 'webgpu', threads: 0, error: 'lost' };
    expect(headline('hardware', [row(1000, [sideAt('cpu', [1]), failed])])).toContain('No shape');
  });
});

test('the grid of /bench has every combination, small ones first', () => {
  const names = gridOf('diag', [10, 20], [2], [3, 4]).map(describeShape);
  expect(names).toEqual([
    'diag, 10 × 2, K = 3',
    'diag, 10 × 2, K = 4',
    'diag, 20 × 2, K = 3',
    'diag, 20 × 2, K = 4',
  ]);
});

test('a logarithmic axis has powers of ten, and twos and fives where those are few', () => {
  expect(logTicks([0.05, 200])).toEqual([0.1, 1, 10, 100]);
  expect(logTicks([0.15, 2.5])).toEqual([0.2, 0.5, 1, 2]);
  expect(logTicks([3, 4])).toEqual([]);
});
