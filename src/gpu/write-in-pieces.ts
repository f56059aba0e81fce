/**
 * Bytes handed over in one turn. A buffer of 32 MiB that is mapped at its creation took Chromium's main thread 15 to 55 ms in that one
 * call (it is cleared twice before it can be written to); a piece takes under 1.
 */
const PIECE = 2 ** 20;
/**
 * Pieces on their way: with 16 MiB of them Chromium's main thread stands still until the device's process has taken them over, 17 to
 * 30 ms (SwiftShader, two cores). Waiting for those before is no blocking.
 */
const ON_THEIR_WAY = 8;

/** Steps as \`inTurns\` takes them. */
export type Writing<T> = Generator<void | Promise<void>, T, void>;

/** Copies \`contents\` (whole words, the first \`bytes\` of it) to the start of a COPY_DST buffer, a piece a step. */
export function* writeInPieces(
  device: GPUDevice,
  buffer: GPUBuffer,
  contents: ArrayBuffer,
  bytes = contents.byteLength,
): Writing<void> {
  const taken: Promise<void>[] = [];
  for (let at = 0; at < bytes; at += PIECE) {
    if (taken.length === ON_THEIR_WAY) yield taken.shift();
    device.pushErrorScope('validation');
    try {
      device.queue.writeBuffer(buffer, at, contents, at, Math.min(PIECE, bytes - at));
    } finally {
      // An error here is that of a buffer for which there was no room, which its creation has reported; or the device is lost.
      const nothing = (): void => {};
      taken.push(device.popErrorScope().then(nothing, nothing));
    }
    yield;
  }
}
