import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { OpenedPage } from './page.ts';

/** Waits until the fit has converged. */
export async function converged(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.querySelector('#status')?.textContent?.startsWith('Converged'),
  );
}

export async function status(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector('#status')?.textContent === wanted,
    text,
  );
}

/** Waits until the fit has come at least that far. */
export async function iteration(page: Page, least: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => Number(document.querySelector('#iteration')?.textContent) >= wanted,
    least,
  );
}

/** Waits until samples of both components are drawn: by a device when it is ready, which may be after the numbers are there. */
export async function bothDrawn({ pixels }: Pick<OpenedPage, 'pixels'>): Promise<void> {
  const fewer = async () => {
    const { first, second } = await pixels();
    return Math.min(first, second);
  };
  await expect.poll(fewer).toBeGreaterThan(300);
}

/** Waits until the page needs no more than its width. */
export async function fits(page: Page, width: number): Promise<void> {
  const needed = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(needed).toBeLessThanOrEqual(width);
}

/** Waits until the fit of that many samples shows. */
export async function samplesShown(page: Page, count: string): Promise<void> {
  await page.waitForFunction(
    (start) => document.querySelector('#headline')?.textContent?.startsWith(start),
    `${count} samples`,
  );
}

export async function noProblem(page: Page): Promise<void> {
  const problem = page.locator('#problem');
  expect(await problem.isVisible(), (await problem.textContent()) ?? '').toBe(false);
}

export async function number(page: Page, selector: string): Promise<number> {
  return Number((await page.textContent(selector))?.replace('−', '-'));
}

/** The standard deviation in a cell such as "4.29 ± 0.41". */
export function deviation(cell: string): number {
  return Number(cell.split('±')[1]);
}

export async function drop(page: Page, name: string, text: string): Promise<void> {
  await page.waitForSelector('#data-set option', { state: 'attached' });
  await page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content], fileName, { type: 'text/csv' }));
      for (const type of ['dragenter', 'dragover', 'drop']) {
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }),
        );
      }
    },
    [name, text] as const,
  );
}

export async function downloaded(page: Page, button: string, fileName: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(button)]);
  expect(download.suggestedFilename()).toBe(fileName);
  return readFile(await download.path(), 'utf8');
}

/** What axe finds wrong with the page as it stands. @param also rules that are experimental there */
export async function violations(page: Page, also: readonly string[] = []): Promise<string[]> {
  const path = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  await page.addScriptTag({ path });
  return page.evaluate(async (beside) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const results = await axe.run({
      rules: Object.fromEntries(beside.map((rule) => [rule, { enabled: true }])),
    });
    return results.violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`,
    );
  }, also);
}

/** On a screen and on a phone, by day and by night: nothing is wider than the page, and axe finds nothing. */
export async function isAccessible(page: Page): Promise<void> {
  for (const width of [1280, 360]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme });
      await fits(page, width);
      expect(await violations(page), `${width} px, ${colorScheme}`).toEqual([]);
    }
  }
}
