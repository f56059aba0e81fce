import type { Samples } from '../data/samples.ts';
import { MixtureError } from '../errors.ts';
import { BufferUsage, type Buffers } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import type { Fill } from '../gpu/upload.ts';
import { CHUNK_ALIGNMENT, TILE_SAMPLES } from './kernel-shape.ts';
import type { Steps } from '../data/pause.ts';
import type { SampleRange } from './seam.ts';

/** Samples firstSample .. firstSample + nSamples - 1 on the device, padded with weight 0 to whole tiles. */
export interface DeviceChunk {
  readonly firstSample: number;
  readonly nSamples: number;
  /** float32s between two features: nSamples rounded up to whole tiles. */
  readonly stride: number;
  readonly weights: GPUBuffer;
  /** A part of another chunk: which, and after how many of its samples (whole tiles) it begins. Its planes are the other's. */
  readonly within?: { readonly chunk: DeviceChunk; readonly offset: number };
  /** Whether a plane of that name is there. */
  has(name: string): boolean;
  /** A plane of samples by name, made by `fill` when first asked for. */
  plane(name: string, bytes: number, fill: Fill): Steps<GPUBuffer>;
  /** What the device had no room for since it was last asked; those planes are gone again. */
  refused(): Promise<GPUError | undefined>;
  dispose(): void;
}

/**
 * Bytes of a chunk of float32 samples, about. A workgroup reads a few samples of every feature: in a chunk of 32 MiB they lie in
 * 16 of a GPU's 2 MiB pages, in one of 512 MB in as many as there are features, and an E-step waits for addresses (H200, D = 128).
 * Many features are mostly bits, which take a 32nd.
 */
const chunkBytes = (nFeatures: number): number => (nFeatures <= 256 ? 32 : 128) * 2 ** 20;

/**
 * Cuts the samples into chunks under the device's limits; their weights are uploaded, their planes when asked for.
 * @throws MixtureError LIMIT_EXCEEDED
 */
export function* cutChunks(
  { nSamples, nFeatures }: Samples,
  weights: Float64Array | undefined,
  context: Context,
  maxChunkSamples = Infinity,
): Steps<DeviceChunk[]> {
  const { device, buffers } = context.gpu();
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  // 'encoded' planes have up to two numbers a feature; only where that is too much for one slab, one
  const slabs = (width: number): number => Math.floor(limit / (4 * width) / CHUNK_ALIGNMENT);
  const fitting = (slabs(2 * nFeatures) || slabs(nFeatures)) * CHUNK_ALIGNMENT;
  if (fitting === 0) {
    throw new MixtureError(
      'LIMIT_EXCEEDED',
      `${CHUNK_ALIGNMENT} samples of ${nFeatures} features need ${CHUNK_ALIGNMENT * nFeatures * 4} bytes in one buffer, but this device allows ${limit}.`,
      'Use fewer features, or the CPU (backend: "cpu").',
      { bytes: CHUNK_ALIGNMENT * nFeatures * 4, limit },
    );
  }
  const chunkSamples = Math.min(
    fitting,
    Math.max(1, Math.floor(chunkBytes(nFeatures) / (4 * nFeatures * CHUNK_ALIGNMENT))) *
      CHUNK_ALIGNMENT,
    Math.ceil(Math.min(maxChunkSamples, nSamples) / CHUNK_ALIGNMENT) * CHUNK_ALIGNMENT,
  );
  const chunks: DeviceChunk[] = [];
  // without weights, one buffer of ones serves all whole chunks
  let ones: GPUBuffer | undefined;
  let whole = false;
  try {
    for (let first = 0; first < nSamples; first += chunkSamples) {
      const count = Math.min(chunkSamples, nSamples - first);
      const own = weights?.subarray(first, first + count);
      const shared = !own && count === chunkSamples ? ones : undefined;
      const weightBuffer = shared ?? (yield* uploadWeights(buffers, own, count));
      if (!own && count === chunkSamples) ones = weightBuffer;
      chunks.push(makeChunk(weightBuffer, device, buffers, first, count));
    }
    whole = true;
    return chunks;
  } finally {
    if (!whole) for (const chunk of chunks) chunk.dispose();
  }
}

/** float32s between two features of so many samples: whole tiles. */
export const strideOf = (nSamples: number): number =>
  Math.ceil(nSamples / TILE_SAMPLES) * TILE_SAMPLES;

/** Samples whose weights are written in a step. */
const WEIGHTS_A_STEP = 2 ** 16;

/** A chunk's weights, 0 in the padding; each 1 where none are given. */
function* uploadWeights(
  buffers: Buffers,
  weights: Float64Array | undefined,
  nSamples: number,
): Steps<GPUBuffer> {
  const bytes = strideOf(nSamples) * 4;
  return yield* buffers.filled(
    'Dataset.weights',
    bytes,
    BufferUsage.STORAGE,
    function* fill(contents, ready) {
      const out = new Float32Array(contents, 0, bytes / 4).fill(0, nSamples);
      for (let first = 0; first < nSamples; first += WEIGHTS_A_STEP, yield) {
        const end = Math.min(first + WEIGHTS_A_STEP, nSamples);
        if (weights) out.set(weights.subarray(first, end), first);
        else out.fill(1, first, end);
        ready(4 * first, end === nSamples ? bytes : 4 * end);
      }
    },
  );
}

function makeChunk(
  weightBuffer: GPUBuffer,
  device: GPUDevice,
  buffers: Buffers,
  firstSample: number,
  nSamples: number,
): DeviceChunk {
  const stride = strideOf(nSamples);
  const planes = new Map<string, GPUBuffer>();
  let disposed = false;
  let allocations: { name: string; refused: Promise<GPUError | null> }[] = [];
  const drop = (buffer: GPUBuffer | undefined): void => {
    if (buffer) buffers.destroy(buffer);
  };
  return {
    firstSample,
    nSamples,
    stride,
    weights: weightBuffer,
    has: (name) => planes.has(name),
    *plane(name, bytes, fill) {
      const existing = planes.get(name);
      if (existing) return existing;
      const buffer = yield* buffers.filled(
        `Dataset.${name}`,
        bytes,
        BufferUsage.STORAGE,
        fill,
        (make) => {
          device.pushErrorScope('out-of-memory');
          try {
            return make();
          } finally {
            // (a lost device is whoever uses the buffer's to report)
            allocations.push({ name, refused: device.popErrorScope().catch(() => null) });
          }
        },
      );
      const other = planes.get(name); // somebody asked for it at one go meanwhile
      if (other || disposed) drop(buffer);
      else planes.set(name, buffer);
      return other ?? buffer;
    },
    async refused() {
      const made = allocations;
      allocations = [];
      let first: GPUError | undefined;
      for (const { name, refused } of made) {
        const error = await refused;
        if (!error) continue;
        first ??= error;
        drop(planes.get(name));
        planes.delete(name);
      }
      return first;
    },
    dispose() {
      disposed = true;
      for (const buffer of [weightBuffer, ...planes.values()]) buffers.destroy(buffer);
      planes.clear();
    },
  };
}

/** The parts of chunks that a range covers, in order; it begins with a tile, and ends with one or with the last sample. */
export function chunksWithin(
  chunks: readonly DeviceChunk[],
  { firstSample, nSamples }: SampleRange,
): DeviceChunk[] {
  return chunks.flatMap((chunk) => {
    const offset = Math.max(0, firstSample - chunk.firstSample);
    const end = Math.min(chunk.nSamples, firstSample + nSamples - chunk.firstSample);
    if (end <= offset) return [];
    if (offset === 0 && end === chunk.nSamples) return [chunk];
    const first = chunk.firstSample + offset;
    return [{ ...chunk, firstSample: first, nSamples: end - offset, within: { chunk, offset } }];
  });
}

/** Tiles of samples that a chunk, or a part of one, has. */
export const tilesOf = ({ nSamples }: DeviceChunk): number => Math.ceil(nSamples / TILE_SAMPLES);
