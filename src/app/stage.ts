import type { Context } from '../index.ts';
import { openScatter } from './plot/open-scatter.ts';
import { Picture } from './plot/picture.ts';
import type { PlotRequests } from './plot/plot-input.ts';
import type { ViewStore } from './plot/view-state.ts';
import { element } from './shared/elements.ts';

/**
 * The picture on one context: a device's buffers can only be drawn by that device.
 * @param former let go of when the new one can be drawn; where it cannot, the former stays as it is
 */
export async function setStage(
  context: Context,
  view: ViewStore,
  requests: PlotRequests,
  former?: Picture,
): Promise<Picture> {
  // a canvas that was drawn on by one kind of context never gives another kind, so it is replaced
  const canvas = element('points', HTMLCanvasElement).cloneNode() as HTMLCanvasElement;
  const scatter = await openScatter(canvas, context);
  former?.dispose();
  element('points', HTMLCanvasElement).replaceWith(canvas);
  return new Picture(scatter, view, requests);
}
