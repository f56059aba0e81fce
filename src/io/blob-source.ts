import { sourceFailed, type ByteSource } from './byte-source.ts';

/** A File or Blob; a File that changes on the disk can no longer be read, which browsers see to. */
export function blobSource(blob: Blob, name = (blob as Partial<File>).name ?? 'blob'): ByteSource {
  return {
    name,
    size: blob.size,
    begin: () =>
      Promise.resolve({
        async read(start, into, signal) {
          signal?.throwIfAborted();
          const end = start + into.length;
          const bytes = await blob
            .slice(start, end)
            .arrayBuffer()
            .catch((error: unknown) => {
              throw sourceFailed({ name }, start, `cannot be read: ${String(error)}`, error);
            });
          if (bytes.byteLength < into.length) {
            throw sourceFailed({ name }, start + bytes.byteLength, 'the file ends here');
          }
          into.set(new Uint8Array(bytes));
        },
        close: () => Promise.resolve(),
      }),
  };
}
