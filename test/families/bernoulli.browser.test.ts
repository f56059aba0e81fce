import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { createDataset } from '../../src/em/create-dataset.ts';
import { Device } from '../../src/em/device.ts';
import { Reference } from '../../src/em/reference.ts';
import { bernoulli, type BernoulliParameters } from '../../src/families/bernoulli.ts';
import { type Context } from '../../src/index.ts';
import { contextOn } from '../support/context.ts';

interface Problem {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly nComponents: number;
  readonly missing: boolean;
}

/** Components with likely, unlikely, certain and impossible features, and samples drawn from them. */
function draw({ nSamples, nFeatures, nComponents, missing }: Problem): {
  parameters: BernoulliParameters;
  data: Float64Array;
} {
  const family = bernoulli();
  const random = new Random(nFeatures, nComponents);
  const probabilities = new Float64Array(nComponents * nFeatures).map(() => {
    const kind = random.uniform();
    if (kind < 0.1) return 0;
    if (kind < 0.2) return 1;
    return kind < 0.5 ? random.uniform() ** 8 : 1 - random.uniform() ** 3;
  });
  const raw = new Float64Array(nComponents).map(() => 0.2 + random.uniform());
  const total = raw.reduce((sum, w) => sum + w, 0);
  const parameters = { weights: raw.map((w) => w / total), probabilities };
  const data = new Float64Array(nSamples * nFeatures);
  for (let n = 0; n < nSamples; n++) {
    const row = data.subarray(n * nFeatures, (n + 1) * nFeatures);
    family.draw(parameters, probabilities, random.integer(nComponents), random, row, 0);
    if (!missing) continue;
    // now and then a sample of which nothing is known
    const unknown = n % 50 === 7 ? 1 : 0.3;
    for (let d = 0; d < nFeatures; d++) if (random.uniform() < unknown) row[d] = Number.NaN;
  }
  return { parameters, data };
}

const problems: Problem[] = [1, 32, 50, 784].flatMap((nFeatures) =>
  [false, true].map((missing) => ({
    nSamples: nFeatures > 100 ? 700 : 1300,
    nFeatures,
    nComponents: 3,
    missing,
  })),
);

describe('Bernoulli on WebGPU, on packed bits, beside the float64 reference', () => {
  let context: Context;
  beforeAll(async () => {
    context = await contextOn('webgpu');
  });
  afterAll(() => context.dispose());

  test.each(problems)(
    'D = $nFeatures, missing: $missing',
    async ({ nSamples, nFeatures, nComponents, missing }) => {
      const problem = { nSamples, nFeatures, nComponents, missing };
      const { parameters, data } = draw(problem);
      const family = bernoulli();
      const samples = { data, nSamples, nFeatures };
      const sampleWeights = Float64Array.from({ length: nSamples }, (_, n) => n % 3);
      const cpu = await createDataset(samples, { sampleWeights });
      const gpu = await createDataset(samples, { sampleWeights, context, upload: 'nothing' });
      const reference = new Reference(cpu, family);
      const device = new Device(gpu, family, context);
      const expected = await reference.eStep(parameters);
      const actual = await device.eStep(parameters);

      const scale = nSamples * Math.max(1, Math.abs(expected.logLikelihood) / nSamples);
      expect(Math.abs(actual.logLikelihood - expected.logLikelihood) / scale).toBeLessThan(2e-7);
      const { componentMass, sums, observed } = actual.statistics;
      // float32 sums of up to 2600 (700, 1300 samples of weight 0, 1 or 2)
      const close = (found: Float64Array, wanted: Float64Array): void => {
        expect(found.length).toBe(wanted.length);
        found.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(2e-3));
      };
      close(componentMass, expected.statistics.componentMass);
      close(sums, expected.statistics.sums);
      expect(observed === undefined).toBe(!missing);
      if (observed) close(observed, expected.statistics.observed!);

      const next = (statistics: typeof actual.statistics): BernoulliParameters =>
        family.mStep(statistics, parameters, {
          regCovar: new Float64Array(nFeatures),
          standardisation: cpu.standardisationFor(family),
        });
      const theta = next(actual.statistics).probabilities;
      const wanted = next(expected.statistics).probabilities;
      wanted.forEach((p, i) => expect(Math.abs(theta[i] - p)).toBeLessThan(3e-6));
      // what is certain is so on both sides; on the device so is what only responsibilities below the range of float32 spoke against
      const wrong = [...wanted.keys()].filter((i) =>
        wanted[i] === 0 || wanted[i] === 1
          ? theta[i] !== wanted[i]
          : theta[i] === 0 && wanted[i] > 2 ** -100,
      );
      expect(wrong).toEqual([]);

      const scores = await device.scoreSamples(parameters);
      (await reference.scoreSamples(parameters)).forEach((score, n) => {
        expect(Math.abs(scores[n] - score)).toBeLessThan(2e-6 * Math.max(1, Math.abs(score)));
      });
      expect(await device.predict(parameters)).toEqual(await reference.predict(parameters));
      for (const side of [reference, device]) side.dispose();
      for (const dataset of [cpu, gpu]) dataset.dispose();
    },
  );
});
