import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { atOnce, inTurns, nextTurn, pacer, type Steps } from '../src/data/pause.ts';
import { rejection } from './support/behaviour/side.ts';

/** A clock that only moves when told to. */
let now = 0;
beforeEach(async () => {
  now = 1e6;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  await nextTurn(); // (the slice begins here, whatever ran before)
});
afterEach(() => vi.restoreAllMocks());

/** Works in units of so many milliseconds and tells how long each stretch without a turn was. */
async function stretches(units: number, milliseconds: number, pause = pacer()): Promise<number[]> {
  const found: number[] = [];
  let began = now;
  for (let unit = 0; unit < units; unit++) {
    now += milliseconds;
    const turn = pause();
    if (!turn) continue;
    found.push(now - began);
    await turn;
    began = now;
  }
  return [...found, now - began];
}

describe('pauses of long loops', () => {
  test.each([0.001, 0.01, 0.1, 1, 3])(
    'units of %s ms go by in slices of about 8 ms',
    async (unit) => {
      const found = await stretches(Math.ceil(200 / unit), unit);
      expect(found.length).toBeGreaterThan(15);
      expect(Math.max(...found)).toBeLessThan(8 + Math.max(2, unit) + 0.001);
    },
  );

  test('units that become a thousand times as long are noticed at the first of them that are looked at', async () => {
    const pause = pacer();
    await stretches(10_000, 0.001, pause);
    const found = await stretches(2000, 0.1, pause);
    // as many short units as take half a millisecond go by unseen: 50 ms of long ones, once
    expect(Math.max(...found.slice(1))).toBeLessThan(10);
  });

  test('loops that follow one another in a task share its slice', async () => {
    for (let i = 0; i < 7; i++) expect(await stretches(1, 1)).toHaveLength(1);
    expect(await stretches(1, 1)).toHaveLength(2);
    expect(await stretches(1, 1)).toHaveLength(1);
  });

  test('what loops side by side do does not add up to one long task', async () => {
    const log: string[] = [];
    const loop = async (name: string): Promise<void> => {
      const pause = pacer();
      for (let i = 0; i < 3; i++) {
        now += 9;
        const turn = pause();
        log.push(name);
        if (turn) await turn;
      }
    };
    await Promise.all([loop('a'), loop('b')]);
    expect(log).toEqual(['a', 'b', 'a', 'b', 'a', 'b']);
  });

  test('a turn lets timers and messages through', async () => {
    const timer = vi.fn<() => void>();
    setTimeout(timer, 0);
    for (let i = 0; i < 1000 && timer.mock.calls.length === 0; i++) await nextTurn();
    expect(timer).toHaveBeenCalledOnce();
  });

  test('steps give the same at one go and in turns', async () => {
    const steps = function* (): Steps<number> {
      let sum = 0;
      for (let i = 1; i <= 100; i++, yield) sum += i;
      return sum;
    };
    expect(atOnce(steps())).toBe(5050);
    expect(await inTurns(steps())).toBe(5050);
  });

  test('an abort ends steps half way, with its reason, and lets them tidy up', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const log: string[] = [];
    const steps = function* (): Steps<void> {
      try {
        for (let i = 0; i < 100; i++, yield) {
          now += 9;
          if (i === 3) controller.abort(reason);
          log.push(String(i));
        }
      } finally {
        log.push('tidied');
      }
    };
    expect(await rejection(inTurns(steps(), controller.signal))).toBe(reason);
    expect(log).toEqual(['0', '1', '2', '3', 'tidied']);
  });
});
