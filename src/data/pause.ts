/** Work on the main thread is cut to slices of this many milliseconds: a page on a machine five times as slow stays under 50. */
const SLICE = 8;
/** The clock is looked at about so often, in milliseconds, however short the units of work are. */
const LOOK = 0.5;

const immediate: ((callback: () => void) => unknown) | undefined = (
  globalThis as { setImmediate?: (callback: () => void) => unknown }
).setImmediate;
const waiting: (() => void)[] = [];
let port: MessagePort | undefined;
/**
 * When the main thread last had a turn, as far as is known. One clock for all loops: those that follow one another in one task
 * share its time.
 */
let since = -Infinity;

/** Gives the event loop a turn: a page repaints, an abort arrives. Not a timer: nested timers are clamped to 4 ms. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    const resume = (): void => {
      since = performance.now();
      resolve();
    };
    if (immediate) {
      immediate(resume);
      return;
    }
    // a task for each that waits: what two loops do in their slices does not add up
    waiting.push(resume);
    port ??= openPort();
    port.postMessage(undefined);
  });
}

/** One channel for all turns: making one takes longer than a turn. */
function openPort(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return port2;
}

/**
 * Pauses a long loop on the main thread: call after each short unit of work, and await what it gives. It yields when the slice
 * is used up, and stops at an abort. Units may be nanoseconds: it finds by itself how many go by between two looks at the clock.
 */
export function pacer(signal?: AbortSignal): () => Promise<void> | undefined {
  let stride = 1;
  let left = 1;
  let looked = performance.now();
  return () => {
    if (--left > 0) return undefined;
    const now = performance.now();
    const took = now - looked;
    looked = now;
    if (took < LOOK / 2) stride *= 2;
    else if (took > LOOK) stride = Math.max(1, Math.floor((stride * LOOK) / took));
    left = stride;
    if (now - since < SLICE) return undefined;
    return nextTurn().then(() => {
      signal?.throwIfAborted();
      looked = performance.now();
    });
  };
}

/** Work in short units, one a `yield`; what is yielded may be waited for, and need not. */
export type Steps<T> = Generator<void | Promise<void>, T, void>;

/** Takes all steps, with a turn of the event loop between slices. */
export async function inTurns<T>(steps: Steps<T>, signal?: AbortSignal): Promise<T> {
  const pause = pacer(signal);
  try {
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) return value;
      if (value) await value;
      const turn = pause();
      if (turn) await turn;
    }
  } finally {
    steps.return(undefined as never); // ends what an abort left half done
  }
}

/** `map` of each item, with turns of the event loop in between. */
export async function mapInTurns<A, B>(
  items: readonly A[],
  map: (item: A, index: number) => B,
  signal?: AbortSignal,
): Promise<B[]> {
  const pause = pacer(signal);
  const mapped: B[] = [];
  for (const [index, item] of items.entries()) {
    mapped.push(map(item, index));
    const turn = pause();
    if (turn) await turn;
  }
  return mapped;
}

/** Takes all steps in one go. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}
