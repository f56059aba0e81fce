import type { Dataset, GaussianMixture } from '../../index.ts';
import type { SourceData } from '../data/source-data.ts';
import type { Colouring } from './colouring.ts';
import type { ViewState } from './view-state.ts';

/** Draws the samples. One implementation draws from the fit's GPU buffers, the other from the samples in memory. */
export interface Scatter {
  /** Samples drawn of the present data set when the view is still; fewer than all where all would be too slow. */
  readonly nDrawn: number;
  /** Takes a new data set, not yet coloured. After this the former one is no longer used. */
  setData(dataset: Dataset, data: SourceData): void;
  /** Finds what the colouring says of every sample under this mixture; the next `draw` shows it. */
  colour(mixture: GaussianMixture, colouring: Colouring): Promise<void>;
  /** Draws at the next frame that the device is ready for; the newest view where several wait. */
  draw(view: ViewState): void;
  /** Draws all of `nDrawn` at once; settles when the device has done it: for measurements and pictures. */
  drawNow(view: ViewState): Promise<void>;
  /** Gives back what it holds of the device. */
  dispose(): void;
}

/** Of how many samples one is drawn (`thinnedSample`), so that at most `most` are. */
export function drawEvery(nSamples: number, most: number): number {
  return Math.max(1, Math.ceil(nSamples / most));
}
