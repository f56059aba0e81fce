import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { columnFromArray, float32, float64, tableFromColumns, tableToIPC } from '@uwdata/flechette';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { SampleStream } from '../../src/index.ts';
import { readCsv } from '../../src/io/csv.ts';

export const fixture = (name: string): string =>
  new URL(`../fixtures/${name}`, import.meta.url).pathname;

/** Old Faithful: 272 x 2. */
export const faithful = readCsv(readFileSync(fixture('faithful.csv')));
export const rounded = Float32Array.from(faithful.samples.data);

const column = (data: ArrayLike<number>, d: number): number[] =>
  Array.from({ length: data.length / 2 }, (_, n) => data[2 * n + d]);

/** Old Faithful as Parquet, in row groups of 100. */
export function parquetFile(): Uint8Array {
  const [first, second] = faithful.columnNames;
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'place', data: column(rounded, 0).map(() => 'Yellowstone'), type: 'STRING' },
      { name: first, data: Float32Array.from(column(rounded, 0)), type: 'FLOAT' },
      { name: second, data: Float32Array.from(column(rounded, 1)), type: 'FLOAT' },
    ],
    rowGroupSize: 100,
  });
  return new Uint8Array(buffer);
}

/** Old Faithful as Arrow, in batches of 100. */
export function arrowFile(format: 'file' | 'stream', double = false): Uint8Array {
  const type = double ? float64() : float32();
  const data = double ? faithful.samples.data : rounded;
  const table = tableFromColumns(
    faithful.columnNames.map(
      (name, d) => [name, columnFromArray(column(data, d), type, { maxBatchRows: 100 })] as const,
    ) as never,
  );
  return tableToIPC(table, { format })!;
}

/** A folder for one suite's files. */
export function folder(): {
  path: string;
  write(name: string, bytes: Uint8Array | string): string;
  remove(): void;
} {
  const path = mkdtempSync(join(tmpdir(), 'webgpu-em-streams-'));
  return {
    path,
    write(name, bytes) {
      writeFileSync(join(path, name), bytes);
      return join(path, name);
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** All numbers of a stream, each chunk copied as whoever reads it must. */
export async function allOf(stream: SampleStream): Promise<number[]> {
  const all: number[] = [];
  for await (const { data } of stream.chunks()) {
    for (const value of Array.from(data as ArrayLike<number>)) all.push(value);
  }
  return all;
}

/** Serves bytes; `answer` may do so in its own way. */
export async function serve(
  answer: (
    request: IncomingMessage,
    response: ServerResponse,
    range: [number, number] | undefined,
  ) => void,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const match = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    answer(request, response, match ? [Number(match[1]), Number(match[2])] : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Answers a range of the bytes. */
export function sendRange(
  response: ServerResponse,
  bytes: Uint8Array,
  [first, last]: [number, number],
  etag = '"1"',
): void {
  const end = Math.min(last + 1, bytes.length);
  response.writeHead(206, {
    'content-range': `bytes ${first}-${end - 1}/${bytes.length}`,
    'content-length': end - first,
    etag,
  });
  response.end(bytes.subarray(first, end));
}
