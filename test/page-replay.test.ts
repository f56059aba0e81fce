import { afterEach, describe, expect, test } from 'vitest';
import type { FittedTrial } from '../src/app/results/comparison.ts';
import { disposeContexts, openSession, reference, source } from './support/page-session.ts';

afterEach(disposeContexts);

describe('a change by hand in one of several restarts', () => {
  test('the others go on to the ends that they had come to anyway', async () => {
    const settings = { nInit: 4, nComponents: 4 };
    const { session, phase, until, iteration, errors } = await openSession({ settings });
    await until(() => (iteration() ?? 0) >= 2 && session.position.history.lanes.length === 4);
    session.showRestart(1);
    session.seekIteration(1, 2);
    await phase('paused');
    const before = session.mixture!;
    session.beginEdit();
    session.edit({ component: 0, mean: Float64Array.of(4, 4) });
    session.edit({ component: 0, mean: Float64Array.of(5, 5) });
    session.endEdit();
    session.play();
    await phase('converged');
    const expected = await reference(settings);
    const { lanes } = session.position.history;
    for (const [r, { lowerBounds }] of expected.restarts.entries()) {
      if (r === 1) continue;
      const bounds = lanes[r].points.map(({ lowerBound }) => lowerBound);
      expect(bounds.length).toBe(lowerBounds.length);
      expect(bounds.at(-1)).toBeCloseTo(lowerBounds.at(-1)!, 10);
      expect(lanes[r].frames.every(({ by }) => by !== 'edit')).toBe(true);
    }
    const means = before.means.slice();
    means.set([5, 5], 0);
    const branch = await reference({
      nComponents: 4,
      weightsInit: before.weights,
      meansInit: means,
      covariancesInit: before.covariances,
    });
    // the changed one is followed, from where it was changed
    expect(session.position.frame!.restart).toBe(1);
    expect(lanes[1].frames.filter(({ by }) => by === 'edit').length).toBe(1);
    expect(lanes[1].frames.at(-1)!.iteration).toBe(2 + branch.nIter);
    expect(session.mixture!.lowerBound).toBeCloseTo(branch.lowerBound, 10);
    expect(errors).toEqual([]);
  });

  test('a fit that was left for another one is not gone on with', async () => {
    const { session, phase, until, iteration } = await openSession({ settings: { nInit: 3 } });
    await until(() => (iteration() ?? 0) >= 1);
    session.choose(await reference());
    await phase('chosen');
    session.edit({ component: 0, mean: Float64Array.of(1, 1) });
    await phase('converged');
    expect(session.position.history.lanes.length).toBe(1);
  });
});

describe('a mixture that was picked from a comparison', () => {
  test('has all the iterations of its best start, and goes to the same end from any of them', async () => {
    const { session, view, phase, until, iteration, errors } = await openSession();
    await phase('converged');
    const trials: FittedTrial[] = [];
    view.add({ onTrial: ({ candidate }) => void trials.push(candidate as FittedTrial) });
    session.compare({ from: 2, to: 4, nInit: 3, criterion: 'bic' });
    await phase('chosen');
    const chosen = trials[1];
    session.choose(chosen);
    await until(() => session.mixture === chosen.mixture);
    const { nIter, restarts } = chosen.mixture;
    const winner = restarts.find(({ lowerBounds }) => lowerBounds.at(-1) === chosen.lowerBound)!;
    const lane = () => session.position.history.lanes[0];
    expect(nIter).toBeGreaterThan(2);
    expect(lane().frames.map((frame) => frame.iteration)).toEqual(
      [...Array(nIter + 1).keys()].slice(1),
    );
    expect(lane().points.map(({ lowerBound }) => lowerBound)).toEqual([...winner.lowerBounds]);

    session.stepBack();
    await phase('paused');
    expect(iteration()).toBe(nIter - 1);
    session.seek(0);
    expect(iteration()).toBe(1);
    session.play();
    await phase('converged');
    expect(session.mixture).toBe(chosen.mixture);

    // a change by hand is of what is shown: picked again, it is as it was
    session.seek(1);
    session.edit({ component: 0, mean: Float64Array.of(9, 9) });
    await until(() => session.position.frame!.by === 'edit');
    session.choose(chosen);
    await until(() => session.mixture === chosen.mixture);
    expect(lane().frames.length).toBe(nIter);
    expect(errors).toEqual([]);
  });
});

describe('samples that cannot be fitted', () => {
  test.each([
    ['not even be loaded', new Float64Array([Infinity, 1, 2, 3])],
    ['be loaded', new Float64Array([1, 2])],
  ])('and %s leave nothing of the samples before', async (_, data) => {
    const { session, view, phase, errors } = await openSession();
    await phase('converged');
    let starts = 0;
    view.add({ onStart: () => void starts++ });
    const samples = { data, nSamples: data.length / 2, nFeatures: 2 };
    session.load(source(samples), session.settings);
    await phase('failed');
    expect(errors.length).toBe(1);
    expect(session.mixture).toBeUndefined();
    expect(session.position.history.lanes).toEqual([]);
    expect(starts).toBe(1);
  });
});

describe('a fit that was changed and looked at elsewhere', () => {
  test('is changed and looked at in the same way', async () => {
    const settings = { nInit: 3, nComponents: 3 };
    const elsewhere = await openSession({ settings });
    await elsewhere.phase('converged');
    const there = elsewhere.session;
    there.seekIteration(2, 3);
    there.edit({ component: 1, mean: Float64Array.of(0, 6) });
    await elsewhere.until(() => there.position.frame!.by === 'edit');
    const { mixture } = there;
    there.play();
    await elsewhere.phase('converged');
    there.seek(5);
    await elsewhere.phase('paused');
    const { frame } = there.position;

    const { session, phase, errors } = await openSession({ isLoaded: false });
    session.load(there.data!, there.settings, {
      edits: [{ restart: 2, iteration: 3, parameters: mixture! }],
      picked: 2,
      look: {
        restart: 2,
        iteration: frame!.iteration,
        isBefore: false,
        known: Infinity,
      },
    });
    await phase('paused');
    expect(session.position.frame).toMatchObject({ restart: 2, iteration: frame!.iteration });
    expect(session.position.picked).toBe(2);
    const curves = (position: typeof there.position) =>
      position.history.lanes.map(({ points }) =>
        points.map(({ iteration, lowerBound }) => [iteration, lowerBound.toFixed(9)]),
      );
    expect(curves(session.position)).toEqual(curves(there.position));
    session.play();
    await phase('converged');
    expect(errors).toEqual([]);
  });
});
