// Pictures of every page at three widths, light and dark, for docs/screenshots: to be looked at after a change of the pages.
//   node test/setup/screenshots.mjs [PAGE ...]        (cluster, digits, learn, bench; default: all)
import { mkdir, writeFile } from 'node:fs/promises';
import { runnerImport } from 'vite';

const OUT = new URL('../../docs/screenshots/', import.meta.url);
const WIDTHS = [
  { width: 1440, height: 900 },
  { width: 768, height: 1024 },
  { width: 360, height: 780 },
];
/** Where a page is, and when it has come to rest. */
const PAGES = {
  cluster: { path: '', ready: '#iteration:text-matches("^([6-9]|[1-9][0-9])$")' },
  digits: { path: 'digits/', ready: '#status:text-matches("Converged|Stopped at")' },
  learn: { path: 'learn/#worked/2', ready: '#bound-bars g.current' },
  bench: { path: 'bench/', ready: '#settings' },
};

const asked = process.argv.slice(2);
for (const name of asked) {
  if (!(name in PAGES)) throw new Error(`No page "${name}": ${Object.keys(PAGES).join(', ')}.`);
}
const { module } = await runnerImport('./test/setup/page.ts', {
  configFile: false,
  logLevel: 'error',
});
const server = await module.startPage();
await mkdir(OUT, { recursive: true });
for (const [name, { path, ready }] of Object.entries(PAGES)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  for (const viewport of WIDTHS) {
    for (const colorScheme of ['light', 'dark']) {
      const opened = await server.open({ path, viewport, colorScheme, firstVisit: true });
      await opened.page.waitForSelector(ready, { timeout: 120_000 });
      // (the last frame)
      await opened.page.waitForTimeout(1500);
      await save(opened.page, `${name}-${viewport.width}-${colorScheme}.webp`);
      if (opened.failures.length > 0) console.error(name, viewport.width, opened.failures);
      await opened.close();
    }
  }
}
await server.close();

/** The whole page; WebP, a third of a PNG's size. */
async function save(page, file) {
  const session = await page.context().newCDPSession(page);
  const { cssContentSize } = await session.send('Page.getLayoutMetrics');
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 82,
    captureBeyondViewport: true,
    clip: { ...cssContentSize, scale: 1 },
  });
  await writeFile(new URL(file, OUT), Buffer.from(data, 'base64'));
  console.log(file);
}
