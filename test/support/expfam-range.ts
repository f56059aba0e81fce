/**
 * The last iteration to which float32 responsibilities can follow a maximum-likelihood run whose probabilities fall to 1e-300. A
 * responsibility below 2^-126 is 0 on a device, so that sample no longer keeps a theta of 1e-40 from being 0; in the exact run
 * it does, and the component takes the sample back many iterations later. test/expfam-range.test.ts shows it for each entry in
 * float64: with such responsibilities set to 0, and nothing else changed, the run is within 1e-9 per sample up to here and
 * parts by more than 1e-4 soon after. The third such fixture (digits_bin-miss0.2-seed5-bernoulli-k10-ml) never notices.
 */
export const FLOAT32_RANGE: Readonly<Record<string, number>> = {
  'digits_bin-bernoulli-k10-ml': 50,
  'plants_valid-bernoulli-k8-ml': 47,
};

/** The smallest float32 that a device need not flush to 0 (WGSL 15.7.2). */
export const SMALLEST_FLOAT32 = 2 ** -126;
