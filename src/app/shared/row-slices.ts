/** What long work on rows heeds and tells. */
export interface SliceOptions {
  readonly signal?: AbortSignal | undefined;
  /** Rows that are done. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Milliseconds that the page is kept waiting at a time: less than a frame. */
const SLICE = 10;

/**
 * Calls `work` for all rows, some at a time, and lets the page have its turn in between.
 * @param rowsAtOnce rows of a call, of which many fit into a slice
 * @throws `signal.reason`
 */
export async function inSlices(
  nRows: number,
  rowsAtOnce: number,
  work: (from: number, to: number) => void,
  { signal, onProgress }: SliceOptions = {},
): Promise<void> {
  let since = performance.now();
  for (let from = 0; from < nRows; from += rowsAtOnce) {
    const to = Math.min(nRows, from + rowsAtOnce);
    work(from, to);
    if (to < nRows && performance.now() - since < SLICE) continue;
    onProgress?.(to);
    await nextTask();
    signal?.throwIfAborted();
    since = performance.now();
  }
}

/** A task later. Not by a timer: browsers slow those down, in a hidden tab to one a second. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
