import { BufferUsage, readMapped } from '../src/gpu/buffers.ts';
import copyCode from './micro/copy.wgsl?raw';
import expCode from './micro/exp.wgsl?raw';
import fillCode from './micro/fill.wgsl?raw';
import narrowCode from './micro/fma-narrow.wgsl?raw';
import wideCode from './micro/fma-wide.wgsl?raw';
import { Stopwatch } from './micro/stopwatch.ts';
import type { Peaks } from './roofline.ts';
import { spread, type Spread } from './statistics.ts';

/** One rate, measured several times. */
export interface Rate {
  /** Operations or bytes a second; of the latency, seconds. */
  readonly measured: Spread;
  /** Which of several kernels, over how much. */
  readonly how: string;
}

/** What an adapter can do at most, measured; what failed is named in `failures` and undefined. */
export interface Roofline {
  readonly fma: Rate | undefined;
  readonly exp: Rate | undefined;
  readonly copy: Rate | undefined;
  readonly latency: Rate | undefined;
  readonly failures: readonly string[];
}

/** A kernel whose invocations run chains of their own. */
interface Chains {
  readonly name: string;
  readonly code: string;
  readonly constants: Record<string, number>;
  /** Operations of an invocation in one loop. */
  readonly operations: number;
  /** What each invocation's sum must be, and how far it may be off. */
  readonly expected: (lane: number, loops: number) => number;
  readonly tolerance: number;
}

const GROUP = 64;
/** More would be more of the same; the sums take 2 MiB. */
const MOST_GROUPS = 8192;
/** Sums stay whole numbers below 2^24, and a loop of 65,535 and more ends early on one software adapter. */
const MOST_LOOPS = 4096;
/** b and c of the chains x -> c - (b - x): two steps add 1, and signs and most bits change at each. */
const [B, C] = [4097, 4098];
/** x = exp(-x), the omega constant. */
const OMEGA = 0.5671432904097838;
const COPY_BYTES = { hardware: 2 ** 29, software: 2 ** 26 };
/** Bytes that one workgroup of copy.wgsl moves. */
const COPY_STEP = 2 ** 14;

/** Measures the adapter. @param quick to see that it works; the rates are then rough */
export async function measureRoofline(
  device: GPUDevice,
  software: boolean,
  quick = false,
): Promise<Roofline> {
  const failures: string[] = [];
  const attempt = async <T>(name: string, measure: () => Promise<T>): Promise<T | undefined> => {
    device.pushErrorScope('validation');
    device.pushErrorScope('out-of-memory');
    try {
      return await measure();
    } catch (error) {
      failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    } finally {
      for (const error of [await device.popErrorScope(), await device.popErrorScope()]) {
        if (error) failures.push(`${name}: ${error.message}`);
      }
    }
  };
  const latency = await attempt('latency', () => measureLatency(device, quick));
  const watch = new Stopwatch(device, latency?.measured.median ?? 0, quick);
  const fma = await attempt('FMA peak', async () => {
    const rates: Rate[] = [];
    for (const chains of FMA_KERNELS) rates.push(await chainRate(device, watch, chains));
    return rates.toSorted((one, two) => two.measured.median - one.measured.median)[0];
  });
  const exp = await attempt('exp rate', () => chainRate(device, watch, EXP_KERNEL));
  const bytes = quick ? 2 ** 22 : software ? COPY_BYTES.software : COPY_BYTES.hardware;
  const copy = await attempt('copy bandwidth', () => copyRate(device, watch, bytes));
  return { fma, exp, copy, latency, failures };
}

/** The medians. */
export function peaksOf({ fma, exp, copy, latency }: Roofline): Peaks {
  return {
    flops: fma?.measured.median,
    exps: exp?.measured.median,
    bytes: copy?.measured.median,
    latency: latency?.measured.median,
  };
}

const FMA_KERNELS: readonly Chains[] = [
  { name: '32 chains', code: wideCode, vectors: 8, unrolled: 4 },
  { name: '8 chains', code: narrowCode, vectors: 2, unrolled: 8 },
].flatMap(({ name, code, vectors, unrolled }) =>
  [true, false].map((fused) => ({
    name: `${name}, ${fused ? 'fma(x, a, b)' : 'x * a + b'}`,
    code,
    constants: { FUSED: fused ? 1 : 0 },
    operations: 2 * 4 * vectors * unrolled,
    expected: (lane: number, loops: number) => {
      const chains = Array.from({ length: 4 * vectors }, (_, i) => lane + (i >> 2) * 4 + (i & 3));
      return chains.reduce((sum, x) => sum + x + (loops * unrolled * (C - B)) / 2, 0);
    },
    tolerance: 0,
  })),
);

const EXP_KERNEL: Chains = {
  name: '16 chains',
  code: expCode,
  constants: {},
  operations: 4 * 4 * 2,
  expected: () => 16 * OMEGA,
  tolerance: 16 * 1e-5,
};

/** As many workgroups and loops as fill a dispatch, then as many dispatches as fill a sample; and the sums must be right. */
async function chainRate(device: GPUDevice, watch: Stopwatch, chains: Chains): Promise<Rate> {
  const pipeline = await compile(device, chains.code, chains.constants);
  const sums = storage(device, MOST_GROUPS * GROUP * 4);
  const uniform = device.createBuffer({
    size: 64,
    usage: BufferUsage.UNIFORM | BufferUsage.COPY_DST,
  });
  try {
    const bindGroup = bind(device, pipeline, [uniform, sums]);
    const setLoops = (loops: number): void => {
      const values = new Float32Array(16).fill(-1, 0, 4).fill(B, 4, 8).fill(C, 8, 12);
      new Uint32Array(values.buffer)[12] = loops;
      device.queue.writeBuffer(uniform, 0, values);
    };
    let groups = 16;
    let loops = 16;
    setLoops(loops);
    await watch.time(pipeline, bindGroup, groups, 1);
    while (
      (groups < MOST_GROUPS || loops < MOST_LOOPS) &&
      (await watch.time(pipeline, bindGroup, groups, 1)) < watch.dispatch
    ) {
      // loops keep a GPU's invocations busy, groups its processors: both in turn
      if (groups >= MOST_GROUPS || (groups > 8 * loops && loops < MOST_LOOPS)) {
        setLoops((loops *= 2));
      } else groups *= 2;
    }
    const operations = groups * GROUP * loops * chains.operations;
    const measured = await watch.rate(pipeline, bindGroup, groups, operations);
    await checkSums(device, sums, groups, loops, chains);
    return { measured, how: `${chains.name}; ${groups} × ${GROUP} invocations, ${loops} loops` };
  } finally {
    sums.destroy();
    uniform.destroy();
  }
}

async function checkSums(
  device: GPUDevice,
  sums: GPUBuffer,
  groups: number,
  loops: number,
  { expected, tolerance, name }: Chains,
): Promise<void> {
  const found = new Float32Array(await readBack(device, sums, 0, groups * GROUP * 4));
  const wrong = found.findIndex(
    (sum, i) => !(Math.abs(sum - expected(i % GROUP, loops)) <= tolerance),
  );
  if (wrong >= 0) {
    throw new Error(
      `${name}: invocation ${wrong} ends at ${found[wrong]}, not ${expected(wrong % GROUP, loops)}.`,
    );
  }
}

/** From one array to another, each as large as may be (caches hold less), and what arrives must be what was sent. */
async function copyRate(device: GPUDevice, watch: Stopwatch, most: number): Promise<Rate> {
  const limit = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
  const bytes = Math.floor(Math.min(most, limit) / COPY_STEP) * COPY_STEP;
  const source = storage(device, bytes);
  const target = storage(device, bytes);
  try {
    const fill = await compile(device, fillCode);
    const copy = await compile(device, copyCode);
    const groups = bytes / COPY_STEP;
    await watch.time(fill, bind(device, fill, [source]), groups, 1);
    const bindGroup = bind(device, copy, [source, target]);
    await watch.time(copy, bindGroup, groups, 1);
    const measured = await watch.rate(copy, bindGroup, groups, 2 * bytes);
    for (const at of [0, Math.floor(groups / 2), groups - 1]) {
      const found = new Uint32Array(await readBack(device, target, at * COPY_STEP, COPY_STEP));
      const first = (at * COPY_STEP) / 4;
      const wrong = found.findIndex((value, i) => value !== Math.imul(first + i, 2654435761) >>> 0);
      if (wrong >= 0) throw new Error(`Word ${first + wrong} of the copy is ${found[wrong]}.`);
    }
    return { measured, how: `${bytes / 2 ** 20} MiB to another ${bytes / 2 ** 20} MiB` };
  } finally {
    source.destroy();
    target.destroy();
  }
}

/** What one iteration that waits for its result costs at least: a dispatch of next to nothing, its copy, its mapping. */
async function measureLatency(device: GPUDevice, quick: boolean): Promise<Rate> {
  const pipeline = await compile(device, expCode);
  const sums = storage(device, GROUP * 4);
  const uniform = device.createBuffer({ size: 64, usage: BufferUsage.UNIFORM });
  const readback = device.createBuffer({
    size: GROUP * 4,
    usage: BufferUsage.MAP_READ | BufferUsage.COPY_DST,
  });
  try {
    const bindGroup = bind(device, pipeline, [uniform, sums]);
    const seconds: number[] = [];
    const repetitions = quick ? 5 : 51;
    for (let r = -3; r < repetitions; r++) {
      const started = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(1);
      pass.end();
      encoder.copyBufferToBuffer(sums, 0, readback, 0, GROUP * 4);
      device.queue.submit([encoder.finish()]);
      await readMapped(readback, [GROUP * 4]);
      if (r >= 0) seconds.push((performance.now() - started) / 1000);
    }
    return { measured: spread(seconds), how: `${repetitions} times submit, dispatch, copy, map` };
  } finally {
    for (const buffer of [sums, uniform, readback]) buffer.destroy();
  }
}

function compile(
  device: GPUDevice,
  code: string,
  constants: Record<string, number> = {},
): Promise<GPUComputePipeline> {
  const module = device.createShaderModule({ code });
  return device.createComputePipelineAsync({
    layout: 'auto',
    compute: { module, entryPoint: 'main', constants },
  });
}

function bind(
  device: GPUDevice,
  pipeline: GPUComputePipeline,
  buffers: readonly GPUBuffer[],
): GPUBindGroup {
  return device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
  });
}

function storage(device: GPUDevice, size: number): GPUBuffer {
  return device.createBuffer({ size, usage: BufferUsage.STORAGE | BufferUsage.COPY_SRC });
}

async function readBack(
  device: GPUDevice,
  source: GPUBuffer,
  offset: number,
  size: number,
): Promise<ArrayBuffer> {
  const readback = device.createBuffer({
    size,
    usage: BufferUsage.MAP_READ | BufferUsage.COPY_DST,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, offset, readback, 0, size);
  device.queue.submit([encoder.finish()]);
  try {
    const [read] = await readMapped(readback, [size]);
    return read.buffer as ArrayBuffer;
  } finally {
    readback.destroy();
  }
}
