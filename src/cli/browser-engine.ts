import type { Browser } from 'playwright-core';
import type { PageJob } from './browser-page.ts';
import { serveJob } from './browser-server.ts';
import type { PageResult } from './browser-server.ts';
import type { Engine } from './engine.ts';
import { UnavailableError } from './errors.ts';
import { CHROMIUM_HINT, chromiumFlags, findChromium } from './find-chromium.ts';
import type { FitReport, JobControl, PredictReport, SampleMatrix } from './jobs.ts';

type Adapter = Parameters<typeof chromiumFlags>[0];

/** Computes on WebGPU in headless Chrome: its GPU where it has one, else SwiftShader on the CPU. */
export const browserEngine: Engine = {
  async fit(samples, options, control) {
    const wantProgress = control.onProgress !== undefined;
    const job: PageJob = { kind: 'fit', options, wantProgress, ...shapeOf(samples) };
    const { report, labels } = await runInBrowser(job, samples, control);
    return { report: report as FitReport, labels };
  },
  async predict(samples, model, wantProbabilities, control) {
    const job: PageJob = { kind: 'predict', model, wantProbabilities, ...shapeOf(samples) };
    const { report, labels, probabilities } = await runInBrowser(job, samples, control);
    return { report: report as PredictReport, labels, probabilities };
  },
};

function shapeOf({ nSamples, nFeatures }: SampleMatrix) {
  return { nSamples, nFeatures };
}

async function runInBrowser(
  job: PageJob,
  samples: SampleMatrix,
  control: JobControl,
): Promise<PageResult> {
  try {
    return await attempt(job, samples, control, 'hardware');
  } catch (error) {
    if (!hasNoAdapter(error) || control.signal?.aborted) throw error;
    return attempt(job, samples, control, 'software');
  }
}

/** Whether another set of flags may help. */
function hasNoAdapter(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'NO_ADAPTER' || code === 'DEVICE_REQUEST_FAILED';
}

async function attempt(
  job: PageJob,
  samples: SampleMatrix,
  { signal, onProgress }: JobControl,
  adapter: Adapter,
): Promise<PageResult> {
  signal?.throwIfAborted();
  const server = await serveJob(job, samples.data, onProgress);
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
