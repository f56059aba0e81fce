import { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { DeviceChunk } from './device-chunks.ts';
import type { PlaneRequest } from './device-samples.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';

const { STORAGE, COPY_DST } = BufferUsage;

/**
 * Device buffers that chunks of a stream use one after another: planes, weights and the seam's working memory are made for the first
 * chunk and written over for the next.
 */
export class DeviceSlot {
  /** What the seams over the chunks work in. */
  readonly workspace: BufferSet;
  /** The planes that the chunk before was asked for: those of the next are made before it is computed on. */
  #requests: ReadonlyMap<string, PlaneRequest> = new Map();
  #noted = new Map<string, PlaneRequest>();
  readonly #device: GPUDevice;
  readonly #planes: BufferSet;
  readonly #stride: number;
  #staging = new ArrayBuffer(0);

  /** @param chunkSamples the most that a chunk has */
  constructor(context: Context, chunkSamples: number) {
    const { device, buffers } = context.gpu();
    this.#device = device;
    this.#planes = new BufferSet(buffers, 'Stream');
    this.workspace = new BufferSet(buffers, 'StreamDevice');
    this.#stride = strideOf(chunkSamples);
  }

  /** The device's side of the next chunk; the last one's is no longer valid. @param weights N, default 1 each */
  chunk(nSamples: number, weights: Float64Array | undefined): DeviceChunk {
    const stride = strideOf(nSamples);
    const written = new Map<string, GPUBuffer>();
    this.#requests = this.#noted;
    this.#noted = new Map();
    const plane = (name: string, bytes: number, fill: (mapped: ArrayBuffer) => void): GPUBuffer => {
      let buffer = written.get(name);
      if (!buffer) {
        buffer = this.#write(name, bytes, (bytes / stride) * this.#stride, fill);
        written.set(name, buffer);
      }
      return buffer;
    };
    return {
      firstSample: 0,
      nSamples,
      stride,
      weights: plane('weights', stride * 4, (mapped) => {
        const out = new Float32Array(mapped, 0, stride).fill(0);
        if (weights) out.set(weights);
        else out.fill(1, 0, nSamples);
      }),
      plane,
      dispose() {},
    };
  }

  get requests(): readonly PlaneRequest[] {
    return [...this.#requests.values()];
  }

  /** Notes what a chunk is asked for. */
  note(request: PlaneRequest): void {
    this.#noted.set(nameOf(request), request);
  }

  dispose(): void {
    this.#planes.dispose();
    this.workspace.dispose();
    this.#staging = new ArrayBuffer(0);
  }

  /** @param most bytes of the largest chunk's plane: what the buffer is made for */
  #write(
    name: string,
    bytes: number,
    most: number,
    fill: (mapped: ArrayBuffer) => void,
  ): GPUBuffer {
    const buffer = this.#planes.get(name, most, STORAGE | COPY_DST);
    if (this.#staging.byteLength < most) this.#staging = new ArrayBuffer(most);
    else new Uint8Array(this.#staging, 0, bytes).fill(0);
    fill(this.#staging);
    this.#device.queue.writeBuffer(buffer, 0, this.#staging, 0, bytes);
    return buffer;
  }
}

const strideOf = (nSamples: number): number => Math.ceil(nSamples / TILE_SAMPLES) * TILE_SAMPLES;

/** Requests of one name give the same planes. */
function nameOf(request: PlaneRequest): string {
  switch (request.layout) {
    case 'standardised':
      return `standardised ${request.split} ${request.decorrelation !== undefined}`;
    case 'encoded':
      return `encoded ${request.name}`;
    case 'values':
    case 'bits':
      return request.layout;
  }
}
