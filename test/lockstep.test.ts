import { describe, expect, test } from 'vitest';
import { Lockstep } from '../src/em/lockstep.ts';
import type { Seam } from '../src/em/seam.ts';
import type { Parameters } from '../src/families/family.ts';
import { zeroStatistics } from '../src/families/statistics.ts';

/** A seam whose log-likelihood is the model's first weight, and which notes how many models it was given at a time. */
function notingSeam(): { seam: Seam; calls: number[]; atOnce: () => number } {
  const calls: number[] = [];
  let inside = 0;
  let most = 0;
  const busy = async <T>(result: () => T): Promise<T> => {
    most = Math.max(most, ++inside);
    await new Promise((resolve) => setTimeout(resolve, 1));
    inside--;
    return result();
  };
  const seam = {
    eSteps: (list: readonly Parameters[]) =>
      busy(() => {
        calls.push(list.length);
        if (list.some(({ weights }) => weights[0] < 0)) throw new Error('a bad model');
        return list.map(({ weights }) => ({
          logLikelihood: weights[0],
          statistics: zeroStatistics(1, 1, new Float64Array(1)),
        }));
      }),
    scoreSamples: () => busy(() => new Float64Array(1)),
  } as unknown as Seam;
  return { seam, calls, atOnce: () => most };
}

const model = (value: number): Parameters => ({ weights: Float64Array.of(value) });

/** A run of so many E-steps; gives the log-likelihoods. */
async function run(seam: Seam, value: number, iterations: number): Promise<number[]> {
  const seen: number[] = [];
  for (let t = 0; t < iterations; t++) {
    seen.push((await seam.eStep(model(value + t))).logLikelihood);
  }
  return seen;
}

describe('runs in lockstep', () => {
  test('make their E-steps together, each with its own results, and go on as others end', async () => {
    const { seam, calls } = notingSeam();
    const lockstep = new Lockstep(seam);
    const lengths = [1, 3, 3, 5];
    const seen = await lockstep.all(lengths.map((n, i) => () => run(lockstep.seam, 100 * i, n)));
    expect(seen).toEqual(lengths.map((n, i) => Array.from({ length: n }, (_, t) => 100 * i + t)));
    expect(calls).toEqual([4, 3, 3, 1, 1]);
  });

  test('do not wait for one that asks for nothing', async () => {
    const { seam, calls } = notingSeam();
    const lockstep = new Lockstep(seam);
    const idle = (): Promise<number[]> => Promise.resolve([]);
    await lockstep.all([idle, () => run(lockstep.seam, 0, 2), idle]);
    expect(calls).toEqual([1, 1]);
  });

  test('use the seam one call at a time', async () => {
    const { seam, atOnce } = notingSeam();
    const lockstep = new Lockstep(seam);
    const scoring = async (): Promise<void> => {
      await lockstep.seam.scoreSamples(model(1));
      await lockstep.seam.eStep(model(1));
    };
    await lockstep.all([scoring, scoring, () => run(lockstep.seam, 0, 2).then(() => {})]);
    expect(atOnce()).toBe(1);
  });

  test('are told apart by how they want responsibilities', async () => {
    const { seam, calls } = notingSeam();
    const lockstep = new Lockstep(seam);
    const hard = (): Promise<unknown> =>
      lockstep.seam.eStep(model(1), undefined, { assignment: 'hard' });
    const soft = (): Promise<unknown> => lockstep.seam.eStep(model(2));
    await lockstep.all([hard, soft, hard]);
    expect(calls.sort((a, b) => a - b)).toEqual([1, 2]);
  });

  test('one bad model fails its own run only, after the others have ended', async () => {
    const { seam } = notingSeam();
    const lockstep = new Lockstep(seam);
    let ended = 0;
    const good = async (): Promise<void> => {
      await run(lockstep.seam, 1, 4);
      ended++;
    };
    await expect(
      lockstep.all([good, () => run(lockstep.seam, -1, 1).then(() => {}), good]),
    ).rejects.toThrow('a bad model');
    expect(ended).toBe(2);
  });
});
