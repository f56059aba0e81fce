import { readFile } from 'node:fs/promises';
import { decode } from 'fast-png';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { converged, noProblem, violations } from './setup/page-actions.ts';
import { SMALL, startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});
afterAll(() => server?.close());

/** What is drawn of the samples alone. */
const picture = async (page: Page): Promise<string> =>
  (await page.locator('#points').screenshot()).toString('base64');

/** Waits for a picture that is none of these and stays, and gives it: what is drawn may come in several steps. */
async function another(page: Page, ...known: string[]): Promise<string> {
  let found = '';
  const isNew = async () => {
    const before = found;
    found = await picture(page);
    return found === before && !known.includes(found);
  };
  await expect.poll(isNew, { interval: 150 }).toBe(true);
  return found;
}

const legend = (page: Page): Promise<string | null> => page.textContent('#colour-legend');

/** Every colouring, the palettes and the density, by the keyboard alone. */
async function walk(page: Page): Promise<void> {
  await page.addStyleTag({ content: '#overlay { visibility: hidden }' });
  await converged(page);
  expect(await legend(page)).toBe('Most likely component01');
  const byComponent = await another(page, '');
  await page.focus('#colour-by');
  await page.keyboard.press('ArrowDown');
  const ofFirst = await another(page, byComponent);
  expect(await legend(page)).toBe('Responsibility of component 000.51');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('colour-component');
  await page.keyboard.press('ArrowDown');
  const ofSecond = await another(page, byComponent, ofFirst);
  expect(await legend(page)).toBe('Responsibility of component 100.51');
  await page.focus('#colour-by');
  await page.keyboard.press('ArrowDown');
  const uncertain = await another(page, byComponent, ofFirst, ofSecond);
  expect(await legend(page)).toContain('Uncertainty');
  expect(await page.isVisible('#colour-component')).toBe(false);
  await page.keyboard.press('ArrowDown');
  const byColumn = await another(page, uncertain);
  expect(await legend(page)).toMatch(/^eruption \(minutes\)1\.63\.355\.1$/);
  await page.focus('#palette');
  await page.keyboard.press('ArrowDown');
  const inCividis = await another(page, byColumn);
  await page.focus('#density');
  await page.keyboard.press('Space');
  const dense = await another(page, byColumn, inCividis);
  expect(await page.getAttribute('#density', 'aria-pressed')).toBe('true');
  expect(await legend(page)).toContain('fewer samples');
  await page.keyboard.press('Space');
  // the same view makes the same picture
  await expect.poll(() => picture(page)).toBe(inCividis);
  expect(dense).not.toBe(inCividis);
  await noProblem(page);
}

/** Opens the page for a check, and looks whether anything went wrong behind it. */
async function onPage(withoutWebGpu: boolean, check: (page: Page) => Promise<void>): Promise<void> {
  const opened = await server.open({ path: '#data=faithful', withoutWebGpu, viewport: SMALL });
  try {
    await check(opened.page);
    expect(opened.failures).toEqual([]);
  } finally {
    await opened.close();
  }
}

describe('what the colours say, by the keyboard alone', () => {
  test('on WebGPU', () => onPage(false, walk));

  test('on the CPU, and in 360 pixels without a violation', () =>
    onPage(true, async (page) => {
      await walk(page);
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await violations(page)).toEqual([]);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      expect(width).toBe(360);

      // a picture to keep says what its colours mean: below the plot, a ramp from green to violet
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.click('#save-png'),
      ]);
      const png = decode(await readFile(await download.path()));
      const height = await page.evaluate(() => document.querySelector('#plot')!.clientHeight);
      expect(png.height).toBe(height + 34 + 26);
      const legendLine = png.data.subarray((height + 34) * png.width * png.channels);
      let coloured = 0;
      for (let i = 0; i < legendLine.length; i += png.channels) {
        const [red, green, blue] = legendLine.subarray(i, i + 3);
        if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) coloured++;
      }
      expect(coloured).toBeGreaterThan(300);
    }));
});
