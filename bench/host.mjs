// Headless Chromium for the benches: a page made of one bundle, served from memory, and where it all ran.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build, createServer, loadConfigFromFile } from 'vite';

/** Never asked of the network: the files are handed over below. A secure address, or there is no WebGPU. */
const ADDRESS = 'https://bench.invalid/';
const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

/** The plugins that the sources need, and none of the page's. */
let loaded;
const sources = async () => {
  loaded ??= loadConfigFromFile(
    { command: 'build', mode: 'sources' },
    join(root, 'vite.config.ts'),
  );
  const { config } = await loaded;
  return { ...config, root, configFile: false, logLevel: 'error' };
};

/**
 * A module in TypeScript, by its path in the repository. What it imports while it runs (the library fetches its worker threads so)
 * comes the same way, as long as the process lives; the server behind it listens to nothing and keeps nothing alive.
 */
export async function load(path) {
  server ??= createServer({
    ...(await sources()),
    appType: 'custom',
    server: { middlewareMode: true, ws: false, watch: null, hmr: false },
    optimizeDeps: { noDiscovery: true, include: [] },
  });
  return (await server).ssrLoadModule(`/${path}`);
}
let server;

/**
 * A browser in which `inPage(action)` does something in a page of its own, so that no fit meets code that the compiler fitted to
 * another's shapes; an error in the page, or its crash, is an error here. `serve(name, bytes)` puts a file beside the page.
 */
export async function openBrowser(entry, wanted) {
  const { findChromium, chromiumFlags, CHROMIUM_HINT } = await load('src/cli/find-chromium.ts');
  const found = findChromium();
  if (found === undefined) throw new Error(`No Chrome or Chromium is here. ${CHROMIUM_HINT}`);
  const files = new Map();
  const serve = (name, body, contentType = 'application/octet-stream') =>
    files.set(new URL(name, ADDRESS).href, { body, contentType, headers: ISOLATED });
  serve('page.html', PAGE, 'text/html');
  serve('page.js', await bundle(entry), 'text/javascript');
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: chromiumFlags(wanted),
  });
  return {
    version: browser.version(),
    serve,
    inPage: (action) => inPage(browser, files, action),
    close: () => browser.close(),
  };
}

/** Isolated, a page has a clock of 5 microseconds instead of 100, and may share memory with its workers. */
const ISOLATED = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
};
const PAGE = `<!doctype html><title>webgpu-em bench</title><link rel="icon" href="data:," />
<script type="module" src="./page.js"></script>`;

/** The entry and all that it imports as one module, built in memory: what is saved meanwhile changes nothing. */
async function bundle(entry) {
  const [{ output }] = await build({
    ...(await sources()),
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry, formats: ['es'], fileName: 'page' },
      rolldownOptions: { external: ['webgpu', /^node:/], output: { codeSplitting: false } },
    },
  });
  return output[0].code;
}

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
      await page.goto(new URL('page.html', ADDRESS).href);
      return action(page);
    };
    return await Promise.race([work(), trouble]);
  } finally {
    await page.close();
  }
}
