/** The kernels cannot be compiled: a policy of the page's (CSP script-src without 'wasm-unsafe-eval') forbids WebAssembly. */
export class KernelsRefused extends Error {}
