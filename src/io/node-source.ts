import { changed, sourceFailed, type ByteSource } from './byte-source.ts';

/** Of a file that was never open: no fit has begun that could go on. */
const NOT_OPENED =
  'Look at the path, which begins in the folder that the program runs in, and at the right to read the file.';

/** A file on the disk, read by Node (Deno, Bun). @throws MixtureError SOURCE_FAILED where it cannot be opened */
export async function nodeSource(path: string): Promise<ByteSource> {
  // (when asked for: a page has no such module)
  const { open } = await import('node:fs/promises');
  const first = await openFile(NOT_OPENED);
  let size: number;
  let mtimeMs: number;
  try {
    ({ size, mtimeMs } = await first.stat());
  } finally {
    await first.close();
  }

  async function openFile(hint?: string) {
    return open(path, 'r').catch((error: unknown) => {
      throw sourceFailed({ name: path }, 0, `cannot be opened: ${messageOf(error)}`, error, hint);
    });
  }

  return {
    name: path,
    size,
    async begin() {
      const file = await openFile();
      try {
        const now = await file.stat();
        if (now.size !== size) {
          throw changed({ name: path }, `it has ${now.size} bytes where it had ${size}`);
        }
        if (now.mtimeMs !== mtimeMs) throw changed({ name: path }, 'it was written to');
      } catch (error) {
        await file.close();
        throw error;
      }
      return {
        async read(start, into, signal) {
          for (let done = 0; done < into.length;) {
            signal?.throwIfAborted();
            const at = start + done;
            const { bytesRead } = await file
              .read(into, done, into.length - done, at)
              .catch((error: unknown) => {
                throw sourceFailed(
                  { name: path },
                  at,
                  `cannot be read: ${messageOf(error)}`,
                  error,
                );
              });
            if (bytesRead === 0) throw sourceFailed({ name: path }, at, 'the file ends here');
            done += bytesRead;
          }
        },
        close: () => file.close(),
      };
    },
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
