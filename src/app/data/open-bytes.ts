import { MixtureError } from '../../errors.ts';

/** Something to read: a file or pasted text, or an address. */
export type Input =
  | { readonly kind: 'blob'; readonly name: string; readonly blob: Blob }
  | { readonly kind: 'url'; readonly name: string; readonly url: string };

/** Bytes read from a blob at a time. */
const BLOCK_BYTES = 2 ** 21;
/** As many as tell every format. */
const START_BYTES = 64;

/** The bytes of an input, gzip undone. */
export class OpenedBytes {
  readonly name: string;
  /** Bytes as they come, compressed or not; undefined where a server does not say. */
  readonly size: number | undefined;
  /** Of those, how many have come. */
  nRead = 0;
  /** Whether it came as gzip. */
  isGzip = false;
  /** Told of it. */
  onBytes: (nRead: number) => void = () => {};
  /** The first, at least 64 where there are as many. */
  readonly start: Uint8Array;
  readonly #blob: Blob | undefined;
  readonly #rest: ReadableStreamDefaultReader<Uint8Array> | undefined;

  private constructor(
    name: string,
    size: number | undefined,
    start: Uint8Array,
    source: Blob | ReadableStreamDefaultReader<Uint8Array>,
  ) {
    this.name = name;
    this.size = size;
    this.start = start;
    if (source instanceof Blob) this.#blob = source;
    else this.#rest = source;
  }

  /** @throws MixtureError SOURCE_FAILED, INVALID_SAMPLES */
  static async open(input: Input): Promise<OpenedBytes> {
    if (input.kind === 'blob') {
      const { blob, name } = input;
      const start = await read(blob.slice(0, START_BYTES), name);
      if (!isGzip(start)) return new OpenedBytes(name, blob.size, start, blob);
      return OpenedBytes.#ofStream(name, blob.size, blob.stream());
    }
    const { body, size } = await request(input.url);
    return OpenedBytes.#ofStream(input.name, size, body);
  }

  static async #ofStream(
    name: string,
    size: number | undefined,
    stream: ReadableStream<Uint8Array>,
  ): Promise<OpenedBytes> {
    let opened: OpenedBytes | undefined;
    let nRead = 0;
    const count = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        nRead += chunk.length;
        if (opened) opened.#note(nRead);
        controller.enqueue(chunk);
      },
    });
    let reader = stream.pipeThrough(count).getReader();
    let start = await atLeast(reader, START_BYTES, name);
    const isPacked = isGzip(start);
    if (isPacked) {
      reader = prepend(start, reader).pipeThrough(gunzip()).getReader();
      start = await atLeast(reader, START_BYTES, name);
    }
    opened = new OpenedBytes(name, size, start, reader);
    opened.nRead = nRead;
    opened.isGzip = isPacked;
    return opened;
  }

  /** All bytes in order. Once. */
  async *blocks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    if (this.#blob) {
      const load = (at: number) =>
        at < this.#blob!.size
          ? read(this.#blob!.slice(at, at + BLOCK_BYTES), this.name)
          : undefined;
      let next = load(0);
      for (let at = BLOCK_BYTES; next; at += BLOCK_BYTES) {
        const block = await next;
        next = load(at);
        // (whoever waits for it hears of it)
        next?.catch(() => {});
        this.#note(this.nRead + block.length);
        yield block;
      }
      return;
    }
    let parts: Uint8Array[] = [this.start];
    let length = this.start.length;
    for (;;) {
      const { value } = await next(this.#rest!, this.name);
      if (value) {
        parts.push(value);
        length += value.length;
      }
      if (length >= BLOCK_BYTES / 2 || (!value && length > 0)) {
        yield joined(parts, length);
        parts = [];
        length = 0;
      }
      if (!value) return;
    }
  }

  #note(nRead: number): void {
    this.nRead = nRead;
    this.onBytes(nRead);
  }

  /** All of it, for formats that are not read from the beginning on. */
  async blob(): Promise<Blob> {
    if (this.#blob) return this.#blob;
    const parts: BlobPart[] = [];
    for await (const block of this.blocks()) parts.push(block);
    return new Blob(parts);
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

const gunzip = () =>
  new DecompressionStream('gzip') as unknown as TransformStream<Uint8Array, Uint8Array>;

/**
 * One GET, without cookies and without saying from where: the address is the user's, and what it answers is data.
 * @throws MixtureError SOURCE_FAILED
 */
async function request(
  url: string,
): Promise<{ body: ReadableStream<Uint8Array>; size: number | undefined }> {
  const options = { credentials: 'omit', referrerPolicy: 'no-referrer' } as const;
  const response = await fetch(url, options).catch((error: unknown) => {
    throw new MixtureError(
      'SOURCE_FAILED',
      `${url} cannot be fetched: there is no answer, or its server does not let other pages read it (CORS).`,
      'Look at the address. If it opens in a tab of its own, download the file there and drop it here; a server that is yours can allow it with the header Access-Control-Allow-Origin: *.',
      { url },
      error,
    );
  });
  if (!response.ok || !response.body) {
    throw new MixtureError(
      'SOURCE_FAILED',
      `${url} answers ${response.status} ${response.statusText}`.trimEnd() + '.',
      adviceOn(response.status),
      { url, status: response.status },
    );
  }
  if (/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) {
    await response.body.cancel();
    throw new MixtureError(
      'SOURCE_FAILED',
      `${url} answers with a web page, not with a file of data.`,
      'Give the address of the file itself: on GitHub that of the button "Raw", elsewhere that of the download. A page may also stand in for a file that asks for a login.',
      { url },
    );
  }
  // of an encoded answer the length is that of what was sent
  const length = response.headers.has('content-encoding')
    ? null
    : response.headers.get('content-length');
  return { body: response.body, size: length === null ? undefined : Number(length) };
}

function adviceOn(status: number): string {
  if (status === 401 || status === 403) {
    return 'The server lets not everyone have it. Download it where you are logged in, and drop it here.';
  }
  if (status === 404 || status === 410) {
    return 'There is no such file: look for a slip in the address, or open it in a tab of its own.';
  }
  if (status === 429) return 'The server has had too many requests: try again in a while.';
  if (status >= 500)
    return 'The server has a problem: try again later, or have the file from elsewhere.';
  return 'Open the address in a tab of its own; if the file comes there, download it and drop it here.';
}

async function read(blob: Blob, name: string): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(
    await blob.arrayBuffer().catch((error: unknown) => {
      throw new MixtureError(
        'SOURCE_FAILED',
        `${name} cannot be read: ${(error as Error).message}`,
        'Look whether the file still is where it was, and choose it again. Of a folder, give the files in it.',
        { name },
        error,
      );
    }),
  );
}

async function next(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  name: string,
): Promise<{ value?: Uint8Array | undefined }> {
  return reader.read().catch((error: unknown) => {
    const reason = (error as Error).message;
    throw new MixtureError(
      'SOURCE_FAILED',
      `${name} breaks off${reason ? `: ${reason}` : ''}.`,
      'What is shown stays. If it comes from an address, look at the connection and read it again, or download it and drop it here; a file may have been copied in part.',
      { name },
      error,
    );
  });
}

async function atLeast(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  least: number,
  name: string,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  while (length < least) {
    const { value } = await next(reader, name);
    if (!value) break;
    parts.push(value);
    length += value.length;
  }
  return joined(parts, length);
}

function prepend(
  start: Uint8Array,
  rest: ReadableStreamDefaultReader<Uint8Array>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(start),
    async pull(controller) {
      const { value } = await rest.read();
      if (value) controller.enqueue(value);
      else controller.close();
    },
  });
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
