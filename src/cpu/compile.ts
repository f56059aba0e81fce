import { plain, relaxed } from 'virtual:kernels';
import { bytesOf } from './kernels.ts';
import { KernelsRefused } from './refused.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels compiled, once: with fused multiply-adds where the engine has relaxed SIMD. @throws KernelsRefused */
export function compileKernels(): Promise<WebAssembly.Module> {
  compiled ??= compile();
  return compiled;
}

async function compile(): Promise<WebAssembly.Module> {
  const fused = bytesOf(relaxed);
  try {
    return await WebAssembly.compile(WebAssembly.validate(fused) ? fused : bytesOf(plain));
  } catch (error) {
    throw new KernelsRefused(String(error), { cause: error });
  }
}
