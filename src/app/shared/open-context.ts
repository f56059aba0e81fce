import { createContext, MixtureError } from '../../index.ts';
import type { Context } from '../../index.ts';

/** The context of the page, with what is said about it. */
export interface OpenedContext {
  context: Context;
  kind: 'hardware' | 'software' | 'cpu';
  /** What it runs on, in a few words, such as "nvidia hopper". */
  adapter: string;
  /** Why this one: a sentence or two. */
  reason: string;
}

const SLOW = 'The browser found no graphics processor: same numbers, but slow.';

/**
 * Hardware WebGPU where there is some. A software adapter is taken too, and named as such: the library alone would
 * go to the CPU side, but this page is for watching WebGPU at work. Else the CPU.
 */
export async function openContext(): Promise<OpenedContext> {
  const first = await createContext();
  if (first.info.code !== 'SOFTWARE_ADAPTER') return described(first, first.info.reason);
  try {
    const software = await createContext({ backend: 'webgpu' });
    first.dispose();
    return described(software, `${software.info.reason} ${SLOW}`);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    return described(first, `${first.info.reason} ${error.message}`);
  }
}

function described(context: Context, reason: string): OpenedContext {
  const { backend, software, adapter } = context.info;
  if (backend === 'cpu') return { context, kind: 'cpu', adapter: 'CPU without WebGPU', reason };
  // vendor and architecture; the detail in parentheses is in the reason
  const name = adapter?.replace(/ \(.*$/, '') ?? 'unnamed adapter';
  return { context, kind: software ? 'software' : 'hardware', adapter: name, reason };
}
