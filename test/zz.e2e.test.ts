import { test } from 'vitest';
import { startPage } from './setup/page.ts';
import { converged, violations } from './setup/page-actions.ts';
test('look', async () => {
  const server = await startPage();
  for (const [width, colorScheme] of [
    [1440, 'light'],
    [360, 'dark'],
  ] as const) {
    const { page, failures, close } = await server.open({
      withoutWebGpu: true,
      viewport: { width, height: 900 },
      colorScheme,
    });
    console.log('where', await page.textContent('#status'));
    await converged(page);
    await page.fill('#sample-number', '17');
    await page.press('#sample-number', 'Enter');
    await page.waitForSelector('.responsibility-bars li');
    await page.click('.component-card button >> nth=1');
    await page.waitForTimeout(1200);
    console.log(
      page.url(),
      await page.textContent('#worth-bic'),
      failures,
      await violations(page),
      await page.evaluate(() => document.documentElement.scrollWidth),
    );
    await page.screenshot({ path: `/tmp/look-${width}.png`, fullPage: true });
    await page.click('#copy-code');
    await page.waitForTimeout(500);
    console.log(await page.textContent('#copy-shown'), await violations(page));
    await page.screenshot({ path: `/tmp/dialog-${width}.png` });
    await close();
  }
  await server.close();
});
