import { createDataset } from '../../src/em/create-dataset.ts';
import { MissingReference } from '../../src/em/reference-missing.ts';
import type { GaussianParameters } from '../../src/families/gaussian.ts';
import { gaussianFamilies } from '../../src/families/gaussian-types.ts';

const { full } = gaussianFamilies;

/** Two overlapping components with covariances, in the user's units of `makeData`. */
export const TWO: GaussianParameters = {
  weights: Float64Array.of(0.45, 0.55),
  means: Float64Array.of(5, -290, 0.05, 7, -320, -0.02),
  covariances: Float64Array.from(
    [
      [5, 20, 0.1, 20, 900, 2, 0.1, 2, 0.06],
      [4, -25, 0, -25, 1200, 1, 0, 1, 0.04],
    ].flat(),
  ),
};

/** Samples (N x 3) and the seam that takes missing entries. */
export async function open(data: Float64Array, family = full) {
  const dataset = await createDataset({ data, nSamples: data.length / 3, nFeatures: 3 });
  return { dataset, family, seam: new MissingReference(dataset, family) };
}
