import { deviceShift, LOG_ZERO } from './log-constants.ts';
import { splitFloat } from './rounding.ts';
import type { Density } from './family.ts';

/** Features go to the device in blocks of four: one vec4 of means a block, one 4 x 4 tile a pair of blocks. */
export const blocksOf = (nFeatures: number): number => Math.ceil(nFeatures / 4);

/** vec4s of one component in the `components` buffer: its constant, its means, the low parts of its means. */
export const componentVectors = (nFeatures: number): number => 1 + 2 * blocksOf(nFeatures);

/**
 * Constants and means as the kernels read them (low parts 0 unless `split`), with the float64 means that the float32 pairs stand for exactly.
 */
export function packComponents(
  density: Density,
  split: boolean,
): {
  components: Float32Array<ArrayBuffer>;
  means: Float64Array;
  shift: number;
} {
  const { nComponents, nFeatures, logConstants } = density;
  const vectors = componentVectors(nFeatures);
  const components = new Float32Array(nComponents * vectors * 4);
  const means = new Float64Array(density.means.length);
  const shift = deviceShift(logConstants, nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const at = k * vectors * 4;
    components[at] = Math.max(LOG_ZERO, logConstants[k] - shift);
    for (let d = 0; d < nFeatures; d++) {
      const { high, low: rest } = splitFloat(density.means[k * nFeatures + d]);
      const low = split ? rest : 0;
      components[at + 4 + d] = high;
      components[at + 4 + 4 * blocksOf(nFeatures) + d] = low;
      means[k * nFeatures + d] = high + low;
    }
  }
  return { components, means, shift };
}
