import type { Context } from '../index.ts';
import { CpuScatter } from './plot/cpu-scatter.ts';
import { GpuScatter } from './plot/gpu-scatter.ts';
import { Picture } from './plot/picture.ts';
import type { PlotRequests } from './plot/plot-input.ts';
import type { ViewStore } from './plot/view-state.ts';
import { element } from './shared/elements.ts';

/** The picture on one context: a device's buffers can only be drawn by that device. */
export function setStage(context: Context, view: ViewStore, requests: PlotRequests): Picture {
  const canvas = freshCanvas();
  const scatter = context.device
    ? new GpuScatter(canvas, context)
    : new CpuScatter(canvas, context);
  return new Picture(scatter, view, requests);
}

/** A canvas that was drawn on by one kind of context never gives another kind, so it is replaced. */
function freshCanvas(): HTMLCanvasElement {
  const former = element('points', HTMLCanvasElement);
  const canvas = former.cloneNode() as HTMLCanvasElement;
  former.replaceWith(canvas);
  return canvas;
}
