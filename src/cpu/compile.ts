import { plain, relaxed } from 'virtual:kernels';

let compiled: Promise<WebAssembly.Module> | undefined;

/** The kernels compiled, once: with fused multiply-adds where the engine has relaxed SIMD. */
export function compileKernels(): Promise<WebAssembly.Module> {
  compiled ??= (async () => {
    const fused = bytesOf(relaxed);
    return WebAssembly.compile(WebAssembly.validate(fused) ? fused : bytesOf(plain));
  })();
  return compiled;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
