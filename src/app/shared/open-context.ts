import { createContext, MixtureError } from '../../index.ts';
import type { Context, ContextCode } from '../../index.ts';

/** The context of the page, with what is said about it. */
export interface OpenedContext {
  context: Context;
  kind: 'hardware' | 'software' | 'cpu';
  /** What it runs on, in a few words, such as "nvidia hopper". */
  adapter: string;
  /** Why this one: a sentence or two. */
  reason: string;
  /** What was found when a graphics processor was looked for. */
  code: ContextCode;
}

/**
 * Hardware WebGPU where there is some. A software adapter is taken too, and named as such: the library alone would
 * go to the CPU side, but this page is for watching WebGPU at work. Else the CPU.
 */
export async function openContext(): Promise<OpenedContext> {
  const first = await createContext();
  const { code } = first.info;
  if (code !== 'SOFTWARE_ADAPTER') return described(first, first.info.reason, code);
  try {
    const software = await createContext({ backend: 'webgpu' });
    first.dispose();
    return described(software, `${software.info.reason} ${SLOW}`, code);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    return described(first, `${first.info.reason} ${error.message}`, code);
  }
}

/** The CPU, on as many threads as there are, whatever adapters there are. */
export async function openCpu(): Promise<OpenedContext> {
  const context = await createContext({
    backend: 'cpu',
    threads: navigator.hardwareConcurrency,
  });
  return described(context, context.info.reason, context.info.code);
}

const SLOW = 'The browser found no graphics processor: same numbers, but slow.';

function described(context: Context, reason: string, code: ContextCode): OpenedContext {
  const { backend, software, adapter, threads } = context.info;
  if (backend === 'cpu') {
    const name = threads > 0 ? `CPU, ${threads} threads` : 'CPU';
    return { context, kind: 'cpu', adapter: `${name}, without WebGPU`, reason, code };
  }
  // vendor and architecture; the detail in parentheses is in the reason
  const name = adapter?.replace(/ \(.*$/, '');
  const kind = software ? 'software' : 'hardware';
  // (Firefox tells no names)
  const known = name !== undefined && name !== 'unnamed adapter';
  return { context, kind, adapter: known ? name : `${kind} adapter`, reason, code };
}
