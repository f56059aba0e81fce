/** The most bytes in buffers of a device at once, since `watchMemory`. */
export interface MemoryWatch {
  readonly peakBytes: number;
}

/**
 * Counts every buffer that is made on the device from now on, by whomever; all of them must be destroyed, not left to the garbage
 * collector.
 */
export function watchMemory(device: GPUDevice): MemoryWatch {
  let live = 0;
  let peakBytes = 0;
  const create = device.createBuffer.bind(device);
  device.createBuffer = (descriptor) => {
    const buffer = create(descriptor);
    live += buffer.size;
    peakBytes = Math.max(peakBytes, live);
    const destroy = buffer.destroy.bind(buffer);
    let destroyed = false;
    buffer.destroy = () => {
      if (!destroyed) live -= buffer.size;
      destroyed = true;
      return destroy();
    };
    return buffer;
  };
  return {
    get peakBytes() {
      return peakBytes;
    },
  };
}
