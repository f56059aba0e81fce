import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BenchResult } from '../bench/result.ts';
import { isAccessible, noProblem } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { OpenOptions, PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

/** Opens /bench, and after the test checks that nothing went wrong behind it. */
async function onBench(check: (page: Page) => Promise<void>, options: OpenOptions = {}) {
  const opened = await server.open({ path: 'bench', ...options });
  try {
    const { page } = opened;
    await page.waitForSelector('#where:not([data-kind="pending"])');
    // the threads are looked for last
    await page.waitForSelector('#headline:text("Nothing measured yet")');
    await check(page);
    expect(opened.failures).toEqual([]);
  } finally {
    await opened.close();
  }
}

/** Where the device is not what is looked at. */
const onCpu = (check: (page: Page) => Promise<void>) => onBench(check, { withoutWebGpu: true });

/** Ticks these numbers in a list and no others. */
async function choose(
  page: Page,
  list: string,
  wanted: readonly (number | string)[],
): Promise<void> {
  for (const box of await page.locator(`#${list} input:enabled`).all()) {
    await box.setChecked(wanted.map(String).includes(await box.inputValue()));
  }
}

async function chooseGrid(page: Page, samples: number[], features: number[], components: number[]) {
  await choose(page, 'samples', samples);
  await choose(page, 'features', features);
  await choose(page, 'components', components);
}

async function measured(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    document.querySelector('#status')?.textContent?.includes('measured in'),
  );
}

describe('the page /bench', () => {
  test('times every shape on each side beside its error, and copies what it found', () =>
    onBench(
      async (page) => {
        await chooseGrid(page, [1000], [2, 4], [2]);
        await choose(page, 'sides', ['cpu', 'webgpu']);
        expect(await page.textContent('#plan')).toBe('2 shapes, 2 sides, 15 repetitions each.');
        await page.click('#run');
        await measured(page);
        await noProblem(page);
        expect(await page.locator('#times tbody tr').count()).toBe(2);
        const cells = await page.locator('#times tbody tr:first-child > *').allTextContents();
        expect(cells.slice(0, 3)).toEqual(['1,000', '2', '2']);
        expect(cells[3]).toMatch(/^[\d.,]+ \[.+–.+\]$/);
        expect(cells[4]).toBe('float64');
        expect(cells[5]).toMatch(/^[\d.,]+ \[.+–.+\]$/);
        expect(Number(cells[6])).toBeLessThan(1e-5);
        // two values of D, one of N and of K
        expect(await page.getAttribute('#chart-d', 'aria-label')).toMatch(
          /^Milliseconds per iteration over features\. CPU, plain: [\d.,]+ ms at 2, [\d.,]+ ms at 4\./,
        );
        expect(await page.locator('.chart canvas').count()).toBe(3);
        expect(await page.textContent('#stamp')).toMatch(
          /^.+, (software|hardware); Mozilla.+; \d+ cores; \d{4}-\d\d-\d\d \d\d:\d\d UTC$/,
        );
        // a headline on hardware alone
        const [said, named] =
          server.adapter === 'hardware'
            ? [/an iteration takes .* on the GPU/, 'GPU']
            : [/^No headline: the adapter is software/, 'WebGPU in software'];
        expect(await page.textContent('#headline')).toMatch(said);
        expect(await page.textContent('#times thead')).toContain(named);

        await page.click('#copy-json');
        await page.waitForSelector('#copied:text("Copied as JSON.")');
        const json = await page.evaluate(() => navigator.clipboard.readText());
        const result = JSON.parse(json) as BenchResult;
        expect(result.version).toBe(2);
        expect(result.rows.map(({ shape }) => shape.nFeatures)).toEqual([2, 4]);
        const [cpu, webgpu] = result.rows[0].sides;
        expect([cpu.time!.all.length, webgpu.time!.all.length]).toEqual([15, 15]);
        expect(webgpu.differences!.lowerBound).toBeLessThan(1e-5);
        await page.click('#copy-markdown');
        await page.waitForSelector('#copied:text("Copied as Markdown.")');
        const markdown = await page.evaluate(() => navigator.clipboard.readText());
        expect(markdown).toContain('| full, 1,000 × 4, K = 2 |');
        expect(markdown).toContain(`- Adapter: ${result.stamp.adapter.name}, `);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));

  test('stops, keeps what it has, and runs again, by keyboard', () =>
    onBench(async (page) => {
      await chooseGrid(page, [1000, 100_000], [2], [2]);
      await page.focus('#repetitions');
      await page.keyboard.press('Tab');
      expect(await page.evaluate(() => document.activeElement?.id)).toBe('run');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#times tbody tr');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#status:text("Stopped after 1 shape.")');
      expect(await page.locator('#times tbody tr').count()).toBe(1);
      expect(await page.isVisible('#copy-json')).toBe(true);
      expect(await page.getAttribute('#run', 'aria-disabled')).toBe('false');
      await page.focus('#run');
      await page.keyboard.press('Enter');
      await page.waitForSelector('#progress:not([hidden])');
      await page.click('#stop');
      await noProblem(page);
    }));

  test('is a link away from the first page', async () => {
    const { page, close } = await server.open({ withoutWebGpu: true });
    try {
      await page.click('a[href="./bench/"]');
      await page.waitForSelector('#sides');
      expect(new URL(page.url()).pathname).toBe('/bench/');
    } finally {
      await close();
    }
  });

  test('says what it cannot measure, and does not begin', () =>
    onCpu(async (page) => {
      await chooseGrid(page, [], [2], [2]);
      expect(await page.textContent('#plan')).toContain('Choose at least one number');
      expect(await page.getAttribute('#run', 'aria-disabled')).toBe('true');
      await page.click('#run', { force: true });
      expect(await page.textContent('#headline')).toBe('Nothing measured yet');
      await chooseGrid(page, [1000], [2], [2]);
      await page.fill('#repetitions', '14');
      expect(await page.textContent('#plan')).toContain('from 15 to 101');
      await page.fill('#repetitions', '15');
      await choose(page, 'sides', []);
      expect(await page.textContent('#plan')).toBe('Choose at least one side.');
    }));

  test('measures the CPU where there is no adapter, and says that there is no GPU', () =>
    onBench(
      async (page) => {
        expect(await page.textContent('#where-kind')).toBe('CPU');
        expect(await page.isDisabled('#sides input[value="webgpu"]')).toBe(true);
        await chooseGrid(page, [1000], [2], [2]);
        await choose(page, 'sides', ['cpu']);
        await page.click('#run');
        await measured(page);
        expect(await page.textContent('#headline')).toMatch(/^No headline: without an adapter/);
        expect(await page.locator('#times tbody tr').count()).toBe(1);
        await noProblem(page);
      },
      { withoutWebGpu: true },
    ));

  test('is accessible and fits its width, on a screen and on a phone, by day and by night', () =>
    onCpu(async (page) => {
      await chooseGrid(page, [1000], [2], [2]);
      await choose(page, 'sides', ['cpu']);
      await page.click('#run');
      await measured(page);
      await isAccessible(page);
    }));
});
