import { access, constants, readFile, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './errors.ts';

/** The streams of a process, so that tests can give their own. */
export interface CommandIo {
  readonly stdin: AsyncIterable<Uint8Array | string>;
  readonly stdout: TextSink;
  readonly stderr: TextSink;
  /** Ends the work: Ctrl-C. */
  readonly signal?: AbortSignal | undefined;
}

export interface TextSink {
  write(text: string | Uint8Array): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The bytes of a file, or of standard input for '-'. Throws UsageError where it cannot be read. */
export async function readInput(file: string, io: CommandIo): Promise<Uint8Array> {
  if (file !== '-') return readBytes(file);
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) {
    chunks.push(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk);
  }
  return Buffer.concat(chunks);
}

export async function readBytes(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UsageError(`Cannot read "${file}": ${causeOf(error)}.`, READ_HINT, error);
  }
}

const READ_HINT = 'Check the path; use - to read from standard input.';

/** Checks before a long fit that its result can be written afterwards. */
export async function checkWritable(file: string | undefined, input?: string): Promise<void> {
  if (file === undefined) return;
  if (input !== undefined && (await exists(file)) && (await exists(input))) {
    if ((await realpath(file)) === (await realpath(input))) {
      throw new UsageError(
        `Cannot write "${file}": it is the file that is read.`,
        'Name another file: the samples would be lost.',
      );
    }
  }
  const hint = 'Name a file in a directory that exists and that you may write to.';
  try {
    if (await exists(file)) {
      if ((await stat(file)).isDirectory()) {
        throw new UsageError(`Cannot write "${file}": it is a directory.`, hint);
      }
      await access(file, constants.W_OK);
    } else {
      await access(dirname(file), constants.W_OK);
    }
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`Cannot write "${file}": ${causeOf(error)}.`, hint, error);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    // No such file, or no way to it: the check of its directory says which.
    return false;
  }
}

/** Throws UsageError where the file cannot be written after all. */
export function writeText(file: string, text: string): Promise<void> {
  return write(file, text);
}

/** Throws UsageError where the file cannot be written after all. */
export function writeBytes(file: string, bytes: Uint8Array): Promise<void> {
  return write(file, bytes);
}

async function write(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new UsageError(
      `Cannot write "${file}": ${causeOf(error)}.`,
      'Check the path and the free space.',
      error,
    );
  }
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
      return 'no such file or directory';
    case 'EISDIR':
      return 'it is a directory';
    case 'ENOTDIR':
      return 'a part of its path is not a directory';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
