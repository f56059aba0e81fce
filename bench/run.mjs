// `npm run bench`: times the float64 CPU side against WebGPU in headless Chromium, each time beside its check, and writes a
// JSON and a Markdown file. WEBGPU_EM_ADAPTER=hardware uses the machine's GPU, else it is the software adapter.
// It exits with 1 where there is no browser or adapter, or where an answer is wrong.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { build, runnerImport } from 'vite';
import { stampOf } from './stamp.mjs';

const USAGE = `Usage: npm run bench -- [--quick] [--out FOLDER] [--help]
  --quick       a few small shapes only
  --out FOLDER  where the result goes (default: bench/results)
WEBGPU_EM_ADAPTER=hardware runs on the machine's GPU, else on the software adapter.`;
const SEED = 1;
/** Never asked of the network: the files are handed over below. A secure address, or there is no WebGPU. */
const ADDRESS = 'https://bench.invalid/index.html';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

process.exitCode = await main();

async function main() {
  let options;
  try {
    options = parseArgs({
      options: { quick: { type: 'boolean' }, out: { type: 'string' }, help: { type: 'boolean' } },
    }).values;
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  try {
    return await bench(options);
  } catch (error) {
    console.error(`FAILED: ${error.message}`);
    if (error.hint !== undefined) console.error(error.hint);
    return 1;
  }
}

async function bench({ quick = false, out = join(here, 'results') }) {
  const { findChromium, chromiumFlags, CHROMIUM_HINT } = await load('src/cli/find-chromium.ts');
  const { grid, quickGrid, describeCase } = await load('bench/grid.ts');
  const { gate, toMarkdown } = await load('bench/report.ts');
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  const found = findChromium();
  if (found === undefined) throw new Error(`No Chrome or Chromium is here. ${CHROMIUM_HINT}`);

  const files = await buildPage();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: chromiumFlags(wanted),
  });
  try {
    const adapter = await inPage(browser, files, (page) =>
      page.evaluate(() => globalThis.webgpuEmBench.findAdapter()),
    );
    if (adapter.reason !== undefined) throw new Error(adapter.reason);
    if (wanted === 'hardware' && adapter.software) {
      throw new Error(
        `A hardware adapter was asked for, but this browser has only ${adapter.name}.`,
      );
    }
    const stamp = stampOf(browser.version(), adapter);
    console.error(
      `${stamp.browser} on ${adapter.name}, ${adapter.software ? 'software' : 'hardware'}`,
    );

    const rows = [];
    const failures = [];
    for (const shape of quick ? quickGrid() : grid(adapter.software)) {
      const started = performance.now();
      let outcome;
      try {
        // A page of its own: no case meets code that the compiler fitted to another's shapes.
        const measurement = await inPage(browser, files, (page) =>
          page.evaluate(
            ([one, seed]) => globalThis.webgpuEmBench.measureCase(one, seed),
            [shape, SEED],
          ),
        );
        rows.push(gate(measurement));
        outcome = rows.at(-1).right ? 'right' : 'WRONG';
      } catch (error) {
        // The other cases are still worth having.
        failures.push({
          shape,
          message: error.message.split('\n')[0].replace(/^page\.evaluate: (Error: )?/, ''),
        });
        outcome = `FAILED: ${error.message}`;
      }
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      console.error(`  ${describeCase(shape)}: ${outcome}, ${seconds} s`);
    }
    write(
      out,
      { version: 1, seed: SEED, stamp, rows, failures },
      toMarkdown(stamp, rows, failures),
    );
    return failures.length === 0 && rows.every(({ right }) => right) ? 0 : 1;
  } finally {
    await browser.close();
  }
}

/** The page's files by their address, built in memory: what is saved meanwhile changes nothing. */
async function buildPage() {
  const { output } = await build({
    root: here,
    base: './',
    configFile: false,
    publicDir: false,
    logLevel: 'error',
    build: { write: false, minify: false, target: 'es2022', modulePreload: false },
  });
  return new Map(
    output.map((file) => [
      new URL(file.fileName, ADDRESS).href,
      {
        contentType: file.type === 'chunk' ? 'text/javascript' : 'text/html',
        body: file.type === 'chunk' ? file.code : file.source,
        // Isolated, a page has a clock of 5 microseconds instead of 100.
        headers: {
          'Cross-Origin-Opener-Policy': 'same-origin',
          'Cross-Origin-Embedder-Policy': 'require-corp',
        },
      },
    ]),
  );
}

/** Does something in a page of its own; an error in the page, or its crash, is an error here. */
async function inPage(browser, files, action) {
  const page = await browser.newPage();
  try {
    const trouble = new Promise((_, reject) => {
      page.once('crash', () => reject(new Error('The page crashed.')));
      page.once('pageerror', reject);
    });
    const work = async () => {
      await page.route('**/*', (route) => {
        const file = files.get(route.request().url());
        return file === undefined ? route.abort() : route.fulfill(file);
      });
      // Its module script has run when it is loaded.
      await page.goto(ADDRESS);
      return action(page);
    };
    return await Promise.race([work(), trouble]);
  } finally {
    await page.close();
  }
}

function write(folder, result, markdown) {
  const { date, adapter } = result.stamp;
  // Without the description in parentheses.
  const name = adapter.name.replace(/ *\(.*/, '') || adapter.name;
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const path = join(folder, `${date.slice(0, 10)}-${slug}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${path}.json`, `${JSON.stringify(result, null, 2)}\n`);
  writeFileSync(`${path}.md`, markdown);
  console.log(markdown);
  console.error(`Written: ${path}.json and .md`);
}

async function load(path) {
  const { module } = await runnerImport(join(root, path), { configFile: false, logLevel: 'error' });
  return module;
}
