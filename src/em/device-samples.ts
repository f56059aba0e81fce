import type { Samples } from '../data/samples.ts';
import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import { BufferUsage, type Buffers } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import { CHUNK_ALIGNMENT, TILE_SAMPLES } from './kernel-shape.ts';
import { pacer } from './pause.ts';

/** Samples firstSample .. firstSample + nSamples - 1 on the device, padded with weight 0 to whole tiles. */
export interface DeviceChunk {
  readonly firstSample: number;
  readonly nSamples: number;
  /** float32s between two features: nSamples rounded up to whole tiles. */
  readonly stride: number;
  readonly values: GPUBuffer;
  readonly weights: GPUBuffer;
  /** What float32 rounded off `values`, uploaded when first asked for. */
  valuesLow(): GPUBuffer;
  dispose(): void;
}

/** Cuts the samples into chunks under the device's limits and uploads them. */
export async function uploadChunks(
  samples: Samples,
  standardisation: Standardisation,
  weights: Float64Array | undefined,
  context: Context,
  maxChunkSamples = Infinity,
  signal?: AbortSignal,
): Promise<DeviceChunk[]> {
  const { device, buffers } = context.gpu();
  const { nSamples, nFeatures } = samples;
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const fitting = Math.floor(limit / (4 * nFeatures) / CHUNK_ALIGNMENT) * CHUNK_ALIGNMENT;
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
    Math.ceil(Math.min(maxChunkSamples, nSamples) / CHUNK_ALIGNMENT) * CHUNK_ALIGNMENT,
  );
  const chunks: DeviceChunk[] = [];
  const pause = pacer(signal);
  device.pushErrorScope('out-of-memory');
  let failure: GPUError | null = null;
  try {
    for (let first = 0; first < nSamples; first += chunkSamples) {
      const count = Math.min(chunkSamples, nSamples - first);
      chunks.push(uploadChunk(samples, standardisation, weights, buffers, first, count));
      await pause();
    }
  } catch (error) {
    for (const chunk of chunks) chunk.dispose();
    throw error;
  } finally {
    failure = await context.settle(device.popErrorScope());
  }
  if (failure) {
    for (const chunk of chunks) chunk.dispose();
    throw new MixtureError(
      'OUT_OF_MEMORY',
      `The device has no room for ${nSamples} samples of ${nFeatures} features (${nSamples * nFeatures * 4} bytes).`,
      'Fit a random part of the samples, or use the CPU (backend: "cpu").',
      { bytes: nSamples * nFeatures * 4, message: failure.message },
    );
  }
  return chunks;
}

function uploadChunk(
  { data, nFeatures }: Samples,
  { means, scales }: Standardisation,
  weights: Float64Array | undefined,
  buffers: Buffers,
  firstSample: number,
  nSamples: number,
): DeviceChunk {
  const stride = Math.ceil(nSamples / TILE_SAMPLES) * TILE_SAMPLES;
  const bytes = stride * nFeatures * 4;
  // a tile at a time: reads stay in rows that are still cached, writes in runs of a whole tile
  const transpose = (out: Float32Array, round: (z: number) => number): void => {
    for (let tile = 0; tile < nSamples; tile += TILE_SAMPLES) {
      const end = Math.min(tile + TILE_SAMPLES, nSamples);
      for (let d = 0; d < nFeatures; d++) {
        const mean = means[d];
        const scale = scales[d];
        for (let n = tile, i = (firstSample + tile) * nFeatures + d; n < end; n++, i += nFeatures) {
          out[d * stride + n] = round((data[i] - mean) / scale);
        }
      }
    }
  };
  const values = buffers.create('Dataset.values', bytes, BufferUsage.STORAGE, (mapped) =>
    transpose(new Float32Array(mapped, 0, stride * nFeatures), (z) => z),
  );
  const weightBuffer = buffers.create(
    'Dataset.weights',
    stride * 4,
    BufferUsage.STORAGE,
    (mapped) => {
      const out = new Float32Array(mapped, 0, nSamples);
      if (weights) out.set(weights.subarray(firstSample, firstSample + nSamples));
      else out.fill(1);
    },
  );
  let low: GPUBuffer | undefined;
  return {
    firstSample,
    nSamples,
    stride,
    values,
    weights: weightBuffer,
    valuesLow() {
      low ??= buffers.create('Dataset.valuesLow', bytes, BufferUsage.STORAGE, (mapped) =>
        transpose(new Float32Array(mapped, 0, stride * nFeatures), (z) => z - Math.fround(z)),
      );
      return low;
    },
    dispose() {
      for (const buffer of [values, weightBuffer, low]) if (buffer) buffers.destroy(buffer);
    },
  };
}
