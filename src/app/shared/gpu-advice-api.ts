import type { Advice } from './gpu-advice.ts';
import { linuxFlags } from './gpu-advice-adapter.ts';
import type { BrowserSeen } from './visitor.ts';

/** For a browser that has no WebGPU at all. By docs/browsers.md, "Which browsers have WebGPU". */
export function withoutApi(browser: BrowserSeen): Advice {
  switch (browser.engine) {
    case 'gecko':
      return ofFirefox(browser);
    case 'webkit':
      return ofWebKit(browser);
    case 'chromium':
      return ofChromium(browser);
    case undefined:
      return {
        cause: 'This browser has no WebGPU',
        steps: ['Chrome, Edge and Safari have it, and Firefox on Windows and on newer Macs.'],
      };
  }
}

const ABOUT_CONFIG = 'open about:config, set dom.webgpu.enabled to true, reload';

function ofFirefox({ version = 0, system }: BrowserSeen): Advice {
  if (system === 'Android') {
    return {
      cause: 'Firefox on Android has WebGPU in Nightly only, so far',
      steps: ['Use Firefox Nightly, or Chrome on Android 12 or newer.'],
    };
  }
  if (system === 'macOS') return ofFirefoxOnMac(version);
  if (system !== 'Windows') {
    return {
      cause: `Firefox on ${system ?? 'this system'} has WebGPU in Nightly only, so far`,
      steps: [
        `Use Firefox Nightly; or in this Firefox, ${ABOUT_CONFIG}.`,
        'Or use Chrome or Chromium.',
      ],
    };
  }
  return version >= 141
    ? {
        cause: 'WebGPU is switched off in this Firefox',
        steps: [`To switch it on, ${ABOUT_CONFIG}.`],
      }
    : {
        cause: `Firefox ${version} has no WebGPU yet`,
        steps: ['Update Firefox: WebGPU came to Windows with 141.'],
      };
}

/** Firefox tells no Mac from the other. */
function ofFirefoxOnMac(version: number): Advice {
  const intel =
    'On a Mac with an Intel processor Firefox has no WebGPU yet; Safari 26 and Chrome have it.';
  if (version >= 147) {
    return {
      cause: 'Firefox has WebGPU on Macs with Apple silicon only, so far',
      steps: [intel, `On Apple silicon it may be switched off: ${ABOUT_CONFIG}.`],
    };
  }
  return {
    cause: `Firefox ${version} has no WebGPU on this Mac`,
    steps: [
      'On a Mac with Apple silicon, update Firefox: WebGPU came with 145 to macOS 26, with 147 to older ones.',
      intel,
    ],
  };
}

function ofWebKit({ name, version, system }: BrowserSeen): Advice {
  if (system === 'iOS' || system === 'iPadOS') {
    return {
      cause: `${name} has no WebGPU on this version of ${system}`,
      steps: [`Update to ${system} 26 or newer: Safari has WebGPU from there on.`],
    };
  }
  if (system === 'macOS') {
    return {
      cause: `Safari${version === undefined ? '' : ` ${version}`} has no WebGPU on this Mac`,
      steps: ['Update to macOS 26 or newer, with Safari 26.', 'Or use Chrome or Edge.'],
    };
  }
  return { cause: `${name} has no WebGPU yet`, steps: ['Use Chrome or Chromium.'] };
}

/** Chromium's version that brought WebGPU; to Linux on newer Intel graphics, on NVIDIA's with 147. */
const SINCE = { Android: 121, Linux: 144, other: 113 };

function ofChromium(browser: BrowserSeen): Advice {
  const { name, version = 0, system } = browser;
  const since = system === 'Android' || system === 'Linux' ? SINCE[system] : SINCE.other;
  const at = system ? ` on ${system}` : '';
  const flags = system === 'Linux' ? linuxFlags(browser) : { steps: [], command: undefined };
  if (version < since) {
    const engine = name === 'Chrome' ? '' : ', which is built on an older Chromium';
    return {
      cause: `This version of ${name} has no WebGPU${at}`,
      steps: [
        `Update ${name}${engine} (${version}): WebGPU came${system ? ` to ${system}` : ''} with ${since}.`,
        ...(system === 'Android' ? ['It needs Android 12 or newer.'] : flags.steps),
      ],
      command: flags.command,
    };
  }
  const steps =
    system === 'Windows'
      ? [`On Windows on ARM, set ${browser.scheme}://flags/#enable-unsafe-webgpu.`]
      : system === 'Android'
        ? ['It needs Android 12 or newer.']
        : flags.steps;
  return {
    cause: `WebGPU is switched off in this ${name}`,
    steps: [...steps, 'An embedded or managed browser may have it switched off for good.'],
    command: flags.command,
  };
}
