import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDataset } from '../../src/em/create-dataset.ts';
import { Device } from '../../src/em/device.ts';
import { Reference } from '../../src/em/reference.ts';
import { type Context } from '../../src/index.ts';
import { atOnce } from '../../src/data/pause.ts';
import { drawSamples, familyCases } from './exponential-problems.ts';
import { contextOn } from '../support/context.ts';

const problems = Object.keys(familyCases).flatMap((name) =>
  [1, 3, 8, 70].flatMap((nFeatures) =>
    (familyCases[name].family.missing === 'observed' ? [false, true] : [false]).map((missing) => ({
      name,
      nFeatures,
      missing,
    })),
  ),
);

/** The largest of |a - b| / (1 + |b|) beside what it should stay under. */
function largest(found: ArrayLike<number>, expected: ArrayLike<number>, scale: number): number {
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    worst = Math.max(worst, Math.abs(found[i] - expected[i]) / (scale + Math.abs(expected[i])));
  }
  return worst;
}

describe('Exponential families on WebGPU beside the float64 reference', () => {
  let context: Context;
  beforeAll(async () => {
    context = await contextOn('webgpu');
  });
  afterAll(() => context.dispose());

  test.each(problems)('$name, D = $nFeatures, missing: $missing', async (problem) => {
    const { name, nFeatures, missing } = problem;
    const nSamples = 1300;
    const nComponents = 3;
    const { parameters, samples } = drawSamples(
      familyCases[name],
      nSamples,
      nFeatures,
      nComponents,
      missing,
    );
    const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => n % 3);
    const cpu = await createDataset(samples, { sampleWeights });
    const gpu = await createDataset(samples, { sampleWeights, context, upload: 'nothing' });
    const family = atOnce(familyCases[name].family.resolve!(cpu.samples));
    const reference = new Reference(cpu, family);
    const device = new Device(gpu, family, context);
    const expected = await reference.eStep(parameters);
    const actual = await device.eStep(parameters);
    const { statistics } = expected;
    // float32: 6e-8 a number. A log-density is a sum of D terms, and a hundredfold of its size in parts
    expect(largest([actual.logLikelihood], [expected.logLikelihood], nSamples)).toBeLessThan(2e-6);
    expect(largest(actual.statistics.componentMass, statistics.componentMass, 1)).toBeLessThan(
      2e-6,
    );
    expect(largest(actual.statistics.sums, statistics.sums, nSamples)).toBeLessThan(1e-6);
    expect(
      largest(await device.scoreSamples(parameters), await reference.scoreSamples(parameters), 1),
    ).toBeLessThan(4e-5);
    expect(largest(actual.statistics.observed ?? [], statistics.observed ?? [], 1)).toBeLessThan(
      2e-6,
    );
    expect(actual.statistics.observed === undefined).toBe(!missing);
    expect(await device.predict(parameters)).toEqual(await reference.predict(parameters));
    const again = await device.eStep(parameters);
    expect(again).toEqual(actual);
    for (const side of [reference, device]) side.dispose();
    for (const dataset of [cpu, gpu]) dataset.dispose();
  });
});
