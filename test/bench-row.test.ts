import { describe, expect, test } from 'vitest';
import { watchMemory } from '../bench/device-memory.ts';
import { measureRow } from '../bench/row.ts';
import type { BenchShape } from '../bench/shapes.ts';
import { shape } from './support/bench-rows.ts';

const MODELS: readonly BenchShape['model'][] = [
  'full',
  'tied',
  'diag',
  'spherical',
  'bernoulli',
  'kmeans',
];

describe('a measured row', () => {
  test.each(MODELS)(
    'has as many times as repetitions, and an answer that is checked: %s',
    async (model) => {
      const found = await measureRow({
        shape: shape(model, 400, 3, 2),
        seed: 1,
        sides: ['cpu'],
        repetitions: 4,
        seconds: 60,
        between: 2,
      });
      expect(found.checkedBy).toBe('cpu');
      const [{ error, differences, milliseconds, iterations, first, memory }] = found.sides;
      expect(error).toBeUndefined();
      expect(differences).toMatchObject({ lowerBound: 0, meansInSigma: 0 });
      expect(milliseconds).toHaveLength(4);
      expect(iterations![1]).toBeGreaterThan(iterations![0]);
      expect(first!.milliseconds).toBeGreaterThan(0);
      // (there is no device)
      expect(memory).toBeUndefined();
    },
  );

  test('says of a side that cannot be had why, and has the others', async () => {
    const found = await measureRow({
      shape: shape('full', 200, 2, 2),
      seed: 1,
      sides: ['cpu', 'webgpu'],
      repetitions: 3,
      seconds: 60,
      between: 1,
    });
    expect(found.sides.map(({ side, error }) => [side, error])).toEqual([
      ['cpu', undefined],
      ['webgpu', 'This browser or runtime has no WebGPU.'],
    ]);
  });

  test('has one figure where there is no time to repeat', async () => {
    const [{ milliseconds, differences }] = (
      await measureRow({
        shape: shape('full', 20_000, 4, 4),
        seed: 1,
        sides: ['cpu'],
        repetitions: 9,
        seconds: 0.001,
      })
    ).sides;
    expect(milliseconds).toHaveLength(1);
    expect(differences!.iterations).toBe(3);
  });
});

test('the bytes of a device are those of the buffers that live, at their most', () => {
  const made: { size: number; destroy(): void }[] = [];
  const device = {
    createBuffer: ({ size }: { size: number }) => {
      const buffer = { size, destroy: () => {} };
      made.push(buffer);
      return buffer;
    },
  } as unknown as GPUDevice;
  const watch = watchMemory(device);
  const [first, second] = [100, 50].map((size) => device.createBuffer({ size, usage: 0 }));
  expect(watch.peakBytes).toBe(150);
  first.destroy();
  first.destroy();
  device.createBuffer({ size: 60, usage: 0 });
  expect(watch.peakBytes).toBe(150);
  second.destroy();
  device.createBuffer({ size: 120, usage: 0 });
  expect(watch.peakBytes).toBe(180);
});
