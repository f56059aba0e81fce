import * as library from '../index.ts';
import type { Context } from '../index.ts';
import type { BackendChoice } from './argument-parts.ts';
import { UnavailableError } from './errors.ts';
import type { Engine } from './job.ts';

/**
 * Computes in this process: on the CPU, or on the device that the package `webgpu` gives.
 * @param threads worker threads of the CPU side, where that computes; default: the library's
 */
export function nodeEngine(backend: BackendChoice, threads?: number): Engine {
  return {
    run: (job, input, control) =>
      withContext(backend, threads, (context) => job(library, context, input, control)),
  };
}

async function withContext<Result>(
  backend: BackendChoice,
  threads: number | undefined,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  // The package is needed only where the runtime has no WebGPU of its own (Deno has).
  const needsPackage = backend === 'webgpu' && !hasOwnWebGpu();
  const context = needsPackage
    ? await packageContext()
    : await library.createContext({ backend, ...(threads !== undefined && { threads }) });
  try {
    return await work(context);
  } finally {
    context.dispose();
  }
}

async function packageContext(): Promise<Context> {
  const gpu = await packageGpu();
  try {
    return await library.createContext({ backend: 'webgpu', gpu });
  } catch (error) {
    if (!(error instanceof library.MixtureError) || error.code !== 'NO_ADAPTER') throw error;
    throw new UnavailableError(
      'The npm package "webgpu" found no adapter on this machine.',
      'On Linux it needs Vulkan (libvulkan1 and a driver); or use --browser, or --backend cpu.',
      error,
    );
  }
}

function hasOwnWebGpu(): boolean {
  return (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu !== undefined;
}

/** What is used of the npm package `webgpu` (Dawn for Node). */
interface WebGpuPackage {
  readonly create: (flags: string[]) => GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

async function packageGpu(): Promise<GPU> {
  const { create, globals } = await importPackage();
  // The package keeps GPUBufferUsage and its like to itself; the library looks for them where a
  // browser has them.
  Object.assign(globalThis, globals);
  return create([]);
}

async function importPackage(): Promise<WebGpuPackage> {
  // In a variable, so that the type check does not ask for a package that is optional.
  const name: string = 'webgpu';
  try {
    return (await import(/* @vite-ignore */ name)) as WebGpuPackage;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    throw new UnavailableError(
      code === 'ERR_MODULE_NOT_FOUND'
        ? 'Node has no WebGPU of its own, and the npm package "webgpu" is not installed.'
        : `The npm package "webgpu" cannot be loaded: ${error instanceof Error ? error.message : String(error)}.`,
      'Install it (npm install webgpu), or use --browser to compute in headless Chrome.',
      error,
    );
  }
}
