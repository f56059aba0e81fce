import { text } from 'virtual:worker';
import type { FromWorker, ToWorker } from './worker.ts';

/** A worker thread, in a page or in Node. */
export interface Thread {
  post(message: ToWorker, transfer: ArrayBuffer[]): void;
  /** Whether Node should live on for it: only while it has work. */
  busy(working: boolean): void;
  terminate(): void;
}

interface Listeners {
  readonly message: (message: FromWorker) => void;
  /** It cannot be made, or has died. */
  readonly failure: (reason: string) => void;
}

/** Node's worker threads, without an import that a bundler of pages would look for. */
function nodeWorkers(): typeof import('node:worker_threads') | undefined {
  const { process } = globalThis as { process?: typeof import('node:process') };
  return process?.getBuiltinModule?.('node:worker_threads');
}

/**
 * Starts a worker on the script inside the library. What goes wrong is told to `failure`, then or later: a policy of the page's
 * (CSP worker-src without blob:) may refuse in either way.
 */
export function startThread(listeners: Listeners): Thread {
  const node = nodeWorkers();
  return node && typeof Worker === 'undefined'
    ? startInNode(node, listeners)
    : startInPage(listeners);
}

function startInPage({ message, failure }: Listeners): Thread {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  let worker: Worker;
  try {
    worker = new Worker(url, { name: 'webgpu-em' });
  } catch (error) {
    URL.revokeObjectURL(url);
    throw error;
  }
  let known = false;
  worker.addEventListener('message', ({ data }) => {
    // it has read its script
    if (!known) URL.revokeObjectURL(url);
    known = true;
    message(data as FromWorker);
  });
  worker.addEventListener('error', (event) => {
    event.preventDefault();
    failure(event.message || 'the page does not allow workers from blob: addresses');
  });
  return {
    post: (sent, transfer) => worker.postMessage(sent, transfer),
    busy: () => {},
    terminate: () => worker.terminate(),
  };
}

function startInNode(
  { Worker: NodeWorker }: typeof import('node:worker_threads'),
  { message, failure }: Listeners,
): Thread {
  // (the script needs none of the flags that Node was started with)
  const worker = new NodeWorker(text, { eval: true, execArgv: [], name: 'webgpu-em' });
  worker.unref();
  worker.on('message', message);
  worker.on('error', (error) => failure(String(error)));
  worker.on('exit', (code) => failure(`the worker ended with code ${code}`));
  return {
    post: (sent, transfer) => worker.postMessage(sent, transfer),
    busy: (working) => (working ? worker.ref() : worker.unref()),
    terminate: () => void worker.terminate(),
  };
}
