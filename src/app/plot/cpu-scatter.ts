import type { Context, Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import { css, pointColour } from '../shared/palette.ts';
import { discStyle, drawEvery, fitCanvas, oncePerFrame } from './scatter.ts';
import type { Colouring } from './colouring.ts';
import type { Scatter } from './scatter.ts';
import type { ViewState } from './view-state.ts';

const MOST_DRAWN = 20_000;
const UNLABELLED = 'rgb(128 135 145)';
/** Steps by the golden ratio spread heights evenly over [0, 1). */
const GOLDEN = 0.6180339887498949;

/** Draws on a 2-D canvas from the samples in memory: for browsers without WebGPU. */
export class CpuScatter implements Scatter {
  nDrawn = 0;
  readonly draw = oncePerFrame((view: ViewState) => this.#draw(view));
  readonly #canvas: HTMLCanvasElement;
  readonly #context: Context;
  readonly #surface: CanvasRenderingContext2D;
  #dataset: Dataset | undefined;
  #data: SourceData | undefined;
  #labels: Int32Array | undefined;
  #nComponents = 0;

  constructor(canvas: HTMLCanvasElement, context: Context) {
    const surface = canvas.getContext('2d');
    if (!surface) throw new Error('The canvas gives no 2-D context.');
    this.#canvas = canvas;
    this.#context = context;
    this.#surface = surface;
  }

  setData(dataset: Dataset, data: SourceData): void {
    this.#dataset = dataset;
    this.#data = data;
    this.#labels = undefined;
    this.nDrawn = Math.ceil(dataset.nSamples / drawEvery(dataset.nSamples, MOST_DRAWN));
  }

  async colour(mixture: GaussianMixture, _colouring: Colouring): Promise<void> {
    const dataset = this.#dataset!;
    const labels = await mixture.predict(dataset, { context: this.#context });
    if (dataset !== this.#dataset) return;
    this.#labels = labels;
    this.#nComponents = mixture.nComponents;
  }

  dispose(): void {
    this.#dataset = undefined;
    this.#data = undefined;
  }

  #draw({ projection, window, dark }: ViewState): void {
    if (!this.#data) return;
    const axes = { x: projection.x.indexOf(1), y: projection.y?.indexOf(1) };
    const { width, height, ratio } = fitCanvas(this.#canvas);
    const { data, nSamples, nFeatures } = this.#data.samples;
    const { radius, alpha } = discStyle(this.nDrawn, (width * height) / (ratio * ratio));
    const every = drawEvery(nSamples, MOST_DRAWN);
    const xScale = width / (window.x.high - window.x.low);
    const yScale = height / (window.y.high - window.y.low);
    const side = 2 * radius * ratio;
    const colours = Array.from({ length: this.#nComponents }, (_, k) => css(pointColour(k, dark)));
    const surface = this.#surface;
    surface.clearRect(0, 0, width, height);
    surface.globalAlpha = alpha;
    for (let i = 0; i < nSamples; i += every) {
      const row = i * nFeatures;
      const x = (data[row + axes.x] - window.x.low) * xScale;
      const value = axes.y === undefined ? (i * GOLDEN) % 1 : data[row + axes.y];
      const y = height - (value - window.y.low) * yScale;
      surface.fillStyle = this.#labels ? colours[this.#labels[i]] : UNLABELLED;
      if (radius < 1.5) {
        surface.fillRect(x - side / 2, y - side / 2, side, side);
      } else {
        surface.beginPath();
        surface.arc(x, y, side / 2, 0, 2 * Math.PI);
        surface.fill();
      }
    }
  }
}
