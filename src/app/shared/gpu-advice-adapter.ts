import type { Advice } from './gpu-advice.ts';
import type { BrowserSeen } from './visitor.ts';

/**
 * Bring Chromium on Linux to the graphics card's Vulkan driver where it does not go there by itself: docs/browsers.md, "Chrome on
 * Linux", has the same line. (x11: Chrome's Vulkan and Wayland do not go together.)
 */
export const LINUX_FLAGS =
  '--enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE';

type Steps = Pick<Advice, 'steps' | 'command'>;

/** What may bring a graphics card to a browser that has WebGPU. By docs/browsers.md, "Which browsers have WebGPU". */
export function withoutAdapter(browser: BrowserSeen): Steps {
  switch (browser.engine) {
    case 'gecko':
      return { steps: ofFirefox(browser) };
    case 'webkit':
      return {
        steps: [
          'Reload the page; if that does not help, restart the browser.',
          `Update ${browser.system ?? 'the system'}: WebGPU and the graphics driver come with it.`,
        ],
      };
    case 'chromium':
      return ofChromium(browser);
    case undefined:
      return { steps: ['Update the browser and the graphics driver.'] };
  }
}

/** For Chromium on Linux, whatever is missing. */
export function linuxFlags({ name, program, scheme }: BrowserSeen): Required<Steps> {
  return {
    steps: [
      `Start ${name} with the line below, or set ${scheme}://flags/#enable-unsafe-webgpu and ${scheme}://flags/#enable-vulkan; the card needs a Vulkan driver.`,
    ],
    command: `${program} ${LINUX_FLAGS}`,
  };
}

function ofFirefox({ system }: BrowserSeen): string[] {
  if (system === 'Android') return ['Update Android and Firefox.'];
  return [
    'about:support says under "Graphics", at "WebGPU", what stands in the way.',
    'Update the graphics driver.',
    ...(system === 'Linux'
      ? [
          'Where the card is blocked: open about:config, set gfx.webgpu.ignore-blocklist to true, restart Firefox.',
        ]
      : []),
  ];
}

function ofChromium(browser: BrowserSeen): Steps {
  const { name, system, scheme } = browser;
  if (system === 'Android') {
    return {
      steps: [
        'WebGPU needs Android 12 and graphics by ARM, Qualcomm or Intel, or Android 16 with those by Imagination.',
        `Update Android and ${name}.`,
      ],
    };
  }
  const why = `${scheme}://gpu says under "WebGPU" what stands in the way.`;
  if (system === 'ChromeOS') return { steps: ['Update ChromeOS.', why] };
  const steps = [
    `In ${name}'s settings, under System, switch graphics acceleration on, and restart ${name}.`,
    `${why} A driver update often helps.`,
  ];
  if (system !== 'Linux') return { steps };
  const flags = linuxFlags(browser);
  return { steps: [...steps, ...flags.steps], command: flags.command };
}
