import type { Context } from '../../index.ts';
import type { Scatter } from './scatter.ts';

/** Draws where the context computes; the other way of drawing is not loaded. */
export async function openScatter(canvas: HTMLCanvasElement, context: Context): Promise<Scatter> {
  if (context.device) {
    const { GpuScatter } = await import('./gpu-scatter.ts');
    return new GpuScatter(canvas, context);
  }
  const { CpuScatter } = await import('./cpu-scatter.ts');
  return new CpuScatter(canvas, context);
}
