import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../src/data/random.ts';
import { createDataset } from '../../src/em/create-dataset.ts';
import { Device } from '../../src/em/device.ts';
import { Reference } from '../../src/em/reference.ts';
import {
  categorical,
  type CategoricalFamily,
  type CategoricalParameters,
} from '../../src/families/categorical.ts';
import { type Context } from '../../src/index.ts';
import { contextOn } from '../support/context.ts';

interface Problem {
  readonly nSamples: number;
  /** Categories of the features, again and again. */
  readonly nCategories: readonly number[];
  readonly nFeatures: number;
  readonly missing: boolean;
}

const N_COMPONENTS = 3;

/** Components with likely, rare and impossible categories, and samples drawn from them. */
function draw(
  family: CategoricalFamily,
  { nSamples, nFeatures, missing }: Problem,
): { parameters: CategoricalParameters; data: Float64Array } {
  const random = new Random(nFeatures, nSamples);
  const own = family.categories(nFeatures)!;
  const most = Math.max(...own);
  const probabilities = new Float64Array(N_COMPONENTS * nFeatures * most);
  for (let row = 0; row < N_COMPONENTS * nFeatures; row++) {
    const count = own[row % nFeatures];
    const theta = probabilities.subarray(row * most, row * most + count);
    for (let c = 0; c < count; c++) theta[c] = random.uniform() < 0.2 ? 0 : random.uniform() ** 6;
    theta[random.integer(count)] += 0.1;
    const total = theta.reduce((sum, p) => sum + p, 0);
    theta.forEach((p, c) => (theta[c] = p / total));
  }
  const parameters = { weights: Float64Array.of(0.5, 0.3, 0.2), probabilities };
  const prepared = family.prepareDraws(parameters, nFeatures);
  const data = new Float64Array(nSamples * nFeatures);
  for (let n = 0; n < nSamples; n++) {
    const row = data.subarray(n * nFeatures, (n + 1) * nFeatures);
    family.draw(parameters, prepared, random.integer(N_COMPONENTS), random, row, 0);
    if (!missing) continue;
    // now and then a sample of which nothing is known
    const unknown = n % 50 === 7 ? 1 : 0.3;
    for (let d = 0; d < nFeatures; d++) if (random.uniform() < unknown) row[d] = Number.NaN;
  }
  return { parameters, data };
}

const SHAPES = [
  { nFeatures: 1, nCategories: [5] },
  { nFeatures: 7, nCategories: [3, 1, 2, 9] },
  { nFeatures: 16, nCategories: [26] },
  { nFeatures: 130, nCategories: [4, 2] },
  { nFeatures: 3, nCategories: [3000, 7] },
];
const problems: Problem[] = [false, true].flatMap((missing) =>
  SHAPES.map(({ nFeatures, nCategories }) => ({ nFeatures, nCategories, missing, nSamples: 1300 })),
);

describe('categorical on WebGPU beside the float64 reference', () => {
  let context: Context;
  beforeAll(async () => {
    context = await contextOn('webgpu');
  });
  afterAll(() => context.dispose());

  test.each(problems)(
    'D = $nFeatures, categories: $nCategories, missing: $missing',
    async (problem) => {
      const { nSamples, nFeatures, missing } = problem;
      const nCategories = Array.from(
        { length: nFeatures },
        (_, d) => problem.nCategories[d % problem.nCategories.length],
      );
      const family = categorical(nCategories);
      const { parameters, data } = draw(family, problem);
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
      const close = (found: Float64Array, wanted: Float64Array): void => {
        expect(found.length).toBe(wanted.length);
        // float32 sums of up to 1300
        found.forEach((value, i) => expect(Math.abs(value - wanted[i])).toBeLessThan(1e-3));
      };
      close(componentMass, expected.statistics.componentMass);
      close(sums, expected.statistics.sums);
      expect(observed === undefined).toBe(!missing);
      if (observed) close(observed, expected.statistics.observed!);

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
