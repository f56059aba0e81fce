/** The instance's own names: kernels/state.as.ts and kernels/index.as.ts. */
export interface Kernels {
  readonly memory: WebAssembly.Memory;
  heapBase(): number;
  eStep(fromTile: number, toTile: number): void;
  endSegment(): void;
  measure(fromTile: number, toTile: number): void;
  score(fromTile: number, toTile: number): void;
  predict(fromTile: number, toTile: number): void;
  responsibilities(fromTile: number, toTile: number): void;
  exponentials(count: number): void;
  naturalLogarithms(count: number): void;
}

/** Whether the engine has WebAssembly's SIMD at all: a function of one i64x2.splat. */
export function hasSimd(): boolean {
  return validates([0xfd, 0x0c, ...new Array<number>(16).fill(0), 0x1a, 0x0b]);
}

/** A module whose one function is this code. */
function validates(code: readonly number[]): boolean {
  const body = [0, ...code];
  return (
    typeof WebAssembly === 'object' &&
    WebAssembly.validate(
      Uint8Array.from([
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...[1, 4, 1, 0x60, 0, 0],
        ...[3, 2, 1, 0],
        ...[10, body.length + 2, 1, body.length, ...body],
      ]),
    )
  );
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
