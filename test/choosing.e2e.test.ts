import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GaussianMixture, selectComponents } from '../src/index.ts';
import { readCsv } from '../src/io/csv.ts';
import { flowers } from './setup/flowers.ts';
import {
  bothDrawn,
  converged,
  downloaded,
  drop,
  isAccessible,
  noProblem,
  samplesShown,
} from './setup/page-actions.ts';
import { SMALL, startPage } from './setup/page.ts';
import type { OpenedPage, PageServer } from './setup/page.ts';

const FLOWERS = flowers(50);

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Opens the page on Old Faithful, still and where it is not said otherwise on the CPU, and checks that nothing went wrong behind it. */
async function onPage(check: (page: Page, opened: OpenedPage) => Promise<void>, options = {}) {
  const opened = await server.open({
    path: '#data=faithful',
    reducedMotion: 'reduce',
    withoutWebGpu: true,
    ...options,
  });
  try {
    await opened.page.waitForSelector('#overlay .sigma');
    await check(opened.page, opened);
    expect(opened.failures).toEqual([]);
    expect(await opened.page.textContent('#problem-title')).not.toContain('graphics device');
  } finally {
    await opened.close();
  }
}

/** Compares 1 to `to` components, from one start each. */
async function compare(page: Page, to: number): Promise<void> {
  await page.fill('#to', String(to));
  await page.fill('#starts', '1');
  await page.click('#compare');
}

async function compared(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.querySelector('#status')?.textContent?.startsWith('From the comparison'),
  );
}

const rows = (page: Page) => page.locator('#candidate-table tbody tr');
const ellipses = (page: Page) => page.locator('#overlay .sigma-1').count();
const shownSize = (page: Page) => page.getAttribute('#criterion-chart', 'aria-valuenow');

async function shows(page: Page, nComponents: number): Promise<void> {
  await page.waitForFunction(
    (wanted) =>
      document.querySelectorAll('#component-table tbody tr').length === wanted &&
      document.querySelectorAll('#overlay .sigma-1').length === wanted,
    nComponents,
  );
}

describe('choosing the number of components on the page', () => {
  test.each([
    ['WebGPU', { withoutWebGpu: false, viewport: SMALL }],
    ['the CPU', { withoutWebGpu: true }],
  ])('the best mixture of Old Faithful is found and shown, on %s', (_, options) =>
    onPage(async (page, opened) => {
      expect(await page.isVisible('#comparison-results')).toBe(false);
      await compare(page, 3);
      await compared(page);
      expect(await page.textContent('#compare')).toBe('Compare');
      expect(await rows(page).count()).toBe(3);
      // mclust, VVV with two components: BIC 2322.192
      const cells = await rows(page).nth(1).locator('th, td').allTextContents();
      expect(cells.slice(0, 4)).toEqual(['2best', '11', '2,322.2', '2,282.5']);
      expect(await page.textContent('#comparison-note')).toMatch(
        /^2 components have the lowest BIC, 2,322\.2 \(full covariance, one k-means\+\+ start, seed 0\)\.$/,
      );
      await shows(page, 2);
      expect(await page.inputValue('#components')).toBe('2');
      await bothDrawn(opened);
      await noProblem(page);
    }, options),
  );

  test('a point is picked by mouse, by keyboard and in the table', () =>
    onPage(async (page) => {
      await compare(page, 3);
      await compared(page);
      const chart = page.locator('#criterion-chart .u-over');
      const { width, height } = (await chart.boundingBox())!;
      await chart.click({ position: { x: width * 0.95, y: height / 2 } });
      await shows(page, 3);
      expect(await shownSize(page)).toBe('3');
      expect(await page.isChecked('#candidate-table tbody tr:nth-child(3) input')).toBe(true);
      expect(await page.textContent('#headline')).toContain('3 components');
      await page.focus('#criterion-chart');
      await page.keyboard.press('ArrowLeft');
      await shows(page, 2);
      await page.keyboard.press('Home');
      await shows(page, 1);
      expect(await page.getAttribute('#criterion-chart', 'aria-valuetext')).toBe('1, BIC 2,607.6');
      await page.keyboard.press('ArrowLeft');
      expect(await shownSize(page)).toBe('1');
      await page.keyboard.press('End');
      await shows(page, 3);
      await page.check('#candidate-table tbody tr:nth-child(1) input');
      await page.keyboard.press('ArrowDown');
      await shows(page, 2);
      // every iteration that led there can be seen, and the pick stays
      const place = (text: RegExp) =>
        page.waitForFunction(
          (pattern) =>
            new RegExp(pattern).test(document.querySelector('.place')?.textContent ?? ''),
          text.source,
        );
      await place(/^5 of 5$/);
      const cell = '#component-table tbody tr:first-child td:nth-of-type(2)';
      const mean = await page.textContent(cell);
      await page.click('#step-back');
      await place(/^4 of 5$/);
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await place(/^1 of 5$/);
      await expect.poll(() => page.textContent(cell)).not.toBe(mean);
      expect(await shownSize(page)).toBe('2');
      await page.click('#run');
      await converged(page);
      await place(/^5 of 5$/);
      await expect.poll(() => page.textContent(cell)).toBe(mean);
      // another criterion: its best
      await page.selectOption('#criterion', 'aic');
      await shows(page, 3);
      expect(await page.textContent('#comparison-note')).toMatch(
        /^3 components have the lowest AIC.*That is the largest number that was tried/,
      );
    }));

  test('what was chosen is what is downloaded, and what Run fits again', () =>
    onPage(async (page) => {
      await drop(page, 'flowers.csv', FLOWERS);
      await samplesShown(page, '150');
      await compare(page, 4);
      await compared(page);
      const model = await downloaded(page, '#download-model', 'flowers-model.json');
      const mixture = GaussianMixture.fromJSON(JSON.parse(model));
      const { samples } = readCsv(FLOWERS);
      const { best } = await selectComponents(samples, {
        nComponents: [1, 2, 3, 4],
        tol: 1e-5,
        maxIter: 500,
      });
      expect(mixture.nComponents).toBe(best.nComponents);
      expect(Math.abs((await mixture.bic(samples)) / best.bic - 1)).toBeLessThan(1e-4);
      await page.click('#run');
      await converged(page);
      expect(await ellipses(page)).toBe(best.nComponents);
    }));

  test('the curve grows, and where it is cancelled what was found stays', () =>
    onPage(async (page) => {
      await compare(page, 40);
      await page.waitForFunction(
        () => document.querySelectorAll('#candidate-table tbody tr').length >= 2,
      );
      expect(await page.textContent('#status')).toMatch(/^Comparing, \d+ of 40 done$/);
      expect(await page.textContent('#compare')).toBe('Cancel');
      await page.click('#compare');
      await compared(page);
      const done = await rows(page).count();
      expect(done).toBeLessThan(40);
      expect(await page.textContent('#comparison-note')).toContain(`Stopped after ${done} of 40.`);
      await page.waitForTimeout(500);
      expect(await rows(page).count()).toBe(done);
      // other samples: nothing of it is left
      await drop(page, 'flowers.csv', FLOWERS);
      await page.waitForSelector('#comparison-results', { state: 'hidden' });
      await noProblem(page);
    }));

  test('other settings, samples or a run in the middle of a comparison end it', () =>
    onPage(async (page) => {
      await compare(page, 40);
      await page.waitForSelector('#candidate-table tbody tr');
      await page.click('#run');
      await converged(page);
      expect(await page.textContent('#compare')).toBe('Compare');
      await compare(page, 40);
      await drop(page, 'flowers.csv', FLOWERS);
      await samplesShown(page, '150');
      expect(await page.isVisible('#comparison-results')).toBe(false);
      await noProblem(page);
    }));

  test('a size that cannot be fitted is a row that says why', () =>
    onPage(async (page) => {
      await drop(page, 'few.csv', 'x,y\n1,2\n2,1\n3,5\n4,4\n');
      await samplesShown(page, '4');
      await page.fill('#from', '3');
      await compare(page, 5);
      await compared(page);
      expect(await rows(page).nth(2).textContent()).toMatch(
        /^5There are 4 samples for 5 components/,
      );
      expect(await rows(page).nth(2).locator('input').count()).toBe(0);
      await page.fill('#from', '5');
      expect(await page.locator('#comparison :invalid').count()).toBe(1);
    }));

  test('is accessible and fits its width, on a screen and on a phone, by day and by night', () =>
    onPage(async (page) => {
      await drop(page, 'few.csv', 'x,y\n1,2\n2,1\n3,5\n4,4\n');
      await samplesShown(page, '4');
      await compare(page, 5);
      await compared(page);
      await isAccessible(page);
    }));
});
