/** Submits one right after the other, about 2 ms; after that in growing steps. */
const AT_ONCE = 32;

/**
 * Firefox looks ten times a second whether work of the device has ended, and at each submit (Mozilla's bug 1870699). While something is
 * waited for there, empty submits make it look: a readback takes some 2 ms in place of 100. Other browsers tell at once, and
 * get none.
 */
export async function hastened<T>(
  device: GPUDevice | undefined,
  promise: Promise<T>,
  userAgent = (globalThis.navigator as { userAgent?: string } | undefined)?.userAgent,
): Promise<T> {
  if (device && userAgent !== undefined && /\bFirefox\//.test(userAgent)) {
    await submitUntil(device.queue, promise);
  }
  return promise;
}

async function submitUntil(queue: GPUQueue, promise: Promise<unknown>): Promise<void> {
  let isWaiting = true;
  const end = (): void => {
    isWaiting = false;
  };
  promise.then(end, end);
  const { port1, port2 } = new MessageChannel();
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      // not a timer: nested ones are clamped to 4 ms
      port1.onmessage = () => resolve();
      port2.postMessage(undefined);
    });
  const started = performance.now();
  for (let i = 0; ; i++) {
    await (i < AT_ONCE ? turn() : delay((performance.now() - started) / 8));
    if (!isWaiting) break;
    queue.submit([]);
  }
  port1.close();
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
