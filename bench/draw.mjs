// `node bench/draw.mjs`: how fluently the built page pans and zooms. A real Chromium, headless, is moved about by mouse events; from
// frame to frame and from submit to the device's end is measured. Exits with 1 where the page does not move, or shows a problem.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';
import { load } from './host.mjs';

const USAGE = `Usage: node bench/draw.mjs [options]
  --samples NUMBER   of the page's synthetic mixture (default: 100000; on a large GPU 10000000)
  --seconds NUMBER   of each movement (default: 4)
  --size WxH         of the window in CSS pixels (default: 1600x1000)
  --ratio NUMBER     device pixels a CSS pixel (default: 1)
  --running          lets the fit run meanwhile
  --density          in the density mode
  --picture FILE     a screenshot at the end
  --json             the figures as JSON
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** How the built page says the sizes of its synthetic mixture. */
const SIZES = /hardware:1e6,software:1e5,cpu:1e5/;
/** A place of the plot where the synthetic mixture has nothing to take hold of, in shares of its width and height. */
const EMPTY = { x: 0.13, y: 0.12 };

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

async function onPage(page, address, options) {
  const errors = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.addInitScript(watchFrames);
  await resizeSynthetic(page, options.samples);
  await page.goto(address);
  await page.waitForSelector('#data-set option[value="synthetic"]', { state: 'attached' });
  await page.selectOption('#data-set', 'synthetic');
  const size = options.samples.toLocaleString('en-US');
  await page.waitForFunction(
    (wanted) =>
      document.querySelector('#headline')?.textContent?.startsWith(wanted) &&
      Number(document.querySelector('#iteration')?.textContent) >= 2,
    `${size} samples`,
  );
  if (!options.running) await page.click('#run');
  if (options.density) await page.click('#density');
  await page.waitForTimeout(1000);
  const box = await page.locator('#plot').boundingBox();
  const at = { x: box.x + EMPTY.x * box.width, y: box.y + EMPTY.y * box.height };
  const movements = {
    still: () => page.waitForTimeout(20),
    pan: async (turn) => {
      if (turn === 0) await page.mouse.down();
      await page.mouse.move(
        at.x + 150 * (1 - Math.cos(turn / 25)),
        at.y + 90 * Math.sin(turn / 25),
      );
    },
    zoom: (turn) => page.mouse.wheel(0, turn % 80 < 40 ? -60 : 60),
  };
  const figures = {};
  for (const [name, move] of Object.entries(movements)) {
    await page.mouse.move(at.x, at.y);
    const before = await page.textContent('#overlay .axis');
    await page.evaluate(() => globalThis.frames.begin());
    const end = performance.now() + 1000 * options.seconds;
    let moved = false;
    let turn = 0;
    for (; performance.now() < end; turn++) {
      await move(turn);
      if (!moved && turn % 5 === 4) moved = (await page.textContent('#overlay .axis')) !== before;
    }
    figures[name] = { ...summary(await page.evaluate(() => globalThis.frames.end())), turns: turn };
    if (name === 'pan') await page.mouse.up();
    if (name !== 'still' && !moved)
      throw new Error(`The page did not move in ${turn} turns: ${name}.`);
  }
  if (options.picture) await page.screenshot({ path: options.picture });
  const problem = await page.textContent('#problem-title');
  if (problem || errors.length > 0) throw new Error([problem, ...errors].join('; '));
  return {
    samples: options.samples,
    drawn: await page.textContent('#drawn'),
    headline: await page.textContent('#headline'),
    canvas: await page.evaluate(() => {
      const { width, height } = document.querySelector('#points');
      return `${width} x ${height}`;
    }),
    figures,
  };
}

/** The page as it is built, but for the size of its synthetic mixture. */
async function resizeSynthetic(page, samples) {
  await page.route('**/*.js', async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const sizes = ['hardware', 'software', 'cpu'].map((kind) => `${kind}:${samples}`);
    await route.fulfill({ response, body: text.replace(SIZES, sizes.join()) });
  });
}

/** Runs in the page, before its scripts. */
function watchFrames() {
  let running = false;
  let frames = [];
  let device = [];
  GPUQueue.prototype.submit = new Proxy(Reflect.get(GPUQueue.prototype, 'submit'), {
    apply(submit, queue, buffers) {
      Reflect.apply(submit, queue, buffers);
      if (!running) return;
      const started = performance.now();
      void queue.onSubmittedWorkDone().then(() => device.push(performance.now() - started));
    },
  });
  let last = performance.now();
  const tick = (now) => {
    if (running) frames.push(now - last);
    last = now;
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  globalThis.frames = {
    begin() {
      [frames, device] = [[], []];
      running = true;
    },
    end() {
      running = false;
      return { frames, device };
    },
  };
}

function summary({ frames, device }) {
  return { frames: quantiles(frames), device: quantiles(device) };
}

/** Milliseconds. */
function quantiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share) => Number((sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2));
  return { count: sorted.length, median: at(0.5), p95: at(0.95), most: at(1) };
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
