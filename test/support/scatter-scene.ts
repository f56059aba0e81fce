import { expect } from 'vitest';
import {
  createDataset,
  GaussianMixture,
  type Context,
  type Dataset,
  type DatasetOptions,
} from '../../src/index.ts';
import type { SourceData } from '../../src/app/data/source-data.ts';
import type { Colour } from '../../src/app/shared/palette.ts';
import { Random } from '../../src/data/random.ts';
import { axesProjection } from '../../src/app/plot/projection.ts';
import type { ViewState } from '../../src/app/plot/view-state.ts';

/** Canvas of the tests, in CSS and device pixels. */
export const WIDTH = 200;
export const HEIGHT = 160;

/** Samples as the page has them. @param rows row-major */
export function sourceData(rows: number[] | Float64Array, nFeatures: number): SourceData {
  const data = Float64Array.from(rows);
  return {
    name: 'test',
    samples: { data, nSamples: data.length / nFeatures, nFeatures },
    featureNames: Array.from({ length: nFeatures }, (_, d) => `f${d}`),
    columns: [],
    nMissing: data.filter(Number.isNaN).length,
    standardised: undefined,
    origin: { kind: 'built-in', id: 'test' },
    note: '',
    nComponents: 2,
    initParams: 'k-means++',
  };
}

export async function loaded(
  source: SourceData,
  context: Context,
  options: DatasetOptions = {},
): Promise<Dataset> {
  return createDataset(source.samples, { context, ...options });
}

/** Two components of variance 1 at these means. */
export function mixtureAt(means: number[][]): GaussianMixture {
  return GaussianMixture.fromScikitLearn({
    covariance_type: 'spherical',
    weights_: means.map(() => 1 / means.length),
    means_: means,
    covariances_: means.map(() => 1),
  });
}

/** A view of the first two features, 0 to 20 across and 0 to 16 up: 10 pixels a unit. */
export function viewOf(source: SourceData, change: Partial<ViewState> = {}): ViewState {
  const y = source.samples.nFeatures > 1 ? 1 : undefined;
  return {
    projection: axesProjection(source.featureNames, 0, y),
    window: { x: { low: 0, high: WIDTH / 10 }, y: { low: 0, high: HEIGHT / 10 } },
    colouring: { by: 'component' },
    palette: 'petroff',
    density: false,
    highlighted: undefined,
    pinned: undefined,
    order: 'number',
    selected: undefined,
    dark: false,
    ...change,
  };
}

/** A canvas in the page, as large as the tests say. */
export function makeCanvas(): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.style.cssText = `position: fixed; top: 0; left: 0; width: ${WIDTH}px; height: ${HEIGHT}px`;
  document.body.append(canvas);
  return canvas;
}

/** What a canvas shows, on white; to be called in the task that drew it. */
export function pixelsOf(canvas: HTMLCanvasElement): ImageData {
  const surface = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
  surface.fillStyle = '#fff';
  surface.fillRect(0, 0, canvas.width, canvas.height);
  surface.drawImage(canvas, 0, 0);
  return surface.getImageData(0, 0, canvas.width, canvas.height);
}

/** The colour at a place of `viewOf`'s window. */
export function colourAt({ data, width }: ImageData, x: number, y: number): number[] {
  const at = 4 * (Math.floor(HEIGHT - 10 * y) * width + Math.floor(10 * x));
  return Array.from(data.subarray(at, at + 3));
}

/** The colour of one disc on white: its opacity is that of few samples. */
export function onWhite(colour: Colour): number[] {
  return colour.map((channel) => 255 * (1 - 0.75 * (1 - channel)));
}

export function expectColour(found: number[], expected: number[]): void {
  const worst = Math.max(...found.map((channel, i) => Math.abs(channel - expected[i])));
  expect(worst, `${found.join()} for ${expected.map(Math.round).join()}`).toBeLessThanOrEqual(3);
}

/** Clouds around two means, mixed. */
export function clouds(nSamples: number, nFeatures: number): SourceData {
  const random = new Random(5, 0);
  const rows = Float64Array.from({ length: nSamples * nFeatures }, (_, i) => {
    const cloud = Math.floor(i / nFeatures) % 2;
    return 6 + 7 * cloud + 1.5 * random.normal();
  });
  return sourceData(rows, nFeatures);
}
