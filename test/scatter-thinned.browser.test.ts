import { afterAll, beforeAll, expect, test } from 'vitest';
import { GpuScatter } from '../src/app/plot/gpu-scatter.ts';
import { placeRows } from '../src/app/plot/sample-places.ts';
import { createContext, type Context } from '../src/index.ts';
import { loaded, makeCanvas, sourceData, viewOf } from './support/scatter-scene.ts';

let context: Context;
let canvas: HTMLCanvasElement;
let scatter: GpuScatter;

beforeAll(async () => {
  context = await createContext({ backend: 'webgpu' });
  canvas = makeCanvas();
  scatter = new GpuScatter(canvas, context);
});
afterAll(() => {
  scatter.dispose();
  canvas.remove();
  context.dispose();
});

test('where only some samples are drawn every cluster shows, though rows come in turns', async () => {
  const centres = [4, 8, 12, 16];
  const rows = Float64Array.from({ length: 2 * 120_000 }, (_, i) =>
    i % 2 === 0 ? centres[(i / 2) % 4] : 8,
  );
  const source = sourceData(rows, 2);
  const dataset = await loaded(source, context);
  scatter.setData(dataset, source);
  await scatter.drawNow(viewOf(source, { density: true }));
  const { cells, style } = await scatter.readCells();
  const counts = new Map<number, number>();
  for (let cell = 0; cell < cells.length / 4; cell++) {
    if (cells[4 * cell + 3] > 0) counts.set(cell % style.columns, cells[4 * cell + 3]);
  }
  // 40,000 of them: of each cluster a quarter, as nearly as chance has it
  expect(scatter.nDrawn).toBe(40_000);
  expect([...counts.values()].reduce((a, b) => a + b)).toBe(40_000);
  expect(counts.size).toBe(4);
  for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  // the other side chooses the same ones
  const { x } = placeRows(source, viewOf(source).projection, new Float64Array(2), 3);
  const seen = centres.map((centre) => x.filter((value) => value === centre).length);
  expect(seen).toEqual([...counts.entries()].sort(([a], [b]) => a - b).map(([, count]) => count));
  dataset.dispose();
});
