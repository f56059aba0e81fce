import type { Family } from '../families/family.ts';
import type { Dataset } from './dataset.ts';
import { Device } from './device.ts';
import { Reference } from './reference.ts';
import type { Seam } from './seam.ts';

/**
 * The side of the seam that a dataset's context calls for: the one place that chooses.
 * @param regCovar what M-steps will add to the diagonals, D, in standardised units: tells the device which spread matters
 */
export function makeSeam(dataset: Dataset, family: Family, regCovar?: Float64Array): Seam {
  dataset.assertUsable();
  return dataset.context?.backend === 'webgpu'
    ? new Device(dataset, family, dataset.context, regCovar)
    : new Reference(dataset, family);
}
