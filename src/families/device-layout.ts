import { deviceShift, LOG_ZERO } from './log-constants.ts';
import { splitFloat } from './rounding.ts';
import type { PackedDensity } from './device-twin.ts';
import type { GaussianDensity } from './gaussian.ts';

/** Features go to the device in blocks of four: one vec4 of means a block, one 4 x 4 tile a pair of blocks. */
export const blocksOf = (nFeatures: number): number => Math.ceil(nFeatures / 4);

/** vec4s of one component in `components`: its constant, its means, their low parts. */
export const componentVectors = (nFeatures: number): number => 1 + 2 * blocksOf(nFeatures);

/**
 * Constants and means as the kernels read them (low parts 0 unless `split`), with the float64 means that the float32 pairs stand for exactly.
 */
export function packComponents(
  density: GaussianDensity,
  split: boolean,
): {
  components: Float32Array<ArrayBuffer>;
  logConstants: Float64Array;
  means: Float64Array;
  shift: number;
} {
  const { nComponents, nFeatures, logConstants } = density;
  const vectors = componentVectors(nFeatures);
  const components = new Float32Array(nComponents * vectors * 4);
  const means = new Float64Array(density.means.length);
  const rounded = new Float64Array(nComponents);
  const shift = deviceShift(logConstants, nFeatures);
  for (let k = 0; k < nComponents; k++) {
    const at = k * vectors * 4;
    components[at] = Math.max(LOG_ZERO, logConstants[k] - shift);
    rounded[k] = components[at] + shift;
    for (let d = 0; d < nFeatures; d++) {
      const { high, low: rest } = splitFloat(density.means[k * nFeatures + d]);
      const low = split ? rest : 0;
      components[at + 4 + d] = high;
      components[at + 4 + 4 * blocksOf(nFeatures) + d] = low;
      means[k * nFeatures + d] = high + low;
    }
  }
  return { components, logConstants: rounded, means, shift };
}

/**
 * Moments in old coordinates tell a component's new spread to 2^-24 of the old one, and of the square of its mean's move. One
 * that is left with less than 2^-8 of either, in some direction, is looked at again in coordinates of its own.
 */
export const LOST_SPREAD = 2 ** -8;
/** Share of the old spread added to the new one before it makes coordinates: a direction may be left with none at all. */
export const SPREAD_FLOOR = 2 ** -20;

/** What rounding a component's constant to float32 took from the log-likelihood. */
export function roundingCorrection(
  { density, rounded }: PackedDensity,
  component: number,
  mass: number,
): number {
  if (mass === 0) return 0;
  return mass * (density.logConstants[component] - rounded.logConstants[component]);
}
