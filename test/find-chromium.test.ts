import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chromiumFlags, ChromiumPathError, findChromium } from '../src/cli/find-chromium.ts';

describe('Chromium is looked for', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webgpu-em-chromium-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function file(...parts: string[]): string {
    const path = join(folder, ...parts);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    return path;
  }

  /** An environment in which a Windows machine's folders lie in the test's folder. */
  const windows = () => ({
    PROGRAMFILES: join(folder, 'programs'),
    LOCALAPPDATA: join(folder, 'local'),
  });

  test('first at CHROMIUM_PATH', () => {
    const executablePath = file('my-browser');
    expect(findChromium({ CHROMIUM_PATH: executablePath })).toEqual({
      executablePath,
      source: 'CHROMIUM_PATH',
    });
  });

  test('at CHROMIUM_PATH and nowhere else: a wrong one is an error, not another browser', () => {
    const environment = { ...process.env, CHROMIUM_PATH: join(folder, 'gone') };
    expect(() => findChromium(environment)).toThrow(ChromiumPathError);
    expect(() => findChromium(environment)).toThrow(/CHROMIUM_PATH is ".*gone"/);
  });

  test('then at the usual paths, on Linux those of PATH first', () => {
    const executablePath = file('bin', 'chromium');
    const environment = { PATH: join(folder, 'bin'), CHROMIUM_PATH: '' };
    expect(findChromium(environment, 'linux')).toEqual({ executablePath, source: 'usual path' });
  });

  test('at the usual paths of Windows, Chrome before Edge', () => {
    file('programs', 'Microsoft', 'Edge', 'Application', 'msedge.exe');
    const chrome = file('local', 'Google', 'Chrome', 'Application', 'chrome.exe');
    expect(findChromium(windows(), 'win32')?.executablePath).toBe(chrome);
  });

  test("last in Playwright's cache: the newest full build, never the headless shell", () => {
    const cache = ['local', 'ms-playwright'];
    file(...cache, 'chromium-999', 'chrome-win64', 'chrome.exe');
    file(...cache, 'chromium_headless_shell-2000', 'chrome-win64', 'chrome.exe');
    const newest = file(...cache, 'chromium-1200', 'chrome-win64', 'chrome.exe');
    expect(findChromium(windows(), 'win32')).toEqual({
      executablePath: newest,
      source: 'Playwright cache',
    });
  });

  test('in PLAYWRIGHT_BROWSERS_PATH where it is set', () => {
    const executablePath = file('own', 'chromium-1', 'chrome-win64', 'chrome.exe');
    const environment = { ...windows(), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'own') };
    expect(findChromium(environment, 'win32')?.executablePath).toBe(executablePath);
  });

  test('and where there is none, there is none', () => {
    expect(findChromium(windows(), 'win32')).toBeUndefined();
  });
});

test('the flags differ for software and hardware, and the sandbox is left out for root alone', () => {
  expect(chromiumFlags('software')).toContain('--use-vulkan=swiftshader');
  expect(chromiumFlags('hardware', 'linux').join(' ')).not.toContain('swiftshader');
  expect(chromiumFlags('software').includes('--no-sandbox')).toBe(process.getuid?.() === 0);
});
