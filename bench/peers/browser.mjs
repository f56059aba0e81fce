// This library's WebGPU side in headless Chromium, called as every peer is: FOLDER --repetitions R --threads T --seconds S.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openBrowser } from '../host.mjs';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    repetitions: { type: 'string' },
    threads: { type: 'string' },
    seconds: { type: 'string' },
  },
});
console.log(JSON.stringify(await measure()));

async function measure() {
  const peer = 'webgpu-em webgpu';
  const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';
  const file = JSON.parse(readFileSync(join(positionals[0], 'problem.json'), 'utf8'));
  const { model, nSamples, nFeatures, nComponents, seed, iterations } = file;
  const job = {
    side: 'webgpu',
    shape: { model, nSamples, nFeatures, nComponents },
    seed,
    iterations,
    repetitions: Number(values.repetitions),
    seconds: Number(values.seconds),
  };
  let browser;
  try {
    browser = await openBrowser(fileURLToPath(new URL('page.ts', import.meta.url)), wanted);
    const answer = await browser.inPage((page) =>
      page.evaluate((one) => globalThis.measureOwn(one), job),
    );
    return { ...answer, version: `in Chromium ${browser.version}` };
  } catch (error) {
    return { peer, error: error.message.split('\n')[0] };
  } finally {
    await browser?.close();
  }
}
