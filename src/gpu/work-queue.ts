import type { Buffers } from './buffers.ts';
import { BufferUsage } from './buffers.ts';
import type { Kernel } from './kernel.ts';

/** A kernel over `units` independent units, which may be cut into several dispatches at any unit. */
export interface Work {
  readonly kernel: Kernel;
  /** Groups 0 .. 2; group 3 is the queue's. */
  readonly bindGroups: readonly GPUBindGroup[];
  readonly units: number;
  readonly workgroupsPerUnit: number;
  /** A rough count of arithmetic operations in one unit, to keep dispatches short. */
  readonly costPerUnit: number;
  /** Numbers for the dispatch uniform after `first_unit` and `unit_count`. */
  readonly uniforms: readonly number[];
}

/** At least the largest uniform of any kernel (shaders/dispatch.wgsl: 80). */
const UNIFORM_BYTES = 96;
const SLOT_BYTES = 256; // the default minUniformBufferOffsetAlignment
const SLOTS = 64; // dispatches in one submit at most
/** Windows resets a GPU after 2 s in one dispatch and browsers want far less; a page wants frames in between. */
const DISPATCH_MILLISECONDS = 15;
const SUBMIT_MILLISECONDS = 60;
/** Operations a millisecond assumed before anything was measured: a slow software adapter's. */
const INITIAL_RATE = 1e6;

/**
 * Cuts work into short dispatches and short submits, sized by the speed measured so far, and keeps at most two submits in
 * flight: an abort is noticed within about one submit. How the work is cut never changes a result.
 */
export class WorkQueue {
  readonly #device: GPUDevice;
  readonly #uniforms: GPUBuffer;
  readonly #maxWorkgroups: number;
  readonly #groups = new Map<GPUBindGroupLayout, GPUBindGroup>();
  readonly #staging = new Uint32Array((SLOTS * SLOT_BYTES) / 4);
  readonly #buffers: Buffers;
  #rate = INITIAL_RATE;

  constructor(
    device: GPUDevice,
    buffers: Buffers,
    maxWorkgroups = device.limits.maxComputeWorkgroupsPerDimension,
  ) {
    this.#device = device;
    this.#buffers = buffers;
    this.#maxWorkgroups = maxWorkgroups;
    this.#uniforms = buffers.create(
      'WorkQueue.uniforms',
      SLOTS * SLOT_BYTES,
      BufferUsage.UNIFORM | BufferUsage.COPY_DST,
    );
  }

  dispose(): void {
    this.#buffers.destroy(this.#uniforms);
  }

  /**
   * Runs all works in order, then `finish` (copies, usually) in the last submit. Resolves once everything is submitted,
   * with at most two submits still in flight. Rejects with `signal.reason` between submits.
   */
  async run(
    works: readonly Work[],
    finish: (encoder: GPUCommandEncoder) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    const inFlight: Promise<undefined>[] = [];
    let pending: { work: Work; first: number; count: number }[] = [];
    let pendingCost = 0;

    const flush = async (last: boolean): Promise<void> => {
      signal?.throwIfAborted();
      if (inFlight.length >= 2) {
        await inFlight.shift();
        signal?.throwIfAborted();
      }
      this.#submit(pending, last ? finish : undefined);
      if (!last) inFlight.push(this.#device.queue.onSubmittedWorkDone());
      pending = [];
      pendingCost = 0;
    };

    for (const work of works) {
      const perDispatch = Math.max(
        1,
        Math.floor((this.#rate * DISPATCH_MILLISECONDS) / work.costPerUnit),
      );
      const foldLimit = Math.max(
        1,
        Math.floor((this.#maxWorkgroups * this.#maxWorkgroups) / work.workgroupsPerUnit),
      );
      const step = Math.min(perDispatch, foldLimit);
      for (let first = 0; first < work.units; first += step) {
        const count = Math.min(step, work.units - first);
        const cost = count * work.costPerUnit;
        if (
          pending.length === SLOTS ||
          (pending.length > 0 && pendingCost + cost > this.#rate * SUBMIT_MILLISECONDS)
        ) {
          await flush(false);
        }
        pending.push({ work, first, count });
        pendingCost += cost;
      }
    }
    await flush(true);
  }

  /** Tells the queue how long works took, their readback included: the size of the next dispatches follows. */
  measured(works: readonly Work[], milliseconds: number): void {
    const cost = works.reduce((sum, work) => sum + work.units * work.costPerUnit, 0);
    const rate = cost / Math.max(milliseconds, 0.5);
    // one slow measurement (a compile, a busy machine) must not cut everything to crumbs, nor one lucky one the reverse
    this.#rate = Math.max(INITIAL_RATE / 4, Math.min(rate, this.#rate * 8), this.#rate / 4);
  }

  #submit(
    pending: readonly { work: Work; first: number; count: number }[],
    finish?: (encoder: GPUCommandEncoder) => void,
  ): void {
    const encoder = this.#device.createCommandEncoder({ label: 'WorkQueue' });
    if (pending.length > 0) {
      const pass = encoder.beginComputePass({ label: 'WorkQueue' });
      pending.forEach(({ work, first, count }, slot) => {
        this.#staging.set([first, count, ...work.uniforms], (slot * SLOT_BYTES) / 4);
        pass.setPipeline(work.kernel.pipeline);
        work.bindGroups.forEach((group, index) => pass.setBindGroup(index, group));
        pass.setBindGroup(3, this.#dispatchGroup(work.kernel.layouts[3]), [slot * SLOT_BYTES]);
        const workgroups = count * work.workgroupsPerUnit;
        const x = Math.min(workgroups, this.#maxWorkgroups);
        pass.dispatchWorkgroups(x, Math.ceil(workgroups / x));
      });
      pass.end();
      this.#device.queue.writeBuffer(
        this.#uniforms,
        0,
        this.#staging,
        0,
        (pending.length * SLOT_BYTES) / 4,
      );
    }
    finish?.(encoder);
    this.#device.queue.submit([encoder.finish()]);
  }

  #dispatchGroup(layout: GPUBindGroupLayout): GPUBindGroup {
    let group = this.#groups.get(layout);
    if (!group) {
      group = this.#device.createBindGroup({
        label: 'WorkQueue.dispatch',
        layout,
        entries: [
          { binding: 0, resource: { buffer: this.#uniforms, offset: 0, size: UNIFORM_BYTES } },
        ],
      });
      this.#groups.set(layout, group);
    }
    return group;
  }
}
