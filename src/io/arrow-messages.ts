import { MixtureError } from '../errors.ts';
import { type ByteReading, sourceFailed, type ByteSource } from './byte-source.ts';

/** One message of the Arrow IPC format: its metadata and body, as `tableFromIPC` takes them. */
export interface ArrowMessage {
  readonly kind: 'schema' | 'dictionary' | 'batch' | 'other';
  readonly bytes: Uint8Array;
}

const KINDS = ['other', 'schema', 'dictionary', 'batch'] as const;
const CONTINUATION = 0xffffffff;

/**
 * The messages of an Arrow IPC stream or file, one by one. A file is a stream between "ARROW1" with two bytes of padding and a
 * footer, which a message of length 0 goes before (Arrow columnar format, "IPC File Format"). Of each message no more is parsed than
 * its kind and the length of its body: two fields of a FlatBuffers table.
 * @throws MixtureError SOURCE_FAILED, INVALID_SAMPLES
 */
export async function* readMessages(
  source: ByteSource,
  signal?: AbortSignal,
): AsyncGenerator<ArrowMessage, void> {
  const reading = await source.begin();
  try {
    const magic = await bytesAt(reading, 0, Math.min(8, source.size), signal);
    const isFile = new TextDecoder('latin1').decode(magic.subarray(0, 6)) === 'ARROW1';
    let at = isFile ? 8 : 0;
    while (at < source.size) {
      if (at + 8 > source.size) throw sourceFailed(source, source.size, 'the file ends here');
      const head = new DataView((await bytesAt(reading, at, 8, signal)).buffer);
      if (head.getUint32(0, true) !== CONTINUATION) throw notArrow(source, at);
      const length = head.getInt32(4, true);
      if (length === 0) return;
      const metadata = await bytesAt(reading, at + 8, length, signal);
      const { kind, bodyLength } = parseMessage(metadata);
      const end = at + 8 + length + bodyLength;
      if (end > source.size) throw sourceFailed(source, source.size, 'the file ends here');
      yield { kind, bytes: await bytesAt(reading, at, end - at, signal) };
      at = end;
    }
    if (isFile) throw sourceFailed(source, source.size, 'the file ends here, without its footer');
  } finally {
    await reading.close();
  }
}

async function bytesAt(
  reading: ByteReading,
  start: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await reading.read(start, bytes, signal);
  return bytes;
}

/** Table Message { version, header_type, header, bodyLength, custom_metadata }: fields 1 and 3. */
function parseMessage(bytes: Uint8Array<ArrayBuffer>): Pick<ArrowMessage, 'kind'> & {
  readonly bodyLength: number;
} {
  const view = new DataView(bytes.buffer);
  const table = view.getUint32(0, true);
  const vtable = table - view.getInt32(table, true);
  const field = (index: number): number => {
    const at = 4 + 2 * index;
    const offset = at < view.getUint16(vtable, true) ? view.getUint16(vtable + at, true) : 0;
    return offset === 0 ? 0 : table + offset;
  };
  const [type, body] = [field(1), field(3)];
  return {
    kind: (type === 0 ? undefined : KINDS[view.getUint8(type)]) ?? 'other',
    bodyLength: body === 0 ? 0 : Number(view.getBigInt64(body, true)),
  };
}

function notArrow({ name }: ByteSource, byte: number): MixtureError {
  return new MixtureError(
    byte === 0 || byte === 8 ? 'INVALID_SAMPLES' : 'SOURCE_FAILED',
    `${name} is no Arrow file: there is no message at byte ${byte}.`,
    'Write it as an Arrow IPC file (Feather version 2) or stream.',
    { source: name, byte },
  );
}
