import { afterAll, beforeAll, expect, test } from 'vitest';
import { flowers } from './setup/flowers.ts';
import { downloaded, drop, iteration, samplesShown, status } from './setup/page-actions.ts';
import { startPage } from './setup/page.ts';
import type { PageServer } from './setup/page.ts';

let server: PageServer;

beforeAll(async () => {
  server = await startPage();
});

afterAll(() => server?.close());

// The path of docs/first-visit.md.
test('open, own file, the number of components by BIC, labels out', async () => {
  const { page, failures, close } = await server.open({ withoutWebGpu: true });
  try {
    // it moves by itself
    await iteration(page, 3);
    await drop(page, 'flowers.csv', flowers(50));
    await samplesShown(page, '150');
    await page.fill('#to', '5');
    await page.click('#compare');
    await page.waitForFunction(
      () => document.querySelectorAll('#candidate-table tbody tr').length === 5,
    );
    await page.waitForSelector('#status:has-text("From the comparison")');
    expect(await page.textContent('#comparison-note')).toMatch(/have the lowest BIC/);
    const best = Number(await page.inputValue('#components'));
    const labels = (await downloaded(page, '#download-labels', 'flowers-labels.csv'))
      .trim()
      .split('\n');
    expect(labels[0]).toBe('label');
    expect(labels.length).toBe(151);
    expect(new Set(labels.slice(1)).size).toBe(best);
    // the link says how the mixture of the comparison came about
    await expect.poll(() => page.url()).toMatch(/compare=1-5,3,bic/);
    expect(failures).toEqual([]);
  } finally {
    await close();
  }
});

test('a link that cannot be followed, and the way past the masthead, lose nothing', async () => {
  const { page, close } = await server.open({ withoutWebGpu: true, path: '#data=nosuch&k=5' });
  try {
    // the usual beginning, and what was wrong with the link
    await iteration(page, 1);
    await page.waitForSelector('#problem:not([hidden]):has-text("nosuch")');
    await page.selectOption('#data-set', 'faithful');
    await samplesShown(page, '272');
    await page.focus('.skip');
    await page.keyboard.press('Enter');
    await page.click('#reset');
    await status(page, 'At the start');
    expect(await page.textContent('#headline')).toMatch(/^272 samples/);

    // a number that is refused gives way to the one in use
    await page.fill('#components', '100');
    await page.press('#components', 'Tab');
    await page.focus('#seed');
    await expect.poll(() => page.inputValue('#components')).toBe('2');
  } finally {
    await close();
  }
});
