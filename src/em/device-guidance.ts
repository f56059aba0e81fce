import { BufferUsage } from '../gpu/buffers.ts';
import type { BufferSet } from '../gpu/buffer-set.ts';
import type { Dataset } from './dataset.ts';
import type { DeviceChunk } from './device-chunks.ts';
import type { Guidance } from './guidance.ts';
import type { Steps } from '../data/pause.ts';

/**
 * A chunk's sample weights, and after them what guides its samples, a row each: one buffer, since kernels use all eight that
 * every device grants. Written once, in steps.
 */
export function* guidedWeights(
  owned: BufferSet,
  { relativeWeights }: Dataset,
  { stride, nSamples, firstSample }: DeviceChunk,
  guidance: Guidance,
): Steps<GPUBuffer> {
  const tail = guidance.tail?.(firstSample) ?? [];
  const length = stride * (1 + guidance.rows) + tail.length;
  const name = `guidance${firstSample}`;
  return yield* owned.filled(
    name,
    length * 4,
    BufferUsage.STORAGE,
    function* fill(contents, ready) {
      const out = new Float32Array(contents, 0, length);
      out.set(tail, length - tail.length);
      for (let i = 0; i < nSamples; i++) {
        if (i % 256 === 255) yield;
        out[i] = relativeWeights ? relativeWeights[firstSample + i] : 1;
        for (let row = 0; row < guidance.rows; row++) {
          out[(1 + row) * stride + i] = guidance.deviceValue(firstSample + i, row);
        }
      }
      for (let row = 0; row <= guidance.rows; row++) {
        out.fill(0, row * stride + nSamples, (row + 1) * stride);
      }
      ready(0, length * 4);
    },
  );
}
