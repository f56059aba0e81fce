import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { LINUX_FLAGS } from '../src/app/shared/gpu-advice-adapter.ts';
import { adviceFor } from '../src/app/shared/gpu-advice.ts';
import { whereLine } from '../src/app/shared/where-line.ts';
import { chromiumFlags } from '../src/cli/find-chromium.ts';
import type { ContextCode } from '../src/index.ts';

const chrome = (system: string, version = 156, rest = '') =>
  `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36${rest}`;
const firefox = (system: string, version: number) =>
  `Mozilla/5.0 (${system}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
const safari = (system: string, version: string) =>
  `Mozilla/5.0 (${system}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`;

const [LINUX, WINDOWS] = ['X11; Linux x86_64', 'Windows NT 10.0; Win64; x64'];
const [MAC, ANDROID] = ['Macintosh; Intel Mac OS X 10_15_7', 'Linux; Android 10; K'];
const VISITORS = {
  chromeOnLinux: chrome(LINUX),
  oldChromeOnLinux: chrome(LINUX, 130),
  edgeOnLinux: chrome(LINUX, 156, ' Edg/156.0.0.0'),
  chromeOnWindows: chrome(WINDOWS),
  operaOnWindows: chrome(WINDOWS, 110, ' OPR/96.0.0.0'),
  chromeOs: chrome('X11; CrOS x86_64 14541.0.0'),
  chromeOnAndroid: chrome(ANDROID),
  samsung: `Mozilla/5.0 (${ANDROID}) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/23.0 Chrome/115.0.0.0 Mobile Safari/537.36`,
  firefoxOnLinux: firefox(LINUX, 153),
  firefoxOnAndroid: firefox('Android 16; Mobile', 153),
  firefoxOnWindows: firefox(WINDOWS, 128),
  firefoxOnMac: firefox('Macintosh; Intel Mac OS X 10.15', 153),
  safari: safari(MAC, '17.4'),
  iPad: safari(MAC, '18.6'),
  chromeOniPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604.1',
  webKitGtk: safari(LINUX, '26.0'),
};
type Who = keyof typeof VISITORS;

function advice(code: ContextCode, visitor: Who, adapter?: string) {
  const maxTouchPoints = visitor === 'iPad' ? 5 : 0;
  const origin = 'http://10.0.0.2:8080';
  return adviceFor(code, { origin, userAgent: VISITORS[visitor], maxTouchPoints }, adapter);
}

/** What is seen at once. */
function line(code: ContextCode, visitor: Who, found?: string): string {
  const opened = { kind: 'cpu', code, by: 'page', found, reason: 'Reason.' } as const;
  return whereLine(opened, advice(code, visitor, found), 'the example is smaller');
}

describe('what a visitor without a graphics processor is told', () => {
  test.each([
    ['WEBGPU_UNAVAILABLE', 'firefoxOnLinux', 'Firefox on Linux has WebGPU in Nightly only, so far'],
    [
      'WEBGPU_UNAVAILABLE',
      'firefoxOnAndroid',
      'Firefox on Android has WebGPU in Nightly only, so far',
    ],
    [
      'WEBGPU_UNAVAILABLE',
      'firefoxOnMac',
      'Firefox has WebGPU on Macs with Apple silicon only, so far',
    ],
    ['WEBGPU_UNAVAILABLE', 'firefoxOnWindows', 'Firefox 128 has no WebGPU yet'],
    ['WEBGPU_UNAVAILABLE', 'safari', 'Safari 17 has no WebGPU on this Mac'],
    ['WEBGPU_UNAVAILABLE', 'iPad', 'Safari has no WebGPU on this version of iPadOS'],
    ['WEBGPU_UNAVAILABLE', 'chromeOniPhone', 'Chrome has no WebGPU on this version of iOS'],
    ['WEBGPU_UNAVAILABLE', 'webKitGtk', 'WebKitGTK has no WebGPU yet'],
    ['WEBGPU_UNAVAILABLE', 'samsung', 'This version of Samsung Internet has no WebGPU on Android'],
    ['WEBGPU_UNAVAILABLE', 'chromeOnWindows', 'WebGPU is switched off in this Chrome'],
    ['NO_ADAPTER', 'chromeOnLinux', 'Chrome on Linux offers WebGPU no graphics processor here'],
    ['NO_ADAPTER', 'safari', 'Safari on macOS offers WebGPU no graphics processor here'],
    [
      'INSECURE_CONTEXT',
      'chromeOnWindows',
      'Browsers keep WebGPU from http://10.0.0.2:8080, because the address is not secure',
    ],
  ] as const)('%s, %s: one sentence of their own', (code, visitor, cause) => {
    expect(line(code, visitor)).toBe(`${cause}: computed on the CPU; the example is smaller.`);
  });

  test('a software adapter is named, and the CPU is nobody’s wish', () => {
    expect(line('SOFTWARE_ADAPTER', 'chromeOnLinux', 'google swiftshader')).toBe(
      'Only a software adapter (google swiftshader) is here: computed on the CPU; the example is smaller.',
    );
    expect(line('DEVICE_REQUEST_FAILED', 'chromeOnLinux', 'nvidia')).toBe(
      'The graphics processor (nvidia) was found, but did not start: computed on the CPU; the example is smaller.',
    );
  });

  test('the words tell who decided: the visitor, the page, or a loss', () => {
    const software = {
      kind: 'software',
      code: 'SOFTWARE_REQUESTED',
      found: 'x',
      reason: '',
    } as const;
    const cpu = { kind: 'cpu', code: 'CPU_REQUESTED', found: undefined, reason: 'R.' } as const;
    const told = (opened: typeof software | typeof cpu) =>
      (['visitor', 'page', 'loss'] as const).map((by) => whereLine({ ...opened, by }, undefined));
    expect(told(software).map((words) => words.includes('as you chose'))).toEqual([
      true,
      false,
      false,
    ]);
    const [visitor, page, loss] = told(cpu);
    expect(visitor).toContain('as you chose');
    expect(page).not.toContain('chose');
    expect(loss).toMatch(/device was lost/);
  });

  test.each([
    ['firefoxOnLinux', /Nightly.*about:config.*dom\.webgpu\.enabled/, /Update/],
    ['firefoxOnAndroid', /Nightly/, /about:config/],
    ['firefoxOnWindows', /Update Firefox.*141/, /about:config/],
    ['firefoxOnMac', /Intel processor Firefox has no WebGPU yet/, /Update/],
    ['safari', /macOS 26/, /chrome:/],
    ['iPad', /iPadOS 26/, /macOS|Chrome/],
    ['chromeOniPhone', /iOS 26/, /Chrome/],
    ['webKitGtk', /Chromium/, /Safari 26/],
    ['samsung', /Samsung Internet, which is built on an older Chromium \(115\).*121/, /Chrome 1/],
    ['operaOnWindows', /Update Opera.*113/, /chrome:/],
    ['oldChromeOnLinux', /\(130\).*144/, /113/],
    ['chromeOnWindows', /Windows on ARM/, /Update/],
  ] as const)('%s has no API: its own way to one', (visitor, words, others) => {
    const steps = advice('WEBGPU_UNAVAILABLE', visitor)!.steps.join(' ');
    expect(steps).toMatch(words);
    expect(steps).not.toMatch(others);
  });

  test.each([
    ['chromeOnLinux', /graphics acceleration.*chrome:\/\/gpu/, 'google-chrome'],
    ['edgeOnLinux', /Edge's settings.*edge:\/\/gpu.*edge:\/\/flags/, 'microsoft-edge'],
    ['chromeOnWindows', /chrome:\/\/gpu/, undefined],
    ['chromeOs', /Update ChromeOS/, undefined],
    ['chromeOnAndroid', /Android 12/, undefined],
    ['firefoxOnLinux', /about:support/, undefined],
    ['safari', /Reload.*Update macOS/, undefined],
  ] as const)('%s has no card: its own steps, flags on Linux only', (visitor, words, program) => {
    for (const code of ['NO_ADAPTER', 'SOFTWARE_ADAPTER'] as const) {
      const { steps, command } = advice(code, visitor)!;
      expect(steps.join(' ')).toMatch(words);
      expect(command).toBe(program && `${program} ${LINUX_FLAGS}`);
      const isDesktops = !/Android|safari|firefox/.test(visitor);
      expect(/:\/\/gpu/.test(steps.join(' '))).toBe(isDesktops);
    }
  });

  test('the page, its documentation and the headless browser have one recipe for Linux', async () => {
    const docs = await readFile(new URL('../docs/browsers.md', import.meta.url), 'utf8');
    expect(docs).toContain(`    google-chrome ${LINUX_FLAGS}\n`);
    const headless = chromiumFlags('hardware', 'linux').filter((flag) => flag !== '--no-sandbox');
    expect(docs).toContain(`    ${headless.join(' ')}\n`);
  });

  test('nothing where nothing is amiss', () => {
    expect(advice('HARDWARE', 'chromeOnLinux')).toBeUndefined();
    expect(advice('CPU_REQUESTED', 'chromeOnLinux')).toBeUndefined();
  });
});
