import { MixtureError } from '../errors.ts';
import { ColumnSummary } from './column-summary.ts';
import type { NamedMatrix, SampleStream } from './sample-forms.ts';
import { Sketcher } from './sketch.ts';
import type { Standardisation } from './standardisation.ts';
import { Checksum, type StreamIdentity } from './stream-reader.ts';
import { fitsFloat32, joinParts, joinWeights, readParts, type StreamPart } from './stream-parts.ts';

/** Samples that starts are found from. */
const SKETCH_SAMPLES = 65536;
/** Of wide samples fewer, but no fewer than LEAST_SKETCH: what the sketch may take. */
const SKETCH_BYTES = 64 * 2 ** 20;
const LEAST_SKETCH = 4096;

/** What one reading of a stream tells of its samples. */
export interface ScannedStream {
  readonly stream: SampleStream;
  readonly identity: StreamIdentity;
  readonly standardisation: Standardisation;
  readonly missing: number;
  /** Whether float32 holds every number. */
  readonly single: boolean;
  /** A random part of the samples, all where they are few. */
  readonly sketch: SampledPart;
  /** The same with the samples that hold each column's ends. */
  readonly withEnds: SampledPart;
  /** As the chunks gave them. */
  readonly sampleWeights: Float64Array | undefined;
}

export interface SampledPart {
  /** Their numbers in the stream, ascending. */
  readonly samples: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/** A stream that fits the memory limit, in memory. */
export type GatheredStream = NamedMatrix & {
  readonly mask: undefined;
  readonly sampleWeights: Float64Array | undefined;
};

export interface ScanOptions {
  /** Bytes that samples may take in memory. */
  readonly memoryLimit: number;
  /** Weights beside the stream: samples of weight 0 do not count. */
  readonly sampleWeights?: Float64Array | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called between parts. */
  readonly pause?: () => Promise<void> | undefined;
}

/**
 * Reads a stream once: into memory where it fits there, else what `ScannedStream` says.
 * @throws MixtureError as `readParts`; INVALID_SAMPLES for a stream without samples
 */
export async function scanStream(
  stream: SampleStream,
  { memoryLimit, sampleWeights, signal, pause }: ScanOptions,
): Promise<GatheredStream | ScannedStream> {
  const { nSamples, nFeatures } = stream;
  let kept: StreamPart[] | undefined =
    nSamples && nFeatures && nSamples * nFeatures * 4 > memoryLimit ? undefined : [];
  let scan: Scan | undefined;
  let bytes = 0;
  let read = 0;
  for await (const part of readParts(stream, signal)) {
    const weighted = withWeights(part, sampleWeights);
    bytes += part.data.byteLength;
    read += part.nSamples;
    if (kept && bytes <= memoryLimit) {
      kept.push({ ...part, data: part.data.slice(), sampleWeights: copied(part.sampleWeights) });
    } else {
      scan ??= new Scan(part.nFeatures);
      for (const earlier of kept ?? []) scan.add(withWeights(earlier, sampleWeights));
      kept = undefined;
      scan.add(weighted);
    }
    await pause?.();
  }
  if (nSamples !== undefined && read !== nSamples) {
    throw new MixtureError(
      'SOURCE_FAILED',
      `The source ends after ${read} of ${nSamples} samples.`,
      'Look whether the file is whole, or what the stream says of its length is right.',
      { sample: read, nSamples },
    );
  }
  if (scan) return scan.finish(stream);
  if (kept && kept.length > 0) return joinParts(kept, stream.columnNames);
  throw new MixtureError(
    'INVALID_SAMPLES',
    'There are no samples: the stream has no chunks.',
    'Give at least one sample with at least one feature; let chunks() begin anew each time.',
  );
}

const copied = (weights: ArrayLike<number> | undefined): Float64Array | undefined =>
  weights && Float64Array.from(weights);

function withWeights(part: StreamPart, weights: Float64Array | undefined): StreamPart {
  if (!weights) return part;
  const { firstSample, nSamples } = part;
  if (part.sampleWeights) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `Sample weights were given beside a stream whose chunk at sample ${firstSample} has its own.`,
      'Give one of the two.',
      { sample: firstSample },
    );
  }
  return { ...part, sampleWeights: weights.subarray(firstSample, firstSample + nSamples) };
}

/** The figures of a first reading, part by part. */
class Scan {
  readonly #columns: ColumnSummary;
  readonly #sketcher: Sketcher;
  readonly #checksum = new Checksum();
  readonly #weights: Pick<StreamPart, 'nSamples' | 'sampleWeights'>[] = [];
  #nSamples = 0;
  #missing = 0;
  #single = true;

  constructor(nFeatures: number) {
    const size = Math.floor(SKETCH_BYTES / (8 * nFeatures));
    this.#columns = new ColumnSummary(nFeatures);
    this.#sketcher = new Sketcher(
      nFeatures,
      Math.min(SKETCH_SAMPLES, Math.max(LEAST_SKETCH, size)),
    );
  }

  add(part: StreamPart): void {
    const { nSamples, sampleWeights, missing } = part;
    this.#columns.add(part);
    this.#sketcher.add(part, this.#columns.low, this.#columns.high);
    this.#checksum.add(part);
    this.#weights.push({ nSamples, sampleWeights: copied(sampleWeights) });
    this.#nSamples += nSamples;
    this.#missing += missing;
    this.#single &&= fitsFloat32(part.data);
  }

  finish(stream: SampleStream): ScannedStream {
    const { nFeatures } = this.#columns;
    const sketch = this.#sketcher.finish();
    return {
      stream,
      identity: {
        nSamples: this.#nSamples,
        nFeatures,
        checksum: this.#checksum.value,
        missing: this.#missing,
      },
      standardisation: this.#columns.standardisation(),
      missing: this.#missing,
      single: this.#single,
      sketch,
      withEnds: this.#sketcher.withEnds(sketch),
      sampleWeights: joinWeights(this.#weights, this.#nSamples),
    };
  }
}
