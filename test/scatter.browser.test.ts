import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { tableEntry, colourTable } from '../src/app/colour/colour-table.ts';
import { cellCounts } from '../src/app/plot/density-image.ts';
import type { Colouring } from '../src/app/plot/colouring.ts';
import { CpuScatter } from '../src/app/plot/cpu-scatter.ts';
import { GpuScatter } from '../src/app/plot/gpu-scatter.ts';
import { placeRows } from '../src/app/plot/sample-places.ts';
import type { ViewState } from '../src/app/plot/view-state.ts';
import { choosePalette, dimmed, pointColour } from '../src/app/shared/palette.ts';
import type { SourceData } from '../src/app/data/source-data.ts';
import { createContext, GaussianMixture, type Context } from '../src/index.ts';
import {
  clouds,
  colourAt,
  expectColour,
  HEIGHT,
  loaded,
  makeCanvas,
  mixtureAt,
  onWhite,
  pixelsOf,
  sourceData,
  viewOf,
  WIDTH,
} from './support/scatter-scene.ts';

const WHITE = [255, 255, 255];

let context: Context;
let canvas: HTMLCanvasElement;
let scatter: GpuScatter;
const complaints: string[] = [];

beforeAll(async () => {
  context = await createContext({ backend: 'webgpu' });
  context.device!.addEventListener('uncapturederror', ({ error }) =>
    complaints.push(error.message),
  );
  canvas = makeCanvas();
  scatter = new GpuScatter(canvas, context);
});
afterAll(() => {
  scatter.dispose();
  canvas.remove();
  context.dispose();
  choosePalette('petroff');
});

/** A picture of the samples under a mixture, with the data set's memory given back. */
async function drawn(
  source: SourceData,
  mixture: GaussianMixture | undefined,
  change: Partial<ViewState> = {},
  maxChunkSamples?: number,
): Promise<ImageData> {
  const dataset = await loaded(source, context, maxChunkSamples ? { maxChunkSamples } : {});
  scatter.setData(dataset, source);
  const view = viewOf(source, change);
  if (mixture) {
    // (components of what is highlighted are found when it is drawn)
    await scatter.drawNow(view);
    await scatter.colour(mixture, view.colouring);
  }
  const finished = scatter.drawNow(view);
  const pixels = pixelsOf(canvas);
  await finished;
  dataset.dispose();
  return pixels;
}

describe('samples drawn from the buffers of the fit', () => {
  const corners = sourceData([2, 3, 100, 18, 3, 101, 2, 13, 102, 18, 13, 103], 3);
  const left = mixtureAt([
    [2, 8, 101],
    [18, 8, 102],
  ]);

  test('lie where their features say, in the colours of their components', async () => {
    const pixels = await drawn(corners, left);
    for (const [x, y, component] of [
      [2, 3, 0],
      [18, 3, 1],
      [2, 13, 0],
      [18, 13, 1],
    ]) {
      expectColour(colourAt(pixels, x, y), onWhite(pointColour(component, false)));
    }
    expectColour(colourAt(pixels, 10, 8), WHITE);
    // four discs and no more
    let painted = 0;
    for (let i = 0; i < pixels.data.length; i += 4) {
      painted += Math.min(...pixels.data.subarray(i, i + 3)) < 250 ? 1 : 0;
    }
    expect(painted).toBeGreaterThan(4 * 40);
    expect(painted).toBeLessThan(4 * 75);
  });

  test('lie where a general projection puts them, about its origin, and a missing entry at its column mean', async () => {
    const source = sourceData([1004, 3, 10, 1012, 7, 14, 1008, Number.NaN, 12], 3);
    const projection = {
      kind: 'pca' as const,
      x: Float64Array.of(1, 0.5, 0),
      y: Float64Array.of(0, -1, 2),
      origin: Float64Array.of(1000, 0, 10),
      xName: 'PC1',
      yName: 'PC2',
    };
    const window = { x: { low: 0, high: 20 }, y: { low: -8, high: 8 } };
    const pixels = await drawn(source, undefined, { projection, window });
    const grey = colourAt(pixels, 5.5, 8 - 3);
    expect(grey[0]).toBeLessThan(200);
    // [12 + 3.5, -7 + 8] and, of the mean 5, [8 + 2.5, -5 + 4]
    expectColour(colourAt(pixels, 15.5, 8 + 1), grey);
    expectColour(colourAt(pixels, 10.5, 8 - 1), grey);
    expectColour(colourAt(pixels, 8, 8), WHITE);
  });

  test('without an entry on an axis are left out', async () => {
    const source = sourceData([4, 4, 8, Number.NaN, 12, 8], 2);
    const pixels = await drawn(source, undefined);
    expect(colourAt(pixels, 4, 4)[0]).toBeLessThan(200);
    expect(colourAt(pixels, 12, 8)[0]).toBeLessThan(200);
    // column 0 alone would put the third one there
    for (let y = 0.5; y < 15; y += 0.5) expectColour(colourAt(pixels, 8, y), WHITE);
  });

  test('are dimmed beside a highlighted component, and still there', async () => {
    const pixels = await drawn(corners, left, { highlighted: 1 });
    const [blue, orange] = [0, 1].map((component) => pointColour(component, false));
    expectColour(colourAt(pixels, 2, 3), onWhite(dimmed(blue, false)));
    expect(Math.min(...colourAt(pixels, 2, 3))).toBeLessThan(235);
    // it counts four times, so it is nearly opaque
    expectColour(
      colourAt(pixels, 18, 3),
      orange.map((channel) => 255 * (1 - (1 - 0.25 ** 4) * (1 - channel))),
    );
  });

  test('in several chunks make the same picture as in one', async () => {
    const source = clouds(9000, 3);
    const mixture = mixtureAt([
      [6, 6, 6],
      [13, 13, 13],
    ]);
    const projection = {
      kind: 'pca' as const,
      x: Float64Array.of(0.9, 0.3, -0.2),
      y: Float64Array.of(0.1, 0.5, 0.4),
      origin: new Float64Array(3),
      xName: 'PC1',
      yName: 'PC2',
    };
    for (const change of [{}, { projection }, { density: true }]) {
      const whole = await drawn(source, mixture, change);
      const cut = await drawn(source, mixture, change, 4096);
      expect(cut.data).toEqual(whole.data);
    }
  });

  test('as a density are counted as a histogram counts them', async () => {
    const source = clouds(20_000, 2);
    await drawn(source, undefined, { density: true });
    const { cells, style } = await scatter.readCells();
    const view = viewOf(source);
    const places = placeRows(source, view.projection, new Float64Array(2), 1);
    const pixels = { width: WIDTH, height: HEIGHT, ratio: 1 };
    const expected = cellCounts(places, view.window, pixels, style);
    const [total, differing] = expected.reduce(
      ([sum, wrong], count, cell) => [sum + count, wrong + Math.abs(cells[4 * cell + 3] - count)],
      [0, 0],
    );
    expect(total).toBeGreaterThan(19_000);
    // a sample at the border between two cells may fall in the other one in float32
    expect(differing).toBeLessThanOrEqual(8);
    expect(style.cell).toBeGreaterThan(1);
  });
});

describe('colours by what is known of the samples', () => {
  const source = sourceData([4, 4, 8, 4, 12, 4, 9.2, 12], 2);
  const mixture = mixtureAt([
    [4, 4],
    [12, 4],
  ]);
  const numbers = {
    name: 'size',
    values: Float64Array.of(1e9, 1e9 + 50, 1e9 + 100, Number.NaN),
    categories: undefined,
  };
  const words = {
    name: 'kind',
    values: Int32Array.of(1, 0, 1, -1),
    categories: ['round', 'square'],
  };
  // log odds between the two are linear in x: 8 (x - 8)
  const odds = 1 / (1 + Math.exp(-8 * 1.2));
  const entropy = -odds * Math.log2(odds) - (1 - odds) * Math.log2(1 - odds);
  const cases: [string, Colouring, number[]][] = [
    ['responsibility', { by: 'responsibility', component: 1 }, [0, 0.5, 1, odds]],
    ['uncertainty', { by: 'entropy' }, [0, 1, 0, entropy]],
    ['a column of numbers', { by: 'column', column: numbers }, [0, 0.5, 1, -1]],
    ['a column of words', { by: 'column', column: words }, [0, 1, 0, -1]],
  ];

  test.each(cases)('%s, in every palette, on both sides', async (_, colouring, known) => {
    const cpuCanvas = makeCanvas();
    const cpu = await createContext({ backend: 'cpu' });
    const onCpu = new CpuScatter(cpuCanvas, cpu);
    onCpu.setData(await loaded(source, cpu), source);
    await onCpu.colour(mixture, colouring);
    for (const palette of ['petroff', 'okabe-ito', 'tol'] as const) {
      choosePalette(palette);
      const table = colourTable(colouring, 2, false);
      const pixels = await drawn(source, mixture, { colouring });
      await onCpu.drawNow(viewOf(source, { colouring }));
      const cpuPixels = pixelsOf(cpuCanvas);
      known.forEach((value, n) => {
        const [x, y] = source.samples.data.subarray(2 * n, 2 * n + 2);
        const entry = tableEntry(table, value);
        const expected = onWhite(entry === 0 ? table.none : table.entries[entry - 1]);
        expectColour(colourAt(pixels, x, y), expected);
        expectColour(colourAt(cpuPixels, x, y), expected);
      });
    }
    choosePalette('petroff');
    onCpu.dispose();
    cpuCanvas.remove();
    cpu.dispose();
  });

  test('under full covariances, where missing entries make the library compute on the CPU', async () => {
    const identity = [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ];
    const full = GaussianMixture.fromScikitLearn({
      covariance_type: 'full',
      weights_: [0.5, 0.5],
      means_: [
        [4, 4, 10],
        [12, 4, 10],
      ],
      covariances_: [identity, identity],
    });
    const gaps = sourceData([4, 4, 10, 12, 4, Number.NaN, 9.2, 12, Number.NaN], 3);
    const inTwo = sourceData(
      Float64Array.from({ length: 3 * 5000 }, (_, i) => gaps.samples.data[i % 9]),
      3,
    );
    const found: [Colouring, number[]][] = [
      [{ by: 'component' }, [0, 1, 1]],
      [{ by: 'responsibility', component: 1 }, [0, 1, odds]],
      [{ by: 'entropy' }, [0, 0, entropy]],
    ];
    for (const [colouring, known] of found) {
      const table = colourTable(colouring, 2, false);
      const pixels = await drawn(gaps, full, { colouring });
      const cut = await drawn(inTwo, full, { colouring }, 4096);
      const whole = await drawn(inTwo, full, { colouring });
      expect(cut.data).toEqual(whole.data);
      known.forEach((value, n) => {
        const [x, y] = gaps.samples.data.subarray(3 * n, 3 * n + 2);
        const entry = tableEntry(table, value);
        expectColour(colourAt(pixels, x, y), onWhite(table.entries[entry - 1]));
      });
    }
    const pixels = await drawn(gaps, full, { highlighted: 1 });
    expectColour(colourAt(pixels, 4, 4), onWhite(dimmed(pointColour(0, false), false)));
  });

  test('draw a dimmed and a dense picture on a 2-D canvas as well', async () => {
    const cpuCanvas = makeCanvas();
    const cpu = await createContext({ backend: 'cpu' });
    const onCpu = new CpuScatter(cpuCanvas, cpu);
    onCpu.setData(await loaded(source, cpu), source);
    const { colouring } = viewOf(source);
    await onCpu.colour(mixture, colouring);
    await onCpu.drawNow(viewOf(source, { highlighted: 1 }));
    const picture = pixelsOf(cpuCanvas);
    expectColour(colourAt(picture, 4, 4), onWhite(dimmed(pointColour(0, false), false)));
    expectColour(colourAt(picture, 12, 4), onWhite(pointColour(1, false)));
    await onCpu.drawNow(viewOf(source, { density: true }));
    const [red, , blue] = colourAt(pixelsOf(cpuCanvas), 4, 4);
    expect(blue).toBeGreaterThan(red + 20);
    onCpu.dispose();
    cpuCanvas.remove();
    cpu.dispose();
  });
});

test('one feature has heights that stay the same, in any number of chunks', async () => {
  const source = clouds(5000, 1);
  const window = { x: { low: 0, high: 20 }, y: { low: 0, high: 1 } };
  const whole = await drawn(source, undefined, { window });
  const cut = await drawn(source, undefined, { window }, 4096);
  expect(cut.data).toEqual(whole.data);
  expect(whole.data.some((channel) => channel < 200)).toBe(true);
});

test('a newer colouring takes the place of one that is under way', async () => {
  const source = clouds(3000, 2);
  const dataset = await loaded(source, context);
  scatter.setData(dataset, source);
  const mixture = mixtureAt([
    [6, 6],
    [13, 13],
  ]);
  await scatter.colour(mixture, { by: 'component' });
  const withLabels = context.liveBuffers;
  await Promise.all([
    scatter.colour(mixture, { by: 'entropy' }),
    scatter.colour(mixture, { by: 'responsibility', component: 0 }),
    scatter.colour(mixture, { by: 'component' }),
  ]);
  // the labels of the last one alone
  expect(context.liveBuffers).toBe(withLabels);
  scatter.setData(dataset, source);
  expect(context.liveBuffers).toBe(withLabels - 1);
  dataset.dispose();
});

test('the device had nothing to complain about', async () => {
  await context.device!.queue.onSubmittedWorkDone();
  expect(complaints).toEqual([]);
});
