import { MixtureError } from '../errors.ts';
import { upload, type Fill, type Writing } from './upload.ts';

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
  /** Memory that buffers were written from: the next of a dataset's chunks need not wait for pages of its own. */
  #spare: WeakRef<ArrayBuffer> | undefined;
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
   * A zero-filled buffer.
   * @throws MixtureError LIMIT_EXCEEDED where it is larger than the device's maxBufferSize
   */
  create(label: string, size: number, usage: number): GPUBuffer {
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
    });
    this.#live.add(buffer);
    this.bytes += bytes;
    return buffer;
  }

  /**
   * A buffer with contents, which go to the device in steps. An abort leaves nothing half written.
   * @param length bytes that `fill` writes
   * @param create makes the buffer, by default as `create` does
   */
  *filled(
    label: string,
    length: number,
    usage: number,
    fill: Fill,
    create: (make: () => GPUBuffer) => GPUBuffer = (make) => make(),
  ): Writing<GPUBuffer> {
    const buffer = create(() => this.create(label, length, usage | BufferUsage.COPY_DST));
    let whole = false;
    try {
      yield* this.write(buffer, length, fill);
      whole = true;
      return buffer;
    } finally {
      if (!whole) this.destroy(buffer);
    }
  }

  /** Writes to the start of a COPY_DST buffer, in steps. @param length bytes that `fill` writes */
  *write(buffer: GPUBuffer, length: number, fill: Fill): Writing<void> {
    const spare = this.#spare?.deref();
    this.#spare = undefined; // (another may be written meanwhile)
    const contents = spare && spare.byteLength >= length ? spare : new ArrayBuffer(length);
    try {
      yield* upload(this.#device, buffer, contents, fill);
    } finally {
      this.#spare = new WeakRef(contents);
    }
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

/**
 * Copies the contents of a MAP_READ buffer out, cut into float32 arrays that lie one after another in it; each has memory of its
 * own: a caller may read it as another type.
 * @param lengths bytes of each
 */
export async function readMapped(
  buffer: GPUBuffer,
  lengths: readonly number[],
): Promise<Float32Array[]> {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  await buffer.mapAsync(MAP_MODE_READ, 0, total);
  try {
    const mapped = buffer.getMappedRange(0, total);
    let at = 0;
    return lengths.map((length) => new Float32Array(mapped.slice(at, (at += length))));
  } finally {
    buffer.unmap();
  }
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
