import type { ContextCode } from '../../index.ts';
import { withoutAdapter } from './gpu-advice-adapter.ts';
import { withoutApi } from './gpu-advice-api.ts';
import { browserOf } from './visitor.ts';
import type { Visitor } from './visitor.ts';

/** Why this visitor has no graphics processor at work here, and what they can do about it. */
export interface Advice {
  /** The reason in this visitor's own case, such as "Firefox on Android has WebGPU in Nightly only": a clause to go on from. */
  readonly cause: string;
  readonly steps: readonly string[];
  /** What to start the browser with, on Linux. */
  readonly command?: string | undefined;
  /** Whether something is wrong, and not only so. */
  readonly isWrong?: boolean;
}

/**
 * Undefined where nothing is amiss: a hardware adapter, or a side that was asked for.
 * @param adapter what was found, in a few words
 */
export function adviceFor(
  code: ContextCode,
  visitor: Visitor,
  adapter?: string,
): Advice | undefined {
  const browser = browserOf(visitor);
  const named = adapter === undefined ? '' : ` (${adapter})`;
  switch (code) {
    case 'INSECURE_CONTEXT':
      return {
        cause: `Browsers keep WebGPU from ${visitor.origin}, because the address is not secure`,
        steps: [
          'Open the page by https://, or by http://localhost on the machine that serves it.',
          'It is not your driver and not your graphics card.',
        ],
      };
    case 'WEBGPU_UNAVAILABLE':
      return withoutApi(browser);
    case 'NO_ADAPTER':
      return {
        cause: `${browser.name}${browser.system ? ` on ${browser.system}` : ''} offers WebGPU no graphics processor here`,
        ...withoutAdapter(browser),
      };
    case 'SOFTWARE_ADAPTER':
      return { cause: `Only a software adapter${named} is here`, ...withoutAdapter(browser) };
    case 'SOFTWARE_REQUESTED':
      return {
        cause: `A software adapter${named} computes WebGPU on the processor`,
        ...withoutAdapter(browser),
      };
    case 'DEVICE_REQUEST_FAILED':
      return {
        cause: `The graphics processor${named} was found, but did not start`,
        steps: [
          'Close other pages that use the graphics card, then reload.',
          'Restart the browser.',
        ],
        isWrong: true,
      };
    case 'HARDWARE':
    case 'OWN_DEVICE':
    case 'CPU_REQUESTED':
    case 'NOT_ON_DEVICE':
      return undefined;
  }
}
