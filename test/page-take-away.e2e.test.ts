import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createContext, GaussianMixture } from '../src/index.ts';
import { fromFile } from '../src/io/index.ts';
import { faithful } from './io/stream-files.ts';
import { converged, downloaded, noProblem, status, violations } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';
import { runProgram } from './setup/run-program.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Three components of one shape, seeds of its own, coloured by uncertainty, a part of the plane; and a word that means nothing. */
const LINK =
  '#data=faithful&k=3&cov=tied&start=k-means%2B%2B&seed=4&tol=1e-7&window=1,4,50,80&colour=entropy&palette=tol&speed=full';

const context = await createContext({ backend: 'cpu' });
const at = { context };
const { samples } = faithful;

/** What a button saves, by the repository's readers. */
async function saved(page: Page, button: string, fileName: string): Promise<number[]> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  expect(download.suggestedFilename()).toBe(fileName);
  const bytes = await readFile(await download.path());
  const stream = await fromFile(new Blob([bytes]), { name: fileName });
  const values: number[] = [];
  for await (const { data } of stream.chunks()) values.push(...(data as Float64Array));
  return values;
}

const value = (page: Page, selector: string) => page.inputValue(selector);
const hash = (page: Page) => new URL(page.url()).hash;

describe('the results', () => {
  test('are taken away in every format, as a model, a program and a link, and come back', async () => {
    const opened = await server.open({ withoutWebGpu: true, path: `${LINK}&nope=1` });
    const { page, failures } = opened;
    try {
      await converged(page);
      // the link was followed, and what it has too much is named
      expect(await page.textContent('#problem-message')).toBe('"nope" is no setting of this page.');
      await page.click('#problem-dismiss');
      expect(await value(page, '#components')).toBe('3');
      expect(await value(page, '#covariance')).toBe('tied');
      expect(await value(page, '#seed')).toBe('4');
      expect(await value(page, '#speed')).toBe('Infinity');
      expect(await page.locator('#overlay').textContent()).toContain('3.5');

      const json = await downloaded(page, '#download-model', 'old-faithful-model.json');
      const mixture = GaussianMixture.fromJSON(json);
      expect(mixture.nComponents).toBe(3);
      const labels = [...(await mixture.predict(samples, at))];
      const responsibilities = [...(await mixture.predictProba(samples, at))];
      const near = (given: number[]) =>
        expect(
          Math.max(...given.map((one, i) => Math.abs(one - responsibilities[i]))),
        ).toBeLessThan(1e-6);
      for (const format of ['csv', 'npy', 'parquet']) {
        await page.selectOption('#result-format', format);
        const name = `old-faithful-labels.${format}`;
        expect(await saved(page, '#download-labels', name)).toEqual(labels);
        const more = `old-faithful-responsibilities.${format}`;
        near(await saved(page, '#download-responsibilities', more));
      }
      await page.check('#with-columns');
      const table = await saved(page, '#download-labels', 'old-faithful-labels.parquet');
      expect(table.slice(0, 3)).toEqual([...samples.data.slice(0, 2), labels[0]]);

      // once at rest, what it is worth
      await page.waitForFunction(() => document.querySelector('#worth-bic')?.textContent !== '–');
      const bic = Number((await page.textContent('#worth-bic'))!.replace(',', ''));
      expect(bic).toBeCloseTo(await mixture.bic(samples, at), 0);

      await page.click('#copy-code');
      const code = (await page.textContent('.code-dialog code'))!;
      const again = GaussianMixture.fromJSON(await runProgram(code));
      again.means.forEach((mean, i) =>
        expect(Math.abs(mean - mixture.means[i])).toBeLessThan(1e-6 * Math.abs(mixture.means[i])),
      );
      await page.waitForFunction(
        () => document.querySelector('#copy-shown')?.textContent !== 'Copy',
      );
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('copy-code');
      await page.click('#show-python');
      await expect
        .poll(() => page.textContent('.code-dialog code'))
        .toContain('from sklearn.mixture import');
      await page.keyboard.press('Escape');

      // a model comes back, and what is none is refused, with nothing lost
      const other = {
        ...(JSON.parse(json) as object),
        means: [
          [1.5, 50],
          [2, 60],
          [4.5, 85],
        ],
      };
      const file = (text: string) => ({
        name: 'model.json',
        mimeType: 'application/json',
        buffer: Buffer.from(text),
      });
      await page.setInputFiles('#model-file', file(JSON.stringify(other)));
      await status(page, 'A model from a file');
      await expect.poll(() => page.textContent('.component-card dd')).toMatch(/^1\.50/);
      await page.setInputFiles('#model-file', file('{}'));
      await page.waitForSelector('#problem[data-code="INVALID_MODEL"]');
      expect(await page.textContent('#status')).toBe('A model from a file');
      await page.click('#problem-dismiss');
      // the model is small enough for the link, but the curve of its fit is not in it (within half a second)
      await expect.poll(() => hash(page)).toContain(`${LINK}&model=${mixture.nIter}~`);
      // (it says so for a moment)
      await Promise.all([
        page.waitForFunction(() => document.querySelector('#copy-link')?.textContent === 'Copied'),
        page.click('#copy-link'),
      ]);
      expect(await page.textContent('#link-lacks')).toContain('leaves out the curve');
      await noProblem(page);
      expect(failures).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  test('are read by keyboard, card by card and sample by sample, at 360 px', async () => {
    const viewport = { width: 360, height: 740 };
    const opened = await server.open({ withoutWebGpu: true, path: LINK, viewport });
    const { page, failures } = opened;
    try {
      await converged(page);
      await page.waitForSelector('.component-card:nth-child(3)');
      await page.focus('.card-head');
      const names = () => page.locator('.component-card.highlighted .card-name').allTextContents();
      const highlighted = async (name: string) => {
        await expect.poll(names).toEqual([name]);
      };
      await highlighted('Component 0');
      await page.keyboard.press('ArrowRight');
      await highlighted('Component 1');
      await page.keyboard.press('Enter');
      await page.keyboard.press('End');
      await highlighted('Component 2');
      expect(await page.locator('.card-head[tabindex="0"] .card-name').allTextContents()).toEqual([
        'Component 2',
      ]);
      await page.focus('#sample-number');
      // the one that is kept comes back
      await highlighted('Component 1');
      expect(await page.locator('.card-head[aria-pressed="true"]').count()).toBe(1);
      expect(await page.locator('.component-card').count()).toBe(3);

      const json = await downloaded(page, '#download-model', 'old-faithful-model.json');
      const [, , wanted] = [...(await GaussianMixture.fromJSON(json).predictProba(samples, at))];
      await page.focus('#sample-number');
      await page.keyboard.type('0');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.responsibility-bars li:nth-child(3)');
      expect(await page.textContent('.sample-values')).toBe(
        'eruption (minutes)3.6wait to the next (minutes)79',
      );
      const share = page.locator('.responsibility-bars .share >> nth=2');
      expect(Number.parseFloat((await share.textContent())!)).toBeCloseTo(100 * wanted, 0);
      // it follows the iterations
      const before = await page.textContent('.sample-fit');
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      await page.waitForFunction(
        (text) => document.querySelector('.sample-fit')?.textContent !== text,
        before,
      );
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await expect.poll(() => hash(page)).toBe(`${LINK}&sample=0&component=1&at=0/end`);

      // of more features the correlations are a table of numbers, coloured as well, that follows the fit
      await page.selectOption('#data-set', 'iris');
      await page.waitForFunction(() =>
        document.querySelector('#data-note')?.textContent?.includes('iris'),
      );
      await converged(page);
      await page.locator('.card-correlations').first().press('Enter');
      const cell = page.locator('.correlation-dialog tbody tr:nth-child(2) td >> nth=0');
      await cell.waitFor();
      expect(await page.locator('.correlation-dialog td:not(:empty)').count()).toBe(16);
      const first = await cell.textContent();
      const mirrored = page.locator('.correlation-dialog tbody tr:nth-child(1) td >> nth=1');
      expect(await mirrored.textContent()).toBe(first);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
      await page.keyboard.press('Escape');
      expect(await page.evaluate(() => document.activeElement?.className)).toBe(
        'card-correlations',
      );
      await noProblem(page);
      expect(failures).toEqual([]);
    } finally {
      await opened.close();
    }
  });

  test('a link reproduces what was changed by hand, where it was looked at, and what was compared', async () => {
    const opened = await server.open({
      withoutWebGpu: true,
      path: '#data=faithful&restarts=3&speed=full&sample=17&component=1&order=weight&compare=1-3,1,aic',
    });
    const { page, failures } = opened;
    /** Opens the address of the page in a page of its own, which comes to show the same. */
    const reproduced = async (address: RegExp) => {
      await page.waitForURL(address);
      const wanted = await seenAtRest(page);
      const link = await addressAfter(page);
      expect(link).toMatch(address);
      const again = await server.open({ withoutWebGpu: true, path: link });
      await again.page.waitForFunction(
        (text) => document.querySelector('#status')?.textContent === text,
        wanted.status,
      );
      await expect.poll(() => seen(again.page), { timeout: 20_000 }).toEqual(wanted);
      await expect.poll(() => hash(again.page), { timeout: 20_000 }).toBe(link);
      await noProblem(again.page);
      expect(again.failures).toEqual([]);
      await again.close();
    };
    try {
      await converged(page);
      await page.focus('#scrub');
      await page.keyboard.press('Home');
      for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowRight');
      await page.click('#more');
      await status(page, 'Paused after a change by hand');
      await page.click('#run');
      await converged(page);
      await page.focus('#scrub');
      for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowLeft');
      await status(page, 'Paused');
      await reproduced(/&edits=\d,3,\d+~[-\d.,~e]+&restart=\d&at=\d+\/end$/);
      await page.click('#compare');
      await page.waitForFunction(() =>
        document.querySelector('#status')?.textContent?.startsWith('From the comparison'),
      );
      await page.locator('#candidate-table input').nth(0).click();
      await reproduced(/&compare=1-3,1,aic&picked=1$/);
      expect(failures).toEqual([]);
    } finally {
      await opened.close();
    }
  });
});

/** The address once it has followed what is shown now: within half a second, by a timer that was set before this one. */
const addressAfter = (page: Page): Promise<string> =>
  page.evaluate(
    () => new Promise<string>((resolve) => setTimeout(() => resolve(location.hash), 600)),
  );

/** What is seen once the numbers have come to where the slider is, and everything else after them. */
async function seenAtRest(page: Page) {
  await page.waitForFunction(() =>
    document
      .querySelector('#scrub')
      ?.getAttribute('aria-valuetext')
      ?.startsWith(`iteration ${document.querySelector('#iteration')?.textContent} of`),
  );
  let now = await seen(page);
  const isSame = async () => {
    const before = now;
    await page.waitForTimeout(200);
    now = await seen(page);
    return JSON.stringify(now) === JSON.stringify(before);
  };
  await expect.poll(isSame).toBe(true);
  return now;
}

/** What a visitor sees of the fit. */
function seen(page: Page) {
  return page.evaluate(() => {
    const text = (selector: string) => document.querySelector(selector)?.textContent ?? '';
    const value = (id: string) => (document.getElementById(id) as HTMLInputElement).value;
    return {
      status: text('#status'),
      iteration: text('#iteration'),
      bound: text('#lower-bound'),
      curve: document.querySelector('#curve')?.getAttribute('aria-label'),
      place: document.querySelector('#scrub')?.getAttribute('aria-valuetext'),
      table: text('#component-table tbody'),
      compared: text('#candidate-table tbody'),
      form: ['components', 'n-init', 'sample-number', 'card-order', 'from', 'to', 'criterion'].map(
        value,
      ),
      pinned: text('.component-card:has([aria-pressed="true"]) .card-name'),
      ring: document.querySelectorAll('#overlay .ring').length,
    };
  });
}
