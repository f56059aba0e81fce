import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepDevices, loseDevices } from './setup/lost-devices.ts';
import { converged, drop, iteration, noProblem, violations } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { OpenedPage, PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

async function onPage(check: (page: Page, opened: OpenedPage) => Promise<void>, options = {}) {
  const opened = await server.open(options);
  try {
    await check(opened.page, opened);
    expect(opened.failures).toEqual([]);
  } finally {
    await opened.close();
  }
}

describe('every visitor', () => {
  test('without an adapter: told why, the fit runs on the CPU at a smaller N, and nothing is amiss for axe', () =>
    onPage(
      async (page) => {
        await iteration(page, 2);
        expect(await page.textContent('#where-kind')).toBe('CPU');
        expect(await page.getAttribute('#where', 'data-code')).toBe('NO_ADAPTER');
        expect(await page.textContent('#headline')).toMatch(/^100,000 samples, 8 components/);
        // one sentence at once, what to do about it folded
        expect(await page.textContent('#where-reason')).toBe(
          'Chrome on Linux offers WebGPU no graphics processor here: computed on the CPU; the example has 100,000 samples, not a million.',
        );
        expect(await page.isHidden('#switch-side')).toBe(true);
        await page.click('#where summary');
        expect(await page.textContent('#where details')).toMatch(
          /chrome:\/\/gpu.*--enable-unsafe-webgpu/s,
        );
        expect(await violations(page)).toEqual([]);
      },
      { withoutWebGpu: true },
    ));

  test('where the reader cannot be loaded the page says so once, and does not try for ever', async () => {
    const opened = await server.open({ withoutWebGpu: true });
    try {
      const { page } = opened;
      let asked = 0;
      await page.route('**/*reader-worker*', (route) => {
        asked++;
        return route.abort();
      });
      await page.reload();
      await page.waitForSelector('#problem:not([hidden])');
      // it answers still: what is asked for next is tried, and told
      await page.click('#problem-dismiss');
      await page.selectOption('#data-set', 'iris');
      await page.waitForSelector('#problem:has-text("Iris")');
      // (a browser may ask twice for each: once more at the beginning, and for this)
      expect(asked).toBeLessThanOrEqual(8);
    } finally {
      await opened.page.unrouteAll({ behavior: 'ignoreErrors' });
      await opened.close();
    }
  });

  test('at an address that is not secure: the address is named', async () => {
    const opened = await server.open({ withoutWebGpu: true });
    try {
      const { page } = opened;
      const here = new URL(page.url());
      await page.route('http://visitor.example/**', async (route) => {
        const url = new URL(route.request().url());
        await route.fulfill({
          response: await route.fetch({ url: new URL(url.pathname, here).href }),
        });
      });
      await page.goto('http://visitor.example/');
      await page.waitForSelector('#where[data-code="INSECURE_CONTEXT"]');
      expect(await page.textContent('#where-reason')).toContain('http://visitor.example, ');
      await page.click('#where summary');
      expect(await page.textContent('#where details')).toMatch(/https:.*not your driver/s);
      await iteration(page, 2);
    } finally {
      // (the chart's script may still be on its way)
      await opened.page.unrouteAll({ behavior: 'ignoreErrors' });
      await opened.close();
    }
  });

  test('light and dark by the system, by a switch that is remembered, on every page', () =>
    onPage(
      async (page) => {
        const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
        expect(await theme()).toBe('dark');
        await page.click('#theme');
        expect(await theme()).toBe('light');
        expect(await page.getAttribute('#theme', 'aria-pressed')).toBe('false');
        await page.click('nav >> text=Digits');
        await page.waitForSelector('nav [aria-current]:text("Digits")');
        // (the switch works when the page's script has run)
        await page.waitForLoadState();
        expect(await theme()).toBe('light');
        // back to the system's: not remembered any more
        await page.click('#theme');
        expect(await page.evaluate(() => localStorage.getItem('theme'))).toBeNull();
        await page.emulateMedia({ colorScheme: 'light' });
        await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
        // another tab's switch holds in this one
        const other = await page.context().newPage();
        await other.goto(new URL('../learn/', page.url()).href);
        await other.emulateMedia({ colorScheme: 'light' });
        await other.click('#theme[aria-pressed="false"]');
        await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'dark');
        await other.close();
      },
      { withoutWebGpu: true, colorScheme: 'dark' },
    ));

  test('without JavaScript says so, and not that it looks for an adapter', () =>
    onPage(
      async (page) => {
        for (const path of ['', 'digits/', 'bench/', 'learn/']) {
          await page.goto(new URL(path, page.url().replace(/(digits|bench)\/$/, '')).href);
          expect(await page.locator('noscript p.where').isVisible(), path).toBe(true);
          expect(await page.getByText('Looking for').isVisible(), path).toBe(false);
        }
      },
      { withoutWebGpu: true, javaScriptEnabled: false },
    ));

  test('on a 4K screen, in high contrast, with large letters: a click on a chart goes to what is drawn there', () =>
    onPage(
      async (page) => {
        await converged(page);
        const last = Number(await page.textContent('#iteration'));
        const size = () =>
          page.$eval('#headline', (element) => parseFloat(getComputedStyle(element).fontSize));
        // 17 pixels on a desk's usual screen
        expect(await size()).toBeCloseTo(1.6 * 17, 1);
        // letters of a picture grow as the page's do, and not twice
        const tick = await page.$eval('#overlay .tick-x', (text) =>
          Number(text.getBoundingClientRect().height),
        );
        expect(tick / (1.6 * 12.5)).toBeGreaterThan(0.8);
        expect(tick / (1.6 * 12.5)).toBeLessThan(1.5);
        const chart = page.locator('#curve .u-over').first();
        for (const part of [0.26, 0.52]) {
          const box = (await chart.boundingBox())!;
          await chart.click({ position: { x: part * box.width, y: box.height / 2 } });
          const there = String(Math.round(1 + part * (Math.max(10, last) - 1)));
          await page.waitForSelector(`#iteration:text-is("${there}")`);
        }

        const colours = () =>
          page.$$eval('.swatch, .card-badge, .card-bar', (all) =>
            all.map((element) => getComputedStyle(element).backgroundColor),
          );
        const before = await colours();
        expect(new Set(before).size).toBeGreaterThan(1);
        await page.emulateMedia({ forcedColors: 'active' });
        expect(await colours()).toEqual(before);
        expect(
          await page.$eval('nav [aria-current]', (link) => getComputedStyle(link).outlineStyle),
        ).toBe('solid');

        await page.emulateMedia({ forcedColors: 'none' });
        await page.addStyleTag({ content: ':root { font-size: 32px !important }' });
        expect(await size()).toBeCloseTo(2 * 17, 1);
        for (const width of [320, 700, 760]) {
          await page.setViewportSize({ width, height: 800 });
          await page.addStyleTag({ content: ':root { font-size: 16px !important }' });
          const ends = await page.$$eval('nav a, #theme', (all) =>
            all.map((element) => element.getBoundingClientRect().right),
          );
          expect(Math.max(...ends), `${width} px`).toBeLessThanOrEqual(width);
        }
      },
      {
        withoutWebGpu: true,
        path: '#data=faithful',
        viewport: { width: 3840, height: 900 },
      },
    ));

  test('whose columns repeat each other: told where they look, in the names of their columns, and helped', () =>
    onPage(
      async (page) => {
        await iteration(page, 1);
        await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
        // (a cloud without structure, of which no component can collapse)
        const noise = (i: number) => Math.round(1e10 * Math.abs(Math.sin(12.9898 * i ** 2)));
        const rows = Array.from({ length: 60 }, (_, i) => {
          const [a, b] = [noise(i + 1), noise(i + 101)];
          return `${a},${b},${a + b}`;
        });
        await drop(page, 'sums.csv', ['a,b,total', ...rows, ''].join('\n'));
        const problem = page.locator('#problem');
        await problem.waitFor();
        const { y, height } = (await problem.boundingBox())!;
        expect(y).toBeGreaterThanOrEqual(0);
        expect(y + height).toBeLessThanOrEqual(780);
        expect(await page.textContent('#problem-message')).toContain('“total” follows');
        expect(await page.locator('#problem-cause').isVisible()).toBe(false);
        expect(await page.textContent('#problem-cause')).toContain('COLLAPSED_COMPONENT');
        expect(await violations(page)).toEqual([]);
        await problem.getByText('Leave out “total”').click();
        await page.waitForSelector('#columns-summary:text("2 of 3 columns fitted")');
        await problem.waitFor({ state: 'hidden' });

        // dismissed: the focus goes back to where it was
        await page.fill('#components', '61');
        await page.press('#components', 'Enter');
        await problem.waitFor();
        expect(await page.textContent('#problem-message')).toContain('60 samples for 61');
        await page.focus('#problem-dismiss');
        await page.keyboard.press('Enter');
        expect(await problem.isVisible()).toBe(false);
        expect(await page.evaluate(() => document.activeElement?.id)).toBe('components');
      },
      { withoutWebGpu: true, path: '#data=faithful', viewport: { width: 360, height: 780 } },
    ));

  test('for the first time, with a software adapter: the CPU, why, a switch, and the choice is kept', () =>
    onPage(
      async (page) => {
        await iteration(page, 1);
        if (server.adapter === 'software') await choosesWebGpu(page);
        await kindIs(page, server.adapter === 'hardware' ? 'Hardware adapter' : 'Software adapter');
        await page.click('#switch-side');
        await kindIs(page, 'CPU');
        const chosen = 'Computed on the CPU in float64, as you chose';
        expect(await page.textContent('#where-reason')).toContain(chosen);
        // at the next load, too, of either page
        for (const path of ['', 'digits/']) {
          await page.goto(new URL(path, new URL('/', page.url())).href);
          await page.waitForSelector(`#where-reason:has-text("${chosen}")`);
        }
      },
      { ...SMALL, firstVisit: true },
    ));

  test('whose device is lost: the fit goes on from its last iteration, on a new one, and is said to', () =>
    onPage(async (page) => {
      await page.addInitScript(keepDevices);
      await page.addInitScript(recordSaid);
      await page.reload();
      await iteration(page, 3);
      const before = Number(await page.textContent('#iteration'));
      await loseDevices(page);
      await page.waitForSelector(
        '#where .event:has-text("was lost; the fit goes on from its last")',
      );
      await iteration(page, before + 1);
      // heard, too, whatever else there was to say
      await page.waitForFunction(() =>
        (window as unknown as { said: string[] }).said.some((text) => /device was lost/.test(text)),
      );
      await page.selectOption('#speed', { label: 'Full speed' });
      await converged(page);
      await noProblem(page);
      await failsOnTheDevice(page);
    }, SMALL));
});

/** A device that goes on, but refuses something: the visitor is told, and may go to the CPU. */
async function failsOnTheDevice(page: Page): Promise<void> {
  await page.evaluate(() => {
    const device = (window as unknown as { devices: GPUDevice[] }).devices.at(-1)!;
    device.createBuffer({ size: 16, usage: 0 });
  });
  await page.waitForSelector('#problem[data-code="DEVICE_ERROR"]:not([hidden])');
  await page.click('#problem-ways button:text-is("Compute on the CPU")');
  await kindIs(page, 'CPU');
  await converged(page);
  await noProblem(page);
}

function kindIs(page: Page, text: string): Promise<unknown> {
  return page.waitForSelector(`#where-kind:text-is("${text}")`);
}

/** A first visit with a software adapter begins on the CPU; WebGPU is chosen there, and kept: every other test begins by that. */
async function choosesWebGpu(page: Page): Promise<void> {
  expect(await page.textContent('#where-kind')).toBe('CPU');
  expect(await page.getAttribute('#where', 'data-code')).toBe('SOFTWARE_ADAPTER');
  expect(await page.textContent('#where-reason')).toMatch(
    /^Only a software adapter \(google swiftshader\) is here: computed on the CPU; .*100,000/,
  );
  expect(await page.textContent('#switch-side')).toBe('Compute on WebGPU');
  await page.click('#switch-side');
  await kindIs(page, 'Software adapter');
  expect(await page.textContent('#where-reason')).toMatch(/swiftshader, as you chose/);
  // the same fit, on the other side
  await page.waitForSelector('#headline:has-text("google swiftshader")');
  expect(await page.evaluate(() => localStorage.getItem('webgpu-em.side'))).toBe('webgpu');
}

/** SwiftShader takes its time for every pixel; one iteration a second, so that the fit has not ended when the device is lost. */
const SMALL = { path: '#data=faithful&speed=1', viewport: { width: 480, height: 640 } };

/** Runs in the page, before its scripts: all that is said aloud. */
function recordSaid(): void {
  const said: string[] = [];
  Object.assign(window, { said });
  document.addEventListener('DOMContentLoaded', () => {
    const live = document.getElementById('live')!;
    new MutationObserver(() => said.push(live.textContent)).observe(live, { childList: true });
  });
}
