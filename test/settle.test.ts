import { describe, expect, test } from 'vitest';
import { createContext } from '../src/index.ts';

/** A device of which only the end is needed here. */
function endingDevice(): { device: GPUDevice; end: () => void } {
  let lose: (lost: GPUDeviceLostInfo) => void;
  const lost = new Promise<GPUDeviceLostInfo>((resolve) => (lose = resolve));
  const device = { lost, limits: {} } as GPUDevice;
  return { device, end: () => lose({ reason: 'destroyed', message: 'gone' } as GPUDeviceLostInfo) };
}

const unmapped = (): Promise<never> =>
  Promise.reject(
    new DOMException('Buffer was unmapped before mapping was resolved.', 'AbortError'),
  );

describe('work of a device that is rejected', () => {
  test('is told as its loss, which browsers report after it: seconds, where they are busy', async () => {
    const { device, end } = endingDevice();
    const context = await createContext({ device });
    setTimeout(end, 400);
    await expect(context.settle(unmapped())).rejects.toMatchObject({
      name: 'MixtureError',
      code: 'DEVICE_LOST',
    });
  });

  test('is told as an abort at once where its signal was aborted', async () => {
    const { device } = endingDevice();
    const context = await createContext({ device });
    const reason = new Error('enough');
    const work = context.settle(Promise.reject(reason), AbortSignal.abort(reason));
    const late = new Promise((resolve) => setTimeout(resolve, 2000, 'late'));
    await expect(Promise.race([work, late])).rejects.toBe(reason);
  });

  test('is told as the end of a context that is disposed meanwhile', async () => {
    const { device } = endingDevice();
    const context = await createContext({ device });
    setTimeout(() => context.dispose(), 100);
    await expect(context.settle(unmapped())).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  test('is passed on as it is where the device goes on', async () => {
    const { device } = endingDevice();
    const context = await createContext({ device });
    await expect(context.settle(unmapped())).rejects.toMatchObject({ name: 'AbortError' });
  });
});
