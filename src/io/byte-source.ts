import { MixtureError } from '../errors.ts';

/** Bytes that can be read from any position, as often as one likes: a file, a Blob, a server's. */
export interface ByteSource {
  /** For messages, and by its ending the format. */
  readonly name: string;
  /** Bytes in all. */
  readonly size: number;
  /** Begins one reading. @throws MixtureError SOURCE_FAILED where the bytes are others than they were */
  begin(): Promise<ByteReading>;
}

export interface ByteReading {
  /**
   * Fills `into` with the bytes from `start` on.
   * @throws MixtureError SOURCE_FAILED with `details.byte`, the first that is not there; the signal's reason
   */
  read(start: number, into: Uint8Array, signal?: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** Consecutive bytes, from `start` on. */
export interface Block {
  readonly start: number;
  /** Valid until the next block is asked for. */
  readonly bytes: Uint8Array;
}

/** One reading from `from` to `to`, `blockBytes` at a time: while one block is worked on, the next is read. */
export async function* readBlocks(
  source: ByteSource,
  from: number,
  to: number,
  blockBytes: number,
  signal?: AbortSignal,
): AsyncGenerator<Block, void> {
  const reading = await source.begin();
  const size = Math.min(blockBytes, to - from);
  const buffers = [new Uint8Array(size), new Uint8Array(to - from > size ? size : 0)];
  const load = async (start: number, buffer: Uint8Array): Promise<Block> => {
    const bytes = buffer.subarray(0, Math.min(size, to - start));
    await reading.read(start, bytes, signal);
    return { start, bytes };
  };
  let next: Promise<Block> | undefined;
  try {
    for (let start = from, i = 0; start < to; start += size, i = 1 - i) {
      const block = await (next ?? load(start, buffers[i]));
      next = start + size < to ? load(start + size, buffers[1 - i]) : undefined;
      // (whoever waits for it hears of it)
      next?.catch(() => {});
      yield block;
    }
  } finally {
    await next?.catch(() => {});
    await reading.close();
  }
}

/** A source that broke off. @param byte the first that could not be read */
export function sourceFailed(
  { name }: Pick<ByteSource, 'name'>,
  byte: number,
  what: string,
  cause?: unknown,
  hint = 'Mend the source and go on from details.mixture (warmStart), where there is one.',
): MixtureError {
  return new MixtureError(
    'SOURCE_FAILED',
    `${name}, byte ${byte}: ${what}.`,
    hint,
    { source: name, byte },
    cause,
  );
}

export function changed(source: Pick<ByteSource, 'name'>, how: string): MixtureError {
  return new MixtureError(
    'SOURCE_FAILED',
    `${source.name} has changed since it was first read: ${how}.`,
    'Leave the file alone while it is fitted; go on from details.mixture (warmStart), where there is one.',
    { source: source.name, byte: 0, sample: 0 },
  );
}

/** The same error, with the sample that the byte is of. */
export function atSample(error: unknown, sampleOf: (byte: number) => number): unknown {
  if (!(error instanceof MixtureError) || error.code !== 'SOURCE_FAILED') return error;
  const { byte, sample } = error.details;
  if (typeof byte !== 'number' || sample !== undefined) return error;
  const at = sampleOf(byte);
  const message = error.message.replace(`byte ${byte}:`, `byte ${byte} (sample ${at}):`);
  return new MixtureError(error.code, message, error.hint, { ...error.details, sample: at }, error);
}

/** The first bytes of a source, at most `count`. */
export async function readStart(
  source: ByteSource,
  count: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(Math.min(count, source.size));
  const reading = await source.begin();
  try {
    await reading.read(0, bytes, signal);
  } finally {
    await reading.close();
  }
  return bytes;
}
