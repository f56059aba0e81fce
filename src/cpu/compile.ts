import { plain, relaxed } from 'virtual:kernels';
import { bytesOf } from './kernels.ts';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels compiled, once: with fused multiply-adds where the engine has relaxed SIMD. */
export function compileKernels(): Promise<WebAssembly.Module> {
  compiled ??= (async () => {
    const fused = bytesOf(relaxed);
    return WebAssembly.compile(WebAssembly.validate(fused) ? fused : bytesOf(plain));
  })();
  return compiled;
}
