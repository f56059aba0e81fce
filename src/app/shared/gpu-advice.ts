import type { ContextCode } from '../../index.ts';

/** Who looks at the page. */
export interface Visitor {
  /** The page's address, without its path: "http://10.0.0.2:8080". */
  readonly origin: string;
  readonly userAgent: string;
}

/** Why this visitor has no graphics processor at work here, and what they can do about it. */
export interface Advice {
  readonly title: string;
  readonly steps: readonly string[];
  /** What to start Chrome with on Linux. */
  readonly command: string | undefined;
}

/** Flags that bring Chrome on Linux to the graphics card's Vulkan driver. */
const LINUX_COMMAND = 'google-chrome --enable-unsafe-webgpu --enable-features=Vulkan';

/** Undefined where nothing is amiss: a hardware adapter, or a side that was asked for. */
export function adviceFor(code: ContextCode, visitor: Visitor): Advice | undefined {
  switch (code) {
    case 'INSECURE_CONTEXT':
      return {
        title: `Browsers keep WebGPU from ${visitor.origin}, because the address is not secure.`,
        steps: [
          'Open the page by https://, or by http://localhost on the machine that serves it.',
          'It is not your driver and not your graphics card.',
        ],
        command: undefined,
      };
    case 'WEBGPU_UNAVAILABLE':
      return {
        title: 'This browser has no WebGPU.',
        steps: withoutApi(visitor),
        command: undefined,
      };
    case 'NO_ADAPTER':
      return {
        title: 'This browser has WebGPU, but gives no graphics processor.',
        steps: withoutAdapter(visitor),
        command: isChromeOnLinux(visitor) ? LINUX_COMMAND : undefined,
      };
    case 'SOFTWARE_ADAPTER':
    case 'SOFTWARE_REQUESTED':
      return {
        title:
          'This browser computes WebGPU on the processor, without a graphics card: same numbers, but slow.',
        steps: withoutAdapter(visitor),
        command: isChromeOnLinux(visitor) ? LINUX_COMMAND : undefined,
      };
    case 'DEVICE_REQUEST_FAILED':
      return {
        title: 'The graphics processor was found, but refused to start.',
        steps: [
          'Close other pages that use the graphics card, then reload.',
          'Restart the browser.',
        ],
        command: undefined,
      };
    case 'HARDWARE':
    case 'OWN_DEVICE':
    case 'CPU_REQUESTED':
    case 'NOT_ON_DEVICE':
      return undefined;
  }
}

/** By browser and system, as of 2026. */
function withoutApi({ userAgent }: Visitor): string[] {
  if (/Firefox\//.test(userAgent)) {
    if (/Windows|Mac OS X/.test(userAgent)) {
      return [
        'Update Firefox: 141 brought WebGPU to Windows, 145 to macOS on Apple silicon (147 where macOS is older than 26).',
        'Or use Chrome or Edge, or Safari 26.',
      ];
    }
    return [
      'Firefox has WebGPU on this system behind a switch: open about:config, set dom.webgpu.enabled to true, reload.',
      'Or use Chrome or Edge.',
    ];
  }
  if (/iPhone|iPad/.test(userAgent))
    return ['Update to iOS or iPadOS 26: Safari has WebGPU from there on.'];
  if (/Safari\//.test(userAgent) && !/Chrom(e|ium)\//.test(userAgent)) {
    return /Mac OS X/.test(userAgent)
      ? ['Update to Safari 26, or use Chrome or Edge.']
      : ['WebKit has no WebGPU on this system: use Chrome or Edge.'];
  }
  if (/Android/.test(userAgent))
    return ['Chrome has WebGPU on Android 12 and later, from version 121.'];
  return [
    'Update the browser: Chrome and Edge have WebGPU from version 113.',
    'An embedded or managed browser may have it switched off.',
  ];
}

function withoutAdapter(visitor: Visitor): string[] {
  if (/Firefox\//.test(visitor.userAgent)) {
    return [
      'In about:support, look at "WebGPU" and "Graphics" for the reason.',
      'Update the graphics driver.',
      ...(/Windows|Mac OS X/.test(visitor.userAgent)
        ? []
        : [
            'Where it is blocked: open about:config, set gfx.webgpu.ignore-blocklist to true, restart Firefox.',
          ]),
    ];
  }
  return [
    'In the browser\'s settings, under System, switch "Use graphics acceleration when available" on, and restart.',
    'chrome://gpu says under "WebGPU" what stands in the way; a driver update often helps.',
    ...(isChromeOnLinux(visitor)
      ? ['On Linux, start Chrome with these flags (or set them at chrome://flags):']
      : []),
  ];
}

function isChromeOnLinux({ userAgent }: Visitor): boolean {
  return (
    /Linux|X11|CrOS/.test(userAgent) &&
    /Chrom(e|ium)\//.test(userAgent) &&
    !/Android/.test(userAgent)
  );
}
