import { nextTurn } from '../cpu/turn.ts';

/** Pauses a long loop on the main thread: call often; it yields when 30 ms have gone by, and stops at an abort. */
export function pacer(signal?: AbortSignal): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < 30) return undefined;
    return nextTurn().then(() => {
      signal?.throwIfAborted();
      since = performance.now();
    });
  };
}
