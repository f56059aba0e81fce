import { BufferSet } from '../gpu/buffer-set.ts';
import { BufferUsage, type Buffers } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Fill } from '../gpu/upload.ts';
import { strideOf, type DeviceChunk } from './device-chunks.ts';
import type { PlaneRequest } from './device-samples.ts';
import type { Steps } from '../data/pause.ts';

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
  readonly #buffers: Buffers;
  readonly #planes: BufferSet;
  readonly #stride: number;

  /** @param chunkSamples the most that a chunk has */
  constructor(context: Context, chunkSamples: number) {
    const { device, buffers } = context.gpu();
    this.#device = device;
    this.#buffers = buffers;
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
    const plane = (name: string, bytes: number, fill: Fill): Steps<GPUBuffer> =>
      this.#plane(written, name, bytes, this.#stride / stride, fill);
    return {
      firstSample: 0,
      nSamples,
      stride,
      weights: this.#weights(nSamples, stride, weights),
      has: (name) => written.has(name),
      plane,
      // (buffers are made for the first chunk: a refusal then is an error of the device)
      refused: () => Promise.resolve(undefined),
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
  }

  #weights(nSamples: number, stride: number, weights: Float64Array | undefined): GPUBuffer {
    const out = new Float32Array(stride);
    if (weights) out.set(weights);
    else out.fill(1, 0, nSamples);
    const buffer = this.#planes.get('weights', 4 * this.#stride, STORAGE | COPY_DST);
    this.#device.queue.writeBuffer(buffer, 0, out);
    return buffer;
  }

  /** @param widening what the largest chunk's plane is longer by: buffers are made for that */
  *#plane(
    written: Map<string, GPUBuffer>,
    name: string,
    bytes: number,
    widening: number,
    fill: Fill,
  ): Steps<GPUBuffer> {
    const existing = written.get(name);
    if (existing) return existing;
    const most = bytes * widening;
    const buffer = this.#planes.get(name, most, STORAGE | COPY_DST);
    yield* this.#buffers.write(buffer, bytes, fill);
    written.set(name, buffer);
    return buffer;
  }
}

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
