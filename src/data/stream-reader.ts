import { MixtureError } from '../errors.ts';
import type { SampleStream } from './sample-forms.ts';
import { readParts, type StreamPart } from './stream-parts.ts';

/** Every so many numbers one goes into the checksum: prime, so that no column is left out. */
const STRIDE = 61;

/** A checksum of some of a stream's numbers, the same however it is cut into parts. */
export class Checksum {
  #value = 0x811c9dc5;
  /** Of the next part, how many numbers to pass over. */
  #skip = 0;
  readonly #double = new Float64Array(1);
  readonly #words = new Uint32Array(this.#double.buffer);

  add({ data }: Pick<StreamPart, 'data'>): void {
    let i = this.#skip;
    for (; i < data.length; i += STRIDE) {
      this.#double[0] = data[i];
      this.#mix(this.#words[0]);
      this.#mix(this.#words[1]);
    }
    this.#skip = i - data.length;
  }

  get value(): number {
    return this.#value;
  }

  /** FNV-1a, a word at a time. */
  #mix(word: number): void {
    this.#value = Math.imul(this.#value ^ word, 0x01000193) >>> 0;
  }
}

/** What the first reading of a stream found, which the others must find again. */
export interface StreamIdentity {
  readonly nSamples: number;
  readonly nFeatures: number;
  readonly checksum: number;
  /** How many entries are missing. */
  readonly missing: number;
}

/**
 * Samples of one reading of a stream, in order, into arrays of the caller's.
 * @throws MixtureError as `readParts`; SOURCE_FAILED where the stream is not the one that was read first
 */
export class StreamReader {
  readonly #parts: AsyncGenerator<StreamPart, void>;
  readonly #expected: StreamIdentity;
  readonly #checksum = new Checksum();
  #part: StreamPart | undefined;
  /** Samples of the part that were taken. */
  #taken = 0;
  /** Samples read so far. */
  position = 0;

  constructor(stream: SampleStream, expected: StreamIdentity, signal?: AbortSignal) {
    this.#parts = readParts(stream, signal, false);
    this.#expected = expected;
  }

  /** The next samples, at most as many as `out` has room for. @returns how many; 0 at the end */
  async read(out: Float32Array | Float64Array): Promise<number> {
    const { nFeatures } = this.#expected;
    const capacity = Math.floor(out.length / nFeatures);
    let count = 0;
    while (count < capacity) {
      const part = await this.#current();
      if (!part) break;
      const take = Math.min(capacity - count, part.nSamples - this.#taken);
      const from = this.#taken * nFeatures;
      const whole = take === part.nSamples;
      out.set(
        whole ? part.data : part.data.subarray(from, from + take * nFeatures),
        count * nFeatures,
      );
      this.#taken += take;
      count += take;
      this.position += take;
    }
    return count;
  }

  /** Passes over samples, to the first that is to be read. */
  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const part = await this.#current();
      if (!part) return;
      const take = Math.min(left, part.nSamples - this.#taken);
      this.#taken += take;
      this.position += take;
      left -= take;
    }
  }

  /** Ends the reading; to be called in any case. */
  async close(): Promise<void> {
    await this.#parts.return();
  }

  async #current(): Promise<StreamPart | undefined> {
    if (this.#part && this.#taken < this.#part.nSamples) return this.#part;
    const { done, value } = await this.#parts.next();
    this.#taken = 0;
    this.#part = done === true ? undefined : value;
    if (this.#part) this.#note(this.#part);
    else this.#checkEnd();
    return this.#part;
  }

  #note(part: StreamPart): void {
    const { nFeatures, nSamples } = this.#expected;
    this.#checksum.add(part);
    const end = part.firstSample + part.nSamples;
    if (part.nFeatures !== nFeatures) {
      throw changed(`has ${part.nFeatures} features where it had ${nFeatures}`, part.firstSample);
    }
    if (end > nSamples) throw changed(`has more than the ${nSamples} samples it had`, nSamples);
    // (the checksum sees one number in 61; one that is not finite would spoil every sum before the end)
    const strange = notFinite(part.data);
    if (strange < 0 || (this.#expected.missing > 0 && Number.isNaN(part.data[strange]))) return;
    const sample = part.firstSample + Math.floor(strange / nFeatures);
    throw changed(`has ${part.data[strange]} in sample ${sample}`, sample);
  }

  #checkEnd(): void {
    const { nSamples, checksum } = this.#expected;
    const { position } = this;
    if (position < nSamples) {
      throw changed(`ends after ${position} of ${nSamples} samples`, position);
    }
    if (this.#checksum.value !== checksum) throw changed('has other numbers in it', 0);
  }
}

/** Where the first number is that is NaN or infinite; -1 where none is. */
function notFinite(data: ArrayLike<number>): number {
  for (let i = 0; i < data.length; i++) if (data[i] - data[i] !== 0) return i;
  return -1;
}

function changed(how: string, sample: number): MixtureError {
  return new MixtureError(
    'SOURCE_FAILED',
    `The source of the samples is not what it was in the first reading: it ${how}.`,
    'Let chunks() give the same samples each time; go on from details.mixture (warmStart), where there is one.',
    { sample },
  );
}
