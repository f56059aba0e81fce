/** What the build makes of kernels/*.ts (AssemblyScript): two WebAssembly modules as base64. See kernels/plugin.mjs. */
declare module 'virtual:kernels' {
  /** WebAssembly with SIMD. */
  export const plain: string;
  /** The same with fused multiply-adds (relaxed SIMD). */
  export const relaxed: string;
}

/** src/cpu/worker.ts with what it imports, as the text of one script. */
declare module 'virtual:worker' {
  export const text: string;
}
