import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MixtureError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { ARRAY_TYPES, PAGE_HTML, pageScript } from './browser-page.ts';
import type { ArrayType, PageFailure, PageTask } from './browser-page.ts';
import { UnavailableError } from './errors.ts';
import type { Job, JobArray, JobInput, Outcome, Progress } from './job.ts';
import { ownFile } from './own-files.ts';

export interface TaskServer<Report> {
  /** Where the browser finds the page. On 127.0.0.1, which browsers count as a secure context. */
  readonly url: string;
  /** Settles when the page has posted its report, or rejects with the error that it posted. */
  readonly result: Promise<Outcome<Report>>;
  close(): void;
}

/** Serves one job with its input to one page, on a free port. */
export async function serveTask<Settings, Report>(
  job: Job<Settings, Report>,
  { settings, arrays }: JobInput<Settings>,
  onProgress: ((progress: Progress) => void) | undefined,
): Promise<TaskServer<Report>> {
  const task: PageTask = {
    settings,
    arrays: Object.fromEntries(
      Object.entries(arrays).map(([name, array]) => [name, array.constructor.name as ArrayType]),
    ),
    wantProgress: onProgress !== undefined,
  };
  const files = new Map<string, { type: string; body: string | Uint8Array }>([
    ['', { type: 'text/html', body: PAGE_HTML }],
    ['page.js', { type: 'text/javascript', body: pageScript(job) }],
    ['index.js', { type: 'text/javascript', body: await readBuiltLibrary() }],
    ['task.json', { type: 'application/json', body: JSON.stringify(task) }],
  ]);
  for (const [name, { buffer, byteOffset, byteLength }] of Object.entries(arrays)) {
    const body = new Uint8Array(buffer, byteOffset, byteLength);
    files.set(`arrays/${name}`, { type: 'application/octet-stream', body });
  }
  // Other programs of this machine can reach the port: they don't know the folder's name.
  const folder = `/${randomBytes(16).toString('hex')}/`;
  const posts = new PagePosts<Report>(onProgress);
  const server = createServer((request, response) => {
    const path = request.url?.startsWith(folder) ? request.url.slice(folder.length) : undefined;
    const file = path === undefined ? undefined : files.get(path);
    if (request.method === 'POST' && path !== undefined) {
      posts.take(path, request).then(
        () => response.writeHead(204).end(),
        (error: unknown) => {
          posts.fail(error);
          response.writeHead(400).end();
        },
      );
    } else if (file !== undefined) {
      response.writeHead(200, { 'content-type': file.type }).end(file.body);
    } else {
      response.writeHead(404).end();
    }
  });
  await listen(server);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${folder}`,
    result: posts.result,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What the page posts, until it is whole. */
class PagePosts<Report> {
  readonly result: Promise<Outcome<Report>>;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  #resolve!: (result: Outcome<Report>) => void;
  #reject!: (error: unknown) => void;
  readonly #arrays: Record<string, JobArray> = {};

  constructor(onProgress: ((progress: Progress) => void) | undefined) {
    this.#onProgress = onProgress;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    // The page may fail before anyone waits for the result; who waits later still gets the error.
    this.result.catch(() => undefined);
  }

  fail(error: unknown): void {
    this.#reject(error);
  }

  async take(path: string, request: IncomingMessage): Promise<void> {
    const body = await readBody(request);
    switch (path) {
      case 'progress':
        this.#onProgress?.(parseJson(body) as Progress);
        break;
      case 'report':
        this.#resolve({ report: parseJson(body) as Report, arrays: this.#arrays });
        break;
      case 'failure':
        this.#reject(pageError(parseJson(body) as PageFailure));
        break;
      default:
        this.#takeArray(path, body);
    }
  }

  /** `Int32Array/labels`. */
  #takeArray(path: string, body: ArrayBuffer): void {
    const [type, name] = path.split('/');
    if (name === undefined || !Object.hasOwn(ARRAY_TYPES, type)) {
      throw new Error(`the page posted to ${path}`);
    }
    this.#arrays[name] = new ARRAY_TYPES[type as ArrayType](body);
  }
}

function pageError({ code, message, hint, details }: PageFailure): Error {
  return code !== undefined && hint !== undefined
    ? new MixtureError(code as ErrorCode, message, hint, details)
    : new Error(`in the browser: ${message}`);
}

async function readBody(request: IncomingMessage): Promise<ArrayBuffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  // A copy, because a Buffer may start anywhere and typed arrays must be aligned.
  return Uint8Array.from(Buffer.concat(chunks)).buffer;
}

function parseJson(body: ArrayBuffer): unknown {
  return JSON.parse(new TextDecoder().decode(body));
}

async function listen(server: Server): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}

async function readBuiltLibrary(): Promise<Uint8Array> {
  try {
    return await readFile(ownFile('dist/index.js'));
  } catch (error) {
    throw new UnavailableError(
      'The library has not been built, and --browser needs dist/index.js.',
      'Run npm run build first.',
      error,
    );
  }
}
