import { describe, expect, test } from 'vitest';
import { createDataset, GaussianMixture, type SamplesInput } from '../../../src/index.ts';
import { expectRefusal, threeClusters, useSide } from './side.ts';

const { samples } = threeClusters();
const { data } = samples;

export function rowsOf(values: ArrayLike<number>, nFeatures: number): number[][] {
  return Array.from({ length: values.length / nFeatures }, (_, n) =>
    Array.from({ length: nFeatures }, (_, d) => values[n * nFeatures + d]),
  );
}

/** What goes in: every form of samples, and what is refused at the door. */
export function describeDoors(backend: 'cpu' | 'webgpu'): void {
  describe(`samples at the door, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const fit = (input: SamplesInput) =>
      GaussianMixture.fit(input, { nComponents: 3, seed: 2, context: side.context });

    const first = data.filter((_, i) => i % 2 === 0);
    const second = data.filter((_, i) => i % 2 === 1);
    const table = {
      numRows: 300,
      schema: { fields: [{ name: 'a' }, { name: 'b' }] },
      getChild: (name: string) => ({ toArray: () => (name === 'a' ? first : second) }),
    };
    const half = { data: data.slice(0, 200), nSamples: 100, nFeatures: 2 };
    const rest = { data: data.slice(200), nSamples: 200, nFeatures: 2 };
    const forms: Record<string, SamplesInput> = {
      'rows in an array': rowsOf(data, 2),
      'rows as typed arrays': rowsOf(data, 2).map((row) => Float64Array.from(row)),
      'an array of columns': { columns: [first, second] },
      'columns by name': { columns: { a: Array.from(first), b: second } },
      'an Arrow table': table,
      'a stream of chunks': { chunks: () => [half, rest] },
      'an asynchronous stream': {
        async *chunks() {
          yield half;
          await Promise.resolve();
          yield rest;
        },
      },
      // hashgen's values are exact in float32
      float32: { ...samples, data: Float32Array.from(data) },
    };

    test.each(Object.keys(forms))('%s give the same mixture as a flat array', async (form) => {
      const expected = await fit(samples);
      const mixture = await fit(forms[form]);
      expect(mixture.means).toEqual(expected.means);
      expect(mixture.lowerBounds).toEqual(expected.lowerBounds);
    });

    test('a dataset made once serves fits and predictions, and says what it holds', async () => {
      const dataset = await createDataset(samples, { context: side.context });
      expect([dataset.nSamples, dataset.nFeatures]).toEqual([300, 2]);
      expect(dataset.constantColumns).toEqual([]);
      const mean = first.reduce((sum, x) => sum + x, 0) / 300;
      const variance = first.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 300;
      expect(dataset.columnMeans[0]).toBeCloseTo(mean, 10);
      expect(dataset.columnScales[0]).toBeCloseTo(Math.sqrt(variance), 10);
      const expected = await fit(samples);
      for (let i = 0; i < 2; i++) {
        const mixture = await GaussianMixture.fit(dataset, {
          nComponents: 3,
          seed: 2,
          context: side.context,
        });
        expect(mixture.means).toEqual(expected.means);
      }
      const labels = await expected.predict(dataset);
      expect(labels).toEqual(await expected.predict(samples, { context: side.context }));
      dataset.dispose();
      dataset.dispose();
      await expectRefusal(expected.predict(dataset), 'DISPOSED', /dataset/);
    });

    test("the caller's arrays are as they were, and still theirs", async () => {
      for (const own of [data.slice(), Float32Array.from(data)]) {
        const before = own.slice();
        const sampleWeights = new Float64Array(300).fill(1.5);
        const meansInit = [
          [0, 0],
          [1, 1],
          [2, 2],
        ];
        const weightsInit = Float64Array.of(0.25, 0.25, 0.5);
        await GaussianMixture.fit(
          { data: own, nSamples: 300, nFeatures: 2 },
          { nComponents: 3, context: side.context, sampleWeights, meansInit, weightsInit },
        );
        expect(own).toEqual(before);
        expect(own.buffer.byteLength).toBe(before.buffer.byteLength);
        expect(sampleWeights).toEqual(new Float64Array(300).fill(1.5));
        expect(meansInit.flat()).toEqual([0, 0, 1, 1, 2, 2]);
        expect(weightsInit).toEqual(Float64Array.of(0.25, 0.25, 0.5));
      }
    });

    test.each([
      ['infinity', Infinity],
      ['-infinity', -Infinity],
    ])('%s is refused, by sample and column', async (_, value) => {
      const spoilt = data.slice();
      spoilt[2 * 17 + 1] = value;
      const where = { sample: 17, column: 1 };
      await expectRefusal(fit({ ...samples, data: spoilt }), 'NON_FINITE', /17.*1/, where);
      const rows = rowsOf(spoilt, 2);
      await expectRefusal(fit(rows), 'NON_FINITE', /17.*1/, where);
      const mixture = await fit(samples);
      const predict = mixture.predict(rows, { context: side.context });
      await expectRefusal(predict, 'NON_FINITE', /17.*1/, where);
    });

    test('words are refused, by sample and column', async () => {
      const words = { columns: { a: Array.from(first), b: Array.from(second, String) } };
      await expectRefusal(fit(words as never), 'NON_FINITE', /0.*1/, { sample: 0, column: 1 });
    });

    test('shapes that do not fit are refused with the numbers', async () => {
      const ragged = rowsOf(data, 2);
      ragged[9] = [1, 2, 3];
      await expectRefusal(fit(ragged), 'INVALID_SAMPLES', /9.*3.*2/, { sample: 9, length: 3 });
      await expectRefusal(fit({ ...samples, nSamples: 299 }), 'INVALID_SAMPLES', /600.*299/, {
        length: 600,
        nSamples: 299,
      });
      await expectRefusal(fit({ ...samples, nSamples: 2.5 }), 'INVALID_SAMPLES', /2\.5/);
      const short = { columns: [first, second.slice(1)] };
      await expectRefusal(fit(short), 'INVALID_SAMPLES', /299.*300/, { length: 299 });
      await expectRefusal(fit(Array.from(data) as never), 'INVALID_SAMPLES', /two dimensions/);
      const uneven = {
        chunks: () => [half, { data: data.slice(0, 3), nSamples: 1, nFeatures: 3 }],
      };
      await expectRefusal(fit(uneven), 'INVALID_SAMPLES', /3 features/);
    });

    test.each([
      ['an empty array', []],
      ['no samples', { data: new Float64Array(0), nSamples: 0, nFeatures: 2 }],
      ['no features', { data: new Float64Array(0), nSamples: 3, nFeatures: 0 }],
      ['no columns', { columns: [] }],
      ['an empty stream', { chunks: () => [] }],
    ] as [string, SamplesInput][])('%s is refused', async (_, input) => {
      await expectRefusal(fit(input), 'INVALID_SAMPLES', /no samples/i);
    });

    test.each([
      ['null', null],
      ['a number', 3],
      ['a word', 'samples'],
      ['some object', { rows: 3 }],
    ])('%s is no samples', async (_, input) => {
      await expectRefusal(fit(input as never), 'INVALID_SAMPLES', /cannot be read/);
    });

    test('fewer samples than components is refused with both numbers; as many is enough', async () => {
      const two = [
        [0, 1],
        [2, 3],
      ];
      const options = { nComponents: 3, context: side.context };
      await expectRefusal(GaussianMixture.fit(two, options), 'TOO_FEW_SAMPLES', /2.*3/, {
        nSamples: 2,
        nComponents: 3,
      });
      const mixture = await GaussianMixture.fit(two, { ...options, nComponents: 2 });
      expect(mixture.weights.length).toBe(2);
      const one = GaussianMixture.fit([[0, 1]], { ...options, nComponents: 1 });
      await expectRefusal(one, 'TOO_FEW_SAMPLES', /1/);
    });

    test('sample weights must be one a sample, finite, not negative and not all zero', async () => {
      const weigh = (sampleWeights: ArrayLike<number>) =>
        GaussianMixture.fit(samples, { nComponents: 3, sampleWeights, context: side.context });
      const ones = new Array<number>(300).fill(1);
      await expectRefusal(weigh(ones.slice(1)), 'INVALID_SAMPLES', /299.*300/);
      await expectRefusal(weigh(ones.with(7, -0.5)), 'INVALID_SAMPLES', /7.*-0\.5/, {
        sample: 7,
        weight: -0.5,
      });
      await expectRefusal(weigh(ones.with(7, Number.NaN)), 'INVALID_SAMPLES', /7/);
      await expectRefusal(weigh(ones.with(7, Infinity)), 'INVALID_SAMPLES', /7/);
      await expectRefusal(weigh(new Float64Array(300)), 'INVALID_SAMPLES', /sum to 0/);
      const barely = new Float64Array(300).fill(0, 0, 298);
      barely.fill(1, 298);
      await expectRefusal(weigh(barely), 'TOO_FEW_SAMPLES', /2 samples/);
      await expect(weigh(Float32Array.from(ones))).resolves.toBeInstanceOf(GaussianMixture);
    });

    test('a constant column is allowed, reported, and has the variance regCovar', async () => {
      const withConstant = rowsOf(data, 2).map(([a, b]) => [a, 7, b]);
      const dataset = await createDataset(withConstant, { context: side.context });
      expect(dataset.constantColumns).toEqual([1]);
      expect(dataset.columnScales[1]).toBe(1);
      const mixture = await GaussianMixture.fit(dataset, {
        nComponents: 3,
        covarianceType: 'diag',
        regCovar: 1e-4,
        context: side.context,
      });
      dataset.dispose();
      for (let k = 0; k < 3; k++) {
        expect(mixture.means[3 * k + 1]).toBeCloseTo(7, 10);
        expect(mixture.covariances[3 * k + 1]).toBeCloseTo(1e-4, 12);
      }
      expect(mixture.warnings).toEqual([
        {
          code: 'CONSTANT_COLUMNS',
          message: expect.stringMatching(/Constant columns \(1\)/) as string,
          details: { columns: [1], regCovar: 1e-4 },
        },
      ]);
    });

    test('a mixture refuses samples of another number of features', async () => {
      const mixture = await fit(samples);
      const other = [
        [1, 2, 3],
        [4, 5, 6],
      ];
      const at = { context: side.context };
      // (asked one after another: a promise that waits for its turn would be a rejection that nobody handles)
      for (const ask of [
        () => mixture.predict(other, at),
        () => mixture.predictProba(other, at),
        () => mixture.scoreSamples(other, at),
        () => mixture.score(other, at),
        () => mixture.bic(other, at),
        () => mixture.icl(other, at),
      ]) {
        await expectRefusal(ask(), 'FEATURE_MISMATCH', /3.*2/, { nFeatures: 3, expected: 2 });
      }
      const warm = GaussianMixture.fit(other, { nComponents: 2, warmStart: mixture, ...at });
      await expectRefusal(warm, 'FEATURE_MISMATCH', /3.*2/);
    });
  });
}
