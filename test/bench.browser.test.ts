import { describe, expect, test } from 'vitest';
import { measureRoofline, peaksOf } from '../bench/micro.ts';
import { measureRow } from '../bench/row.ts';
import { findSides, openSide } from '../bench/sides.ts';
import { shape } from './support/bench-rows.ts';

describe('the micro-kernels', () => {
  test('compute what they should on this adapter, and measure every rate', async () => {
    const context = await openSide('webgpu');
    const roofline = await measureRoofline(context.device!, context.info.software, true);
    context.dispose();
    expect(roofline.failures).toEqual([]);
    const { flops, exps, bytes, latency } = peaksOf(roofline);
    for (const rate of [flops, exps, bytes, latency]) expect(rate).toBeGreaterThan(0);
  });

  test('on a lost device, say which failed in place of a rate', async () => {
    const context = await openSide('webgpu');
    context.device!.destroy();
    const roofline = await measureRoofline(context.device!, true, true);
    context.dispose();
    expect(roofline.failures.length).toBeGreaterThan(0);
    expect(peaksOf(roofline).bytes).toBeUndefined();
  });
});

describe('a row on a device', () => {
  test.each(['full', 'bernoulli', 'kmeans'] as const)(
    'is checked against float64, and its bytes are counted: %s',
    async (model) => {
      expect(await findSides()).toContain('webgpu');
      const found = await measureRow({
        shape: shape(model, 500, 3, 2),
        seed: 1,
        sides: ['cpu', 'webgpu'],
        repetitions: 3,
        seconds: 60,
        checked: 5,
        between: 1,
      });
      const [, { error, differences, milliseconds, memory }] = found.sides;
      expect(error).toBeUndefined();
      expect(differences!.lowerBound).toBeLessThan(1e-5);
      expect(differences!.meansInSigma).toBeLessThan(1e-3);
      expect(milliseconds).toHaveLength(3);
      // three features, or one word of bits
      expect(memory!.samplesBytes).toBe(500 * 4 * (model === 'bernoulli' ? 1 : 3));
      expect(memory!.peakBytes).toBeGreaterThan(memory!.samplesBytes);
    },
  );
});
