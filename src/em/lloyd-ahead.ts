import { gaussianTiedDiag } from '../families/gaussian-tied-diag.ts';
import type { Dataset } from './dataset.ts';
import { compileAhead } from './kernels-ahead.ts';
import type { Responsibilities } from './responsibilities.ts';

/** The family whose E-step finds the nearest centre. */
export const LLOYD_FAMILY = gaussianTiedDiag;

export const HARD: Responsibilities = { assignment: 'hard' };

/** Begins to compile what k-means over a dataset will need, where it runs on a device. */
export function compileLloyd(dataset: Dataset, nComponents: number): void {
  const { context } = dataset;
  if (context?.backend === 'webgpu') {
    compileAhead(dataset, LLOYD_FAMILY, context, { hows: [HARD], nComponents });
  }
}
