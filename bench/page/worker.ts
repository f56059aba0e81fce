import { measureRoofline } from '../micro.ts';
import { measureRow } from '../row.ts';
import { SEED } from '../session.ts';
import { findSides, openSide } from '../sides.ts';
import type { Answer, Order } from './messages.ts';

/** Milliseconds of iterations in a timed fit, and iterations checked: less than `npm run bench` takes, for somebody who waits. */
const BETWEEN = 50;
const CHECKED = 5;

const say = (answer: Answer): void => postMessage(answer);

addEventListener('message', ({ data }: MessageEvent<Order>) => {
  run(data).catch((error: unknown) => {
    // thrown where the page hears of it
    setTimeout(() => {
      throw error instanceof Error ? error : new Error(String(error));
    });
  });
});

async function run({ shapes, sides, repetitions, peaks }: Order): Promise<void> {
  const found = await findSides();
  const here = sides.filter((side) => found.includes(side));
  if (here.length === 0) throw new Error('None of the sides that were chosen can be had here.');
  if (peaks && here.includes('webgpu')) {
    const context = await openSide('webgpu');
    const { software } = context.info;
    say({ kind: 'roofline', roofline: await measureRoofline(context.device!, software) });
    context.dispose();
  }
  for (const [index, shape] of shapes.entries()) {
    say({ kind: 'begin', index });
    // however long it takes, all repetitions are made; whoever waits may stop
    const job = { shape, seed: SEED, sides: here, repetitions, seconds: Infinity };
    try {
      const measured = await measureRow({ ...job, between: BETWEEN, checked: CHECKED });
      say({ kind: 'row', measured });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      say({ kind: 'failed', shape, message });
    }
  }
  say({ kind: 'end' });
}
