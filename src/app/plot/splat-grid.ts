import peakCode from './peak.wgsl?raw';
import resolveCode from './resolve.wgsl?raw';
import splatCode from './splat.wgsl?raw';
import type { SplatStyle } from './splat-style.ts';

/** A disc's full cell counts so much, as FULL in splat.wgsl. */
const DISC_UNIT = 16;
const SLOT_BYTES = 256; // the default minUniformBufferOffsetAlignment
const GROUP = 256;
const PEAK_SHARE = 64;

const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;

/** The samples of one chunk that a frame draws. */
export interface SplatSlice {
  readonly plane: GPUBuffer;
  readonly xStart: number;
  /** undefined: heights are random. */
  readonly yStart: number | undefined;
  readonly known: GPUBuffer | undefined;
  readonly labels: GPUBuffer | undefined;
  /** One sample of each of these blocks of `every` samples of all chunks: `thinnedSample`. */
  readonly firstBlock: number;
  readonly nBlocks: number;
  readonly every: number;
  /** The chunk's own samples. */
  readonly firstSample: number;
  readonly nSamples: number;
  /** Of all chunks. */
  readonly nInAll: number;
}

/** One picture of samples. */
export interface SplatFrame {
  readonly style: SplatStyle;
  readonly slices: readonly SplatSlice[];
  /** Cell coordinates of a number of a plane: number * scale + offset. */
  readonly scale: readonly [x: number, y: number];
  readonly offset: readonly [x: number, y: number];
  readonly by: 'nothing' | 'slots' | 'shares';
  readonly shareScale: number;
  /** Packed, see colour-table.ts. */
  readonly table: Uint32Array<ArrayBuffer>;
  /** Needs the slices' labels. */
  readonly highlighted: number | undefined;
  /** How many times a highlighted sample counts. */
  readonly emphasis: number;
  /** How many samples one that is drawn stands for. */
  readonly samplesEach: number;
  readonly density: boolean;
  /** Colours of counts; undefined: cells have the mean colour of their samples. */
  readonly countColours: Uint32Array<ArrayBuffer> | undefined;
}

/** Adds samples up in a grid on the device and makes the picture of it: splat.wgsl, peak.wgsl, resolve.wgsl. */
export class SplatGrid {
  readonly #device: GPUDevice;
  readonly #splat: GPUComputePipeline;
  readonly #peak: GPUComputePipeline;
  readonly #resolve: GPURenderPipeline;
  readonly #buffers = new Map<string, GPUBuffer>();

  constructor(device: GPUDevice, format: GPUTextureFormat) {
    this.#device = device;
    const compute = (label: string, code: string) =>
      device.createComputePipeline({
        label,
        layout: 'auto',
        compute: { module: device.createShaderModule({ label, code }) },
      });
    this.#splat = compute('splat.wgsl', splatCode);
    this.#peak = compute('peak.wgsl', peakCode);
    const module = device.createShaderModule({ label: 'resolve.wgsl', code: resolveCode });
    this.#resolve = device.createRenderPipeline({
      label: 'resolve.wgsl',
      layout: 'auto',
      vertex: { module },
      fragment: { module, targets: [{ format }] },
      primitive: { topology: 'triangle-list' },
    });
  }

  /** One submit; the picture covers the target. */
  draw(target: GPUTextureView, frame: SplatFrame): void {
    const { style, slices, density } = frame;
    const nCells = style.columns * style.rows;
    const cells = this.#buffer('cells', 16 * nCells, STORAGE | COPY_DST | COPY_SRC);
    const peak = this.#buffer('peak', 16, STORAGE | COPY_DST);
    const encoder = this.#device.createCommandEncoder({ label: 'SplatGrid' });
    encoder.clearBuffer(cells, 0, 16 * nCells);
    encoder.clearBuffer(peak);
    const pass = encoder.beginComputePass({ label: 'splat' });
    pass.setPipeline(this.#splat);
    const view = this.#write('view', viewWords(frame), UNIFORM);
    const table = this.#write('table', frame.table, STORAGE);
    pass.setBindGroup(0, this.#group(this.#splat, 0, [view, table, cells]));
    const uniforms = this.#write('slices', sliceWords(slices), UNIFORM);
    slices.forEach((slice, index) => {
      if (slice.nBlocks === 0) return;
      const { plane, known = plane, labels = plane } = slice;
      const bound = { buffer: uniforms, offset: index * SLOT_BYTES, size: 48 };
      pass.setBindGroup(1, this.#group(this.#splat, 1, [bound, plane, known, labels]));
      pass.dispatchWorkgroups(Math.ceil(slice.nBlocks / GROUP));
    });
    if (density) {
      const count = this.#write('nCells', Uint32Array.of(nCells), UNIFORM);
      pass.setPipeline(this.#peak);
      pass.setBindGroup(0, this.#group(this.#peak, 0, [cells, peak, count]));
      pass.dispatchWorkgroups(Math.ceil(Math.ceil(nCells / PEAK_SHARE) / 64));
    }
    pass.end();
    const look = this.#write('look', lookWords(frame), UNIFORM);
    const countTable = this.#write('counts', frame.countColours ?? Uint32Array.of(0), STORAGE);
    const picture = encoder.beginRenderPass({
      colorAttachments: [
        { view: target, loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] },
      ],
    });
    picture.setPipeline(this.#resolve);
    picture.setBindGroup(0, this.#group(this.#resolve, 0, [look, cells, countTable, peak]));
    picture.draw(3);
    picture.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  /** The cells of the last picture, four numbers each (see splat.wgsl): for checks. */
  async readCells(nCells: number): Promise<Uint32Array> {
    const size = 16 * nCells;
    const usage = COPY_DST | GPUBufferUsage.MAP_READ;
    const readback = this.#device.createBuffer({ size, usage });
    const encoder = this.#device.createCommandEncoder();
    encoder.copyBufferToBuffer(this.#buffers.get('cells')!, 0, readback, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await readback.mapAsync(GPUMapMode.READ);
    const cells = new Uint32Array(readback.getMappedRange().slice(0));
    readback.destroy();
    return cells;
  }

  dispose(): void {
    for (const buffer of this.#buffers.values()) buffer.destroy();
    this.#buffers.clear();
  }

  /** Made on first use, and again where it must grow. */
  #buffer(name: string, bytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const size = Math.max(16, Math.ceil(bytes / 16) * 16);
    const existing = this.#buffers.get(name);
    if (existing && existing.size >= size) return existing;
    existing?.destroy();
    const buffer = this.#device.createBuffer({ label: `SplatGrid.${name}`, size, usage });
    this.#buffers.set(name, buffer);
    return buffer;
  }

  #write(name: string, words: Uint32Array<ArrayBuffer>, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.#buffer(name, words.byteLength, usage | COPY_DST);
    this.#device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }

  #group(
    pipeline: GPUPipelineBase,
    index: number,
    resources: readonly (GPUBuffer | GPUBufferBinding)[],
  ): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: pipeline.getBindGroupLayout(index),
      entries: resources.map((resource, binding) => ({
        binding,
        resource: 'buffer' in resource ? resource : { buffer: resource },
      })),
    });
  }
}

/** A colour table's entries, without the one for nothing and without the dimmed ones. */
const entriesOf = (table: Uint32Array): number => table.length / 2 - 1;

const bits = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0];

/** View in splat.wgsl. */
function viewWords(frame: SplatFrame): Uint32Array<ArrayBuffer> {
  const { style, scale, offset } = frame;
  return Uint32Array.of(
    ...[...scale, ...offset].map(bits),
    style.columns,
    style.rows,
    bits(style.reach),
    frame.highlighted ?? -1,
    { nothing: 0, slots: 1, shares: 2 }[frame.by],
    entriesOf(frame.table),
    bits(frame.shareScale),
    frame.emphasis,
  );
}

/** Slice in splat.wgsl, one a slot. */
function sliceWords(slices: readonly SplatSlice[]): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array((slices.length * SLOT_BYTES) / 4);
  slices.forEach((slice, index) => {
    const { xStart, yStart, firstBlock, nBlocks, every, firstSample, nSamples, nInAll } = slice;
    const own = [xStart, yStart ?? xStart, firstBlock, nBlocks, every];
    const hasY = yStart === undefined ? 0 : 1;
    words.set([...own, firstSample, nSamples, nInAll, hasY], (index * SLOT_BYTES) / 4);
  });
  return words;
}

/** Look in resolve.wgsl. */
function lookWords(frame: SplatFrame): Uint32Array<ArrayBuffer> {
  const { style, samplesEach, density, countColours } = frame;
  const unit = style.reach > 0 ? DISC_UNIT : 1;
  return Uint32Array.of(
    ...[...style.phase, style.cell, style.border].map(bits),
    style.columns,
    style.rows,
    bits(style.alpha),
    bits(samplesEach / unit),
    density ? 1 : 0,
    countColours?.length ?? 0,
    0,
    0,
  );
}
