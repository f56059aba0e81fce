import { MixtureError } from '../errors.ts';
import {
  describeAdapter,
  isSoftware,
  LIMIT_NAMES,
  readLimits,
  type ContextCode,
  type ContextInfo,
} from './adapter.ts';
import { Buffers } from './buffers.ts';
import { Clock } from './clock.ts';
import { hardwareThreads, MOST_THREADS } from './hardware-threads.ts';
import { hastened } from './hasten.ts';
import { compileKernel, type Kernel, type KernelSource } from './kernel.ts';
import { WorkQueue } from './work-queue.ts';

/** What to compute on; every option may be left out. */
export interface ContextOptions {
  /**
   * `'auto'` (default): a hardware adapter if there is one, else the CPU. `'webgpu'`: an adapter, software included, or an
   * error. `'cpu'`: float64 on the CPU.
   */
  readonly backend?: 'auto' | 'webgpu' | 'cpu';
  /**
   * On the CPU, how many worker threads compute, by WebAssembly kernels in float64: a whole number >= 0. 0: the plain reference, on
   * the calling thread. Default: 0 for `backend: 'cpu'`; else as many as the machine has. They are started when a fit is large
   * enough to need them.
   */
  readonly threads?: number;
  /** A device of the caller's: used as it is, never destroyed here. */
  readonly device?: GPUDevice;
  /** Used in place of `navigator.gpu`, e.g. `create([])` of the npm package `webgpu` in Node. */
  readonly gpu?: GPU;
  /** Default `'high-performance'`. */
  readonly powerPreference?: GPUPowerPreference;
  /** @internal operations of one pass and component from which on worker threads are started, see em/thread-samples.ts */
  readonly leastWork?: number;
}

interface Disposable {
  dispose(): void;
}

/**
 * Where fits run: a WebGPU device, or the CPU. Make one with `createContext`, pass it to any number of fits, `dispose` it.
 */
export class Context {
  /** Which of the two sides computes. */
  readonly backend: 'webgpu' | 'cpu';
  /** The WebGPU device; undefined on the CPU. */
  readonly device: GPUDevice | undefined;
  /** Operations from which on worker threads are worth their start; undefined for the default. @internal */
  readonly leastWork: number | undefined;
  #info: ContextInfo;
  readonly #kept = new Map<string, Disposable>();
  readonly #ownsDevice: boolean;
  readonly #buffers: Buffers | undefined;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  /** @internal runs while kernels are compiled */
  readonly compiling = new Clock();
  #queue: WorkQueue | undefined;
  #lost: GPUDeviceLostInfo | undefined;
  #failure: string | undefined;
  #disposed = false;

  /** @internal use `createContext` */
  constructor(info: ContextInfo, device?: GPUDevice, ownsDevice = false, leastWork?: number) {
    this.backend = info.backend;
    this.#info = info;
    this.device = device;
    this.leastWork = leastWork;
    this.#ownsDevice = ownsDevice;
    if (!device) return;
    this.#buffers = new Buffers(device);
    void device.lost.then((lost) => (this.#lost = lost));
    // a caller's own device keeps its error handling to itself
    if (ownsDevice) {
      device.addEventListener('uncapturederror', (event) => {
        event.preventDefault();
        this.#failure ??= event.error.message;
      });
    }
  }

  /** What was found and why; says so, too, where worker threads could not be had. */
  get info(): ContextInfo {
    return this.#info;
  }

  /** Worker threads of the CPU side; 0: the plain float64 reference, on the calling thread. */
  get threads(): number {
    return this.#info.threads;
  }

  /** @internal what turned out later */
  amend(info: Partial<ContextInfo>): void {
    this.#info = { ...this.#info, ...info };
  }

  /** @internal something that lives as long as the context; made when first asked for */
  keep<T extends Disposable>(name: string, make: () => T): T {
    this.assertUsable();
    let kept = this.#kept.get(name);
    if (!kept) this.#kept.set(name, (kept = make()));
    return kept as T;
  }

  /** GPU buffers made for this context and not yet destroyed, its own queue's one aside; 0 on the CPU. */
  get liveBuffers(): number {
    return (this.#buffers?.live ?? 0) - (this.#queue ? 1 : 0);
  }

  /** Bytes in those buffers. */
  get liveBytes(): number {
    return this.#buffers?.bytes ?? 0;
  }

  /** Whether `dispose` was called: the context can compute nothing more. */
  get disposed(): boolean {
    return this.#disposed;
  }

  /** Frees every buffer, ends the worker threads and, where the context asked for the device itself, the device. May be called twice. */
  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#queue = undefined;
    this.#buffers?.destroyAll();
    this.#kernels.clear();
    for (const one of this.#kept.values()) one.dispose();
    this.#kept.clear();
    if (this.#ownsDevice) this.device?.destroy();
  }

  /** @internal the device side of a context that is still usable */
  gpu(): { device: GPUDevice; buffers: Buffers; queue: WorkQueue } {
    this.assertUsable();
    if (!this.device || !this.#buffers) throw new Error('the CPU context has no device');
    this.#queue ??= new WorkQueue(this.device, this.#buffers);
    return { device: this.device, buffers: this.#buffers, queue: this.#queue };
  }

  /** @internal compiled once per context */
  kernel(source: KernelSource): Promise<Kernel> {
    const { device } = this.gpu();
    let kernel = this.#kernels.get(source.code);
    if (!kernel) {
      kernel = this.compiling.during(() => compileKernel(device, source));
      this.#kernels.set(source.code, kernel);
      // a failed compilation is reported to whoever awaits it, and tried again by the next fit
      kernel.catch(() => this.#kernels.delete(source.code));
    }
    return kernel;
  }

  /** @internal @throws MixtureError DISPOSED, DEVICE_LOST, or OUT_OF_MEMORY or DEVICE_ERROR for what the device reported */
  assertUsable(): void {
    if (this.#disposed) {
      throw new MixtureError(
        'DISPOSED',
        'This context has been disposed.',
        'Make a new one with createContext().',
      );
    }
    if (this.#lost) {
      throw new MixtureError(
        'DEVICE_LOST',
        `The GPU device was lost (${this.#lost.reason}): ${this.#lost.message || 'no message'}.`,
        'Make a new context and fit again, with warmStart from the last mixture you were given.',
        { reason: this.#lost.reason },
      );
    }
    if (this.#failure) {
      const message = this.#failure;
      this.#failure = undefined;
      throw new MixtureError(
        /memory/i.test(message) ? 'OUT_OF_MEMORY' : 'DEVICE_ERROR',
        `The GPU device reported an error: ${message}`,
        'Use fewer samples, or the CPU (backend: "cpu").',
      );
    }
  }

  /**
   * Waits for work of the device, such as `device.queue.onSubmittedWorkDone()` or a `mapAsync`: in Firefox without the 100 ms that it
   * takes to tell. A rejection that comes of a lost or disposed device is reported as such.
   * @param promise what the device's work is waited for by
   * @param signal where an abort of it rejects the promise, that is passed on at once
   * @throws MixtureError DISPOSED, DEVICE_LOST, DEVICE_ERROR, OUT_OF_MEMORY
   */
  async settle<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
    try {
      return await hastened(this.device, promise);
    } catch (error) {
      if (signal?.aborted !== true) await this.#reasonOfRejection();
      this.assertUsable();
      throw error;
    }
  }

  /** `lost` resolves, and errors are reported, after the work they took along is rejected: on a busy software adapter by seconds. */
  async #reasonOfRejection(): Promise<void> {
    const until = performance.now() + REASON_MILLISECONDS;
    while (!this.#lost && this.#failure === undefined && !this.#disposed) {
      if (performance.now() >= until) return;
      await Promise.race([this.device?.lost, new Promise((resolve) => setTimeout(resolve, 50))]);
    }
  }
}

/** How long a rejection waits for the loss of the device that it may come of. */
const REASON_MILLISECONDS = 5000;

/**
 * Finds where to compute. Without options: a hardware WebGPU adapter if there is one, else the CPU; `info` says what was
 * found and why. A software adapter is used only when asked for by `backend: 'webgpu'`.
 * @param options which side, how many threads, or a device of one's own; see `ContextOptions`
 * @throws MixtureError WEBGPU_UNAVAILABLE, INSECURE_CONTEXT, NO_ADAPTER, DEVICE_REQUEST_FAILED where `backend: 'webgpu'`
 *   cannot be had; INVALID_OPTION
 */
export async function createContext(options: ContextOptions = {}): Promise<Context> {
  const { backend = 'auto', device, powerPreference = 'high-performance', leastWork } = options;
  if (!['auto', 'webgpu', 'cpu'].includes(backend)) {
    throw new MixtureError(
      'INVALID_OPTION',
      `backend is ${String(backend)}.`,
      "Use 'auto', 'webgpu' or 'cpu'.",
      { backend },
    );
  }
  const threads = readThreads(options, backend);
  const cpu: OnCpu = (code, reason, adapter) =>
    cpuContext(threads, leastWork, code, reason, adapter);
  if (device && backend !== 'cpu') {
    const info = (device as { adapterInfo?: GPUAdapterInfo }).adapterInfo;
    return new Context(
      {
        backend: 'webgpu',
        code: 'OWN_DEVICE',
        reason: "Runs on the caller's own WebGPU device.",
        adapter: describeAdapter(info),
        software: isSoftware(info),
        limits: readLimits(device.limits),
        threads: 0,
      },
      device,
    );
  }
  if (backend === 'cpu') return cpu('CPU_REQUESTED', 'Runs on the CPU in float64, as asked.');
  return await findDevice(backend, powerPreference, options.gpu, cpu);
}

/** Held as long as a context: Dawn for Node answers nothing more, and a fit waits for ever, once its GPU object is collected. */
const gpuOf = new WeakMap<Context, GPU>();

async function findDevice(
  backend: 'auto' | 'webgpu',
  powerPreference: GPUPowerPreference,
  given: GPU | undefined,
  cpu: OnCpu,
): Promise<Context> {
  const gpu = given ?? (globalThis.navigator as { gpu?: GPU } | undefined)?.gpu;
  const missing = (
    code: ContextCode & MixtureError['code'],
    what: string,
    hint: string,
    cause?: unknown,
  ): Context => {
    if (backend === 'webgpu') throw new MixtureError(code, what, hint, {}, cause);
    return cpu(code, `${what} Runs on the CPU in float64. ${hint}`);
  };
  if (!gpu) {
    if ((globalThis as { isSecureContext?: boolean }).isSecureContext === false) {
      return missing(
        'INSECURE_CONTEXT',
        'WebGPU is only offered to secure pages, and this one is not.',
        'Open the page by https:// or on http://localhost.',
      );
    }
    return missing(
      'WEBGPU_UNAVAILABLE',
      'This browser or runtime has no WebGPU.',
      'Use a current Chrome, Edge, Safari or Firefox, or in Node the npm package `webgpu`.',
    );
  }
  // a browser that only half offers WebGPU (Firefox where it is not released) rejects instead of giving none
  let refusal = '.';
  const adapter = await gpu.requestAdapter({ powerPreference }).catch((error: unknown) => {
    refusal = `: ${sentence(error)}`;
  });
  if (!adapter) {
    return missing(
      'NO_ADAPTER',
      `WebGPU is there, but it gave no adapter${refusal}`,
      'In Chrome, chrome://gpu says why; on Linux it may need flags: docs/browsers.md has them.',
    );
  }
  const name = describeAdapter(adapter.info);
  const software = isSoftware(adapter.info);
  if (software && backend === 'auto') {
    return cpu(
      'SOFTWARE_ADAPTER',
      `The only WebGPU adapter (${name}) computes on the CPU; the float64 CPU side is used instead.`,
      name,
    );
  }
  let device: GPUDevice;
  try {
    const requiredLimits = Object.fromEntries(
      LIMIT_NAMES.map((limit) => [limit, adapter.limits[limit]]),
    );
    device = await adapter.requestDevice({ label: 'webgpu-em', requiredLimits });
  } catch (error) {
    return missing(
      'DEVICE_REQUEST_FAILED',
      `The adapter ${name} gave no device: ${sentence(error)}`,
      'Close other pages that use the GPU and reload.',
      error,
    );
  }
  const context = new Context(
    {
      backend: 'webgpu',
      code: software ? 'SOFTWARE_REQUESTED' : 'HARDWARE',
      reason: software
        ? `Runs on WebGPU by a software adapter, as asked: ${name}.`
        : `Runs on WebGPU by a hardware adapter: ${name}.`,
      adapter: name,
      software,
      limits: readLimits(device.limits),
      threads: 0,
    },
    device,
    true,
  );
  gpuOf.set(context, gpu);
  return context;
}

/** What a browser said, ending as a sentence does: Firefox's words do not. */
function sentence(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return /[.!?]$/.test(words) ? words : `${words}.`;
}

type OnCpu = (code: ContextCode, reason: string, adapter?: string) => Context;

function cpuContext(
  threads: number,
  leastWork: number | undefined,
  code: ContextCode,
  reason: string,
  adapter?: string,
): Context {
  const info: ContextInfo = {
    backend: 'cpu',
    code,
    reason,
    adapter,
    software: adapter !== undefined,
    limits: {},
    threads,
  };
  return new Context(info, undefined, false, leastWork);
}

/** @throws MixtureError INVALID_OPTION */
function readThreads({ threads }: ContextOptions, backend: string): number {
  const most = hardwareThreads();
  const given = threads ?? (backend === 'cpu' ? 0 : most);
  if (Number.isInteger(given) && given >= 0 && given <= MOST_THREADS) return given;
  throw new MixtureError(
    'INVALID_OPTION',
    `threads is ${String(threads)}.`,
    `Give a whole number from 0 (no worker threads) to ${MOST_THREADS}; this machine runs ${most} at a time.`,
    { threads },
  );
}
