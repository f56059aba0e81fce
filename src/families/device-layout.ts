import { deviceShift, LOG_ZERO } from './log-constants.ts';
import { splitFloat } from './rounding.ts';
import type { Density, PackedDensity } from './family.ts';

/** Features go to the device in blocks of four: one vec4 of means a block, one 4 x 4 tile a pair of blocks. */
export const blocksOf = (nFeatures: number): number => Math.ceil(nFeatures / 4);

/** vec4s of one component in `components`: its constant, its means, their low parts, its moment shifts. */
export const componentVectors = (nFeatures: number): number => 1 + 3 * blocksOf(nFeatures);

/**
 * Constants and means as the kernels read them (low parts 0 unless `split`), with the float64 means that the float32 pairs stand for exactly.
 */
export function packComponents(
  density: Density,
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

/** A whitened mean that moves by less than this (2^-7 deviations) loses nothing that float32 had. */
const SMALL_SHIFT = 2 ** -14;
/** A mean that moves by more than 16 of its new standard deviations loses over eight bits of its second moment. */
const LARGE_SHIFT = 256;

/**
 * Whether second moments about the old mean say too little about those around the new one.
 * @param shift squared move in old standard deviations; @param relative the same in new ones (Infinity if unknown)
 */
export const losesSpread = (shift: number, relative: number): boolean =>
  shift > SMALL_SHIFT && relative > LARGE_SHIFT;

/** Writes moment shifts (K x D, whitened) into packed components; returns them as float32 holds them. */
export function packShifts(
  components: Float32Array,
  shifts: Float64Array,
  nFeatures: number,
): Float64Array {
  const stride = 4 * componentVectors(nFeatures);
  return shifts.map((shift, i) => {
    const at = Math.floor(i / nFeatures) * stride + 4 + 8 * blocksOf(nFeatures) + (i % nFeatures);
    components[at] = shift;
    return components[at];
  });
}

/** What rounding a component's constant to float32 took from the log-likelihood. */
export function roundingCorrection(
  { density, rounded }: PackedDensity,
  component: number,
  mass: number,
): number {
  if (mass === 0) return 0;
  return mass * (density.logConstants[component] - rounded.logConstants[component]);
}
