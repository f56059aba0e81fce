import { expect, test } from 'vitest';

test('the browser offers a WebGPU adapter and a device', async () => {
  expect(navigator.gpu, 'navigator.gpu is missing: no WebGPU in this browser').toBeDefined();
  const adapter = await navigator.gpu.requestAdapter();
  if (adapter === null) throw new Error('requestAdapter() gave null: this browser has no adapter.');
  const { vendor, architecture, description } = adapter.info;
  console.log(`WebGPU adapter: ${vendor} ${architecture} (${description})`);
  const device = await adapter.requestDevice();
  expect(device.limits.maxStorageBufferBindingSize).toBeGreaterThan(0);
  device.destroy();
});
