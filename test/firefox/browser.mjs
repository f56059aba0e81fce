import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const USUAL = ['/usr/bin/firefox-esr', '/usr/bin/firefox', '/snap/bin/firefox'];
/** llvmpipe takes its time. */
const PATIENCE = 180_000;

/** A real Firefox, driven by WebDriver BiDi. */
export async function launchFirefox({ webgpu, address, downloads }) {
  if (!existsSync(join(here, 'node_modules'))) {
    const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
      cwd: here,
      stdio: 'inherit',
    });
    if (status !== 0) throw new Error('puppeteer-core could not be installed.');
  }
  const { default: puppeteer } = await import('puppeteer-core');
  const executablePath = process.env.FIREFOX_PATH ?? USUAL.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('No Firefox is here: set FIREFOX_PATH.');
  await mkdir(downloads, { recursive: true });
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    protocolTimeout: 2 * PATIENCE,
    extraPrefsFirefox: {
      'dom.webgpu.enabled': webgpu,
      // (without it a software adapter is kept back)
      'gfx.webgpu.ignore-blocklist': webgpu,
      'browser.download.folderList': 2,
      'browser.download.dir': downloads,
      'browser.helperApps.alwaysAsk.force': false,
      // so that what was copied can be looked at
      'dom.events.testing.asyncClipboard': true,
    },
  });
  return {
    version: await browser.version(),
    downloads,
    /** Opens a page, checks it, and that nothing went wrong behind it. */
    async onPage(path, check, { width = 1280, height = 900 } = {}) {
      const page = await browser.newPage();
      const failures = [];
      page.on('pageerror', (error) => failures.push(`uncaught: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error') failures.push(`console: ${message.text()}`);
      });
      page.on('requestfailed', (request) => failures.push(`not loaded: ${request.url()}`));
      page.setDefaultTimeout(PATIENCE);
      await page.setViewport({ width, height });
      // as if it had been chosen: by itself the page leaves a software adapter for the CPU
      if (webgpu) {
        await page.evaluateOnNewDocument(() => localStorage.setItem('webgpu-em.side', 'webgpu'));
      }
      try {
        await page.goto(new URL(path, address).href);
        const seen = await check(page);
        assert.deepEqual(failures, []);
        return seen;
      } finally {
        await page.close();
      }
    },
    close: () => browser.close(),
  };
}

/** What a button saves. */
export async function saved(page, { downloads }, button, name) {
  const path = join(downloads, name);
  await rm(path, { force: true });
  await page.click(button);
  for (;;) {
    // (Firefox writes to a .part beside it, and an empty file of the name first)
    if (existsSync(path) && !existsSync(`${path}.part`)) {
      const bytes = await readFile(path);
      if (bytes.length > 0) return bytes;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const text = (page, selector) => page.$eval(selector, (element) => element.textContent);

export const number = async (page, selector) =>
  Number((await text(page, selector)).replace('−', '-'));

/** Waits until the text of an element matches. */
export const reads = (page, selector, pattern) =>
  page.waitForFunction(
    (at, source) => new RegExp(source).test(document.querySelector(at)?.textContent ?? ''),
    {},
    selector,
    pattern.source,
  );

export const converged = (page) => reads(page, '#status', /^Converged/);

export async function noProblem(page) {
  const problem = await page.$eval('#problem', (element) =>
    element.hidden ? '' : element.textContent.replace(/\s+/g, ' '),
  );
  assert.equal(problem, '');
}

/** Waits until an attribute or a text is another one than before `act`, and stays so for some frames. */
export async function changes(page, selector, act) {
  const before = await page.$eval(selector, (element) => element.outerHTML);
  await act();
  await page.evaluate(
    (at, old) =>
      new Promise((resolve) => {
        let last = old;
        let still = 0;
        const look = () => {
          const now = document.querySelector(at)?.outerHTML ?? old;
          still = now === last ? still + 1 : 0;
          last = now;
          if (now !== old && still >= 4) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
    selector,
    before,
  );
}
