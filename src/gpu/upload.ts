/**
 * Bytes handed over in one turn. A buffer of 32 MiB that is mapped at its creation took Chromium's main thread 15 to 55 ms in that one
 * call (it is cleared twice before it can be written to); a piece takes under 1.
 */
const PIECE = 2 ** 20;
/**
 * Pieces on their way: with 16 MiB of them Chromium's main thread stands still until the device's process has taken them over, 17 to
 * 30 ms (SwiftShader, two cores). Waiting for those before is no blocking.
 */
const ON_THEIR_WAY = 12;

/** Steps as `inTurns` takes them. */
export type Writing<T> = Generator<void | Promise<void>, T, void>;

/**
 * Writes a buffer's contents in steps, and tells which bytes are ready (whole words): every one, once. The memory may be longer, and
 * is not cleared.
 */
export type Fill = (
  contents: ArrayBuffer,
  ready: (from: number, to: number) => void,
) => Writing<void>;

/** Fills `contents` and copies them to the start of a COPY_DST buffer: what is ready goes while the rest is being made. */
export function* upload(
  device: GPUDevice,
  buffer: GPUBuffer,
  contents: ArrayBuffer,
  fill: Fill,
): Writing<void> {
  const ranges: { from: number; to: number }[] = [];
  let waiting = 0;
  const taken: Promise<void>[] = [];
  const write = function* (atLeast: number): Writing<void> {
    while (waiting >= atLeast) {
      if (taken.length === ON_THEIR_WAY) yield taken.shift();
      device.pushErrorScope('validation');
      try {
        for (let left = PIECE; left > 0 && ranges.length > 0;) {
          const [range] = ranges;
          const bytes = Math.min(left, range.to - range.from);
          device.queue.writeBuffer(buffer, range.from, contents, range.from, bytes);
          range.from += bytes;
          if (range.from === range.to) ranges.shift();
          left -= bytes;
          waiting -= bytes;
        }
      } finally {
        // An error here is that of a buffer for which there was no room, which its creation has reported; or the device is lost.
        const nothing = (): void => {};
        taken.push(device.popErrorScope().then(nothing, nothing));
      }
      yield;
    }
  };
  const ready = (from: number, to: number): void => {
    ranges.push({ from, to });
    waiting += to - from;
  };
  for (const step of fill(contents, ready)) {
    yield step;
    yield* write(PIECE);
  }
  yield* write(1);
}
