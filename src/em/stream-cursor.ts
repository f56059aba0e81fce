import { partOfWeights } from '../data/sample-weights.ts';
import { StreamReader } from '../data/stream-reader.ts';
import { Dataset } from './dataset.ts';
import { uploadPlanes } from './device-samples.ts';
import { DeviceSlot } from './device-slot.ts';
import { inTurns } from '../data/pause.ts';
import type { Seam } from './seam.ts';
import { ThreadSlot } from './thread-slot.ts';

/** A chunk in memory, on the device or on worker threads. */
export interface LoadedChunk {
  readonly firstSample: number;
  readonly nSamples: number;
  /** Whoever takes the chunk disposes of it. */
  readonly seam: Seam;
}

/** A side of the seam over a chunk, its samples where it computes. */
export type OpenChunk = (chunk: Dataset, firstSample: number) => Promise<Seam>;

/** The memory that chunks come into, one after another. */
interface Slot {
  readonly rows: Float32Array | Float64Array;
  readonly device: DeviceSlot | undefined;
  readonly threads: ThreadSlot;
}

/** Numbers; for worker threads in memory that these see, too, where the runtime has any: then nothing need be copied to be sent. */
function rowsFor(length: number, single: boolean, threads: boolean): Float32Array | Float64Array {
  const NumberArray = single ? Float32Array : Float64Array;
  if (!threads || typeof SharedArrayBuffer === 'undefined') return new NumberArray(length);
  const memory = new SharedArrayBuffer(length * NumberArray.BYTES_PER_ELEMENT);
  return single ? new Float32Array(memory) : new Float64Array(memory);
}

/** Two slots: while one chunk is computed on, the next is read, standardised and uploaded. */
export class StreamSlots {
  readonly dataset: Dataset;
  #slots: Slot[] = [];

  constructor(dataset: Dataset) {
    this.dataset = dataset;
  }

  /** @param index 0 or 1 */
  at(index: number): Slot {
    const { streamed, nFeatures, context } = this.dataset;
    const { found, chunkSamples } = streamed!;
    const length = chunkSamples * nFeatures;
    const threads = context?.backend === 'cpu' && context.threads > 0;
    this.#slots[index] ??= {
      rows: rowsFor(length, found.single, threads),
      device: context?.backend === 'webgpu' ? new DeviceSlot(context, chunkSamples) : undefined,
      threads: new ThreadSlot(chunkSamples),
    };
    return this.#slots[index];
  }

  dispose(): void {
    for (const { device, threads } of this.#slots) {
      device?.dispose();
      threads.dispose();
    }
    this.#slots = [];
  }
}

/** One reading of a stream, a chunk at a time. At most two chunks are there: the one taken last and the one after it. */
export class StreamCursor {
  readonly #slots: StreamSlots;
  readonly #reader: StreamReader;
  readonly #open: OpenChunk;
  #index = 0;
  #next: Promise<LoadedChunk | undefined> | undefined;

  constructor(slots: StreamSlots, open: OpenChunk, signal?: AbortSignal) {
    const { found } = slots.dataset.streamed!;
    this.#slots = slots;
    this.#open = open;
    this.#reader = new StreamReader(found.stream, found.identity, signal);
  }

  /** The first sample of the chunk that comes next. */
  position = 0;

  /** Passes over samples, before the first chunk is taken. */
  async skip(count: number): Promise<void> {
    await this.#reader.skip(count);
    this.position = this.#reader.position;
  }

  /** The next chunk, once its predecessor is done with; undefined at the end. */
  async take(): Promise<LoadedChunk | undefined> {
    const chunk = await (this.#next ?? this.#load());
    this.#next = undefined;
    if (!chunk) return undefined;
    this.position = chunk.firstSample + chunk.nSamples;
    this.#next = this.#load();
    // (whoever takes it hears of it)
    this.#next.catch(() => {});
    return chunk;
  }

  /** Ends the reading; to be called in any case. */
  async close(): Promise<void> {
    const next = await this.#next?.catch(() => undefined);
    next?.seam.dispose();
    await this.#reader.close();
  }

  async #load(): Promise<LoadedChunk | undefined> {
    const { dataset } = this.#slots;
    const { nFeatures, missing, relativeWeights, context } = dataset;
    const { rows, device, threads } = this.#slots.at(this.#index);
    this.#index = 1 - this.#index;
    const firstSample = this.#reader.position;
    const nSamples = await this.#reader.read(rows);
    if (nSamples === 0) return undefined;
    const weights = relativeWeights?.subarray(firstSample, firstSample + nSamples);
    const samples = {
      nSamples,
      nFeatures,
      data: rows.subarray(0, nSamples * nFeatures),
      mask: undefined,
      packed: undefined,
      missing,
      columnNames: undefined,
    };
    const { nSamples: all, standardisation, sketch } = dataset.of!;
    const of = { nSamples: all, missing, standardisation, sketch: sketch!, slot: device, threads };
    const chunks = device ? [device.chunk(nSamples, weights)] : [];
    const own = weights && partOfWeights(weights);
    const chunk = new Dataset(samples, own, context, chunks, of);
    for (const request of device?.requests ?? [])
      await inTurns(uploadPlanes(chunk, chunks[0], request));
    return { firstSample, nSamples, seam: await this.#open(chunk, firstSample) };
  }
}
