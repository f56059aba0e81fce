import { createContext, type Context, type ContextOptions } from '../../src/index.ts';

let shared: Promise<GPUDevice> | undefined;

/**
 * A context for tests of what is computed. On WebGPU all of them, in all test files (which run in one page), are on one device, so that
 * a kernel is compiled once: SwiftShader takes up to a second for each, and half of all that the files need are the same. Tests of the
 * device's life, of errors that it reports and of the time that compilation takes ask `createContext` for a device of their own.
 */
export async function contextOn(
  backend: 'cpu' | 'webgpu',
  options: ContextOptions = {},
): Promise<Context> {
  if (backend === 'cpu') return createContext({ backend, ...options });
  shared ??= deviceThatKeeps();
  return createContext({ device: await shared });
}

/** A device that is never given back, as the library asks for it, and that holds on to what it has compiled. */
async function deviceThatKeeps(): Promise<GPUDevice> {
  const { device } = await createContext({ backend: 'webgpu' });
  if (!device) throw new Error('A WebGPU context has no device.');
  // (its contexts leave errors to their device's owner: a kernel that is refused must not go unheard)
  device.addEventListener('uncapturederror', ({ error }) => reportError(error));
  const kept = new Set<GPUComputePipeline>();
  const compile = device.createComputePipelineAsync.bind(device);
  device.createComputePipelineAsync = async (descriptor) => {
    const pipeline = await compile(descriptor);
    kept.add(pipeline);
    return pipeline;
  };
  return device;
}
