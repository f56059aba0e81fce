import { existsSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A Chromium-based browser on this machine. */
export interface ChromiumFound {
  readonly executablePath: string;
  /** Where it was found: the variable CHROMIUM_PATH, a usual path or Playwright's cache. */
  readonly source: 'CHROMIUM_PATH' | 'usual path' | 'Playwright cache';
}

/** CHROMIUM_PATH names a file that is not there. The message is one sentence; `hint` says what to do. */
export class ChromiumPathError extends Error {
  override readonly name = 'ChromiumPathError';
  readonly hint =
    "Set CHROMIUM_PATH to the browser's executable, or unset it to search the usual paths.";
}

/** What to tell a person when `findChromium` finds nothing. */
export const CHROMIUM_HINT =
  'Install Chrome or Chromium (`npx playwright install chromium`), or set CHROMIUM_PATH to its executable.';

/**
 * Finds Chrome or Chromium: the environment variable CHROMIUM_PATH, then the usual paths of Linux,
 * macOS and Windows, then Playwright's cache (the newest build in it).
 *
 * @returns the browser, or undefined where there is none.
 * @throws ChromiumPathError where CHROMIUM_PATH is set and names no file: a wrong wish is not silently
 *   replaced by another browser.
 */
export function findChromium(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): ChromiumFound | undefined {
  const wished = environment['CHROMIUM_PATH'];
  if (wished !== undefined && wished !== '') {
    if (!isFile(wished)) {
      throw new ChromiumPathError(`CHROMIUM_PATH is "${wished}", and there is no such file.`);
    }
    return { executablePath: wished, source: 'CHROMIUM_PATH' };
  }
  const usual = usualPaths(environment, platform).find(isFile);
  if (usual !== undefined) return { executablePath: usual, source: 'usual path' };
  const cached = playwrightBuilds(environment, platform).find(isFile);
  if (cached !== undefined) return { executablePath: cached, source: 'Playwright cache' };
  return undefined;
}

/**
 * Command-line flags with which headless Chromium offers WebGPU.
 *
 * `software`: SwiftShader, on any machine, for tests. All four flags are needed: without
 * `--enable-unsafe-webgpu` there is no adapter, without the other three the GPU process dies as soon
 * as a WebGPU canvas is drawn. `hardware`: the machine's GPU; Chrome on Linux offers it only through
 * Vulkan.
 */
export function chromiumFlags(
  adapter: 'software' | 'hardware',
  platform: NodeJS.Platform = process.platform,
): string[] {
  const flags = ['--enable-unsafe-webgpu'];
  if (adapter === 'software') {
    flags.push('--use-angle=swiftshader', '--enable-features=Vulkan', '--use-vulkan=swiftshader');
  } else if (platform === 'linux') {
    flags.push('--use-angle=vulkan', '--enable-features=Vulkan', '--ignore-gpu-blocklist');
  }
  // Chromium refuses to start its sandbox as root, and only then is it left out.
  if (process.getuid?.() === 0) flags.push('--no-sandbox');
  return flags;
}

function usualPaths(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') {
    const roots = ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap(
      (name) => environment[name] ?? [],
    );
    const programs = [
      join('Google', 'Chrome', 'Application', 'chrome.exe'),
      join('Chromium', 'Application', 'chrome.exe'),
      join('Microsoft', 'Edge', 'Application', 'msedge.exe'),
    ];
    return programs.flatMap((program) => roots.map((root) => join(root, program)));
  }
  if (platform === 'darwin') {
    const applications = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return applications.flatMap((application) =>
      ['/Applications', join(homedir(), 'Applications')].map((folder) =>
        join(folder, `${application}.app`, 'Contents', 'MacOS', application),
      ),
    );
  }
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
  const folders = new Set([
    ...(environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''),
    '/usr/bin',
    '/usr/local/bin',
    '/snap/bin',
  ]);
  return [
    ...names.flatMap((name) => [...folders].map((folder) => join(folder, name))),
    '/opt/google/chrome/chrome',
  ];
}

/** Executables of the full Chromium builds in Playwright's cache, newest first. */
function playwrightBuilds(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  const cache = playwrightCache(environment, platform);
  if (!existsSync(cache)) return [];
  const builds = readdirSync(cache)
    // Not chromium_headless_shell-*: that build has no WebGPU.
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => Number(b.slice('chromium-'.length)) - Number(a.slice('chromium-'.length)));
  return builds.flatMap((build) => {
    const folder = join(cache, build);
    // The folder inside a build carries the architecture: chrome-linux64, chrome-mac-arm64, ...
    return readdirSync(folder)
      .filter((name) => name.startsWith('chrome-'))
      .flatMap((name) => executablesIn(join(folder, name), platform));
  });
}

function executablesIn(folder: string, platform: NodeJS.Platform): string[] {
  if (platform === 'win32') return [join(folder, 'chrome.exe')];
  if (platform === 'darwin') {
    return ['Google Chrome for Testing', 'Chromium'].map((application) =>
      join(folder, `${application}.app`, 'Contents', 'MacOS', application),
    );
  }
  return [join(folder, 'chrome')];
}

function playwrightCache(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  const wished = environment['PLAYWRIGHT_BROWSERS_PATH'];
  if (wished !== undefined && wished !== '' && wished !== '0') return wished;
  if (platform === 'win32') {
    const local = environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local');
    return join(local, 'ms-playwright');
  }
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ms-playwright');
  return join(environment['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ms-playwright');
}

function isFile(path: string): boolean {
  // existsSync first: it says no, and does not throw, in a folder that this user may not read.
  return existsSync(path) && statSync(path).isFile();
}
