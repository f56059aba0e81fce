import { chromium } from 'playwright-core';

/**
 * Starts the browser and asks it for its WebGPU adapter.
 *
 * @returns { executablePath, source, version, adapter, reason }: `adapter` is a line for people, or
 *   undefined, and then `reason` says why.
 * @throws where the browser does not start.
 */
export async function probeBrowser({ executablePath, source }, flags) {
  const browser = await launch({ executablePath, args: flags, timeout: 60_000 });
  try {
    const page = await browser.newPage();
    // WebGPU exists in secure contexts only, and about:blank is none.
    const address = 'https://probe.invalid/';
    await page.route(address, (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>probe</title>' }),
    );
    await page.goto(address);
    const answer = await page.evaluate(describeAdapter);
    return { executablePath, source, version: `Chromium ${browser.version()}`, ...answer };
  } finally {
    await browser.close();
  }
}

async function launch(options) {
  try {
    return await chromium.launch(options);
  } catch (error) {
    // Playwright's message holds its whole log; the browser's own words are the lines marked [err].
    const [first, ...log] = error.message.split('\n');
    const words = log.filter((line) => line.includes('[err]')).slice(0, 5);
    throw new Error([first, ...words].join('\n'), { cause: error });
  }
}

/** Runs in the browser. */
async function describeAdapter() {
  if (navigator.gpu === undefined) return { reason: 'This browser has no WebGPU (navigator.gpu).' };
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) {
    return { reason: 'This browser offers no WebGPU adapter (requestAdapter() gave null).' };
  }
  const { vendor, architecture, description, isFallbackAdapter } = adapter.info;
  const software = isFallbackAdapter || architecture === 'swiftshader';
  const name = [vendor, architecture, description && `(${description})`].filter(Boolean).join(' ');
  return { adapter: `${name}, ${software ? 'software' : 'hardware'}` };
}
