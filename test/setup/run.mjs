// `npm test`: finds a Chromium or installs one, says which browser and which adapter the tests run on,
// and runs every test on them. It exits with 1 where no browser or no adapter is had: the browser tests
// then fail with the reason, they are never skipped. Arguments go to vitest (`npm test -- test/csv.test.ts`).
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { runnerImport } from 'vite';
import { installDebianChromium, installPlaywrightChromium } from './install-chromium.mjs';
import { probeBrowser } from './probe-browser.mjs';

const { module: finder } = await runnerImport('./src/cli/find-chromium.ts', {
  configFile: false,
  logLevel: 'error',
});
const wanted = process.env.WEBGPU_EM_ADAPTER === 'hardware' ? 'hardware' : 'software';

const { browser, problem } = await haveBrowser();
let status;
if (browser === undefined) {
  console.error(`\nNo browser to test in. ${problem}\n`);
  status = runVitest(['--project=node', '--project=package']);
} else {
  console.log(`Browser: ${browser.version} (${browser.executablePath}, ${browser.source})`);
  console.log(`Adapter: ${browser.adapter ?? `none, ${browser.reason}`}`);
  // The tests use the very browser that is named here.
  status = runVitest([], { CHROMIUM_PATH: browser.executablePath });
}
const failure = problem ?? browser.reason;
if (failure !== undefined) {
  console.error(`\nFAILED: the browser tests cannot pass. ${failure}`);
  status ||= 1;
}
process.exit(status);

/** The first browser that starts: one that is here, else Playwright's, else Debian's. */
async function haveBrowser() {
  const problems = [];
  for (const step of [findOnly, installPlaywrightChromium, installDebianChromium]) {
    let found;
    try {
      found = await step(finder.findChromium);
    } catch (error) {
      if (error.name === 'ChromiumPathError') {
        console.error(`${error.message} ${error.hint}`);
        process.exit(1);
      }
      problems.push(error.message);
      console.error(error.message);
      continue;
    }
    if (found === undefined) continue;
    try {
      return { browser: await probeBrowser(found, finder.chromiumFlags(wanted)) };
    } catch (error) {
      problems.push(`${found.executablePath} does not start: ${error.message}`);
      console.error(problems.at(-1));
      // A browser that the user chose is not replaced by another.
      if (found.source === 'CHROMIUM_PATH') break;
    }
  }
  return { problem: [...problems, finder.CHROMIUM_HINT].join('\n') };
}

function findOnly(findChromium) {
  const found = findChromium();
  if (found === undefined) console.log('No Chrome or Chromium is here; one will be installed.');
  return found;
}

function runVitest(projects, environment = {}) {
  const require = createRequire(import.meta.url);
  const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
  const { status, error } = spawnSync(
    process.execPath,
    [vitest, 'run', ...projects, ...process.argv.slice(2)],
    { stdio: 'inherit', env: { ...process.env, ...environment } },
  );
  if (error !== undefined) throw error;
  return status ?? 1;
}
