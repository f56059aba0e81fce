import { StreamReader } from '../data/stream-reader.ts';
import { Dataset } from './dataset.ts';
import { uploadPlanes } from './device-samples.ts';
import { DeviceSlot } from './device-slot.ts';

/** A chunk in memory and, where the dataset has a device, on it. */
export interface LoadedChunk {
  readonly firstSample: number;
  readonly dataset: Dataset;
}

/** The memory that chunks come into, one after another. */
interface Slot {
  readonly rows: Float32Array | Float64Array;
  readonly device: DeviceSlot | undefined;
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
    this.#slots[index] ??= {
      rows: found.single ? new Float32Array(length) : new Float64Array(length),
      device: context?.backend === 'webgpu' ? new DeviceSlot(context, chunkSamples) : undefined,
    };
    return this.#slots[index];
  }

  dispose(): void {
    for (const { device } of this.#slots) device?.dispose();
    this.#slots = [];
  }
}

/** One reading of a stream, a chunk at a time. At most two chunks are there: the one taken last and the one after it. */
export class StreamCursor {
  readonly #slots: StreamSlots;
  readonly #reader: StreamReader;
  #index = 0;
  #next: Promise<LoadedChunk | undefined> | undefined;

  constructor(slots: StreamSlots, signal?: AbortSignal) {
    const { found } = slots.dataset.streamed!;
    this.#slots = slots;
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
    this.position = chunk.firstSample + chunk.dataset.nSamples;
    this.#next = this.#load();
    // (whoever takes it hears of it)
    this.#next.catch(() => {});
    return chunk;
  }

  /** Ends the reading; to be called in any case. */
  async close(): Promise<void> {
    await this.#next?.catch(() => {});
    await this.#reader.close();
  }

  async #load(): Promise<LoadedChunk | undefined> {
    const { dataset } = this.#slots;
    const { nFeatures, missing, relativeWeights, context } = dataset;
    const { rows, device } = this.#slots.at(this.#index);
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
    const of = { nSamples: all, missing, standardisation, sketch: sketch!, slot: device };
    const chunks = device ? [device.chunk(nSamples, weights)] : [];
    const chunk = new Dataset(samples, undefined, weights, context, chunks, of);
    for (const request of device?.requests ?? []) uploadPlanes(chunk, chunks[0], request);
    return { firstSample, dataset: chunk };
  }
}
