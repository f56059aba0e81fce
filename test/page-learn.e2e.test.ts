import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { violations } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});
afterAll(() => server?.close());

/** Waits until that half step is shown. */
const shows = (page: Page, name: string) =>
  page.waitForFunction(
    (wanted) => document.querySelector('#step-title')?.textContent === wanted,
    name,
  );

/** The three terms of the bound and their changes, as they stand in the table. */
const bound = (page: Page) =>
  page.$$eval('#bound-numbers tr', (rows) =>
    rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent)),
  );

const sentence = (page: Page) => page.textContent('#sentence');
const address = (page: Page) => page.evaluate(() => location.hash);
const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** What of the formula reaches out of its box, if only to be scrolled to. */
const cut = (page: Page) =>
  page.$eval('#formula', (box) =>
    [...box.querySelectorAll('math, .result')]
      .filter(
        (part) => part.getBoundingClientRect().right > box.getBoundingClientRect().right + 0.5,
      )
      .map((part) => part.textContent),
  );

describe('the page that walks EM half step by half step', () => {
  test('is walked by keyboard on the worked example: every number, the gap, the end, bad starts', async () => {
    const { page, failures, close } = await server.open({ path: 'learn/', withoutWebGpu: true });
    await shows(page, 'Start');
    expect(await address(page)).toBe('#worked/0');

    await page.keyboard.press('ArrowRight');
    await shows(page, 'E-step 1');
    expect(await bound(page)).toEqual([
      ['−24.512532', '0'],
      ['−24.512532', '+12.252528'],
      ['0.000000', '−12.252528'],
    ]);
    expect(await sentence(page)).toContain('Sample 3 (x = 4) now belongs 55% to component 2');
    const row = page.locator('#sample-table tbody tr').nth(2);
    expect(await row.locator('td').allTextContents()).toEqual(['4', '0.4547', '0.5453', '']);
    expect(await row.locator('td.changed').count()).toBe(2);
    expect(await page.locator('#component-table td.changed').count()).toBe(0);
    expect(await page.textContent('#formula .result')).toBe('0.4547');

    await page.keyboard.press('ArrowRight');
    await shows(page, 'M-step 1');
    expect(await address(page)).toBe('#worked/2');
    expect(await bound(page)).toEqual([
      ['−10.955912', '+13.556620'],
      ['−11.079494', '+13.433038'],
      ['0.123581', '+0.123581'],
    ]);
    expect(await page.locator('#component-table td').allTextContents()).toEqual([
      '0.3630',
      '5.1317',
      '0.7846',
      '0.6370',
      '1.4710',
      '2.6395',
    ]);
    expect(await page.locator('#component-table td.changed').count()).toBe(6);
    // the end of the bar is too small in it: it has a frame, a title and an axis of its own, around ln p and L
    expect(await page.locator('.lens-title').allTextContents()).toEqual([
      'Top of M 1,',
      expect.stringMatching(/^\d+× larger$/),
    ]);
    expect(await page.locator('.lens ~ .tick').allTextContents()).toEqual(
      expect.arrayContaining(['−11.0', '−11.1']),
    );
    expect(await cut(page)).toEqual([]);
    expect(await page.locator('#sample-table td.changed').count()).toBe(0);
    // all digits are those of the library
    await page.check('#all-digits');
    expect((await bound(page))[0][0]).toMatch(/^−10\.95591242077926/);
    await page.uncheck('#all-digits');

    // a sample and a component are chosen without a pointer
    await page.focus('#sample-table button[value="4"]');
    await page.keyboard.press('Enter');
    await page.focus('#formula-component input');
    await page.keyboard.press('ArrowRight');
    await page.locator('#first').focus();
    await page.keyboard.press('ArrowLeft');
    await shows(page, 'E-step 1');
    expect(await sentence(page)).toContain('Sample 5 (x = 6) now belongs 69% to component 1');
    expect(await page.textContent('#formula .result')).toBe('0.3062');

    await page.keyboard.press('End');
    await shows(page, 'M-step 8');
    expect(await sentence(page)).toContain('ends at the best maximum that is known');
    await page.waitForFunction(() =>
      document.querySelector('#live')?.textContent?.startsWith('M-step 8.'),
    );
    expect(await violations(page)).toEqual([]);
    await page.click('#theme');
    expect(await violations(page)).toEqual([]);

    // equal components never part; a start that is none is told of, and the run before it stays
    await page.click('.lesson summary');
    const fields = page.locator('#own-start input');
    for (const [i, value] of ['3', '2', '3', '2'].entries()) {
      await fields.nth(i).fill(value);
      await fields.nth(i).press('Enter');
    }
    await page.waitForFunction(() => location.hash.includes('means=3,3&deviations=2,2'));
    await fields.nth(1).fill('0');
    await fields.nth(1).press('Enter');
    await page.waitForSelector('#problem[data-code="INVALID_OPTION"]');
    await page.click('#problem-dismiss');
    await page.click('#last');
    expect(await sentence(page)).toContain('3.752 below the best maximum that is known');

    // a mean is dragged at the start
    // (still, so that what is measured is where it will be pressed)
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.click('#first');
    const mean = await page.locator('#learn-picture .badge').last().boundingBox();
    await page.mouse.move(mean!.x + 12, mean!.y + 12);
    await page.mouse.down();
    await page.mouse.move(mean!.x - 150, mean!.y + 12, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(() => {
      const moved = /means=3,(-?[\d.]+)/.exec(location.hash);
      return moved !== null && Number(moved[1]) < 2;
    });
    await page.click('#last');
    expect(await sentence(page)).toContain('ends at the best maximum that is known');

    // hard assignment never closes the gap
    await page.selectOption('#assignment', 'hard');
    await page.waitForFunction(() => location.hash.includes('assignment=hard'));
    await page.click('#next');
    expect((await bound(page))[2][0]).not.toBe('0.000000');
    expect(await sentence(page)).toContain('The gap does not close: KL is');
    expect(await page.textContent('#bound-law')).toContain('does not close the gap');
    await page.click('#last');
    expect(await sentence(page)).toContain(
      'ends at a partition: 3 in component 1, 2 in component 2',
    );
    await page.selectOption('#assignment', 'soft');
    await page.waitForFunction(() => !location.hash.includes('assignment=hard'));
    expect(await page.textContent('#bound-law')).toContain('The E-step closes the gap');
    expect(failures).toEqual([]);
    await close();
  });

  test('opens at the half step that the address names, on a phone, dark, without motion', async () => {
    const { page, failures, close } = await server.open({
      path: 'learn/#faithful/12',
      withoutWebGpu: true,
      viewport: { width: 360, height: 740 },
      colorScheme: 'dark',
      reducedMotion: 'reduce',
    });
    await shows(page, 'M-step 6');
    expect(await page.locator('#learn-picture circle.sample').count()).toBe(272);
    expect(await overflow(page)).toBe(0);
    expect(await violations(page)).toEqual([]);
    // no result is cut; a table that is says so
    expect(await cut(page)).toEqual([]);
    expect(await page.locator('#component-table th[scope="col"]').allTextContents()).toEqual([
      'Component',
      'π',
      'μ eruption',
      'μ waiting',
      'σ eruption',
      'σ waiting',
      'ρ',
    ]);
    const hint = page.locator('.scroll:has(#component-table) + .scroll-hint');
    expect(await hint.textContent()).toBe('More → to the right');
    await page.$eval('.scroll:has(#component-table)', (box) => (box.scrollLeft = 1000));
    await page.waitForFunction(
      (line) => line?.textContent === 'More ← to the left',
      await hint.elementHandle(),
    );
    // what is drawn right after the key is what stays
    const [atOnce, later] = await page.evaluate(async () => {
      const drawn = () => document.querySelector('#learn-picture')!.innerHTML;
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }),
      );
      document.body.dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }),
      );
      const first = drawn();
      for (let i = 0; i < 4; i++) await new Promise(requestAnimationFrame);
      return [first, drawn()];
    });
    expect(later).toBe(atOnce);
    await shows(page, 'M-step 5');

    // in letters twice as large there is no room for an inset: the bars have all of it (a negative width is a failure)
    const size = (value: string) =>
      page.evaluate((one) => void (document.documentElement.style.fontSize = one), value);
    const width = "document.querySelector('#bound-bars').viewBox.baseVal.width";
    await size('200%');
    await page.waitForFunction(`${width} < 230`);
    expect(await page.locator('#bound-bars rect.hit').first().getAttribute('width')).toMatch(/^\d/);
    await size('');
    await page.waitForFunction(`${width} >= 230`);

    // it plays when asked to, and stops
    await page.keyboard.press('Space');
    expect(await page.textContent('#play')).toBe('Pause');
    await page.waitForFunction(
      () => document.querySelector('#step-title')?.textContent !== 'M-step 5',
    );
    await page.keyboard.press('Space');
    expect(await page.textContent('#play')).toBe('Play');

    // the longest formulas
    await page.evaluate(() => (location.hash = '#worked/2'));
    await page.waitForFunction(
      () =>
        document.querySelector('#step-title')?.textContent === 'M-step 1' &&
        document.querySelectorAll('#learn-picture circle.sample').length === 5,
    );
    expect(await page.locator('#formula .result').count()).toBe(4);
    expect(await cut(page)).toEqual([]);
    await page.evaluate(() => (location.hash = '#worked/3?start=3'));
    await shows(page, 'E-step 2');
    expect(await sentence(page)).toContain('there was no gap to close');
    await page.evaluate(() => (location.hash = '#worked/99?start=4'));
    await page.waitForSelector('#problem[data-code="COLLAPSED_COMPONENT"]');
    expect(await sentence(page)).toContain('would grow without bound');
    expect(await violations(page)).toEqual([]);
    expect(failures).toEqual([]);
    await close();
  });
});
