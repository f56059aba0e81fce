/** The instance's own names: kernels/state.as.ts and kernels/index.as.ts. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  eStep(fromTile: number, toTile: number): void;
  endSegment(): void;
  measure(fromTile: number, toTile: number): void;
  score(fromTile: number, toTile: number): void;
  nearest(fromTile: number, toTile: number): void;
  predict(fromTile: number, toTile: number): void;
  responsibilities(fromTile: number, toTile: number): void;
  exponentials(count: number): void;
  naturalLogarithms(count: number): void;
}

/** A module with one function: a v128.const of zeros, dropped. */
const WITH_SIMD = 'AGFzbQEAAAABBAFgAAADAgEAChcBFQD9DAAAAAAAAAAAAAAAAAAAAAAaCw==';

/** Whether the engine has WebAssembly with SIMD at all. */
export function hasSimd(): boolean {
  return typeof WebAssembly === 'object' && WebAssembly.validate(bytesOf(WITH_SIMD));
}

/** The bytes of a module. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** A fresh memory with the kernels beside it. */
export async function instantiate(module: WebAssembly.Module): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, {});
  return exports as unknown as Kernels;
}

/** Sets a global of kernels/state.as.ts. */
export function setGlobal(kernels: Kernels, name: string, value: number): void {
  (kernels as unknown as Record<string, WebAssembly.Global<'i32'>>)[name].value = value;
}

export function readGlobal(kernels: Kernels, name: string): number {
  return (kernels as unknown as Record<string, WebAssembly.Global<'f64'>>)[name].value;
}
