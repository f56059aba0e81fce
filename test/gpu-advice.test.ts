import { describe, expect, test } from 'vitest';
import { adviceFor } from '../src/app/shared/gpu-advice.ts';
import type { ContextCode } from '../src/index.ts';

const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36';
const VISITORS = {
  chromeOnLinux: `Mozilla/5.0 (X11; Linux x86_64) ${CHROME}`,
  chromeOnWindows: `Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${CHROME}`,
  chromeOnAndroid:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/110.0 Mobile Safari/537.36',
  firefoxOnLinux: 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0',
  firefoxOnWindows: 'Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
  webKitOnLinux:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/60.5 Safari/605.1.15',
  iPhone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Mobile/15E148 Safari/604.1',
};

function advice(code: ContextCode, visitor: keyof typeof VISITORS) {
  const origin = 'http://10.0.0.2:8080';
  return adviceFor(code, { origin, userAgent: VISITORS[visitor] });
}

describe('what a visitor without a graphics processor is told', () => {
  test('an address that is not secure is named, and drivers are not blamed', () => {
    const told = advice('INSECURE_CONTEXT', 'chromeOnWindows');
    expect(told?.title).toContain('http://10.0.0.2:8080');
    expect(told?.steps.join(' ')).toMatch(/https:.*localhost.*not your driver/s);
  });

  test.each([
    ['firefoxOnLinux', /about:config.*dom\.webgpu\.enabled/],
    ['firefoxOnWindows', /Update Firefox/],
    ['safari', /Safari 26/],
    ['webKitOnLinux', /WebKit has no WebGPU on this system/],
    ['iPhone', /iOS or iPadOS 26/],
    ['chromeOnAndroid', /Android 12/],
    ['chromeOnWindows', /from version 113/],
  ] as const)('%s has no API: its own way to one', (visitor, words) => {
    expect(advice('WEBGPU_UNAVAILABLE', visitor)?.steps.join(' ')).toMatch(words);
  });

  test.each(['NO_ADAPTER', 'SOFTWARE_ADAPTER'] as const)(
    '%s: flags for Chrome on Linux only',
    (code) => {
      expect(advice(code, 'chromeOnLinux')?.command).toMatch(/--enable-unsafe-webgpu .*Vulkan/);
      expect(advice(code, 'chromeOnWindows')?.command).toBeUndefined();
      expect(advice(code, 'chromeOnWindows')?.steps.join(' ')).toContain('chrome://gpu');
      const firefox = advice(code, 'firefoxOnLinux')?.steps.join(' ');
      expect(firefox).toMatch(/about:support.*gfx\.webgpu\.ignore-blocklist/);
      expect(advice(code, 'firefoxOnWindows')?.steps.join(' ')).not.toContain('about:config');
    },
  );

  test('nothing where nothing is amiss', () => {
    expect(advice('HARDWARE', 'chromeOnLinux')).toBeUndefined();
    expect(advice('CPU_REQUESTED', 'chromeOnLinux')).toBeUndefined();
  });
});
