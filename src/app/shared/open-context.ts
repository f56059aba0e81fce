import { createContext, MixtureError } from '../../index.ts';
import type { Context, ContextCode } from '../../index.ts';
import { keptSide } from './side-choice.ts';

/** Who has the page compute where it does: the visitor, by the switch; a device that was lost; else the page itself. */
export type Decider = 'visitor' | 'page' | 'loss';

/** The context of the page, with what is said about it. */
export interface OpenedContext {
  readonly context: Context;
  readonly kind: 'hardware' | 'software' | 'cpu';
  /** What it runs on, in a few words, such as "nvidia hopper" or "CPU, 8 threads". */
  readonly adapter: string;
  /** The adapter that was found, used or not. */
  readonly found: string | undefined;
  /** What the library says of it. */
  readonly reason: string;
  /** What was found when a graphics processor was looked for. */
  readonly code: ContextCode;
  readonly by: Decider;
}

export interface Opening {
  /** Default: the page. */
  readonly by?: Decider;
  /** Whether a software adapter is taken too. It is slower than the CPU's threads by far. */
  readonly software?: boolean;
}

/** Where the visitor once chose to compute, or else where the page would. */
export function openKept(): Promise<OpenedContext> {
  switch (keptSide()) {
    case 'cpu':
      return openCpu('visitor');
    case 'webgpu':
      return openContext({ by: 'visitor', software: true });
    case undefined:
      return openContext();
  }
}

/** Hardware WebGPU where there is some, else the CPU. */
export async function openContext({
  by = 'page',
  software = false,
}: Opening = {}): Promise<OpenedContext> {
  const first = await createContext();
  if (first.info.code !== 'SOFTWARE_ADAPTER' || !software) return described(first, by);
  try {
    const second = await createContext({ backend: 'webgpu' });
    first.dispose();
    return described(second, by);
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    return { ...described(first, by), reason: error.message, code: 'DEVICE_REQUEST_FAILED' };
  }
}

/** The CPU, on as many threads as there are, whatever adapters there are. */
export async function openCpu(by: Decider): Promise<OpenedContext> {
  const context = await createContext({
    backend: 'cpu',
    threads: navigator.hardwareConcurrency,
  });
  return described(context, by);
}

function described(context: Context, by: Decider): OpenedContext {
  const { backend, software, adapter, threads, reason, code } = context.info;
  // vendor and architecture; the detail in parentheses is more than a line has room for (Firefox tells no names)
  const name = adapter?.replace(/ \(.*$/, '');
  const found = name === 'unnamed adapter' ? undefined : name;
  const base = { context, found, reason, code, by };
  if (backend === 'cpu') {
    return { ...base, kind: 'cpu', adapter: threads > 0 ? `CPU, ${threads} threads` : 'CPU' };
  }
  const kind = software ? 'software' : 'hardware';
  return { ...base, kind, adapter: found ?? `${kind} adapter` };
}
