import { createContext, MixtureError, type Context, type ContextOptions } from '../src/index.ts';

/** Where a fit computes: the plain float64 reference, the fast CPU side on several threads, or an adapter. */
export type SideName = 'cpu' | 'threads' | 'webgpu';
export const SIDES: readonly SideName[] = ['cpu', 'threads', 'webgpu'];

/** What differs between a page and Node. */
export interface Surroundings {
  /** In place of `navigator.gpu`. */
  readonly gpu?: GPU | undefined;
  /** Of the fast CPU side; default: as many as the machine has. */
  readonly threads?: number | undefined;
}

/** The name of an adapter, and whether it computes on the CPU. */
export interface AdapterFound {
  readonly name: string;
  readonly software: boolean;
  /** Where the host could find it out. */
  readonly driver?: string;
}

/** @throws MixtureError as `createContext`; Error where this library has no threads on the CPU */
export async function openSide(side: SideName, around: Surroundings = {}): Promise<Context> {
  if (side === 'cpu') return createContext({ backend: 'cpu' });
  if (side === 'webgpu') {
    return createContext({ backend: 'webgpu', ...(around.gpu ? { gpu: around.gpu } : {}) });
  }
  const threads = around.threads ?? globalThis.navigator?.hardwareConcurrency ?? 2;
  const options = { backend: 'cpu', threads } as ContextOptions;
  const context = await createContext(options);
  if (threadsOf(context) === 0) {
    context.dispose();
    throw new Error('The CPU side of this build has no threads.');
  }
  return context;
}

/** Worker threads that a context computes on; 0 for the plain reference and on a device. */
export function threadsOf(context: Context): number {
  return (context as { threads?: number }).threads ?? 0;
}

/** The sides that can be had here. */
export async function findSides(around: Surroundings = {}): Promise<SideName[]> {
  const found: SideName[] = [];
  for (const side of SIDES) {
    try {
      (await openSide(side, around)).dispose();
      found.push(side);
    } catch (error) {
      if (side !== 'threads' && !(error instanceof MixtureError)) throw error;
    }
  }
  return found;
}

/** The adapter, or why there is none. */
export async function findAdapter(
  around: Surroundings = {},
): Promise<AdapterFound | { readonly reason: string }> {
  try {
    const context = await openSide('webgpu', around);
    const { adapter = 'unnamed adapter', software } = context.info;
    context.dispose();
    return { name: adapter, software };
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    return { reason: `${error.message} ${error.hint}` };
  }
}
