import { MixtureError } from '../errors.ts';

/** GPUBufferUsage by value: the global does not exist in Node. The numbers are fixed by the WebGPU specification. */
export const BufferUsage = {
  MAP_READ: 0x1,
  COPY_SRC: 0x4,
  COPY_DST: 0x8,
  UNIFORM: 0x40,
  STORAGE: 0x80,
} as const;
const MAP_MODE_READ = 0x1;

/** The buffers of one context, counted: what is made here is destroyed here. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #live = new Set<GPUBuffer>();
  /** Bytes of all live buffers. */
  bytes = 0;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** Buffers made and not yet destroyed. */
  get live(): number {
    return this.#live.size;
  }

  /**
   * A zero-filled buffer; with `fill`, its contents are written before the device first sees it.
   * @throws MixtureError LIMIT_EXCEEDED where it is larger than the device's maxBufferSize
   */
  create(
    label: string,
    size: number,
    usage: number,
    fill?: (bytes: ArrayBuffer) => void,
  ): GPUBuffer {
    const bytes = Math.max(16, Math.ceil(size / 16) * 16);
    const limit =
      usage & BufferUsage.STORAGE
        ? Math.min(
            this.#device.limits.maxBufferSize,
            this.#device.limits.maxStorageBufferBindingSize,
          )
        : this.#device.limits.maxBufferSize;
    if (bytes > limit) {
      throw new MixtureError(
        'LIMIT_EXCEEDED',
        `${label} needs ${bytes} bytes in one buffer, but this device allows ${limit}.`,
        'Use fewer features or components, or the CPU (backend: "cpu").',
        { buffer: label, bytes, limit },
      );
    }
    const buffer = this.#device.createBuffer({
      label,
      size: bytes,
      usage,
      mappedAtCreation: fill !== undefined,
    });
    this.#live.add(buffer);
    this.bytes += bytes;
    if (fill) {
      fill(buffer.getMappedRange());
      buffer.unmap();
    }
    return buffer;
  }

  destroy(buffer: GPUBuffer): void {
    if (!this.#live.delete(buffer)) return;
    this.bytes -= buffer.size;
    buffer.destroy();
  }

  destroyAll(): void {
    for (const buffer of this.#live) this.destroy(buffer);
  }
}

/** Copies the mapped contents of a MAP_READ buffer out and unmaps it. */
export async function readMapped(buffer: GPUBuffer, byteLength: number): Promise<ArrayBuffer> {
  await buffer.mapAsync(MAP_MODE_READ, 0, byteLength);
  try {
    return buffer.getMappedRange(0, byteLength).slice(0);
  } finally {
    buffer.unmap();
  }
}

/** Cuts bytes that lie one after another into float32 arrays, each a copy of its own: a caller may read them as another type. */
export function cutFloats(bytes: ArrayBuffer, lengths: readonly number[]): Float32Array[] {
  let at = 0;
  return lengths.map((length) => {
    const part = new Float32Array(bytes.slice(at, at + length));
    at += length;
    return part;
  });
}

/** Adds up rows of numbers that lie one after another, in float64. */
export function sumRows(values: Float32Array, rows: number): Float64Array {
  const length = values.length / rows;
  const sums = new Float64Array(length);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < length; i++) sums[i] += values[row * length + i];
  }
  return sums;
}
