import { abortable } from './abortable.ts';
import type { BufferSet } from './buffer-set.ts';
import { BufferUsage, readMapped } from './buffers.ts';
import type { Context } from './context.ts';
import type { Work } from './work-queue.ts';

/** What to read back: the first `bytes` of a buffer. */
export interface ReadSource {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/**
 * Runs the works, copies the sources to one readback buffer (of `owned`) in the same submit, and gives each back.
 * @throws MixtureError of the context, or the signal's reason
 */
export async function runWorks(
  context: Context,
  owned: BufferSet,
  works: readonly Work[],
  sources: readonly ReadSource[],
  signal?: AbortSignal,
): Promise<Float32Array[]> {
  const { device, queue } = context.gpu();
  const started = performance.now();
  const lengths = sources.map(({ bytes }) => bytes);
  const total = lengths.reduce((sum, bytes) => sum + bytes, 0);
  const { MAP_READ, COPY_DST } = BufferUsage;
  const readback = total > 0 ? owned.get('readback', total, MAP_READ | COPY_DST) : undefined;
  await context.settle(
    queue.run(
      works,
      (encoder) => {
        let at = 0;
        for (const { buffer, bytes } of sources) {
          encoder.copyBufferToBuffer(buffer, 0, readback!, at, bytes);
          at += bytes;
        }
      },
      signal,
    ),
    signal,
  );
  const read = readback
    ? await context.settle(abortable(readMapped(readback, lengths), signal), signal)
    : (await context.settle(device.queue.onSubmittedWorkDone()), []);
  context.assertUsable();
  signal?.throwIfAborted();
  if (works.length > 0) queue.measured(works, performance.now() - started);
  return read;
}
