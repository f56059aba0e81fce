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
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('copy-code');
      await page.click('#show-python');
      expect(await page.textContent('.code-dialog code')).toContain('from sklearn.mixture import');
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
      expect(await page.textContent('.component-card dd')).toMatch(/^1\.50/);
      await page.setInputFiles('#model-file', file('{}'));
      await page.waitForSelector('#problem[data-code="INVALID_MODEL"]');
      expect(await page.textContent('#status')).toBe('A model from a file');
      await page.click('#problem-dismiss');
      await page.waitForFunction(() => !location.hash.includes('nope'));
      expect(hash(page)).toBe(LINK);
      await page.click('#copy-link');
      await page.waitForFunction(
        () => document.querySelector('#copy-link')?.textContent === 'Copied',
      );
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
      const highlighted = () =>
        page.locator('.component-card.highlighted .card-name').textContent();
      expect(await highlighted()).toBe('Component 0');
      await page.keyboard.press('Tab');
      expect(await highlighted()).toBe('Component 1');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      expect(await highlighted()).toBe('Component 2');
      await page.focus('#sample-number');
      // the one that is kept comes back
      expect(await highlighted()).toBe('Component 1');
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
      expect(hash(page)).toBe(LINK);

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
});
