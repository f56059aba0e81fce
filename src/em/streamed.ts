import type { Samples } from '../data/samples.ts';
import type { SampledPart, ScannedStream } from '../data/scan-stream.ts';
import type { Standardisation } from '../data/standardisation.ts';
import { MixtureError } from '../errors.ts';
import type { Dataset } from './dataset.ts';
import type { DeviceSlot } from './device-slot.ts';
import { CHUNK_ALIGNMENT } from './kernel-shape.ts';
import type { ThreadSlot } from './thread-slot.ts';

/** Bytes of samples that a stream may bring into memory for good. */
export const MEMORY_LIMIT = 256 * 2 ** 20;
/** Of one chunk, in float32: long enough for a device and for reading, and two of them next to nothing. */
const CHUNK_BYTES = 8 * 2 ** 20;

/** What a dataset of all samples of a stream, of its sketch or of one of its chunks knows of the whole. */
export interface PartOfStream {
  readonly nSamples: number;
  readonly missing: number;
  readonly standardisation: Standardisation;
  /** Some of the samples, in memory; undefined where this is they. */
  readonly sketch?: Dataset;
  /** Set where this is all samples. */
  readonly streamed?: Streamed;
  /** Set where this is a chunk on a device. */
  readonly slot?: DeviceSlot | undefined;
  /** Set where this is a chunk. */
  readonly threads?: ThreadSlot | undefined;
}

/** A stream that is read anew for every pass. */
export interface Streamed {
  readonly found: ScannedStream;
  /** Samples of a chunk, but for the last. */
  readonly chunkSamples: number;
  /** The sketch, with the samples at the ends of the columns. */
  readonly seen: Samples;
}

export const ofStream = ({
  identity,
  missing,
  standardisation,
}: ScannedStream): Pick<PartOfStream, 'nSamples' | 'missing' | 'standardisation'> => ({
  nSamples: identity.nSamples,
  missing,
  standardisation,
});

export function chunkSamplesOf({ identity }: ScannedStream): number {
  const units = Math.floor(CHUNK_BYTES / (4 * identity.nFeatures) / CHUNK_ALIGNMENT);
  return Math.max(1, units) * CHUNK_ALIGNMENT;
}

/** Some samples of a stream, as samples in memory. */
export function partOf({ identity, missing, stream }: ScannedStream, part: SampledPart): Samples {
  return {
    nSamples: part.samples.length,
    nFeatures: identity.nFeatures,
    data: part.data,
    mask: undefined,
    packed: undefined,
    missing,
    columnNames: stream.columnNames,
  };
}

/** All samples of a stream: those of its sketch where that is all; else none, and whoever reads them learns it. */
export function wholeOf(
  { identity, stream, missing, single }: ScannedStream,
  sketch: Samples,
): Samples {
  const { nSamples, nFeatures } = identity;
  if (sketch.nSamples === nSamples) return sketch;
  const bytes = nSamples * nFeatures * (single ? 4 : 8);
  return {
    nSamples,
    nFeatures,
    get data(): never {
      throw new MixtureError(
        'LIMIT_EXCEEDED',
        `This needs all ${nSamples} samples in memory (${bytes} bytes), but they come from a stream beyond memoryLimit.`,
        'Make the dataset with createDataset(samples, { memoryLimit }) and a limit that they fit; or do without: docs/beyond-memory.md says what works on streams.',
        { nSamples, bytes },
      );
    },
    mask: undefined,
    packed: undefined,
    missing,
    columnNames: stream.columnNames,
  };
}

/** @throws MixtureError INVALID_OPTION */
export function requireLimit(memoryLimit: number): void {
  if (typeof memoryLimit === 'number' && memoryLimit >= 0) return;
  throw new MixtureError(
    'INVALID_OPTION',
    `memoryLimit is ${String(memoryLimit)}.`,
    'Give bytes, 0 or more.',
    { option: 'memoryLimit', value: memoryLimit },
  );
}
