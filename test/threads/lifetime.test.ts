import { afterEach, describe, expect, test, vi } from 'vitest';
import { Pool } from '../../src/cpu/pool.ts';
import { totalOf } from '../../src/cpu/segments.ts';
import { makeSeam } from '../../src/em/make-seam.ts';
import { Reference } from '../../src/em/reference.ts';
import { createContext, createDataset, GaussianMixture, type Context } from '../../src/index.ts';
import { expectRefusal, rejection } from '../support/behaviour/side.ts';
import { problemOn, shape } from '../support/threads/problems.ts';

/** An E-step of some tenths of a second. */
const LONG = shape('full', 40_000, 12, 16);

async function longSeam(context: Context) {
  const { samples, family, parameters } = problemOn(LONG);
  const dataset = await createDataset(samples, { context });
  const at = family.standardise(parameters, dataset.standardisationFor(family));
  return { seam: await makeSeam(dataset, family), at, dataset };
}

const nap = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

afterEach(() => vi.restoreAllMocks());

describe('worker threads', () => {
  test('stop at an abort, with its reason, and serve the next pass', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const { seam, at } = await longSeam(context);
    const whole = await seam.eStep(at);
    const stop = new AbortController();
    const pass = seam.eStep(at, stop.signal);
    await nap(5);
    stop.abort(new Error('enough'));
    expect(await rejection(pass)).toEqual(new Error('enough'));
    expect(await seam.eStep(at)).toEqual(whole);
    context.dispose();
  });

  test('serve passes that are asked for at the same time', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const { seam, at } = await longSeam(context);
    const hard = { assignment: 'hard' } as const;
    const alone = [await seam.eStep(at), await seam.eStep(at, undefined, hard)];
    const together = [seam.eStep(at), seam.eStep(at, undefined, hard), seam.measure(at)] as const;
    expect((await Promise.all(together)).slice(0, 2)).toEqual(alone);
    context.dispose();
  });

  test('end with their context: what still runs says that it was disposed of', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const { seam, at } = await longSeam(context);
    const pass = seam.eStep(at);
    await nap(5);
    context.dispose();
    await expectRefusal(pass, 'DISPOSED', /context/);
  });

  test('forget a dataset that was disposed of', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const { seam, at, dataset } = await longSeam(context);
    await seam.measure(at);
    dataset.dispose();
    await expectRefusal(seam.measure(at), 'DISPOSED', /dataset/);
    context.dispose();
  });

  test.each([-1, 1.5, Number.NaN, 257, '2'])('are a whole number: not %s', async (threads) => {
    await expectRefusal(
      createContext({ backend: 'cpu', threads: threads as number }),
      'INVALID_OPTION',
      /threads is/,
      { threads },
    );
  });

  test('are as many as were asked for, none for the plain CPU, the machine’s for auto', async () => {
    const most = process.getBuiltinModule('node:os').availableParallelism();
    const counts = [
      [{ backend: 'cpu' }, 0],
      [{ backend: 'cpu', threads: 3 }, 3],
      [{}, most],
      [{ threads: 0 }, 0],
    ] as const;
    for (const [options, count] of counts) {
      const context = await createContext(options);
      expect([context.backend, context.threads, context.info.threads]).toEqual([
        'cpu',
        count,
        count,
      ]);
      context.dispose();
    }
  });
});

describe('without what worker threads need', () => {
  test('the calling thread computes where no worker can be started, and the info says why', async () => {
    const builtin = process.getBuiltinModule;
    vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
      name === 'node:worker_threads'
        ? {
            Worker: function refuse() {
              throw new Error('no workers today');
            },
          }
        : builtin(name as 'node:os'),
    );
    const { samples } = problemOn(shape('full', 2000, 3, 3));
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const mixture = await GaussianMixture.fit(samples, { nComponents: 3, seed: 1, context });
    expect(mixture.contextInfo).toMatchObject({
      threads: 1,
      reason: expect.stringMatching(/no workers today/),
    });
    context.dispose();
    vi.restoreAllMocks();
    const workers = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const other = await GaussianMixture.fit(samples, { nComponents: 3, seed: 1, context: workers });
    expect(other.lowerBounds).toEqual(mixture.lowerBounds);
    workers.dispose();
  });

  test('the reference computes where WebAssembly has no SIMD, and the fit says so', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
    const { samples, family } = problemOn(shape('full', 300, 3, 3));
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const dataset = await createDataset(samples, { context });
    expect(await makeSeam(dataset, family)).toBeInstanceOf(Reference);
    const { contextInfo } = await GaussianMixture.fit(samples, { nComponents: 3, context });
    expect(contextInfo).toMatchObject({ threads: 0, reason: expect.stringMatching(/SIMD/) });
    context.dispose();
  });

  test('an error of a pass is thrown, and the threads go on', async () => {
    const context = await createContext({ backend: 'cpu', threads: 2, leastWork: 0 });
    const { seam, at } = await longSeam(context);
    const bad = { ...at, covariances: at.weights } as typeof at;
    expect(await rejection(seam.eStep(bad))).toBeInstanceOf(Error);
    expect((await seam.measure(at)).entropy).toBeGreaterThan(0);
    context.dispose();
  });
});

describe('a pool', () => {
  test('cuts a thread’s share into as many memories as it needs, to the same bits', async () => {
    const { samples } = problemOn(shape('full', 3000, 4, 2));
    const { data } = samples as { data: Float64Array };
    const spec = {
      form: 'float64',
      nFeatures: 4,
      nSamples: 3000,
      weighted: false,
      means: new Float64Array(4),
      scales: new Float64Array(4).fill(1),
    } as const;
    const tables = {
      kind: 'diagonal',
      nComponents: 1,
      sumsLength: 8,
      cutoff: 0,
      constants: Float64Array.of(0),
      origins: new Float64Array(4),
      whitening: new Float64Array(4).fill(1),
      whiteningStride: 4,
    } as const;
    const totals: Float64Array[] = [];
    for (const shardBytes of [2 ** 30, 20_000]) {
      const pool = new Pool(2, 0, shardBytes);
      const hands = await pool.open(spec, 1, () => {});
      expect(hands).toHaveLength(shardBytes > 20_000 ? 2 : 6);
      const job = { what: 'eStep', tables, firstSample: 0, endSample: 3000 } as const;
      const results = hands.map(async (hand) => {
        const { firstSample, count } = hand.spec;
        await hand.load(
          firstSample,
          data.slice(4 * firstSample, 4 * (firstSample + count)),
          undefined,
        );
        return hand.run(job);
      });
      const sums = (await Promise.all(results)).flatMap((one) => ('sums' in one ? one.sums : []));
      totals.push(totalOf(sums));
      pool.dispose();
    }
    expect(totals[1]).toEqual(totals[0]);
  });
});
