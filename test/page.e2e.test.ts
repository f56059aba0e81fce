import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GaussianMixture } from '../src/index.ts';
import { readCsv } from '../src/io/csv.ts';
import { flowers } from './setup/flowers.ts';
import {
  bothDrawn,
  converged,
  deviation,
  downloaded,
  drop,
  isAccessible,
  iteration,
  noProblem,
  number,
  samplesShown,
  status,
} from './setup/page-actions.ts';
import { SMALL, startPage } from './setup/page.ts';
import type { OpenedPage, PageServer } from './setup/page.ts';

/** Total log-likelihood −1130.264 of 272 samples: the optimum for K = 2, full. */
const OLD_FAITHFUL_OPTIMUM = -4.15538;
const FLOWERS = flowers(50);

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Opens the page, and after the test checks that nothing went wrong behind it. */
async function onPage(check: (page: Page, opened: OpenedPage) => Promise<void>, options = {}) {
  const opened = await server.open({ path: '#data=faithful', viewport: SMALL, ...options });
  try {
    await check(opened.page, opened);
    expect(opened.failures).toEqual([]);
    // validation errors of the device come to the panel, whatever the test looked at
    expect(await opened.page.textContent('#problem-title')).not.toContain('graphics device');
  } finally {
    await opened.close();
  }
}

/** Where the device is not what is looked at. */
const onCpu = (check: Parameters<typeof onPage>[0]) => onPage(check, { withoutWebGpu: true });

describe('the page', () => {
  test('starts by itself and converges to the optimum of Old Faithful', () =>
    onPage(async (page, { iterations }) => {
      await converged(page);
      const seen = await iterations();
      expect(seen.length).toBeGreaterThan(3);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);
      expect(await page.locator('#component-table tbody tr').count()).toBe(2);
      expect(await page.locator('#overlay .sigma').count()).toBe(6);
      // once it has ended, what it is worth
      await page.waitForSelector('#component-table th:text("Ambiguous")');
      expect(await page.textContent('#component-note')).toMatch(
        /Ambiguous: 0\.0% of all samples have a largest responsibility below 0\.8\./,
      );
      expect(await page.textContent('#headline')).toMatch(
        /^272 samples, 2 components, .*ms an iteration/,
      );
      expect(await page.getAttribute('#points', 'aria-label')).toContain('Converged after');
      await noProblem(page);
    }));

  test('names the adapter, says whether it is software, and why', () =>
    onPage(async (page) => {
      await page.waitForSelector('#overlay .sigma');
      const [kind, why] =
        server.adapter === 'hardware'
          ? ['Hardware adapter', /hardware adapter: ./]
          : ['Software adapter', /swiftshader.*slow/i];
      expect(await page.textContent('#where-kind')).toBe(kind);
      expect(await page.textContent('#where-reason')).toMatch(why);
    }));

  test("draws the samples in their components' colours", () =>
    onPage(async (page, opened) => {
      await page.waitForSelector('#overlay .sigma');
      await bothDrawn(opened);
      expect((await opened.pixels()).painted).toBeLessThan(0.5);
    }));

  test('pauses, steps, runs and resets', () =>
    onPage(async (page) => {
      await page.waitForSelector('#overlay .sigma');
      // so slow that it has not converged before it is paused
      await page.selectOption('#speed', { label: '1 a second' });
      await page.click('#reset');
      await status(page, 'At the start');
      await page.waitForTimeout(400);
      expect(await page.textContent('#iteration')).toBe('0');
      await page.click('#step');
      await iteration(page, 1);
      await page.click('#step');
      await iteration(page, 2);
      expect(await page.textContent('#status')).toBe('Paused');
      await page.click('#run');
      await iteration(page, 3);
      await page.click('#run');
      await status(page, 'Paused');
      const paused = await page.textContent('#iteration');
      await page.waitForTimeout(400);
      expect(await page.textContent('#iteration')).toBe(paused);
      await page.selectOption('#speed', { label: 'Full speed' });
      await page.click('#run');
      await converged(page);
      expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);
    }));

  test('fits again when components, covariance or seed change', () =>
    onCpu(async (page) => {
      await page.waitForSelector('#overlay .sigma');
      await page.fill('#components', '3');
      await page.press('#components', 'Enter');
      await page.waitForSelector('#component-table tbody tr:nth-child(3)');
      await page.selectOption('#covariance', 'spherical');
      await converged(page);
      expect(await page.textContent('#headline')).toContain('3 components');
      // a sphere in the user's units: both features have one standard deviation
      const cells = await page
        .locator('#component-table tbody tr:first-child td')
        .allTextContents();
      expect(deviation(cells[1])).toBeCloseTo(deviation(cells[2]), 1);
      await page.fill('#seed', '7');
      await page.press('#seed', 'Enter');
      await converged(page);
      await noProblem(page);
    }));

  test('fits a dropped CSV, and its labels are those of the model in Node', () =>
    onPage(async (page) => {
      const requests: string[] = [];
      await page.waitForSelector('#overlay .sigma');
      page.on('request', (request) => requests.push(request.url()));
      await drop(page, 'flowers.csv', FLOWERS);
      await samplesShown(page, '150');
      await converged(page);
      expect(await page.textContent('#data-note')).toContain('species');
      const labels = await downloaded(page, '#download-labels', 'flowers-labels.csv');
      const model = await downloaded(page, '#download-model', 'flowers-model.json');
      const { samples } = readCsv(FLOWERS);
      const expected = await GaussianMixture.fromJSON(JSON.parse(model)).predict(samples);
      expect(labels).toBe(`label\n${expected.join('\n')}\n`);
      expect(new Set(expected).size).toBe(3);
      // the page says that the file stays in the browser: parts of its own program are all that is fetched
      const own = new URL('assets/', page.url()).href;
      const others = requests.filter(
        (address) => !address.startsWith('blob:') && !address.startsWith(own),
      );
      expect(others).toEqual([]);
    }));

  test('shows any two of several features', () =>
    onPage(async (page) => {
      await drop(page, 'flowers.csv', FLOWERS);
      await page.waitForSelector('#axes:not([hidden])');
      await page.selectOption('#axis-x', { label: 'petal length' });
      // (at the next frame)
      const axes = () => page.locator('#overlay .name').allTextContents();
      await expect.poll(axes).toEqual(['petal length', 'sepal width']);
      await page.selectOption('#axis-y', { label: 'petal length' });
      // the axes never show one feature twice
      await expect.poll(axes).toEqual(['sepal length', 'petal length']);
      await converged(page);
    }));

  test('draws one feature as density curves', () =>
    onPage(async (page) => {
      const values = flowers(50)
        .split('\n')
        .slice(1, -1)
        .map((line) => line.split(',')[2]);
      await drop(page, 'lengths.csv', `petal length\n${values.join('\n')}\n`);
      await page.waitForSelector('#overlay polyline.sigma');
      await converged(page);
      expect(await page.locator('#overlay polyline.sigma').count()).toBe(3);
      await noProblem(page);
    }));

  test('names the line of a bad CSV, and keeps the fit it has', () =>
    onCpu(async (page) => {
      await page.waitForSelector('#overlay .sigma');
      await drop(page, 'bad.csv', 'a,b\n1,2\n3,4\n5,6,7\n6,7\n8,9\n1,3\n');
      await page.waitForSelector('#problem:not([hidden])');
      expect(await page.textContent('#problem-message')).toMatch(/[Ll]ine 4/);
      expect(await page.textContent('#problem-hint')).not.toBe('');
      expect(await page.textContent('#headline')).toMatch(/^272 samples/);
      await page.click('#problem-dismiss');
      await noProblem(page);
    }));

  test('shows why a fit failed, and goes on with other settings', () =>
    onCpu(async (page) => {
      await drop(page, 'few.csv', 'x,y\n1,2\n2,1\n3,5\n4,4\n');
      await samplesShown(page, '4');
      await converged(page);
      // two components of four samples: the page passes on what the library warns of
      await page.waitForFunction(() =>
        /fewer samples than the 3 that their parameters need/.test(
          document.querySelector('#component-note')?.textContent ?? '',
        ),
      );
      await page.fill('#components', '9');
      await page.press('#components', 'Enter');
      await page.waitForSelector('#problem[data-code="TOO_FEW_SAMPLES"]:not([hidden])');
      expect(await page.textContent('#status')).toBe('Stopped by an error');
      expect(await page.textContent('#problem-hint')).not.toBe('');
      await page.fill('#components', '1');
      await page.press('#components', 'Enter');
      await converged(page);
      await noProblem(page);
    }));

  test('explains a collapsed component, and goes on with other settings', () =>
    onPage(async (page) => {
      // ten equal samples beside ten that are 1e9 apart: regCovar is nothing at this scale
      const equal = Array.from({ length: 10 }, () => '0,0');
      const apart = Array.from(
        { length: 10 },
        (_, i) => `${5e9 + 1e9 * i},${((i * 7) % 10) * 1e9}`,
      );
      await drop(page, 'equal.csv', ['x,y', ...equal, ...apart, ''].join('\n'));
      await page.waitForSelector('#problem[data-code="COLLAPSED_COMPONENT"]:not([hidden])');
      expect(await page.textContent('#problem-message')).toMatch(
        /next to the same value|follows from/,
      );
      expect(await page.textContent('#problem-hint')).not.toBe('');
      await page.fill('#components', '1');
      await page.press('#components', 'Enter');
      await converged(page);
      await noProblem(page);
    }));

  test('ends in the last of many hurried changes', () =>
    onPage(async (page) => {
      await page.waitForSelector('#overlay .sigma');
      await drop(page, 'one.csv', FLOWERS);
      await drop(page, 'two.csv', flowers(20));
      for (const k of ['4', '5', '2']) {
        await page.fill('#components', k);
        await page.press('#components', 'Enter');
        await page.click('#reset');
        await page.click('#run');
      }
      await drop(page, 'three.csv', flowers(30));
      await samplesShown(page, '90');
      await converged(page);
      expect(await page.locator('#data-set option:checked').textContent()).toBe('three');
      expect(await page.locator('#component-table tbody tr').count()).toBe(3);
      await noProblem(page);
    }));

  test('fits a large synthetic mixture and says how many samples it draws', () =>
    onPage(async (page) => {
      const [id, total, drawn] =
        server.adapter === 'hardware'
          ? ['synthetic-1m', '1,000,000', 'All 1,000,000 samples are drawn.']
          : ['synthetic-100k', '100,000', '50,000 of 100,000 samples are drawn; all are fitted.'];
      await page.selectOption('#data-set', id);
      await page.waitForFunction(
        (start) => document.querySelector('#headline')?.textContent?.startsWith(start),
        `${total} samples, 8 components`,
      );
      expect(await page.textContent('#drawn')).toBe(drawn);
      await iteration(page, 3);
      await noProblem(page);
    }));

  test('waits for Run where motion is to be reduced', () =>
    onPage(
      async (page) => {
        await status(page, 'At the start');
        await page.waitForTimeout(500);
        expect(await page.textContent('#iteration')).toBe('0');
        await page.click('#run');
        await converged(page);
      },
      { withoutWebGpu: true, reducedMotion: 'reduce' },
    ));

  test('runs on the CPU, and says why, where there is no adapter', () =>
    onCpu(async (page, opened) => {
      await converged(page);
      expect(await page.textContent('#where-kind')).toBe('CPU');
      expect(await page.textContent('#where-reason')).toContain('WebGPU no graphics processor');
      expect(await number(page, '#lower-bound')).toBeCloseTo(OLD_FAITHFUL_OPTIMUM, 4);
      await bothDrawn(opened);
    }));

  test('is accessible and fits its width, on a screen and on a phone, by day and by night', () =>
    onCpu(async (page) => {
      await drop(page, 'flowers.csv', FLOWERS);
      await page.waitForSelector('#axes:not([hidden])');
      await samplesShown(page, '150');
      await converged(page);
      await isAccessible(page);
    }));
});
