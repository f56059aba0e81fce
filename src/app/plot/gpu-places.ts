import type { Dataset, DatasetChunk } from '../../index.ts';
import code from './place.wgsl?raw';
import type { Projection } from './projection.ts';
import { featureOf } from './sample-places.ts';

/** Numbers of a plane as the user's units: number * scale + offset. */
export interface Axis {
  readonly scale: number;
  readonly offset: number;
}

/** Where the coordinates of a chunk's samples lie. */
export interface ChunkPlane {
  readonly buffer: GPUBuffer;
  /** float32s before the first horizontal and the first vertical number. */
  readonly xStart: number;
  readonly yStart: number;
}

/** Coordinates of all samples on the device, for one projection. */
export interface GpuPlaces {
  readonly planes: readonly ChunkPlane[];
  readonly x: Axis;
  /** undefined: one feature. */
  readonly y: Axis | undefined;
}

/** Finds the coordinates of samples: two features are read where the fit has them, any other projection is computed once. */
export class PlaceFinder {
  readonly #device: GPUDevice;
  readonly #dataset: Dataset;
  readonly #chunks: readonly DatasetChunk[];
  #pipeline: GPUComputePipeline | undefined;
  #computed:
    | { readonly projection: Projection; readonly buffers: readonly GPUBuffer[] }
    | undefined;

  constructor(device: GPUDevice, dataset: Dataset, chunks: readonly DatasetChunk[]) {
    this.#device = device;
    this.#dataset = dataset;
    this.#chunks = chunks;
  }

  of(projection: Projection): GpuPlaces {
    const x = featureOf(projection.x);
    const y = projection.y && featureOf(projection.y);
    if (x !== undefined && (y !== undefined || !projection.y)) {
      return {
        planes: this.#chunks.map(({ values, stride }) => ({
          buffer: values,
          xStart: x * stride,
          yStart: (y ?? x) * stride,
        })),
        x: this.#alongFeature(projection.x, x, projection),
        y: y === undefined ? undefined : this.#alongFeature(projection.y!, y, projection),
      };
    }
    const buffers = this.#compute(projection);
    return {
      planes: this.#chunks.map(({ stride }, c) => ({
        buffer: buffers[c],
        xStart: 0,
        yStart: stride,
      })),
      x: this.#alongAll(projection.x, projection),
      y: projection.y && this.#alongAll(projection.y, projection),
    };
  }

  dispose(): void {
    for (const buffer of this.#computed?.buffers ?? []) buffer.destroy();
    this.#computed = undefined;
  }

  #alongFeature(direction: Float64Array, feature: number, { origin }: Projection): Axis {
    const { columnMeans, columnScales } = this.#dataset;
    return {
      scale: direction[feature] * columnScales[feature],
      offset: direction[feature] * (columnMeans[feature] - origin[feature]),
    };
  }

  /** The origin and the means in float64: only what differs from sample to sample is in float32. */
  #alongAll(direction: Float64Array, { origin }: Projection): Axis {
    const { columnMeans } = this.#dataset;
    const offset = direction.reduce((sum, part, d) => sum + part * (columnMeans[d] - origin[d]), 0);
    return { scale: 1, offset };
  }

  #compute(projection: Projection): readonly GPUBuffer[] {
    if (this.#computed?.projection === projection) return this.#computed.buffers;
    const device = this.#device;
    const former = this.#computed?.buffers;
    const { nFeatures, columnScales } = this.#dataset;
    const y = projection.y ?? projection.x;
    const directions = new Float32Array(2 * nFeatures);
    for (let d = 0; d < nFeatures; d++) {
      directions.set([projection.x[d] * columnScales[d], y[d] * columnScales[d]], 2 * d);
    }
    this.#pipeline ??= device.createComputePipeline({
      label: 'place.wgsl',
      layout: 'auto',
      compute: { module: device.createShaderModule({ label: 'place.wgsl', code }) },
    });
    const temporary = [filled(device, directions, GPUBufferUsage.STORAGE)];
    const encoder = device.createCommandEncoder({ label: 'PlaceFinder' });
    const pass = encoder.beginComputePass();
    pass.setPipeline(this.#pipeline);
    const buffers = this.#chunks.map(({ values, nSamples, stride }, c) => {
      const buffer =
        former?.[c] ??
        device.createBuffer({
          label: 'PlaceFinder.places',
          size: 8 * stride,
          usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
        });
      const shape = Uint32Array.of(nSamples, stride, nFeatures, projection.leavesOut ? 1 : 0);
      temporary.push(filled(device, shape, GPUBufferUsage.UNIFORM));
      const bound = [temporary.at(-1)!, temporary[0], values, buffer];
      pass.setBindGroup(
        0,
        device.createBindGroup({
          layout: this.#pipeline!.getBindGroupLayout(0),
          entries: bound.map((resource, binding) => ({ binding, resource: { buffer: resource } })),
        }),
      );
      pass.dispatchWorkgroups(Math.ceil(nSamples / 256));
      return buffer;
    });
    pass.end();
    device.queue.submit([encoder.finish()]);
    for (const buffer of temporary) buffer.destroy();
    this.#computed = { projection, buffers };
    return buffers;
  }
}

/** A buffer with these numbers. */
export function filled(
  device: GPUDevice,
  numbers: Float32Array | Uint32Array | Int32Array,
  usage: GPUBufferUsageFlags,
): GPUBuffer {
  const size = Math.max(16, Math.ceil(numbers.byteLength / 16) * 16);
  const buffer = device.createBuffer({ size, usage, mappedAtCreation: true });
  new Uint8Array(buffer.getMappedRange()).set(
    new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength),
  );
  buffer.unmap();
  return buffer;
}
