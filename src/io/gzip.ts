import { MixtureError } from '../errors.ts';

/** Whether the bytes begin as a gzip file does (RFC 1952). */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * The bytes, decompressed where they are a gzip file and as they are otherwise. What they are is told by their
 * first two bytes and not by a name: a server may send `x.gz` decompressed already (`Content-Encoding: gzip`).
 * @throws MixtureError INVALID_SAMPLES where the gzip file is cut off or damaged
 */
export async function gunzip(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) return bytes;
  try {
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch (error) {
    throw new MixtureError(
      'INVALID_SAMPLES',
      `The gzip file of ${bytes.length} bytes is cut off or damaged: it cannot be decompressed.`,
      'Download or copy the file again; its size should be that of the original.',
      { bytes: bytes.length },
      error,
    );
  }
}
