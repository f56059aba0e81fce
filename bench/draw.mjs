// `node bench/draw.mjs`: how fluently the built page pans and zooms. A real Chromium, headless, is moved about by mouse events; from
// frame to frame and from submit to the device's end is measured. Exits with 1 where the page does not move, or shows a problem.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { DATA, onPage } from './draw-page.mjs';
import { load } from './host.mjs';

const USAGE = `Usage: node bench/draw.mjs [options]
  --samples NUMBER   of the page's synthetic mixture: 100000 (default), 1000000 or 10000000
  --seconds NUMBER   of each movement (default: 4)
  --size WxH         of the window in CSS pixels (default: 1600x1000)
  --ratio NUMBER     device pixels a CSS pixel (default: 1)
  --running          lets the fit run meanwhile
  --density          in the density mode
  --picture FILE     a screenshot at the end
  --json             the figures as JSON
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.exitCode = await main();

async function main() {
  let options;
  try {
    options = readOptions();
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options === undefined) {
    console.log(USAGE);
    return 0;
  }
  try {
    report(await measure(options), options);
    return 0;
  } catch (error) {
    console.error(`FAILED: ${error.message}`);
    return 1;
  }
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      samples: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '4' },
      size: { type: 'string', default: '1600x1000' },
      ratio: { type: 'string', default: '1' },
      running: { type: 'boolean', default: false },
      density: { type: 'boolean', default: false },
      picture: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) return undefined;
  const [width, height] = values.size.split('x').map(Number);
  const numbers = {
    samples: Number(values.samples),
    seconds: Number(values.seconds),
    ratio: Number(values.ratio),
  };
  if (![width, height, ...Object.values(numbers)].every((value) => value > 0)) {
    throw new Error('Sizes and times are numbers above 0.');
  }
  if (!(numbers.samples in DATA))
    throw new Error(`The page has no mixture of ${numbers.samples} samples.`);
  return { ...values, ...numbers, width, height };
}

async function measure(options) {
  const outDir = mkdtempSync(join(tmpdir(), 'webgpu-em-draw-'));
  let server;
  let browser;
  try {
    await build({ root, logLevel: 'error', build: { outDir, emptyOutDir: true } });
    server = await preview({
      root,
      logLevel: 'error',
      build: { outDir },
      preview: { port: 0, open: false },
    });
    browser = await launch();
    const { width, height, ratio: deviceScaleFactor } = options;
    const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor });
    page.setDefaultTimeout(300_000);
    return await onPage(page, server.resolvedUrls.local[0], options);
  } finally {
    await browser?.close();
    await server?.close();
    rmSync(outDir, { recursive: true });
  }
}

async function launch() {
  const { findChromium, chromiumFlags, CHROMIUM_HINT } = await load('src/cli/find-chromium.ts');
  const found = findChromium();
  if (found === undefined) throw new Error(`No Chrome or Chromium is here. ${CHROMIUM_HINT}`);
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  return chromium.launch({ executablePath: found.executablePath, args: chromiumFlags(wanted) });
}

function report(found, { json }) {
  if (json) {
    console.log(JSON.stringify(found, undefined, 2));
    return;
  }
  console.log(`${found.headline}\n${found.drawn} Canvas ${found.canvas}.`);
  console.log('Milliseconds: median, 95 %, most (how many)');
  const words = ({ median, p95, most, count }) => `${median}, ${p95}, ${most} (${count})`;
  for (const [name, { frames, device }] of Object.entries(found.figures)) {
    console.log(
      `${name.padEnd(6)} frame to frame ${words(frames)}; submit to end ${words(device)}`,
    );
  }
}
