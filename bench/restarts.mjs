// `npm run bench:restarts`: what many restarts of a small fit cost against one, on the CPU side and on WebGPU in headless Chromium,
// each time beside its check; writes JSON and Markdown. It exits with 1 where there is no browser or adapter, or an answer is wrong.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, openBrowser } from './host.mjs';
import { stampOf } from './stamp.mjs';

const small = {
  nFeatures: 8,
  nComponents: 4,
  nDrawn: 10,
  nInit: 64,
  repetitions: 3,
  softwareRepetitions: 1,
  seed: 1,
};
const JOBS = [
  { ...small, nSamples: 200, covarianceType: 'diag' },
  { ...small, nSamples: 1000, covarianceType: 'full' },
  { ...small, nSamples: 10_000, covarianceType: 'full' },
  { ...small, nSamples: 10_000, covarianceType: 'diag' },
];

const here = dirname(fileURLToPath(import.meta.url));
const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
const { isRight, toMarkdown } = await load('bench/restarts-report.ts');
const browser = await openBrowser(join(here, 'restarts-page.ts'), wanted);
try {
  const adapter = await browser.inPage((page) =>
    page.evaluate(() => globalThis.webgpuEmRestarts.findAdapter()),
  );
  if (adapter.reason !== undefined) throw new Error(adapter.reason);
  const stamp = stampOf(browser.version, adapter);
  const figures = [];
  for (const job of JOBS) {
    console.error(`${job.nSamples} x ${job.nFeatures}, ${job.covarianceType} ...`);
    figures.push(
      await browser.inPage((page) =>
        page.evaluate((one) => globalThis.webgpuEmRestarts.measure(one), job),
      ),
    );
  }
  const markdown = toMarkdown(stamp, figures);
  const folder = join(here, 'results');
  const slug = adapter.name
    .replace(/ *\(.*/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-');
  const path = join(folder, `restarts-${stamp.date.slice(0, 10)}-${slug}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify({ version: 1, stamp, figures }, null, 2)}\n`);
  writeFileSync(`${path}.md`, markdown);
  console.log(markdown);
  process.exitCode = figures.every(isRight) ? 0 : 1;
} finally {
  await browser.close();
}
