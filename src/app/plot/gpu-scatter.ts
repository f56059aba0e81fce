import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { pointColour } from '../shared/palette.ts';
import { discStyle, drawEvery, fitCanvas, oncePerFrame } from './scatter.ts';
import type { Colouring } from './colouring.ts';
import type { Scatter } from './scatter.ts';
import type { ViewState } from './view-state.ts';
import code from './scatter.wgsl?raw';
import type { Range } from './view-window.ts';

const MOST_DRAWN = { hardware: 8_000_000, software: 50_000 };
const UNLABELLED = [0.5, 0.53, 0.57] as const;
const VIEW_BYTES = 32;
const SLICE_BYTES = 32;

interface Labels {
  buffers: readonly GPUBuffer[];
  nComponents: number;
  dispose(): void;
}

/** Draws from the data set's own chunks: nothing is copied back or uploaded a second time. */
export class GpuScatter implements Scatter {
  nDrawn = 0;
  readonly draw = oncePerFrame((view: ViewState) => this.#draw(view));
  readonly #canvas: HTMLCanvasElement;
  readonly #surface: GPUCanvasContext;
  readonly #device: GPUDevice;
  readonly #pipeline: GPURenderPipeline;
  readonly #mostDrawn: number;
  readonly #viewBuffer: GPUBuffer;
  #dataset: Dataset | undefined;
  #data: SourceData | undefined;
  #labels: Labels | undefined;
  #colours: GPUBuffer | undefined;
  #slices: GPUBuffer[] = [];

  constructor(canvas: HTMLCanvasElement, context: Context) {
    const surface = canvas.getContext('webgpu');
    if (!surface || !context.device) throw new Error('The canvas gives no WebGPU context.');
    this.#canvas = canvas;
    this.#surface = surface;
    this.#device = context.device;
    this.#mostDrawn = context.info.software ? MOST_DRAWN.software : MOST_DRAWN.hardware;
    const format = navigator.gpu.getPreferredCanvasFormat();
    surface.configure({ device: this.#device, format, alphaMode: 'premultiplied' });
    this.#pipeline = makePipeline(this.#device, format);
    this.#viewBuffer = this.#device.createBuffer({
      label: 'GpuScatter.view',
      size: VIEW_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  setData(dataset: Dataset, data: SourceData): void {
    this.#labels?.dispose();
    this.#labels = undefined;
    for (const slice of this.#slices) slice.destroy();
    this.#dataset = dataset;
    this.#data = data;
    this.nDrawn = Math.ceil(dataset.nSamples / drawEvery(dataset.nSamples, this.#mostDrawn));
    this.#slices = dataset.chunks.map(() =>
      this.#device.createBuffer({
        label: 'GpuScatter.slice',
        size: SLICE_BYTES,
        usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      }),
    );
  }

  async colour(mixture: GaussianMixture, _colouring: Colouring): Promise<void> {
    const dataset = this.#dataset!;
    const predicted = await mixture.predictBuffers(dataset);
    if (dataset !== this.#dataset) return predicted.dispose();
    this.#labels?.dispose();
    this.#labels = {
      buffers: predicted.buffers,
      nComponents: mixture.nComponents,
      dispose: () => predicted.dispose(),
    };
  }

  dispose(): void {
    this.#labels?.dispose();
    for (const slice of this.#slices) slice.destroy();
    this.#dataset = undefined;
  }

  /** One pass, one draw call a chunk, one submit. */
  #draw(view: ViewState): void {
    if (!this.#dataset || !this.#data) return;
    const size = fitCanvas(this.#canvas);
    this.#writeView(view, size);
    this.#writeColours(view.dark);
    const encoder = this.#device.createCommandEncoder({ label: 'GpuScatter.draw' });
    const pass = encoder.beginRenderPass({
      colorAttachments: [
        {
          view: this.#surface.getCurrentTexture().createView(),
          loadOp: 'clear',
          storeOp: 'store',
          clearValue: [0, 0, 0, 0],
        },
      ],
    });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#bindGroup(0, [this.#viewBuffer, this.#colours!]));
    const every = drawEvery(this.#dataset.nSamples, this.#mostDrawn);
    this.#dataset.chunks.forEach((chunk, c) => {
      // the first sample of the chunk whose number over all chunks is a multiple of `every`
      const first = (every - (chunk.firstSample % every)) % every;
      const drawn = Math.max(0, Math.ceil((chunk.nSamples - first) / every));
      const { x, y } = axesOf(view);
      const slice = [
        x * chunk.stride,
        (y ?? x) * chunk.stride,
        first,
        every,
        chunk.firstSample,
        y === undefined ? 0 : 1,
        this.#labels?.nComponents ?? 0,
        0,
      ];
      this.#device.queue.writeBuffer(this.#slices[c], 0, new Uint32Array(slice));
      // unlabelled samples: any buffer satisfies the layout, the shader does not read it
      const labels = this.#labels?.buffers[c] ?? chunk.values;
      pass.setBindGroup(1, this.#bindGroup(1, [this.#slices[c], chunk.values, labels]));
      pass.draw(3 * drawn);
    });
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  #writeView(view: ViewState, size: { width: number; height: number; ratio: number }): void {
    const { width, height, ratio } = size;
    const { radius, alpha } = discStyle(this.nDrawn, (width * height) / (ratio * ratio));
    const [xScale, xOffset] = this.#toClip(axesOf(view).x, view.window.x);
    const [yScale, yOffset] =
      axesOf(view).y === undefined ? [2, -1] : this.#toClip(axesOf(view).y!, view.window.y);
    const pixels = radius * ratio;
    this.#device.queue.writeBuffer(
      this.#viewBuffer,
      0,
      new Float32Array([
        xScale,
        yScale,
        xOffset,
        yOffset,
        (2 * pixels) / width,
        (2 * pixels) / height,
        pixels,
        alpha,
      ]),
    );
  }

  /** Scale and offset from standardised values to clip space; in float64, so that a large mean costs no digits. */
  #toClip(feature: number, { low, high }: Range): [scale: number, offset: number] {
    const { columnMeans, columnScales } = this.#dataset!;
    const half = (high - low) / 2;
    return [columnScales[feature] / half, (columnMeans[feature] - (low + high) / 2) / half];
  }

  /** The components' colours and, behind them, that of unlabelled samples. */
  #writeColours(dark: boolean): void {
    const nComponents = this.#labels?.nComponents ?? 0;
    const colours = new Float32Array(4 * (nComponents + 1));
    for (let k = 0; k < nComponents; k++) colours.set([...pointColour(k, dark), 1], 4 * k);
    colours.set([...UNLABELLED, 1], 4 * nComponents);
    if (this.#colours?.size !== colours.byteLength) {
      this.#colours?.destroy();
      this.#colours = this.#device.createBuffer({
        label: 'GpuScatter.colours',
        size: colours.byteLength,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
    }
    this.#device.queue.writeBuffer(this.#colours, 0, colours);
  }

  #bindGroup(index: number, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      layout: this.#pipeline.getBindGroupLayout(index),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }
}

/** The features that a projection of the kind `axes` shows. */
function axesOf({ projection }: ViewState): { x: number; y: number | undefined } {
  return { x: projection.x.indexOf(1), y: projection.y?.indexOf(1) };
}

function makePipeline(device: GPUDevice, format: GPUTextureFormat): GPURenderPipeline {
  const module = device.createShaderModule({ label: 'scatter.wgsl', code });
  const over: GPUBlendComponent = { srcFactor: 'one', dstFactor: 'one-minus-src-alpha' };
  return device.createRenderPipeline({
    label: 'GpuScatter',
    layout: 'auto',
    vertex: { module, entryPoint: 'place_sample' },
    fragment: {
      module,
      entryPoint: 'shade_sample',
      targets: [{ format, blend: { color: over, alpha: over } }],
    },
    primitive: { topology: 'triangle-list' },
  });
}
