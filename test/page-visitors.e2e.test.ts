import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { converged, iteration, noProblem, violations } from './setup/page-actions.ts';
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
        await page.click('#where summary');
        expect(await page.textContent('#where')).toMatch(
          /gives no graphics processor.*chrome:\/\/gpu.*--enable-unsafe-webgpu/s,
        );
        expect(await violations(page)).toEqual([]);
      },
      { withoutWebGpu: true },
    ));

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
      await page.click('#where summary');
      expect(await page.textContent('#where')).toMatch(/http:\/\/visitor\.example.*https:/s);
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
      },
      { withoutWebGpu: true, colorScheme: 'dark' },
    ));

  test('whose device is lost: the fit goes on from its last iteration, on a new one', () =>
    onPage(async (page) => {
      await page.addInitScript(keepDevices);
      await page.reload();
      await iteration(page, 3);
      const before = Number(await page.textContent('#iteration'));
      await page.evaluate(() => (window as unknown as { loseDevices(): void }).loseDevices());
      await page.waitForFunction(
        () => (window as unknown as { devices: GPUDevice[] }).devices.length >= 2,
      );
      await iteration(page, before + 1);
      await page.selectOption('#speed', { label: 'Full speed' });
      await converged(page);
      await noProblem(page);
    }, SMALL));
});

/** SwiftShader takes its time for every pixel; one iteration a second, so that the fit has not ended when the device is lost. */
const SMALL = { path: '#data=faithful&speed=1', viewport: { width: 480, height: 640 } };

/** Runs in the page, before its scripts: the devices that it asks for can be destroyed from outside. */
function keepDevices(): void {
  const devices: GPUDevice[] = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    devices.push(device);
    return device;
  };
  Object.assign(window, {
    devices,
    loseDevices: () => devices.forEach((device) => device.destroy()),
  });
}
