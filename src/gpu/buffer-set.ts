import type { Buffers } from './buffers.ts';
import type { Fill, Writing } from './upload.ts';

/** Buffers that one owner uses again and again, by name: made on first use, made anew where they must grow. */
export class BufferSet {
  readonly #buffers: Buffers;
  readonly #owner: string;
  readonly #named = new Map<string, GPUBuffer>();

  constructor(buffers: Buffers, owner: string) {
    this.#buffers = buffers;
    this.#owner = owner;
  }

  get(name: string, bytes: number, usage: number): GPUBuffer {
    const existing = this.#named.get(name);
    if (existing && existing.size >= bytes) return existing;
    if (existing) this.#buffers.destroy(existing);
    this.#named.delete(name); // making another may fail
    const buffer = this.#buffers.create(`${this.#owner}.${name}`, bytes, usage);
    this.#named.set(name, buffer);
    return buffer;
  }

  has(name: string): boolean {
    return this.#named.has(name);
  }

  /** A buffer whose contents are written once, in steps, when it is first asked for. */
  *filled(name: string, bytes: number, usage: number, fill: Fill): Writing<GPUBuffer> {
    const existing = this.#named.get(name);
    if (existing) return existing;
    const buffer = yield* this.#buffers.filled(`${this.#owner}.${name}`, bytes, usage, fill);
    this.#named.set(name, buffer);
    return buffer;
  }

  dispose(): void {
    for (const buffer of this.#named.values()) this.#buffers.destroy(buffer);
    this.#named.clear();
  }
}
