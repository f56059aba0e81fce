import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { preview } from 'vite';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from '../../src/cli/find-chromium.ts';
import { builtPage } from './build-page.ts';

/** The built page, served, and a real browser to look at it. */
export interface PageServer {
  readonly adapter: 'hardware' | 'software';
  open(options?: OpenOptions): Promise<OpenedPage>;
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** In a browser that has the API but no adapter. */
  withoutWebGpu?: boolean;
  /**
   * As one who has chosen nothing: in a software adapter's place the page takes the CPU. Default: WebGPU was chosen, so that tests
   * look at it.
   */
  firstVisit?: boolean;
  /** Which page, 'bench/' for instance. Default: the first. */
  path?: string;
}

export interface OpenedPage {
  readonly page: Page;
  /** Errors in the console or thrown and caught by nobody. */
  readonly failures: string[];
  /** The iterations that the page has shown since it was opened, without repeats. */
  iterations(): Promise<number[]>;
  /** Pixels of the scatter in the first and in the second component's colour, and the share that is painted at all. */
  pixels(): Promise<{ first: number; second: number; painted: number }>;
  close(): Promise<void>;
}

/** Of pages on WebGPU that need no more: SwiftShader takes its time for every pixel. */
export const SMALL = { width: 640, height: 640 };

/** How many times slower than it is the page's thread runs, to shake out what tests take for granted: `WEBGPU_EM_SLOWER=6`. */
const SLOWER = Number(process.env['WEBGPU_EM_SLOWER'] ?? 1);

/** Serves the page as `npm run build:page` makes it; a browser starts when the first page is opened in it. */
export async function startPage(): Promise<PageServer> {
  const adapter = process.env['WEBGPU_EM_ADAPTER'] === 'hardware' ? 'hardware' : 'software';
  const outDir = await builtPage();
  const server = await preview({
    logLevel: 'warn',
    build: { outDir },
    preview: { port: 0, open: false },
  });
  const address = server.resolvedUrls?.local[0];
  if (address === undefined) throw new Error('The preview server has no address.');
  const flags = chromiumFlags(adapter);
  let browser: Browser | undefined;
  let plain: Browser | undefined;

  return {
    adapter,
    async open({ withoutWebGpu = false, firstVisit = withoutWebGpu, path = '', ...options } = {}) {
      if (withoutWebGpu) plain ??= await launch(flags.filter((flag) => flag === '--no-sandbox'));
      else browser ??= await launch(flags);
      const url = new URL(path, address).href;
      return openPage((withoutWebGpu ? plain : browser)!, url, firstVisit, options);
    },
    async close() {
      await browser?.close();
      await plain?.close();
      await server.close();
    },
  };
}

async function launch(args: string[]): Promise<Browser> {
  const executablePath = findChromium()?.executablePath;
  if (executablePath === undefined) throw new Error(CHROMIUM_HINT);
  return chromium.launch({ executablePath, args, timeout: 120_000 });
}

async function openPage(
  browser: Browser,
  address: string,
  firstVisit: boolean,
  options: BrowserContextOptions,
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const failures: string[] = [];
  page.on('pageerror', (error) => failures.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') failures.push(`console: ${message.text()}`);
  });
  if (SLOWER > 1) {
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  }
  if (!firstVisit) await page.addInitScript(chooseWebGpu);
  await page.addInitScript(recordIterations);
  await page.goto(address);
  return {
    page,
    failures,
    iterations: () =>
      page.evaluate(() => (window as unknown as { iterations: number[] }).iterations),
    pixels: () => countPixels(page),
    close: () => context.close(),
  };
}

/** Runs in the page, before its scripts; a choice that was made since stays. */
function chooseWebGpu(): void {
  const key = 'webgpu-em.side';
  try {
    if (localStorage.getItem(key) === null) localStorage.setItem(key, 'webgpu');
  } catch {
    // (about:blank keeps nothing)
  }
}

/** Runs in the page, before its scripts. */
function recordIterations(): void {
  const iterations: number[] = [];
  Object.assign(window, { iterations });
  document.addEventListener('DOMContentLoaded', () => {
    const field = document.getElementById('iteration');
    // (/bench has none)
    if (!field) return;
    new MutationObserver(() => {
      const shown = Number(field.textContent);
      if (Number.isInteger(shown) && shown !== iterations.at(-1)) iterations.push(shown);
    }).observe(field, { childList: true, characterData: true, subtree: true });
  });
}

/** From a screenshot, so of what is really presented; the ellipses over the samples are hidden for it. */
async function countPixels(page: Page): ReturnType<OpenedPage['pixels']> {
  const style = await page.addStyleTag({ content: '#overlay { visibility: hidden }' });
  const picture = await page.locator('#points').screenshot();
  await style.evaluate((element) => (element as HTMLElement).remove());
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const surface = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    surface.drawImage(bitmap, 0, 0);
    const { data } = surface.getImageData(0, 0, bitmap.width, bitmap.height);
    const counts = { first: 0, second: 0, painted: 0 };
    for (let i = 0; i < data.length; i += 4) {
      const [red, green, blue] = data.subarray(i, i + 3);
      // the first component is blue, the second orange, the page white
      if (blue > red + 60) counts.first++;
      else if (red > blue + 60) counts.second++;
      if (Math.min(red, green, blue) < 250) counts.painted++;
    }
    counts.painted /= data.length / 4;
    return counts;
  }, picture.toString('base64'));
}
