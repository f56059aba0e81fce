import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  converged,
  iteration,
  noProblem,
  number,
  status,
  violations,
} from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
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
  const opened = await server.open({ withoutWebGpu: true, ...options });
  try {
    await opened.page.waitForSelector('#data-set option', { state: 'attached' });
    await opened.page.selectOption('#data-set', 'faithful');
    await opened.page.waitForFunction(() =>
      document.querySelector('#headline')?.textContent?.startsWith('272 samples, 2 components'),
    );
    await check(opened.page, opened);
    await noProblem(opened.page);
    expect(opened.failures).toEqual([]);
  } finally {
    await opened.close();
  }
}

const place = (page: Page) => page.getAttribute('#scrub', 'aria-valuetext');

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

describe('watching EM', () => {
  test('goes back and forth through all iterations, and on from anywhere', () =>
    onPage(async (page, { iterations }) => {
      await page.selectOption('#speed', { label: 'Full speed' });
      await converged(page);
      const last = Number(await page.textContent('#iteration'));
      expect(await place(page)).toBe(`iteration ${last} of ${last}`);
      expect(await page.getAttribute('#curve', 'aria-label')).toContain(
        `at iteration ${last}, last change`,
      );
      await page.waitForSelector('#curve .u-over');

      await page.click('#step-back');
      await shows(page, last - 1);
      expect(await page.textContent('#status')).toBe('Paused');
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await shows(page, 0);
      expect(await page.textContent('#status')).toBe('At the start');
      expect(await page.getAttribute('#step-back', 'aria-disabled')).toBe('true');
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
      await page.selectOption('#speed', { label: '4 a second' });
      await iteration(page, 2);
      await page.click('#more');
      await components(page, 3);
      expect(await page.inputValue('#components')).toBe('3');
      expect(await page.textContent('#status')).toBe('Running');
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
      expect(await page.getAttribute('#curve', 'aria-label')).toMatch(
        /Changed by hand at \d+, \d+\./,
      );
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
    }));

  test.each(['light', 'dark'] as const)(
    'every restart has its curve, the best is shown; accessible at 360 px, %s',
    (colorScheme) =>
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
          const options = await page.locator('#restart option').allTextContents();
          expect(options.length).toBe(5);
          expect(options[0]).toMatch(/^Best: \d of 4$/);
          const bounds = options
            .slice(1)
            .map((text) => Number(text.split(', ')[1].replace('−', '-')));
          expect(Math.max(...bounds)).toBe(best);
          const other = options[0] === 'Best: 2 of 4' ? '0' : '1';
          await page.selectOption('#restart', other);
          await page.waitForFunction(() =>
            /, restart \d of 4 \(the best: \d\)$/.test(
              document.querySelector('#status')?.textContent ?? '',
            ),
          );
          expect(await number(page, '#lower-bound')).toBe(bounds[Number(other)]);
          expect(await page.getAttribute('#curve', 'aria-label')).toContain(
            `Restart ${Number(other) + 1} of 4; the best is`,
          );
          expect(await violations(page)).toEqual([]);
          expect(
            await page.evaluate(() => document.documentElement.scrollWidth),
          ).toBeLessThanOrEqual(360);
        },
        { viewport: { width: 360, height: 800 }, colorScheme },
      ),
  );

  test('on WebGPU the samples take the colours of the iteration that is shown', () =>
    onPage(
      async (page, { pixels }) => {
        await page.selectOption('#speed', { label: 'Full speed' });
        await converged(page);
        const end = await pixels();
        expect(Math.min(end.first, end.second)).toBeGreaterThan(300);
        await page.focus('#scrub');
        await page.keyboard.press('Home');
        await shows(page, 0);
        // (drawn when the device is ready, which may be after the numbers)
        const change = async () => Math.abs((await pixels()).second - end.second);
        // both components are the whole at the start: who has which sample is chance
        await expect.poll(change, { timeout: 20_000 }).toBeGreaterThan(200);
        await page.keyboard.press('End');
        await converged(page);
        await expect.poll(change, { timeout: 20_000 }).toBeLessThan(20);
      },
      { withoutWebGpu: false },
    ));
});
