import { afterEach, describe, expect, test, vi } from 'vitest';
import { MixtureError } from '../src/index.ts';
import {
  cpu,
  disposeContexts,
  N,
  openSession,
  reference,
  SETTINGS,
  source,
} from './support/page-session.ts';

afterEach(disposeContexts);

describe('a device that is lost', () => {
  test.each([
    ['one restart', {}],
    ['several restarts', { nInit: 3 }],
  ])('in the middle of a fit of %s: it ends where it would have ended', async (_, settings) => {
    const { session, context, phase, until, iteration, errors, loads } = await openSession({
      settings,
    });
    await until(() => (iteration() ?? 0) >= 4);
    // nobody told the session: it finds out by an iteration that fails
    context.dispose();
    await phase('suspended');
    const reached = iteration()!;
    session.resume(await cpu());
    expect(iteration()).toBe(reached);
    await phase('converged');
    const expected = await reference(settings);
    expect(session.mixture!.lowerBound).toBeCloseTo(expected.lowerBound, 10);
    expect(iteration()).toBe(
      session.position.history.lanes[
        expected.restarts.length > 1 ? session.position.history.best! : 0
      ].points.length,
    );
    expect(errors).toEqual([]);
    expect(loads).toEqual([false, true]);
    const labels = await session.ask(({ mixture, dataset, context }) =>
      mixture.predict(dataset, { context }),
    );
    expect(labels!.length).toBe(N);
  });

  test.each(['DEVICE_ERROR', 'OUT_OF_MEMORY'] as const)(
    'or one that goes on but fails (%s): the fit stops with the reason, and goes on elsewhere',
    async (code) => {
      const { session, context, phase, until, iteration, errors } = await openSession();
      await until(() => (iteration() ?? 0) >= 4);
      const failure = new MixtureError(code, 'The device has no more.', 'Use another one.');
      vi.spyOn(context, 'assertUsable').mockImplementation(() => {
        throw failure;
      });
      await phase('failed');
      expect(errors).toEqual([failure]);
      const reached = iteration()!;
      session.resume(await cpu());
      expect(iteration()).toBe(reached);
      await phase('converged');
      expect(session.mixture!.lowerBound).toBeCloseTo((await reference()).lowerBound, 10);
    },
  );

  test('is left at once, whatever is under way on it', async () => {
    const { session, context, view, phase, until, iteration, errors } = await openSession();
    await until(() => (iteration() ?? 0) >= 2);
    // a picture whose device never answers again
    const stuck = { onFrame: () => new Promise<void>(() => {}) };
    view.add(stuck);
    const reached = iteration()!;
    await until(() => iteration()! > reached);
    session.suspend();
    view.remove(stuck);
    session.resume(await cpu());
    context.dispose();
    await phase('converged');
    expect(session.mixture!.lowerBound).toBeCloseTo((await reference()).lowerBound, 10);
    expect(errors).toEqual([]);
  });

  test('at rest: the place, the edits and what is paused stay', async () => {
    const { session, context, phase, until, iteration, errors, shown } = await openSession();
    await phase('converged');
    session.seek(3);
    await phase('paused');
    session.edit({ component: 0, mean: Float64Array.of(1, 1) });
    await phase('paused');
    session.suspend();
    context.dispose();
    session.seek(2);
    expect(iteration()).toBe(2);
    shown.length = 0;
    session.resume(await cpu());
    await phase('paused');
    expect(shown.at(-1)!.iteration).toBe(2);
    session.stepOnce();
    await until(() => iteration() === 3);
    session.play();
    await phase('converged');
    const { frames } = session.position.history.lanes[0];
    expect(frames.filter(({ by }) => by === 'edit').length).toBe(1);
    expect(errors).toEqual([]);
  });

  test('before there are data: what is loaded afterwards is fitted', async () => {
    const { session, phase, errors, phases } = await openSession({ isLoaded: false });
    session.suspend();
    session.resume(await cpu());
    // (takes longer than a session that has nothing to do)
    const expected = await reference();
    expect(errors).toEqual([]);
    expect(phases).toEqual(['suspended', 'loading']);
    session.load(source(), SETTINGS);
    await phase('converged');
    expect(session.mixture!.lowerBound).toBe(expected.lowerBound);
  });

  test('a mixture and a comparison that are asked for meanwhile come afterwards', async () => {
    const { session, context, view, phase, errors } = await openSession();
    await phase('converged');
    const other = await reference({ covarianceType: 'diag', nComponents: 2 });
    session.suspend();
    context.dispose();
    session.choose(other);
    expect(session.phase).toBe('suspended');
    session.resume(await cpu());
    await phase('chosen');
    expect(session.mixture).toBe(other);
    let trials = 0;
    view.add({ onTrial: () => void trials++ });
    session.suspend();
    session.compare({ from: 1, to: 2, nInit: 1, criterion: 'bic' });
    expect(session.phase).toBe('suspended');
    session.resume(await cpu());
    await phase('comparing');
    await phase('chosen');
    expect(trials).toBe(2);
    expect(errors).toEqual([]);
  });
});
