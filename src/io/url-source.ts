import { changed, sourceFailed, type ByteSource } from './byte-source.ts';

/** Of a file that was never open: no fit has begun that could go on. */
const NOT_OPENED =
  'Look at the address, at whether its server sends parts of a file (ranges), and, from a page, at whether it lets other origins ask (CORS).';

/** How a server is asked. */
export interface UrlOptions {
  /** In place of the runtime's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Aborting it ends the first request with its reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * A file on a server, read by HTTP Range requests (RFC 9110, section 14).
 * @throws MixtureError SOURCE_FAILED where the server does not answer, or knows no ranges
 */
export async function urlSource(url: string, options: UrlOptions = {}): Promise<ByteSource> {
  const { fetch: get = globalThis.fetch, headers = {} } = options;
  const request = async (
    first: number,
    last: number,
    signal?: AbortSignal,
    hint?: string,
  ): Promise<Response> => {
    const response = await get(url, {
      headers: { ...headers, range: `bytes=${first}-${last}` },
      signal: signal ?? null,
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw sourceFailed(
        { name: url },
        first,
        `the server does not answer: ${causeOf(error)}`,
        error,
        hint,
      );
    });
    if (response.status === 206) return response;
    await response.body?.cancel();
    const what =
      response.status === 200
        ? 'the server knows no ranges, and sends all of it each time'
        : `the server answers ${response.status} ${response.statusText}`.trimEnd();
    throw sourceFailed({ name: url }, first, what, undefined, hint);
  };
  const probe = await request(0, 0, options.signal, NOT_OPENED);
  await probe.body?.cancel();
  const size = sizeOf(probe);
  if (size === undefined)
    throw sourceFailed(
      { name: url },
      0,
      'the server does not say how long it is',
      undefined,
      NOT_OPENED,
    );
  const version = versionOf(probe);
  return {
    name: url,
    size,
    begin: () =>
      Promise.resolve({
        async read(start, into, signal) {
          const response = await request(start, start + into.length - 1, signal);
          const now = sizeOf(response);
          if (now !== size || versionOf(response) !== version) {
            await response.body?.cancel();
            throw changed(
              { name: url },
              now === size ? 'the server says so' : `it has ${now} bytes where it had ${size}`,
            );
          }
          await receive(url, response, start, into, signal);
        },
        close: () => Promise.resolve(),
      }),
  };
}

async function receive(
  url: string,
  response: Response,
  start: number,
  into: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<void> {
  let done = 0;
  const reader = response.body!.getReader();
  while (done < into.length) {
    const { value } = await reader.read().catch((error: unknown) => {
      signal?.throwIfAborted();
      throw sourceFailed(
        { name: url },
        start + done,
        `the connection broke: ${causeOf(error)}`,
        error,
      );
    });
    if (!value) throw sourceFailed({ name: url }, start + done, 'the answer ends here');
    into.set(value.subarray(0, into.length - done), done);
    done += value.length;
  }
  await reader.cancel();
}

/** "bytes 0-0/1234". */
function sizeOf({ headers }: Response): number | undefined {
  const total = /\/(\d+)$/.exec(headers.get('content-range') ?? '')?.[1];
  return total === undefined ? undefined : Number(total);
}

const versionOf = ({ headers }: Response): string =>
  headers.get('etag') ?? headers.get('last-modified') ?? '';

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
