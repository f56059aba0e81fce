import type { Context, Dataset, DatasetChunk, GaussianMixture } from '../../index.ts';
import { colourTable, packTable, plainTable, sequenceColours } from '../colour/colour-table.ts';
import type { SourceData } from '../data/source-data.ts';
import { CanvasSize } from './canvas-size.ts';
import type { Colouring } from './colouring.ts';
import { DrawBudget } from './draw-budget.ts';
import { FramePacer } from './frame-pacer.ts';
import { GpuColours } from './gpu-colours.ts';
import { PlaceFinder } from './gpu-places.ts';
import type { Axis, GpuPlaces } from './gpu-places.ts';
import { WindowCount } from './sample-places.ts';
import { drawEvery } from './scatter.ts';
import type { Scatter } from './scatter.ts';
import { SplatGrid } from './splat-grid.ts';
import type { SplatSlice } from './splat-grid.ts';
import { densityStyle, dotStyle } from './splat-style.ts';
import type { SplatStyle } from './splat-style.ts';
import type { ViewState } from './view-state.ts';
import type { Range } from './view-window.ts';

/** Most samples drawn, and of a moving view to begin with. */
const MOST_DRAWN = {
  hardware: { still: 100_000_000, moving: 100_000_000 },
  software: { still: 50_000, moving: 20_000 },
};
/** How many samples a highlighted one stands for where colours are mixed. */
const EMPHASIS = 4;

/** What belongs to one data set. */
interface Loaded {
  readonly dataset: Dataset;
  readonly chunks: readonly DatasetChunk[];
  readonly places: PlaceFinder;
  readonly colours: GpuColours;
  readonly window: WindowCount;
}

/** Draws from the data set's own chunks: nothing is copied back or uploaded a second time. */
export class GpuScatter implements Scatter {
  nDrawn = 0;
  readonly #surface: GPUCanvasContext;
  readonly #context: Context;
  readonly #device: GPUDevice;
  readonly #grid: SplatGrid;
  readonly #size: CanvasSize;
  readonly #budget: DrawBudget;
  readonly #pacer = new FramePacer<ViewState>((view) => this.#frame(view));
  readonly #mostDrawn: number;
  #loaded: Loaded | undefined;
  #shown: ViewState | undefined;
  #style: SplatStyle | undefined;

  constructor(canvas: HTMLCanvasElement, context: Context) {
    const surface = canvas.getContext('webgpu');
    if (!surface || !context.device) throw new Error('The canvas gives no WebGPU context.');
    this.#surface = surface;
    this.#context = context;
    this.#device = context.device;
    const { still, moving } = context.info.software ? MOST_DRAWN.software : MOST_DRAWN.hardware;
    this.#mostDrawn = still;
    const format = navigator.gpu.getPreferredCanvasFormat();
    surface.configure({ device: this.#device, format, alphaMode: 'premultiplied' });
    this.#grid = new SplatGrid(this.#device, format);
    const again = () => this.#shown && this.draw(this.#shown);
    this.#size = new CanvasSize(canvas, again);
    this.#budget = new DrawBudget(still, moving, again);
  }

  setData(dataset: Dataset, data: SourceData): void {
    this.#unload();
    this.nDrawn = Math.ceil(dataset.nSamples / drawEvery(dataset.nSamples, this.#mostDrawn));
    const { chunks } = dataset;
    this.#loaded = {
      dataset,
      chunks,
      places: new PlaceFinder(this.#device, dataset, chunks),
      colours: new GpuColours(this.#device, dataset, chunks),
      window: new WindowCount(data, dataset.columnMeans),
    };
  }

  async colour(mixture: GaussianMixture, colouring: Colouring): Promise<void> {
    const withLabels = this.#shown?.highlighted !== undefined;
    await this.#loaded?.colours.colour(mixture, colouring, withLabels);
  }

  draw(view: ViewState): void {
    this.#pacer.ask(view);
  }

  async drawNow(view: ViewState): Promise<void> {
    this.#render(view, this.#mostDrawn);
    await this.#context.settle(this.#device.queue.onSubmittedWorkDone());
  }

  /** Counts and sums of colours in the cells of the last picture (see splat.wgsl), and how the cells lie: for checks. */
  async readCells(): Promise<{ cells: Uint32Array; style: SplatStyle }> {
    const style = this.#style!;
    return { cells: await this.#grid.readCells(style.columns * style.rows), style };
  }

  dispose(): void {
    this.#pacer.dispose();
    this.#budget.dispose();
    this.#size.dispose();
    this.#unload();
    this.#grid.dispose();
  }

  #unload(): void {
    this.#loaded?.colours.dispose();
    this.#loaded?.places.dispose();
    this.#loaded = undefined;
    this.#shown = undefined;
  }

  async #frame(view: ViewState): Promise<void> {
    const before = this.#shown;
    const moved =
      before !== undefined &&
      (before.window !== view.window || before.projection !== view.projection);
    const most = this.#budget.next(moved, performance.now());
    const drawn = this.#render(view, most);
    if (drawn === 0) return;
    const started = performance.now();
    // (of a lost device the page hears by itself)
    await this.#context.settle(this.#device.queue.onSubmittedWorkDone()).catch(() => {});
    // iterations of a fit wait in the same queue: only a view that moves is worth drawing less of
    if (moved) this.#budget.took(drawn, performance.now() - started);
  }

  /** @returns how many samples were drawn */
  #render(view: ViewState, most: number): number {
    if (!this.#loaded) return 0;
    this.#shown = view;
    const { dataset, window, places, colours } = this.#loaded;
    const pixels = this.#size.fit();
    const nVisible = this.nDrawn * window.share(view.projection, view.window);
    const style = view.density
      ? densityStyle(nVisible, pixels, view.window)
      : dotStyle(nVisible, pixels);
    this.#style = style;
    const { known } = colours;
    const labels = this.#labelsFor(view);
    const table = known
      ? colourTable(known.colouring, known.nComponents, view.dark)
      : plainTable(view.dark);
    const every = drawEvery(dataset.nSamples, most);
    const at = places.of(view.projection);
    const slices = this.#slices(at, every, known?.values, labels);
    const x = toCells(at.x, view.window.x, pixels.width, 0, style);
    const y = toCells(at.y ?? { scale: 1, offset: 0 }, view.window.y, -pixels.height, 1, style);
    this.#grid.draw(this.#surface.getCurrentTexture().createView(), {
      style,
      slices,
      scale: [x.scale, y.scale],
      offset: [x.offset, y.offset],
      by: table.by,
      shareScale: known?.shareScale ?? 1,
      table: packTable(table, view.dark),
      highlighted: labels && view.highlighted,
      emphasis: view.density ? 1 : EMPHASIS,
      samplesEach: every / drawEvery(dataset.nSamples, this.#mostDrawn),
      density: view.density,
      countColours: view.density && !known ? packed(view.dark) : undefined,
    });
    return slices.reduce((sum, { nBlocks }) => sum + nBlocks, 0);
  }

  /** Which component is whose, where one stands out. They are found now where nobody needed them before. */
  #labelsFor(view: ViewState): readonly GPUBuffer[] | undefined {
    if (view.highlighted === undefined) return undefined;
    const { colours } = this.#loaded!;
    const { labels, known, mixture } = colours;
    // (a colouring that is under way is drawn when it is there, and then this is looked at again)
    if (!labels && mixture && known && !colours.isBusy) {
      colours
        .colour(mixture, known.colouring, true)
        .then(() => this.#shown && this.draw(this.#shown))
        .catch((error: unknown) => reportError(error));
    }
    return labels;
  }

  #slices(
    { planes, y }: GpuPlaces,
    every: number,
    known: readonly GPUBuffer[] | undefined,
    labels: readonly GPUBuffer[] | undefined,
  ): SplatSlice[] {
    const { chunks, dataset } = this.#loaded!;
    return chunks.map(({ firstSample, nSamples }, c) => {
      // (the sample of a block that two chunks share is in one of them)
      const firstBlock = Math.floor(firstSample / every);
      const { buffer, xStart, yStart } = planes[c];
      return {
        plane: buffer,
        xStart,
        yStart: y && yStart,
        known: known?.[c],
        labels: labels?.[c],
        firstBlock,
        nBlocks: Math.ceil((firstSample + nSamples) / every) - firstBlock,
        every,
        firstSample,
        nSamples,
        nInAll: dataset.nSamples,
      };
    });
  }
}

/**
 * Scale and offset from the numbers of a plane to cells; in float64, so that a large mean costs no digits.
 * @param length of the canvas in pixels, negative where the axis goes against theirs
 */
function toCells(
  { scale, offset }: Axis,
  { low, high }: Range,
  length: number,
  index: 0 | 1,
  { cell, border, phase }: SplatStyle,
): { scale: number; offset: number } {
  const perUnit = length / (high - low);
  const start = length < 0 ? -length : 0;
  return {
    scale: (scale * perUnit) / cell,
    offset: ((offset - low) * perUnit + start + phase[index]) / cell + border,
  };
}

function packed(dark: boolean): Uint32Array<ArrayBuffer> {
  const entries = sequenceColours(dark);
  // without the entry for nothing and without the dimmed ones
  return packTable({ by: 'shares', none: entries[0], entries }, dark).slice(1, entries.length + 1);
}
