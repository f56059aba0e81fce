import { afterEach, beforeEach, expect, test } from 'vitest';
import { Announcer } from '../src/app/shared/announcer.ts';
import { openContext } from '../src/app/shared/open-context.ts';
import { ProblemPanel } from '../src/app/shared/problem-panel.ts';
import problemPanel from '../src/app/shared/problem.html?raw';
import { keptSide } from '../src/app/shared/side-choice.ts';
import { Sides } from '../src/app/sides.ts';
import type { Context } from '../src/index.ts';

const PAGE = `
  <div id="where"><b id="where-kind"></b><p id="where-reason"></p><button id="switch-side"></button></div>
  ${problemPanel}<p id="live"></p>`;

let host: HTMLElement;
const contexts: Context[] = [];

beforeEach(() => {
  host = document.createElement('div');
  host.innerHTML = PAGE;
  document.body.append(host);
});
afterEach(() => {
  host.remove();
  localStorage.clear();
  for (const context of contexts.splice(0)) context.dispose();
});

/** Sides on a device, with a session that says where it goes on. */
async function openSides(prepare: (context: Context) => Promise<void>) {
  const opened = await openContext({ software: true });
  contexts.push(opened.context);
  const resumed: Context[] = [];
  const sides = new Sides(opened, {
    session: { suspend: () => {}, resume: (context) => void resumed.push(context) },
    problems: new ProblemPanel(),
    announcer: new Announcer(document.getElementById('live')!),
    prepare: (context) => {
      contexts.push(context);
      return prepare(context);
    },
    onOpened: () => {},
  });
  sides.begin();
  return { resumed, context: opened.context };
}

const textOf = (id: string) => document.getElementById(id)!.textContent;

test('a device that is lost while the session moves to it: the CPU takes over, and nobody is said to have asked', async () => {
  const { context, resumed } = await openSides((next) => {
    next.device?.destroy();
    return Promise.resolve();
  });
  context.device!.destroy();
  await expect.poll(() => resumed.at(-1)?.info.backend).toBe('cpu');
  expect(contexts.map(({ info, disposed }) => [info.backend, disposed])).toEqual([
    ['webgpu', true],
    ['webgpu', true],
    ['cpu', false],
  ]);
  expect(textOf('where-kind')).toBe('CPU');
  expect(textOf('where-reason')).toBe(
    'The graphics device was lost: computed on the CPU from here on.',
  );
  expect(document.querySelector('#where .event')?.textContent).toMatch(
    /lost again; the fit goes on from its last iteration, on the CPU/,
  );
  expect(document.getElementById('where')?.dataset['tone']).toBe('warning');
  expect(document.getElementById('switch-side')).toMatchObject({ disabled: false, hidden: false });
  expect(keptSide()).toBeUndefined();
  await expect.poll(() => textOf('live')).toMatch(/device was lost/);
});

test('where the page cannot go on there, all stays as it was, the error is shown, and no choice is kept', async () => {
  const { context, resumed } = await openSides(() => Promise.reject(new Error('No canvas.')));
  document.getElementById('switch-side')!.click();
  await expect.poll(() => resumed).toEqual([context]);
  expect(textOf('problem-message')).toBe('No canvas.');
  expect(contexts.map(({ disposed }) => disposed)).toEqual([false, true]);
  expect(textOf('where-kind')).not.toBe('CPU');
  expect(keptSide()).toBeUndefined();
});

test('what the visitor chooses is said to be theirs, and is kept; a browser that keeps nothing does it all the same', async () => {
  const { resumed } = await openSides(() => Promise.resolve());
  document.getElementById('switch-side')!.click();
  await expect.poll(() => resumed.length).toBe(1);
  expect(textOf('where-reason')).toBe('Computed on the CPU in float64, as you chose.');
  expect(keptSide()).toBe('cpu');
  const { setItem, getItem } = Storage.prototype;
  try {
    Storage.prototype.setItem = Storage.prototype.getItem = () => {
      throw new DOMException('The operation is insecure.', 'SecurityError');
    };
    document.getElementById('switch-side')!.click();
    await expect.poll(() => resumed.length).toBe(2);
    expect(textOf('where-kind')).toMatch(/adapter$/);
    expect(keptSide()).toBeUndefined();
  } finally {
    Object.assign(Storage.prototype, { setItem, getItem });
  }
  expect(document.getElementById('problem')).toHaveProperty('hidden', true);
});
