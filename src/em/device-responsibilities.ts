import { BufferUsage } from '../gpu/buffers.ts';
import type { Dataset } from './dataset.ts';
import { SCRATCH_BYTES } from './device-e-step.ts';
import type { Model } from './device-model.ts';
import type { DeviceWorks } from './device-works.ts';
import { TILE_SAMPLES } from './kernel-shape.ts';
import { pacer } from '../data/pause.ts';
import { rowsOf } from './responsibility-rows.ts';

const USAGE = BufferUsage.STORAGE | BufferUsage.COPY_SRC;

/**
 * `Seam.forEachResponsibilities` on the device: as many samples at a time as the scratch holds, handed over in small blocks with
 * turns of the event loop.
 * @param impossible the log-density below which no component can have made a sample, and the row that such a sample gets
 */
export async function visitResponsibilities(
  works: DeviceWorks,
  dataset: Dataset,
  model: Model,
  { below, prior }: { readonly below: number; readonly prior: Float64Array },
  visit: (firstSample: number, count: number, responsibilities: Float32Array) => void,
  { signal, logarithms }: { signal: AbortSignal | undefined; logarithms: boolean },
): Promise<void> {
  const { nComponents } = model;
  const tiles = Math.max(1, Math.floor(SCRATCH_BYTES / (TILE_SAMPLES * nComponents * 4)));
  const rangeSamples = Math.min(tiles * TILE_SAMPLES, works.largestStride);
  const posterior = works.buffer('posterior', rangeSamples * nComponents * 4, USAGE);
  const pause = pacer(signal);
  for (const [index, chunk] of dataset.deviceChunks.entries()) {
    let pending = await works.likelihood(chunk, index, model);
    let maxima: Float32Array | undefined;
    for (let first = 0; first < chunk.nSamples; first += rangeSamples) {
      const count = Math.min(rangeSamples, chunk.nSamples - first);
      const units = Math.ceil(count / TILE_SAMPLES);
      pending.push(await works.responsibilities(chunk, model, posterior, first, units, logarithms));
      const bytes = units * TILE_SAMPLES * nComponents * 4;
      const sources = [{ buffer: posterior, bytes }];
      if (first === 0 && below > -Infinity) {
        sources.push({ buffer: works.logLikelihoods()[0], bytes: chunk.nSamples * 4 });
      }
      const [values, read] = await works.run(pending, sources, signal);
      maxima ??= read;
      pending = [];
      const impossible = (n: number): boolean => maxima !== undefined && maxima[first + n] < below;
      const columns = { values, stride: units * TILE_SAMPLES, count };
      const rows = rowsOf(columns, (n) => (impossible(n) ? prior : undefined), nComponents);
      for (const { from, length, block } of rows) {
        visit(chunk.firstSample + first + from, length, block);
        await pause();
      }
    }
  }
}
