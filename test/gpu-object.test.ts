import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createContext, type Context } from '../src/index.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** A context on a GPU object that nobody else holds. */
async function open(): Promise<{ context: Context; gpu: WeakRef<GPU> }> {
  const device = {
    limits: {},
    lost: new Promise(() => {}),
    addEventListener: () => {},
    destroy: () => {},
  };
  const adapter = { info: { vendor: 'made up' }, limits: {}, requestDevice: async () => device };
  const gpu = { requestAdapter: async () => adapter } as unknown as GPU;
  return { context: await createContext({ backend: 'webgpu', gpu }), gpu: new WeakRef(gpu) };
}

test('a context holds the GPU object that it was given: Dawn for Node answers nothing once that is collected', async () => {
  const { context, gpu } = await open();
  await new Promise((resolve) => setTimeout(resolve, 0));
  collectGarbage();
  expect(gpu.deref()).toBeDefined();
  context.dispose();
});

test('a browser that refuses to look for an adapter has none: the CPU is taken, and its words are told', async () => {
  const gpu = {
    requestAdapter: () => Promise.reject(new Error('WebGPU is not released here yet')),
  } as unknown as GPU;
  const context = await createContext({ gpu });
  expect(context.info).toMatchObject({ backend: 'cpu', code: 'NO_ADAPTER' });
  expect(context.info.reason).toContain('WebGPU is not released here yet. Runs on the CPU');
  context.dispose();
  await expect(createContext({ backend: 'webgpu', gpu })).rejects.toMatchObject({
    code: 'NO_ADAPTER',
  });
});
