import { hasSimd } from '../cpu/kernels.ts';
import type { ContextInfo } from '../gpu/adapter.ts';
import type { Dataset } from './dataset.ts';

/** Whether a context has worker threads, and they have what they need: WebAssembly SIMD, and samples without missing entries. */
export function canThread(
  { missing }: Pick<Dataset, 'missing'>,
  { backend, threads }: Pick<ContextInfo, 'backend' | 'threads'>,
): boolean {
  return backend === 'cpu' && threads > 0 && missing === 0 && hasSimd();
}
