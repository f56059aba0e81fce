import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Broadcast } from '../src/app/fit/session-view.ts';
import type { FitSession } from '../src/app/fit/fit-session.ts';
import type { Picture } from '../src/app/plot/picture.ts';
import { openContext } from '../src/app/shared/open-context.ts';
import { ProblemPanel } from '../src/app/shared/problem-panel.ts';
import { Sides } from '../src/app/sides.ts';
import type { SidesParts } from '../src/app/sides.ts';
import type { Context } from '../src/index.ts';

const PAGE = `
  <button id="switch-side"></button>
  <div id="where"><b id="where-kind"></b><p id="where-reason"></p></div>
  <div id="problem" hidden><b id="problem-title"></b><p id="problem-message"></p><p id="problem-hint"></p>
    <button id="problem-dismiss"></button></div>`;

let host: HTMLElement;
const contexts: Context[] = [];

beforeEach(() => {
  host = document.createElement('div');
  host.innerHTML = PAGE;
  document.body.append(host);
});
afterEach(() => {
  host.remove();
  for (const context of contexts.splice(0)) context.dispose();
});

/** Sides on a device, with a session that says where it goes on. */
async function openSides(stage: SidesParts['stage']) {
  const opened = await openContext();
  contexts.push(opened.context);
  const resumed: Context[] = [];
  const session = { suspend: () => {}, resume: (context: Context) => void resumed.push(context) };
  const picture = { onStart: vi.fn<() => void>() } as unknown as Picture;
  const listeners = new Broadcast();
  listeners.add(picture);
  const sides = new Sides(opened, picture, {
    session: session as FitSession,
    listeners,
    problems: new ProblemPanel(),
    stage: (context, former) => {
      contexts.push(context);
      return stage(context, former);
    },
    onOpened: () => {},
    say: () => {},
  });
  sides.begin();
  return { sides, picture, listeners, resumed, context: opened.context };
}

const textOf = (id: string) => document.getElementById(id)!.textContent;

test('a device that is lost while the session moves to it: the CPU takes over', async () => {
  const { context, resumed } = await openSides((next) => {
    next.device?.destroy();
    return Promise.resolve({} as Picture);
  });
  context.device!.destroy();
  await expect.poll(() => resumed.at(-1)?.info.backend).toBe('cpu');
  expect(contexts.map(({ info, disposed }) => [info.backend, disposed])).toEqual([
    ['webgpu', true],
    ['webgpu', true],
    ['cpu', false],
  ]);
  expect(textOf('where-kind')).toBe('CPU');
  expect(document.getElementById('switch-side')).toHaveProperty('disabled', false);
});

test('where the picture cannot be made, all stays as it was, and the error is shown', async () => {
  const { sides, picture, listeners, context, resumed } = await openSides(() =>
    Promise.reject(new Error('No canvas.')),
  );
  document.getElementById('switch-side')!.click();
  await expect.poll(() => resumed).toEqual([context]);
  expect(textOf('problem-message')).toBe('No canvas.');
  expect(contexts.map(({ disposed }) => disposed)).toEqual([false, true]);
  expect(sides.picture).toBe(picture);
  listeners.onStart({} as never);
  expect(picture.onStart).toHaveBeenCalledOnce();
  expect(textOf('where-kind')).not.toBe('CPU');
});
