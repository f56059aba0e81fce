// `node test/firefox/run.mjs`: the built pages in a real Firefox, on the CPU; `--webgpu`: on WebGPU, by whatever adapter there is.
// By hand, as no CI has one: `apt-get install firefox-esr mesa-vulkan-drivers`, or FIREFOX_PATH. Exits with 1 where anything fails.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, preview } from 'vite';
import { launchFirefox } from './browser.mjs';
import { CHECKS } from './checks.mjs';

const USAGE = `Usage: node test/firefox/run.mjs [options]
  --webgpu            with WebGPU switched on
  --pictures FOLDER   screenshots of every page at 1440 and 360 px
  --only WORD         checks whose name has the word`;

const root = fileURLToPath(new URL('../..', import.meta.url));
process.exitCode = await main();

async function main() {
  let options;
  try {
    ({ values: options } = parseArgs({
      options: {
        webgpu: { type: 'boolean', default: false },
        pictures: { type: 'string' },
        only: { type: 'string', default: '' },
      },
    }));
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return 2;
  }
  const outDir = await mkdtemp(join(tmpdir(), 'webgpu-em-firefox-'));
  const server = await serve(join(outDir, 'pages'));
  const firefox = await launchFirefox({
    webgpu: options.webgpu,
    address: server.resolvedUrls.local[0],
    downloads: join(outDir, 'downloads'),
  });
  console.log(`${firefox.version}, ${options.webgpu ? 'WebGPU' : 'CPU'}`);
  let failed = 0;
  try {
    for (const [name, check] of Object.entries(CHECKS)) {
      if (name.includes(options.only) && !(await passes(name, check, firefox, options))) failed++;
    }
  } finally {
    await firefox.close();
    await server.close();
    await rm(outDir, { recursive: true });
  }
  console.log(failed === 0 ? 'All is well.' : `${failed} failed.`);
  return failed === 0 ? 0 : 1;
}

async function passes(name, check, firefox, options) {
  const started = performance.now();
  const seconds = () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
  try {
    const seen = await check(firefox, options);
    console.log(`ok      ${name} (${seconds()})${seen === undefined ? '' : `: ${seen}`}`);
    return true;
  } catch (error) {
    console.error(`FAILED  ${name} (${seconds()}): ${error.stack}`);
    return false;
  }
}

async function serve(outDir) {
  await build({ root, logLevel: 'warn', build: { outDir, emptyOutDir: true } });
  const options = { root, logLevel: 'warn', build: { outDir } };
  return preview({ ...options, preview: { port: 0, open: false } });
}
