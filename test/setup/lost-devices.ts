import type { Page } from 'playwright-core';

interface Kept {
  devices: GPUDevice[];
}

/** Runs in the page, before its scripts: the devices that it asks for can be destroyed from outside. */
export function keepDevices(): void {
  const devices: GPUDevice[] = [];
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await request.call(this, descriptor);
    devices.push(device);
    return device;
  };
  Object.assign(window, { devices });
}

/** Destroys the page's devices, and waits until it has asked for another one. */
export async function loseDevices(page: Page): Promise<void> {
  const before = await page.evaluate(() => {
    const { devices } = window as unknown as Kept;
    for (const device of devices) device.destroy();
    return devices.length;
  });
  await page.waitForFunction((count) => (window as unknown as Kept).devices.length > count, before);
}
