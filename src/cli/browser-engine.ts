import type { Browser } from 'playwright-core';
import { serveTask } from './browser-server.ts';
import { UnavailableError } from './errors.ts';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from './find-chromium.ts';
import type { Engine, Job, JobControl, JobInput, Outcome } from './job.ts';

type Adapter = Parameters<typeof chromiumFlags>[0];

/** Computes on WebGPU in headless Chrome: its GPU where it has one, else SwiftShader on the CPU. */
export const browserEngine: Engine = {
  async run(job, input, control) {
    try {
      return await attempt(job, input, control, 'hardware');
    } catch (error) {
      if (!hasNoAdapter(error) || control.signal?.aborted) throw error;
      return attempt(job, input, control, 'software');
    }
  },
};

/** Whether another set of flags may help. */
function hasNoAdapter(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'NO_ADAPTER' || code === 'DEVICE_REQUEST_FAILED';
}

async function attempt<Settings, Report>(
  job: Job<Settings, Report>,
  input: JobInput<Settings>,
  { signal, onProgress }: JobControl,
  adapter: Adapter,
): Promise<Outcome<Report>> {
  signal?.throwIfAborted();
  const server = await serveTask(job, input, onProgress);
  let browser: Browser | undefined;
  try {
    browser = await launch(adapter);
    const page = await browser.newPage();
    signal?.throwIfAborted();
    const stopped = new Promise<never>((_, reject) => {
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      page.once('crash', () => reject(browserStopped('The page in the browser crashed.')));
      page.once('pageerror', (error) => reject(new Error(`in the browser: ${error.message}`)));
      browser?.once('disconnected', () => reject(browserStopped('The browser ended too early.')));
    });
    return await Promise.race([stopped, page.goto(server.url).then(() => server.result)]);
  } finally {
    await browser?.close();
    server.close();
  }
}

function browserStopped(message: string): UnavailableError {
  return new UnavailableError(message, 'Try again with fewer samples, or without --browser.');
}

async function launch(adapter: Adapter): Promise<Browser> {
  const { chromium } = await importPlaywright();
  const found = findChromium();
  if (found === undefined) {
    throw new UnavailableError('--browser found no Chrome or Chromium.', CHROMIUM_HINT);
  }
  try {
    return await chromium.launch({
      executablePath: found.executablePath,
      args: chromiumFlags(adapter),
      // Ctrl-C is handled by the command, which closes the browser itself.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UnavailableError(
      `The browser ${found.executablePath} did not start: ${reason}`,
      'Start it by hand to see why, or set CHROMIUM_PATH to another one.',
      error,
    );
  }
}

async function importPlaywright() {
  try {
    return await import('playwright-core');
  } catch (error) {
    throw new UnavailableError(
      '--browser needs the npm package "playwright-core", and it is not installed.',
      'Install it: npm install playwright-core',
      error,
    );
  }
}
