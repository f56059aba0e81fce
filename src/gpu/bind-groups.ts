interface Bound {
  readonly buffers: readonly GPUBuffer[];
  readonly offset: number;
  readonly group: GPUBindGroup;
}

/** Kept per layout: what one pass binds over chunks of 8 GB together. */
const KEPT = 256;

/** Bind groups, made once for the same buffers: making one takes about 15 microseconds, and an iteration binds up to a hundred. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #bound = new Map<GPUBindGroupLayout, Bound[]>();

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** @param offset bytes, of every buffer */
  get(layout: GPUBindGroupLayout, buffers: readonly GPUBuffer[], offset: number): GPUBindGroup {
    let bound = this.#bound.get(layout);
    if (!bound) this.#bound.set(layout, (bound = []));
    const found = bound.find(
      (one) =>
        one.offset === offset &&
        one.buffers.length === buffers.length &&
        one.buffers.every((buffer, i) => buffer === buffers[i]),
    );
    if (found) return found.group;
    const group = this.#device.createBindGroup({
      layout,
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer, offset } })),
    });
    if (bound.length === KEPT) bound.shift();
    bound.push({ buffers: [...buffers], offset, group });
    return group;
  }
}
