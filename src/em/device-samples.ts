import type { Samples } from '../data/samples.ts';
import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import { BufferUsage, type Buffers } from '../gpu/buffers.ts';
import type { Context } from '../gpu/context.ts';
import { decorrelate } from './decorrelation.ts';
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
  /**
   * The samples' planes, uploaded when first asked for: float32 values and, if `split`, what float32 rounded off them;
   * as they are, or decorrelated.
   */
  planes(split: boolean, decorrelation?: Float64Array): GPUBuffer[];
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
  samples: Samples,
  standardisation: Standardisation,
  weights: Float64Array | undefined,
  buffers: Buffers,
  firstSample: number,
  nSamples: number,
): DeviceChunk {
  const { nFeatures } = samples;
  const stride = Math.ceil(nSamples / TILE_SAMPLES) * TILE_SAMPLES;
  const planes = new Map<string, GPUBuffer>();
  const plane = (name: string, low: boolean, decorrelation?: Float64Array): GPUBuffer => {
    let buffer = planes.get(name);
    if (!buffer) {
      const bytes = stride * nFeatures * 4;
      buffer = buffers.create(`Dataset.${name}`, bytes, BufferUsage.STORAGE, (mapped) => {
        const out = new Float32Array(mapped, 0, stride * nFeatures);
        transpose(samples, standardisation, decorrelation, firstSample, nSamples, (d, n, z) => {
          out[d * stride + n] = low ? z - Math.fround(z) : z;
        });
      });
      planes.set(name, buffer);
    }
    return buffer;
  };
  const values = plane('values', false);
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
  return {
    firstSample,
    nSamples,
    stride,
    values,
    weights: weightBuffer,
    planes(split, decorrelation) {
      const prefix = decorrelation ? 'decorrelated' : 'values';
      const high = plane(prefix, false, decorrelation);
      return split ? [high, plane(`${prefix}Low`, true, decorrelation)] : [high];
    },
    dispose() {
      for (const buffer of [weightBuffer, ...planes.values()]) buffers.destroy(buffer);
    },
  };
}

/** Visits standardised samples a tile at a time: rows are formed once, and a feature's values of a tile come in a run. */
function transpose(
  { data, nFeatures }: Samples,
  { means, scales }: Standardisation,
  decorrelation: Float64Array | undefined,
  firstSample: number,
  nSamples: number,
  write: (feature: number, sample: number, value: number) => void,
): void {
  const rows = new Float64Array(TILE_SAMPLES * nFeatures);
  for (let tile = 0; tile < nSamples; tile += TILE_SAMPLES) {
    const count = Math.min(TILE_SAMPLES, nSamples - tile);
    const from = (firstSample + tile) * nFeatures;
    for (let n = 0, i = 0; n < count; n++) {
      for (let d = 0; d < nFeatures; d++, i++) rows[i] = (data[from + i] - means[d]) / scales[d];
      if (decorrelation) decorrelate(decorrelation, rows, nFeatures, n * nFeatures);
    }
    for (let d = 0; d < nFeatures; d++) {
      for (let n = 0; n < count; n++) write(d, tile + n, rows[n * nFeatures + d]);
    }
  }
}
