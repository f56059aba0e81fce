import {
  buffersToSend,
  type Guide,
  type Hand,
  type Job,
  type JobResult,
  type Rows,
  type ShardSpec,
} from './job.ts';
import { Shard } from './shard.ts';

/** What a worker is told; `shard` and `request` are numbers of the pool's. */
export type ToWorker =
  | {
      readonly type: 'open';
      readonly request: number;
      readonly shard: number;
      readonly spec: ShardSpec;
      readonly module: WebAssembly.Module;
    }
  | {
      readonly type: 'load';
      readonly request: number;
      readonly shard: number;
      readonly rows: Readonly<Parameters<Hand['load']>>;
    }
  | {
      readonly type: 'guide';
      readonly request: number;
      readonly shard: number;
      readonly number: number;
      readonly known: Guide | undefined;
    }
  | { readonly type: 'run'; readonly request: number; readonly shard: number; readonly job: Job }
  | { readonly type: 'cancel'; readonly request: number }
  | { readonly type: 'close'; readonly shard: number };

/** What a request comes to: a job's result, or the rows of a load, to be used again. */
export type Answer = JobResult | { readonly rows: Rows };

/** What it answers: once when it is there, and then to each request. */
export type FromWorker =
  | { readonly type: 'ready' }
  | { readonly type: 'done'; readonly request: number; readonly result: Answer | undefined }
  | { readonly type: 'failed'; readonly request: number; readonly message: string };

interface Port {
  postMessage(message: FromWorker, transfer: Transferable[]): void;
}

/** Serves messages on a port: a page's worker has itself, Node's has `parentPort`. */
function serve(port: Port): (message: ToWorker) => void {
  const shards = new Map<number, Shard>();
  const running = new Map<number, AbortController>();
  // one message's work after the other's, but a cancellation at once
  let turn: Promise<unknown> = Promise.resolve();
  const answer = (request: number, work: () => Promise<Answer | void>): void => {
    const cancelled = new AbortController();
    running.set(request, cancelled);
    turn = turn.then(async () => {
      try {
        const result = (await work()) ?? undefined;
        port.postMessage({ type: 'done', request, result }, buffersOf(result));
      } catch (error) {
        port.postMessage({ type: 'failed', request, message: String(error) }, []);
      } finally {
        running.delete(request);
      }
    });
  };
  return (message) => {
    switch (message.type) {
      case 'open':
        answer(message.request, async () => {
          shards.set(message.shard, await Shard.open(message.module, message.spec));
        });
        break;
      case 'load':
        answer(message.request, async () => ({
          rows: await shards.get(message.shard)!.load(...message.rows),
        }));
        break;
      case 'guide':
        answer(message.request, async () =>
          shards.get(message.shard)!.guide(message.number, message.known),
        );
        break;
      case 'run':
        answer(message.request, () =>
          shards.get(message.shard)!.run(message.job, running.get(message.request)!.signal),
        );
        break;
      case 'cancel':
        running.get(message.request)?.abort();
        break;
      case 'close':
        shards.delete(message.shard);
        break;
    }
  };
}

function buffersOf(result: Answer | undefined): Transferable[] {
  if (!result) return [];
  if ('rows' in result) return buffersToSend([result.rows]);
  return 'sums' in result ? result.sums.map((sum) => sum.values.buffer) : [result.values.buffer];
}

const { process } = globalThis as { process?: typeof import('node:process') };
const parent = process?.getBuiltinModule?.('node:worker_threads').parentPort;
if (parent) {
  const port: Port = {
    postMessage: (message, transfer) => parent.postMessage(message, transfer as ArrayBuffer[]),
  };
  parent.on('message', serve(port));
  port.postMessage({ type: 'ready' }, []);
} else {
  const scope = globalThis as unknown as Port & { onmessage: (event: MessageEvent) => void };
  const receive = serve(scope);
  scope.onmessage = (event) => receive(event.data as ToWorker);
  scope.postMessage({ type: 'ready' }, []);
}
