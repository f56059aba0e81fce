import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  bothDrawn,
  converged,
  fits,
  iteration,
  noProblem,
  number,
  samplesShown,
  status,
  violations,
} from './setup/page-actions.ts';
import { SMALL, startPage } from './setup/page.ts';
import type { OpenedPage, PageServer } from './setup/page.ts';

/** Total log-likelihood −1130.264 of 272 samples: the optimum for K = 2, full. */
const OLD_FAITHFUL_OPTIMUM = -4.15538;

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Opens the page, where it is not said otherwise on the CPU, and checks that nothing went wrong behind it. */
async function onPage(check: (page: Page, opened: OpenedPage) => Promise<void>, options = {}) {
  const opened = await server.open({ path: '#data=faithful', withoutWebGpu: true, ...options });
  try {
    await samplesShown(opened.page, '272');
    await check(opened.page, opened);
    await noProblem(opened.page);
    expect(opened.failures).toEqual([]);
  } finally {
    await opened.close();
  }
}

/** Waits until an attribute is, or contains, that: some are written at the next frame. */
async function attribute(page: Page, selector: string, name: string, wanted: string) {
  await expect.poll(() => page.getAttribute(selector, name)).toContain(wanted);
}

/** Waits until the slider says that this iteration is shown, and the numbers say so too. */
async function shows(page: Page, wanted: number): Promise<void> {
  await page.waitForFunction(
    (text) =>
      document.querySelector('#iteration')?.textContent === text &&
      document
        .querySelector('#scrub')
        ?.getAttribute('aria-valuetext')
        ?.startsWith(`iteration ${text} of`),
    String(wanted),
  );
}

async function components(page: Page, wanted: number): Promise<void> {
  await page.waitForFunction(
    (n) => document.querySelectorAll('#component-table tbody tr').length === n,
    wanted,
  );
}

/** One iteration a second, so that the fit has not ended when it is paused or changed. */
const UNHURRIED = { path: '#data=faithful&speed=1' };

describe('watching EM', () => {
  test('goes back and forth through all iterations, and on from anywhere', () =>
    onPage(async (page, { iterations }) => {
      await page.selectOption('#speed', { label: 'Full speed' });
      await converged(page);
      const last = Number(await page.textContent('#iteration'));
      await attribute(page, '#scrub', 'aria-valuetext', `iteration ${last} of ${last}`);
      await attribute(page, '#curve', 'aria-label', `at iteration ${last}, last change`);
      await page.waitForSelector('#curve .u-over');

      await page.click('#step-back');
      await shows(page, last - 1);
      await status(page, 'Paused');
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await shows(page, 0);
      await status(page, 'At the start');
      await attribute(page, '#step-back', 'aria-disabled', 'true');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await shows(page, 2);
      const second = await page.textContent('#lower-bound');
      await page.click('#step');
      await shows(page, 3);
      expect(await page.textContent('#lower-bound')).not.toBe(second);
      await page.keyboard.press('Tab');
      await page.focus('#scrub');
      await page.keyboard.press('End');
      await shows(page, last);
      await converged(page);

      // the chart seeks too: by a click, and by dragging
      await page.locator('#curve').scrollIntoViewIfNeeded();
      const panel = (await page.locator('#curve .u-over').first().boundingBox())!;
      await page.mouse.move(panel.x + 1, panel.y + panel.height / 2);
      await page.mouse.down();
      await shows(page, 1);
      await page.mouse.move(panel.x + panel.width / 2, panel.y + panel.height / 2);
      await page.mouse.up();
      await page.waitForFunction(
        () => Number(document.querySelector('#iteration')?.textContent) > 5,
      );
      expect(Number(await page.textContent('#iteration'))).toBeLessThan(last);

      // at a pace that shows each iteration it replays what is known, to the same end
      await page.focus('#scrub');
      await page.keyboard.press('End');
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowLeft');
      await shows(page, last - 3);
      await page.selectOption('#speed', { label: '12 a second' });
      await page.click('#run');
      await converged(page);
      expect((await iterations()).slice(-4)).toEqual([last - 3, last - 2, last - 1, last]);
      expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);

      // what was chosen is remembered
      await page.selectOption('#speed', { label: '4 a second' });
      // (the address follows within half a second)
      await page.waitForURL(/speed=4/);
      await page.reload();
      await page.waitForSelector('#overlay .sigma');
      expect(await page.locator('#speed option:checked').textContent()).toBe('4 a second');
    }));

  test('components come and go while it runs', () =>
    onPage(async (page) => {
      await iteration(page, 2);
      await page.click('#more');
      await components(page, 3);
      expect(await page.inputValue('#components')).toBe('3');
      await status(page, 'Running');
      const begun = Number(await page.textContent('#iteration'));
      expect(begun).toBeGreaterThanOrEqual(2);
      await iteration(page, begun + 1);
      await page.click('#run');
      await status(page, 'Paused');
      await page.click('#fewer');
      await components(page, 2);
      await status(page, 'Paused after a change by hand');
      await page.selectOption('#speed', { label: 'Full speed' });
      await page.click('#run');
      await converged(page);
      expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);
      await expect
        .poll(() => page.getAttribute('#curve', 'aria-label'))
        .toMatch(/Changed by hand at \d+, \d+\./);
      // back before both changes: as many components as there were, and the form says so
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await shows(page, 0);
      await components(page, 2);
      expect(await page.inputValue('#components')).toBe('2');
      // a number that is typed begins anew
      await page.fill('#components', '1');
      await page.press('#components', 'Enter');
      await components(page, 1);
      await converged(page);
      expect(await page.textContent('#headline')).toContain('1 component,');
    }, UNHURRIED));

  test('every restart has its curve, the best is shown; accessible at 360 px, by day and by night', () =>
    onPage(
      async (page) => {
        await page.selectOption('#speed', { label: 'Full speed' });
        await page.click('#more-settings summary');
        await page.fill('#n-init', '4');
        await page.press('#n-init', 'Enter');
        await page.waitForFunction(() =>
          /, best of 4: restart \d$/.test(document.querySelector('#status')?.textContent ?? ''),
        );
        await page.waitForSelector('#restart:visible');
        const best = await number(page, '#lower-bound');
        const options = () => page.locator('#restart option').allTextContents();
        const ends = async () =>
          (await options()).slice(1).map((text) => Number(text.split(', ')[1]?.replace('−', '-')));
        // (the list is written at the next frame)
        await expect.poll(async () => Math.max(...(await ends()))).toBe(best);
        const [first, bounds] = [(await options())[0], await ends()];
        expect(bounds.length).toBe(4);
        expect(first).toMatch(/^Best: \d of 4$/);
        const other = first === 'Best: 2 of 4' ? '0' : '1';
        await page.selectOption('#restart', other);
        await page.waitForFunction(() =>
          /, restart \d of 4 \(the best: \d\)$/.test(
            document.querySelector('#status')?.textContent ?? '',
          ),
        );
        expect(await number(page, '#lower-bound')).toBe(bounds[Number(other)]);
        const named = `Restart ${Number(other) + 1} of 4; the best is`;
        await attribute(page, '#curve', 'aria-label', named);
        await fits(page, 360);
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          expect(await violations(page), colorScheme).toEqual([]);
        }
      },
      { viewport: { width: 360, height: 800 } },
    ));

  test('on WebGPU the samples take the colours of the iteration that is shown', () =>
    onPage(
      async (page, opened) => {
        const { pixels } = opened;
        await page.selectOption('#speed', { label: 'Full speed' });
        await converged(page);
        await bothDrawn(opened);
        // (two pictures alike: none of an iteration before the last one)
        let end = await pixels();
        const still = async () => {
          const before = end;
          end = await pixels();
          return end.first === before.first && end.second === before.second;
        };
        await expect.poll(still, { interval: 200 }).toBe(true);
        await page.focus('#scrub');
        await page.keyboard.press('Home');
        await shows(page, 0);
        // (drawn when the device is ready, which may be after the numbers)
        const change = async () => Math.abs((await pixels()).second - end.second);
        // both components are the whole at the start: who has which sample is chance
        await expect.poll(change).toBeGreaterThan(200);
        await page.keyboard.press('End');
        await converged(page);
        await expect.poll(change).toBeLessThan(20);
      },
      { withoutWebGpu: false, viewport: SMALL },
    ));
});
