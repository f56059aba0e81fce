import { describe, expect, test } from 'vitest';
import {
  createDataset,
  GaussianMixture,
  Mixture,
  poisson,
  type MixtureError,
  type SampleStream,
} from '../../../src/index.ts';
import { hashgen } from '../hashgen.ts';
import { outOfMemory, streamOf } from './beyond-memory.ts';
import { expectRefusal, rejection, useSide } from './side.ts';

const N = 2000;
const D = 2;
const data = Float32Array.from(
  hashgen({ seed: 5, n: N, k: 3, d: D, kind: 'diag', sep: 3, corr: 0, smin: 0.5, smax: 1 }).data,
);
const source = (size = 130): SampleStream => streamOf(data, size, undefined, D);
const start = { nComponents: 3, covarianceType: 'diag', seed: 2, tol: 0, maxIter: 8 } as const;

/** A stream whose readings from number `from` on are another's. */
function turning(
  first: SampleStream,
  from: number,
  then: SampleStream,
): SampleStream & { readings: number } {
  return {
    readings: 0,
    chunks(scope) {
      return (this.readings++ < from ? first : then).chunks(scope);
    },
  };
}

/** A stream that throws before the chunk with sample `at`. */
const broken = (at: number): SampleStream => ({
  *chunks() {
    let sample = 0;
    for (const chunk of source(100).chunks() as Iterable<{ nSamples: number }>) {
      if (sample >= at) throw new Error('the cable was pulled');
      sample += chunk.nSamples;
      yield chunk as never;
    }
  },
});

export function describeBrokenStreams(backend: 'cpu' | 'webgpu'): void {
  describe(`a stream that breaks, on the ${backend} backend`, () => {
    const side = useSide(backend);

    test('ends a fit by its position, with the last mixture, which goes on to the same end', async () => {
      const { context } = side;
      const unbroken = await outOfMemory(source(), context);
      const whole = await GaussianMixture.fit(unbroken, start);
      unbroken.dispose();
      // a reading for the dataset, one for the start, one for each of three iterations
      const dataset = await outOfMemory(turning(source(), 5, broken(1200)), context);
      const error = (await rejection(GaussianMixture.fit(dataset, start))) as MixtureError;
      expect([error.code, error.details['sample']]).toEqual(['SOURCE_FAILED', 1200]);
      expect(error.message).toMatch(/sample 1200: the cable was pulled/);
      const last = error.details['mixture'] as GaussianMixture;
      expect(last.nIter).toBe(3);
      const mended = await outOfMemory(source(), context);
      const resumed = await GaussianMixture.fit(mended, { ...start, maxIter: 5, warmStart: last });
      const near = backend === 'cpu' ? 1e-9 : 1e-5;
      expect(Math.abs(resumed.lowerBound - whole.lowerBound)).toBeLessThan(near);
      resumed.means.forEach((mean, i) =>
        expect(Math.abs(mean - whole.means[i])).toBeLessThan(near),
      );
      mended.dispose();
      dataset.dispose();
    });

    test('takes sample weights beside it, and not twice', async () => {
      const { context } = side;
      const sampleWeights = Float64Array.from({ length: N }, (_, n) => 1 + (n % 3));
      const beside = { context, memoryLimit: 0, sampleWeights };
      const streamed = await createDataset(source(), beside);
      const inMemory = await createDataset(
        { data, nSamples: N, nFeatures: D },
        { context, sampleWeights },
      );
      const [one, other] = await Promise.all(
        [streamed, inMemory].map((dataset) =>
          GaussianMixture.fit(dataset, { ...start, maxIter: 2 }),
        ),
      );
      expect(Math.abs(one.lowerBound - other.lowerBound)).toBeLessThan(1e-6);
      streamed.dispose();
      inMemory.dispose();
      const weighted: SampleStream = {
        *chunks(scope) {
          for (const chunk of source().chunks(scope) as Iterable<{ nSamples: number }>) {
            yield { ...chunk, sampleWeights: new Float64Array(chunk.nSamples).fill(1) } as never;
          }
        },
      };
      await expectRefusal(createDataset(weighted, beside), 'INVALID_SAMPLES', /its own/);
    });

    test('is an error where a later reading is not the first', async () => {
      const { context } = side;
      const other = data.slice();
      other[61 * 7] += 1;
      const notANumber = data.slice();
      notANumber[1001] = NaN; // where the checksum does not look
      for (const [then, message, sample] of [
        [streamOf(data.subarray(0, 1400 * D), 130, undefined, D), /ends after 1400 of 2000/, 1400],
        [streamOf(Float32Array.from([...data, 1, 2]), 130, undefined, D), /more than the 2000/, N],
        [streamOf(other, 130, undefined, D), /other numbers/, 0],
        [streamOf(data.subarray(0, 1998), 130, undefined, 3), /3 features where/, 0],
        [{ chunks: () => [] }, /ends after 0/, 0],
        [streamOf(notANumber, 130, undefined, D), /NaN in sample 500/, 500],
      ] as const) {
        const dataset = await outOfMemory(turning(source(), 3, then), context);
        const error = await expectRefusal(
          GaussianMixture.fit(dataset, start),
          'SOURCE_FAILED',
          message,
          { sample },
        );
        expect((error.details['mixture'] as GaussianMixture).nComponents).toBe(3);
        dataset.dispose();
      }
      expect(context.liveBuffers).toBe(0);
    });

    test('is closed by an abort, and leaves nothing', async () => {
      const { context } = side;
      let open = 0;
      const stream: SampleStream = {
        *chunks() {
          open++;
          try {
            yield* source(100).chunks() as Iterable<never>;
          } finally {
            open--;
          }
        },
      };
      const controller = new AbortController();
      const dataset = await outOfMemory(stream, context);
      const fitted = GaussianMixture.fit(dataset, {
        ...start,
        signal: controller.signal,
        onIteration: ({ iteration }) => {
          if (iteration === 2) setTimeout(() => controller.abort(new Error('enough')), 0);
        },
        maxIter: 100_000,
      });
      expect(((await rejection(fitted)) as Error).message).toBe('enough');
      dataset.dispose();
      expect([open, context.liveBuffers]).toEqual([0, 0]);
    });
  });

  describe(`the door of a stream beyond memory, on the ${backend} backend`, () => {
    const side = useSide(backend);
    const at = (position: number, value: number): SampleStream => {
      const changed = data.slice();
      changed[position] = value;
      return streamOf(changed, 130, undefined, D);
    };

    test('names the sample that is no number, or outside the support', async () => {
      const { context } = side;
      const infinite = outOfMemory(at(1501 * D + 1, Infinity), context);
      await expectRefusal(infinite, 'NON_FINITE', /Sample 1501, column 1/, {
        sample: 1501,
        column: 1,
      });
      const counts = Float32Array.from(data, (x) => Math.max(0, Math.round(x + 5)));
      counts[1777 * D] = -1;
      const dataset = await outOfMemory(streamOf(counts, 130, undefined, D), context);
      const fitted = Mixture.fit(dataset, { family: poisson(), nComponents: 2 });
      await expectRefusal(fitted, 'OUTSIDE_SUPPORT', /Sample 1777, column 0 is -1/, {
        sample: 1777,
      });
      dataset.dispose();
    });

    test('refuses no samples, ragged chunks and odd limits', async () => {
      const { context } = side;
      const empty = { chunks: () => [] };
      await expectRefusal(createDataset(empty, { context }), 'INVALID_SAMPLES', /no samples/);
      const none = { chunks: () => [{ data: new Float32Array(0), nSamples: 0, nFeatures: 2 }] };
      await expectRefusal(createDataset(none, { context }), 'INVALID_SAMPLES', /no samples/i);
      const ragged: SampleStream = {
        chunks: () => [
          { data: Float32Array.of(1, 2), nSamples: 1, nFeatures: 2 },
          { data: Float32Array.of(1, 2, 3), nSamples: 1, nFeatures: 3 },
        ],
      };
      await expectRefusal(
        outOfMemory(ragged, context),
        'INVALID_SAMPLES',
        /chunk at sample 1 has 3/,
      );
      const short = { ...source(), nSamples: N + 1 };
      await expectRefusal(outOfMemory(short, context), 'SOURCE_FAILED', /ends after 2000 of 2001/, {
        sample: N,
      });
      await expectRefusal(
        createDataset(source(), { memoryLimit: -1 }),
        'INVALID_OPTION',
        /memoryLimit is -1/,
      );
      const some: SampleStream = {
        chunks: () => [
          { data: Float32Array.of(1, 2), nSamples: 1, nFeatures: 2, sampleWeights: [1] },
          { data: Float32Array.of(1, 2), nSamples: 1, nFeatures: 2 },
        ],
      };
      await expectRefusal(
        outOfMemory(some, context),
        'INVALID_SAMPLES',
        /1 of 2 chunks have sample weights/,
      );
    });
  });
}

/** What a stream beyond memory cannot be asked for; nothing of it depends on the side. */
export function describeNeedsMemory(): void {
  describe('a stream beyond memory', () => {
    const side = useSide('cpu');

    test('says what needs all samples in memory', async () => {
      const many = Float32Array.from(
        { length: 70_000 },
        (_, n) => (n % 2) * 5 + ((n * 7919) % 1000) / 1000,
      );
      const stream = streamOf(many, 9999, undefined, 1);
      const dataset = await outOfMemory(stream, side.context, 40_000);
      for (const options of [
        { escape: 'split-merge' },
        { prior: 'mclust' },
        { labelsInit: new Int32Array(70_000).map((_, n) => n % 2) },
      ] as const) {
        const fitted = GaussianMixture.fit(dataset, { nComponents: 2, ...options });
        await expectRefusal(
          fitted,
          'LIMIT_EXCEEDED',
          /all 70000 samples in memory \(280000 bytes\)/,
        );
      }
      const fitted = await GaussianMixture.fit(dataset, { nComponents: 2, maxIter: 2 });
      for (const mean of fitted.means) expect(mean % 5).toBeCloseTo(0.5, 2);
      await expectRefusal(fitted.impute(dataset), 'LIMIT_EXCEEDED', /in memory/);
      dataset.dispose();
      const inMemory = await createDataset(stream, { context: side.context });
      await GaussianMixture.fit(inMemory, { nComponents: 2, maxIter: 1, prior: 'mclust' });
      inMemory.dispose();
    });
  });
}
