import type { Dataset } from './dataset.ts';

/**
 * Standardised samples reach `largest` standard deviations from zero, where neighbouring float32s are 2^-24 of that apart.
 * A component 2^-10 of the reach wide is resolved to 2^-14 of its own deviation, which is about 1e-5 in a lower bound;
 * for a narrower one (a far outlier stretched the scale, or tight clumps lie far apart) samples go as pairs of float32.
 */
const NARROW = 2 ** -10;
/** Up to 4 MiB of samples the second plane costs nothing worth saving: pairs always, right from the first iteration. */
const SMALL = 2 ** 20;

/** Whether samples go as pairs of float32. @param variances rows of D, standardised units */
export function needsSplit(
  variances: Float64Array,
  dataset: Dataset,
  decorrelated: boolean,
): boolean {
  const { wholeSamples, nFeatures, standardisation, constantColumns } = dataset;
  if (wholeSamples * nFeatures <= SMALL || decorrelated) return true;
  const threshold = (NARROW * standardisation.largest) ** 2;
  const constant = new Set(constantColumns);
  return variances.some((variance, i) => variance < threshold && !constant.has(i % nFeatures));
}
