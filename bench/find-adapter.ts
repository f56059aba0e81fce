import { createContext, MixtureError } from '../src/index.ts';
import type { AdapterFound } from './report.ts';

/** The adapter that WebGPU offers this page, or why there is none. */
export async function findAdapter(): Promise<AdapterFound | { readonly reason: string }> {
  try {
    const context = await createContext({ backend: 'webgpu' });
    const { adapter = 'unnamed adapter', software } = context.info;
    context.dispose();
    return { name: adapter, software };
  } catch (error) {
    if (!(error instanceof MixtureError)) throw error;
    return { reason: `${error.message} ${error.hint}` };
  }
}
