import { describe, expect, test } from 'vitest';
import { createContext, createDataset, GaussianMixture, type Context } from '../src/index.ts';
import { expectRefusal, threeClusters } from './support/behaviour/side.ts';
import { contextOn } from './support/context.ts';

const { samples } = threeClusters();
const options = { nComponents: 3, maxIter: 3, tol: 0 };

async function requestOwn(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  return adapter!.requestDevice();
}

describe('what a context makes, it frees', () => {
  const types = ['full', 'tied', 'diag', 'spherical'] as const;

  /** Fits, and looks at what is left; every other round leaves the dataset to the context. */
  async function round(context: Context, number: number, asked: boolean): Promise<void> {
    const dataset = await createDataset(samples, { context });
    const covarianceType = types[number % 4];
    const mixture = await GaussianMixture.fit(dataset, { ...options, covarianceType, context });
    if (asked) await mixture.predict(samples, { context });
    const leave = number % 2 === 1;
    if (!leave) dataset.dispose();
    expect(context.liveBuffers > 0).toBe(leave);
    context.dispose();
    expect([context.liveBuffers, context.liveBytes]).toEqual([0, 0]);
  }

  test('contexts with devices of their own, fitted, asked and disposed of, leave no buffer and no device', async () => {
    for (let number = 0; number < 4; number++) {
      const context = await createContext({ backend: 'webgpu' });
      const lost = context.device!.lost;
      await round(context, number, true);
      expect((await lost).reason).toBe('destroyed');
    }
  });

  // (kernels take a second to compile on SwiftShader, once for each device)
  test('fifty contexts on one device, fitted and disposed of, leave no buffer', async () => {
    for (let number = 0; number < 50; number++) {
      await round(await contextOn('webgpu'), number, false);
    }
  });

  test('a fit of plain samples leaves nothing, an evaluation neither', async () => {
    const context = await createContext({ backend: 'webgpu' });
    const mixture = await GaussianMixture.fit(samples, { ...options, context });
    expect(context.liveBuffers).toBe(0);
    const at = { context };
    await mixture.predictProba(samples, at);
    await mixture.scoreSamples(samples, at);
    await mixture.icl(samples, at);
    expect(context.liveBuffers).toBe(0);
    context.dispose();
  });

  test('disposing twice is once', async () => {
    for (const backend of ['webgpu', 'cpu'] as const) {
      const context = await createContext({ backend });
      const dataset = await createDataset(samples, { context });
      context.dispose();
      context.dispose();
      dataset.dispose();
      dataset.dispose();
      expect(context.liveBuffers).toBe(0);
      await expectRefusal(GaussianMixture.fit(dataset, options), 'DISPOSED', /disposed/);
    }
  });

  test('a context disposed of in mid-fit ends the fit with a typed error', async () => {
    const context = await createContext({ backend: 'webgpu' });
    const fitted = GaussianMixture.fit(samples, {
      ...options,
      maxIter: 1000,
      context,
      onIteration: ({ iteration }) => {
        if (iteration === 2) context.dispose();
      },
    });
    await expectRefusal(fitted, 'DISPOSED', /disposed/);
    expect(context.liveBuffers).toBe(0);
  });
});

describe("a caller's own device", () => {
  test('is used, named, and left alive by dispose', async () => {
    const device = await requestOwn();
    const context = await createContext({ device });
    expect(context.info).toMatchObject({ backend: 'webgpu', code: 'OWN_DEVICE' });
    expect(context.info.adapter).toMatch(/\w/);
    expect(context.device).toBe(device);
    const mixture = await GaussianMixture.fit(samples, { ...options, context });
    expect(mixture.weights.length).toBe(3);
    expect(context.liveBuffers).toBe(0);
    context.dispose();

    let lost = false;
    void device.lost.then(() => (lost = true));
    const size = 16;
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const buffer = device.createBuffer({ size, usage });
    device.queue.writeBuffer(buffer, 0, Float32Array.of(1, 2, 3, 4));
    await buffer.mapAsync(GPUMapMode.READ);
    expect(Array.from(new Float32Array(buffer.getMappedRange()))).toEqual([1, 2, 3, 4]);
    expect(lost).toBe(false);
    device.destroy();
  });

  test('when it is lost, the next fit says so', async () => {
    const device = await requestOwn();
    const context = await createContext({ device });
    device.destroy();
    await device.lost;
    const fitted = GaussianMixture.fit(samples, { ...options, context });
    const refusal = await expectRefusal(fitted, 'DEVICE_LOST', /lost/);
    expect(refusal.hint).toMatch(/new context/);
    context.dispose();
  });

  test('when it is lost in mid-fit, the fit says so', async () => {
    const device = await requestOwn();
    const context = await createContext({ device });
    const fitted = GaussianMixture.fit(samples, {
      ...options,
      maxIter: 1000,
      context,
      onIteration: ({ iteration }) => {
        if (iteration === 2) device.destroy();
      },
    });
    await expectRefusal(fitted, 'DEVICE_LOST', /lost/);
    context.dispose();
    expect(context.liveBuffers).toBe(0);
  });
});
