import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import {
  colourTable,
  packTable,
  plainTable,
  sequenceColours,
  tableEntry,
} from '../colour/colour-table.ts';
import type { ColourTable } from '../colour/colour-table.ts';
import type { SourceData } from '../data/source-data.ts';
import { css } from '../shared/palette.ts';
import { CanvasSize } from './canvas-size.ts';
import type { Colouring } from './colouring.ts';
import { CpuColours } from './cpu-colours.ts';
import { densityImage } from './density-image.ts';
import { FramePacer } from './frame-pacer.ts';
import { placeRows, WindowCount } from './sample-places.ts';
import type { Places } from './sample-places.ts';
import { drawEvery } from './scatter.ts';
import type { Scatter } from './scatter.ts';
import { densityStyle, dotStyle } from './splat-style.ts';
import type { CanvasPixels } from './splat-style.ts';
import type { Projection } from './projection.ts';
import type { ViewState } from './view-state.ts';

const MOST_DRAWN = 20_000;
/** Radius in device pixels under which a square looks like a disc, and is drawn faster. */
const SQUARE = 1.5;

/** What belongs to one data set. */
interface Loaded {
  readonly data: SourceData;
  readonly means: Float64Array;
  readonly every: number;
  readonly colours: CpuColours;
  readonly window: WindowCount;
}

/** Draws on a 2-D canvas from the samples in memory: for browsers without WebGPU. */
export class CpuScatter implements Scatter {
  nDrawn = 0;
  readonly #context: Context;
  readonly #surface: CanvasRenderingContext2D;
  readonly #size: CanvasSize;
  readonly #pacer = new FramePacer<ViewState>((view) => this.#render(view));
  #loaded: Loaded | undefined;
  #placed: { readonly projection: Projection; readonly places: Places } | undefined;
  #shown: ViewState | undefined;

  constructor(canvas: HTMLCanvasElement, context: Context) {
    const surface = canvas.getContext('2d');
    if (!surface) throw new Error('The canvas gives no 2-D context.');
    this.#context = context;
    this.#surface = surface;
    this.#size = new CanvasSize(canvas, () => this.#shown && this.draw(this.#shown));
  }

  setData(dataset: Dataset, data: SourceData): void {
    const every = drawEvery(dataset.nSamples, MOST_DRAWN);
    const means = dataset.columnMeans;
    this.nDrawn = Math.ceil(dataset.nSamples / every);
    this.#placed = undefined;
    this.#shown = undefined;
    this.#loaded = {
      data,
      means,
      every,
      colours: new CpuColours(this.#context, data, every),
      window: new WindowCount(data, means),
    };
  }

  async colour(mixture: GaussianMixture, colouring: Colouring): Promise<void> {
    await this.#loaded?.colours.colour(mixture, colouring);
  }

  draw(view: ViewState): void {
    this.#pacer.ask(view);
  }

  drawNow(view: ViewState): Promise<void> {
    this.#render(view);
    return Promise.resolve();
  }

  dispose(): void {
    this.#pacer.dispose();
    this.#size.dispose();
    this.#loaded = undefined;
    this.#shown = undefined;
  }

  #render(view: ViewState): void {
    if (!this.#loaded) return;
    this.#shown = view;
    const pixels = this.#size.fit();
    const { known } = this.#loaded.colours;
    const table = known
      ? colourTable(known.colouring, known.nComponents, view.dark)
      : plainTable(view.dark);
    const entries = this.#entries(table, view.highlighted);
    this.#surface.globalAlpha = 1;
    this.#surface.clearRect(0, 0, pixels.width, pixels.height);
    if (view.density) this.#drawDensity(view, pixels, table, entries);
    else this.#drawDots(view, pixels, table, entries);
  }

  /** Each drawn sample's entry of the packed table. */
  #entries(table: ColourTable, highlighted: number | undefined): Uint32Array {
    const { known } = this.#loaded!.colours;
    const entries = new Uint32Array(this.nDrawn);
    if (!known) return entries;
    for (let i = 0; i < entries.length; i++) {
      entries[i] = tableEntry(table, known.values[i]);
      if (highlighted !== undefined && known.labels[i] !== highlighted) {
        entries[i] += 1 + table.entries.length;
      }
    }
    return entries;
  }

  /** Those that are dimmed lie under the others. */
  #drawDots(view: ViewState, pixels: CanvasPixels, table: ColourTable, entries: Uint32Array): void {
    const { width, height } = pixels;
    const { x, y } = this.#places(view);
    const style = dotStyle(this.#visible(view), pixels);
    const colours = Array.from(packTable(table, view.dark), (packed) =>
      css([(packed & 255) / 255, ((packed >> 8) & 255) / 255, ((packed >> 16) & 255) / 255]),
    );
    const surface = this.#surface;
    surface.globalAlpha = style.alpha;
    const radius = Math.max(0.5, style.reach);
    const { x: across, y: up } = view.window;
    const perX = width / (across.high - across.low);
    const perY = height / (up.high - up.low);
    const isDimmed = (i: number) => entries[i] > table.entries.length;
    const passes = view.highlighted === undefined ? [false] : [true, false];
    for (const dimmed of passes) {
      for (let i = 0; i < entries.length; i++) {
        if (isDimmed(i) !== dimmed) continue;
        const px = (x[i] - across.low) * perX;
        const py = height - (y[i] - up.low) * perY;
        // (NaN: not to be placed)
        if (!(px > -radius && px < width + radius && py > -radius && py < height + radius))
          continue;
        surface.fillStyle = colours[entries[i]];
        if (radius < SQUARE) {
          surface.fillRect(px - radius, py - radius, 2 * radius, 2 * radius);
        } else {
          surface.beginPath();
          surface.arc(px, py, radius, 0, 2 * Math.PI);
          surface.fill();
        }
      }
    }
  }

  #drawDensity(
    view: ViewState,
    pixels: CanvasPixels,
    table: ColourTable,
    entries: Uint32Array,
  ): void {
    const style = densityStyle(this.#visible(view), pixels, view.window);
    const counts = this.#loaded!.colours.known
      ? undefined
      : packTable(
          { by: 'shares', none: table.none, entries: sequenceColours(view.dark) },
          view.dark,
        );
    const packed = packTable(table, view.dark);
    const image = densityImage(this.#places(view), view.window, pixels, style, {
      colourOf: (i) => packed[entries[i]],
      countColours: counts?.subarray(1, counts.length / 2),
    });
    const layer = new OffscreenCanvas(image.width, image.height);
    layer.getContext('2d')!.putImageData(image, 0, 0);
    const { cell, border, phase } = style;
    this.#surface.imageSmoothingEnabled = cell > 1;
    this.#surface.imageSmoothingQuality = 'high';
    const [left, top] = phase.map((before) => -before - border * cell);
    this.#surface.drawImage(layer, left, top, image.width * cell, image.height * cell);
  }

  #visible({ projection, window }: ViewState): number {
    return this.nDrawn * this.#loaded!.window.share(projection, window);
  }

  #places({ projection }: ViewState): Places {
    const { data, means, every } = this.#loaded!;
    if (this.#placed?.projection !== projection) {
      this.#placed = { projection, places: placeRows(data, projection, means, every) };
    }
    return this.#placed.places;
  }
}
