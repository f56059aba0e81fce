import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

/**
 * Fetches Playwright's own Chromium, with the system's libraries where this process may install them.
 *
 * @throws with the reason where it cannot be fetched.
 */
export function installPlaywrightChromium() {
  console.log("Fetching Playwright's Chromium ...");
  // The full build: the headless shell has no WebGPU.
  if (!playwright('install', '--no-shell', 'chromium')) {
    throw new Error("Playwright's Chromium could not be fetched.");
  }
  if (isRoot() && existsSync('/usr/bin/apt-get')) playwright('install-deps', 'chromium');
  return { executablePath: chromium.executablePath(), source: 'Playwright cache' };
}

/**
 * Installs Debian's package `chromium`.
 *
 * @throws with the reason where this is no Debian, or no root, or the package cannot be had.
 */
export function installDebianChromium(findChromium) {
  if (!isDebian()) throw new Error("Debian's package chromium is no choice: this is not Debian.");
  if (!isRoot()) {
    throw new Error("Debian's package chromium needs root: run `sudo apt-get install chromium`.");
  }
  console.log("Installing Debian's package chromium ...");
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '--yes', '--no-install-recommends', 'chromium'];
  if (!succeeds('apt-get', ['update'], environment) || !succeeds('apt-get', install, environment)) {
    throw new Error("Debian's package chromium could not be installed.");
  }
  return findChromium();
}

function playwright(...command) {
  const require = createRequire(import.meta.url);
  const cli = join(dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  // An unreachable server is found out in seconds, not minutes.
  const environment = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '15000', ...process.env };
  return succeeds(process.execPath, [cli, ...command], environment);
}

function succeeds(program, command, environment) {
  return spawnSync(program, command, { stdio: 'inherit', env: environment }).status === 0;
}

function isRoot() {
  return process.getuid?.() === 0;
}

function isDebian() {
  const release = '/etc/os-release';
  return existsSync(release) && /^ID=debian$/m.test(readFileSync(release, 'utf8'));
}
