import { afterEach, describe, expect, test } from 'vitest';
import { clumps } from '../src/app/data/synthetic.ts';
import { Broadcast } from '../src/app/fit/session-view.ts';
import {
  disposeContexts,
  N,
  openSession,
  reference,
  SETTINGS,
  source,
} from './support/page-session.ts';

afterEach(disposeContexts);

describe('the history of a fit', () => {
  test('keeps every iteration, goes back, and comes to the same end through what it knows', async () => {
    const { session, shown, phase, until, iteration } = await openSession();
    await phase('converged');
    const expected = await reference();
    const { frames, points } = session.position.history.lanes[0];
    expect(frames.map((frame) => frame.iteration)).toEqual(
      Array.from({ length: expected.nIter + 1 }, (_, t) => t),
    );
    expect(points.map(({ lowerBound }) => lowerBound)).toEqual([...expected.lowerBounds]);
    expect(frames[0].by).toBe('start');
    const end = session.mixture;
    session.stepBack();
    await phase('paused');
    expect(iteration()).toBe(expected.nIter - 1);
    session.seek(2);
    session.stepOnce();
    await until(() => iteration() === 3);
    shown.length = 0;
    session.seek(0);
    // (comes after what is being shown)
    await session.ask(() => Promise.resolve());
    session.play();
    await phase('converged');
    // replayed: the very same frames, one after another
    expect(shown.map((frame) => frame.iteration)).toEqual(frames.map((frame) => frame.iteration));
    expect(session.mixture).toBe(end);
  });

  test('while it runs, a look back pauses; Run replays and then goes on', async () => {
    const { session, phase, iteration, until } = await openSession();
    await until(() => (iteration() ?? 0) >= 4);
    session.seek(1);
    await phase('paused');
    expect(iteration()).toBe(1);
    session.play();
    await phase('converged');
    const expected = await reference();
    expect(session.mixture!.lowerBound).toBe(expected.lowerBound);
    expect(iteration()).toBe(expected.nIter);
  });

  test('of many looks in a row the newest is shown', async () => {
    const { session, phase, shown } = await openSession();
    await phase('converged');
    const { length } = session.position.history.lanes[0].frames;
    shown.length = 0;
    for (let i = 0; i < length; i++) session.seek(i);
    for (let i = length; i >= 0; i--) session.seek(i);
    await session.ask(() => Promise.resolve());
    expect(shown.length).toBeLessThan(4);
    expect(shown.at(-1)!.iteration).toBe(0);
  });
});

test('what waits to be shown when other samples come is not shown on those', async () => {
  const { session, view, phase } = await openSession();
  await phase('converged');
  const shown: [of: number, on: number][] = [];
  let features = 2;
  view.add({
    onData: (dataset) => void (features = dataset.nFeatures),
    onFrame: async ({ mixture }) => {
      shown.push([mixture.nFeatures, features]);
      await new Promise((resolve) => void setTimeout(resolve, 20));
    },
  });
  session.seek(1);
  await Promise.resolve();
  session.seek(2);
  session.load(source({ data: clumps(N, 1).data, nSamples: N / 2, nFeatures: 4 }), SETTINGS);
  await phase('loading');
  await phase('converged');
  expect(shown.filter(([of, on]) => of !== on)).toEqual([]);
  expect(shown.at(-1)).toEqual([4, 4]);
});

describe('changes by hand', () => {
  test('the fit goes on from an edit, and forgets what came after', async () => {
    const { session, phase, iteration, phases } = await openSession();
    await phase('converged');
    session.seek(3);
    await phase('paused');
    const before = session.mixture!;
    const mean = Float64Array.of(5, 5);
    expect(session.edit({ component: 1, mean })).toBe(true);
    await phase('paused');
    expect([...session.mixture!.means.subarray(2, 4)]).toEqual([5, 5]);
    const { frames } = session.position.history.lanes[0];
    expect(frames.map(({ by }) => by)).toEqual([
      'start',
      'iteration',
      'iteration',
      'iteration',
      'edit',
    ]);
    expect(iteration()).toBe(3);
    phases.length = 0;
    session.play();
    await phase('converged');
    const means = before.means.slice();
    means.set(mean, 2);
    const expected = await reference({
      weightsInit: before.weights,
      meansInit: means,
      covariancesInit: before.covariances,
    });
    expect(iteration()).toBe(3 + expected.nIter);
    expect(session.mixture!.lowerBound).toBeCloseTo(expected.lowerBound, 12);
    expect(phases).toEqual(['running', 'converged']);
  });

  test('of the edits of one drag the last is kept; a fit that ran goes on after it', async () => {
    const { session, phase, until, iteration } = await openSession();
    await until(() => (iteration() ?? 0) >= 2);
    session.beginEdit();
    for (let i = 1; i <= 30; i++) session.edit({ component: 0, mean: Float64Array.of(i / 10, 0) });
    const { frames } = session.position.history.lanes[0];
    expect(frames.filter(({ by }) => by === 'edit').length).toBe(1);
    expect([...session.mixture!.means.subarray(0, 2)]).toEqual([3, 0]);
    expect(session.phase).not.toBe('converged');
    session.endEdit();
    await phase('converged');
    expect(frames.find(({ by }) => by === 'edit')!.mixture.means[0]).toBe(3);
  });

  test('a covariance that is none is refused, and nothing is lost', async () => {
    const { session, phase, refused, errors } = await openSession();
    await phase('converged');
    const { frame } = session.position;
    for (const covariance of [[1, 2, 2, 1], [1, 0, 0, -1], [1, 0.5, 0.1, 1], [NaN, 0, 0, 1], [1]]) {
      expect(session.edit({ component: 0, covariance: Float64Array.from(covariance) })).toBe(false);
    }
    expect(session.edit({ component: 3, mean: Float64Array.of(0, 0) })).toBe(false);
    expect(refused.map((error) => (error as { code: string }).code)).toEqual(
      new Array(6).fill('INVALID_OPTION'),
    );
    expect(session.position.frame).toBe(frame);
    expect(session.phase).toBe('converged');
    expect(errors).toEqual([]);
  });

  test('more components than samples are refused, and nothing is lost', async () => {
    const samples = { data: Float64Array.of(1, 2, 3, 5, 4, 4), nSamples: 3, nFeatures: 2 };
    const { session, phase, refused, errors } = await openSession({ data: source(samples) });
    await phase('converged');
    const { mixture } = session;
    session.addComponents(1);
    expect((refused[0] as { code: string }).code).toBe('TOO_FEW_SAMPLES');
    expect(session.mixture).toBe(mixture);
    expect(session.settings.nComponents).toBe(3);
    expect([session.phase, errors.length]).toEqual(['converged', 0]);
  });

  test('starts that are placed: equal weights, the covariance of all samples', async () => {
    const { session, phase, iteration } = await openSession({ playing: false });
    await phase('paused');
    session.placeStarts(Float64Array.of(-5, 3, 0, 0, 5, 0, 0, -4));
    await phase('paused');
    expect(iteration()).toBe(0);
    expect([...session.mixture!.weights]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...session.mixture!.means]).toEqual([-5, 3, 0, 0, 5, 0, 0, -4]);
    const whole = await reference({ nComponents: 1 });
    session
      .mixture!.covariances.subarray(4, 8)
      .forEach((value, i) => expect(value).toBeCloseTo(whole.covariances[i], 10));
    session.play();
    await phase('converged');
    session.reset();
    await phase('paused');
    // back to where they were placed
    expect([...session.mixture!.means]).toEqual([-5, 3, 0, 0, 5, 0, 0, -4]);
  });

  test('components come and go while the fit goes on', async () => {
    const { session, phase, until, iteration } = await openSession();
    await until(() => (iteration() ?? 0) >= 2);
    session.addComponents(1);
    session.addComponents(1);
    await until(() => session.mixture!.nComponents === 5);
    const begun = iteration()!;
    expect(begun).toBeGreaterThanOrEqual(2);
    await phase('converged');
    expect(iteration()).toBeGreaterThan(begun);
    const five = session.mixture!.lowerBound;
    session.addComponents(-2);
    await until(() => session.mixture!.nComponents === 3);
    await phase('converged');
    expect(session.mixture!.lowerBound).toBeLessThan(five);
    expect(session.settings.nComponents).toBe(3);
  });
});

describe('restarts', () => {
  test('each has its curve, the best is shown, and another may be looked at', async () => {
    const settings = { nInit: 5, nComponents: 4 };
    const { session, phase, until, iteration } = await openSession({ settings });
    await until(() => (iteration() ?? 0) >= 2);
    const { lanes } = session.position.history;
    const lengths = lanes.map(({ frames }) => frames.length);
    // one iteration of each in turn
    expect(lanes.length).toBe(5);
    expect(Math.max(...lengths) - Math.min(...lengths)).toBeLessThanOrEqual(1);
    await phase('converged');
    const expected = await reference(settings);
    expected.restarts.forEach(({ lowerBounds }, r) => {
      expect(session.position.history.lanes[r].points.map(({ lowerBound }) => lowerBound)).toEqual([
        ...lowerBounds,
      ]);
    });
    const { best } = session.position.history;
    expect(session.position.frame!.restart).toBe(best);
    expect(session.mixture!.lowerBound).toBe(expected.lowerBound);
    // the whole record is in the mixture that is taken away
    expect(session.mixture!.restarts.length).toBe(5);
    const other = (best! + 1) % 5;
    session.showRestart(other);
    expect(session.position.frame!.restart).toBe(other);
    session.seek(1);
    await phase('paused');
    expect(session.position.frame).toMatchObject({ restart: other, iteration: 1 });
    session.showRestart(undefined);
    expect(session.position.frame).toMatchObject({ restart: best, iteration: 1 });
  });
});

test('a listener that takes the place of another is told in its turn', () => {
  const told: string[] = [];
  const [first, second, other] = ['first', 'second', 'other'].map((name) => ({
    onStart: () => void told.push(name),
  }));
  const view = new Broadcast();
  view.add(first, second);
  view.replace(first, other);
  view.onStart(SETTINGS);
  expect(told).toEqual(['other', 'second']);
});

describe('a mixture that was fitted elsewhere', () => {
  test('of other covariances: edits go on from it', async () => {
    const { session, phase, until, refused, errors } = await openSession();
    await phase('converged');
    session.choose(await reference({ covarianceType: 'diag', nComponents: 4 }));
    await phase('chosen');
    expect(session.settings).toMatchObject({ covarianceType: 'diag', nComponents: 4 });
    session.pause();
    expect(session.edit({ component: 0, mean: Float64Array.of(1, 1) })).toBe(true);
    await phase('paused');
    session.play();
    await until(() => ['converged', 'failed'].includes(session.phase));
    expect(session.mixture!.covarianceType).toBe('diag');
    expect([...refused, ...errors]).toEqual([]);
  });

  test('that the form cannot say is refused, and nothing changes', async () => {
    const { session, phase } = await openSession();
    await phase('converged');
    const { mixture, settings } = session;
    const tied = await reference({ covarianceType: 'tied-diag' });
    const large = await reference({ nComponents: 65, maxIter: 1 });
    for (const other of [tied, large]) {
      expect(() => session.choose(other)).toThrow(
        expect.objectContaining({ code: 'INVALID_MODEL' }),
      );
    }
    expect(session.mixture).toBe(mixture);
    expect(session.settings).toBe(settings);
    expect(session.phase).toBe('converged');
  });
});

test('missing entries are fitted', async () => {
  const samples = clumps(N, 1);
  for (let n = 0; n < N; n += 5) samples.data[2 * n + (n % 2)] = NaN;
  const { session, phase, errors } = await openSession({ data: source(samples) });
  await phase('converged');
  session.addComponents(1);
  await phase('running');
  await phase('converged');
  expect(session.mixture!.nComponents).toBe(4);
  expect(Number.isFinite(session.mixture!.lowerBound)).toBe(true);
  expect(errors).toEqual([]);
});
