import type { Context } from '../../index.ts';

export { isDeviceFault } from '../shared/device-fault.ts';

/** Whether an error says no more than that a device, or what was on it, is gone. */
export function isOfDevice(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'DEVICE_LOST' || code === 'DISPOSED';
}

/** Whether it says that of the context that is in use. */
export function isLoss(error: unknown, context: Context): boolean {
  const { code } = error as { code?: unknown };
  return code === 'DEVICE_LOST' || (code === 'DISPOSED' && context.disposed);
}

/** What an aborted task says of a device that is gone concerns nobody: its session may be on another one by now. */
export function unlessLeft(
  work: (signal: AbortSignal) => Promise<void>,
): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    try {
      await work(signal);
    } catch (error) {
      if (!(signal.aborted && isOfDevice(error))) throw error;
    }
  };
}

/** Settles as the promise does, or rejects with the signal's reason: what is shown may wait for a device that never answers. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop: () => void = () => undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
