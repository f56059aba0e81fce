import type { Context } from '../index.ts';
import { openScatter } from './plot/open-scatter.ts';
import { Picture } from './plot/picture.ts';
import type { PlotRequests } from './plot/plot-input.ts';
import type { ViewStore } from './plot/view-state.ts';
import { element } from './shared/elements.ts';

/** The picture on one context: a device's buffers can only be drawn by that device. */
export async function setStage(
  context: Context,
  view: ViewStore,
  requests: PlotRequests,
): Promise<Picture> {
  return new Picture(await openScatter(freshCanvas(), context), view, requests);
}

/** A canvas that was drawn on by one kind of context never gives another kind, so it is replaced. */
function freshCanvas(): HTMLCanvasElement {
  const former = element('points', HTMLCanvasElement);
  const canvas = former.cloneNode() as HTMLCanvasElement;
  former.replaceWith(canvas);
  return canvas;
}
