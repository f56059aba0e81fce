import { describe, expect, test } from 'vitest';
import { SeedingDevice } from '../src/em/seeding-device.ts';
import { SeedingReference } from '../src/em/seeding.ts';
import { filledRows } from '../src/em/start-points.ts';
import { createDataset } from '../src/index.ts';
import { clusters, describeSeeding } from './support/behaviour/seeding.ts';
import { useSide } from './support/behaviour/side.ts';

describeSeeding('webgpu');

describe("initialisation's kernels beside their float64 twin", () => {
  const side = useSide('webgpu');

  const METRIC = Float64Array.of(1, 0.5, 0.25, 1, 0.01);

  test.each([
    { split: false, missing: false },
    { split: true, missing: false },
    { split: false, missing: true },
    { split: true, missing: true },
  ])(
    'distances, potentials, draws and masses agree, samples as pairs: $split, missing entries: $missing',
    async ({ split, missing }) => {
      const { context } = side;
      const samples = clusters();
      if (missing) samples.data.forEach((_, i) => i % 11 === 0 && (samples.data[i] = Number.NaN));
      const { nSamples } = samples;
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => (n % 4) / 2);
      const dataset = await createDataset(samples, {
        context,
        sampleWeights,
        maxChunkSamples: 4096,
      });
      const device = new SeedingDevice(dataset, METRIC, split, context);
      const reference = new SeedingReference(dataset, METRIC);
      const rows = (first: number, count: number): Promise<Float64Array> =>
        filledRows(
          dataset,
          Array.from({ length: count }, (_, i) => first + 31 * i),
        );
      for (const candidates of [await rows(1, 1), await rows(2, 40), await rows(3, 7)]) {
        const expected = await reference.add(candidates);
        const found = await device.add(candidates);
        expect(Math.abs(found / expected - 1)).toBeLessThan(1e-6);
      }
      const potential = await reference.add(await rows(5, 1));
      await device.add(await rows(5, 1));
      for (const round of [0, 1]) {
        const drawn = await reference.draw([3, 4], round, 500 / potential);
        const found = new Set(await device.draw([3, 4], round, 500 / potential));
        expect(drawn.length).toBeGreaterThan(300);
        expect(drawn.length).toBeLessThan(600);
        // one sample's probability may lie within rounding of its number
        expect(drawn.filter((n) => !found.has(n)).length).toBeLessThanOrEqual(1);
        expect(Math.abs(found.size - drawn.length)).toBeLessThanOrEqual(1);
      }
      const masses = await reference.masses();
      const found = await device.masses();
      expect(found.length).toBe(49);
      const moved = masses.reduce((sum, mass, c) => sum + Math.abs(mass - found[c]), 0);
      // as many as lie half-way between two candidates, to rounding
      expect(moved / nSamples).toBeLessThan(1e-3);
      device.dispose();
      dataset.dispose();
    },
  );
});
