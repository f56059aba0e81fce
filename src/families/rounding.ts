/**
 * A float32 product of whitening (up to 1e13 per standard deviation) and standardised residual (up to about 1e4) keeps its
 * square, summed over a thousand features, below float32's 3e38. A larger factor means a spread under 1e-13 of the
 * column's: samples there are either at the mean (residual 0) or out of reach, and both stay so.
 */
const LARGEST_WHITENING = 1e13;

/** The float32 nearest to a whitening factor, clamped. */
export function roundWhitening(value: number): number {
  return Math.fround(Math.max(-LARGEST_WHITENING, Math.min(LARGEST_WHITENING, value)));
}

/** Splits a number in two float32 that sum to it within 2^-48 of its size. */
export function splitFloat(value: number): { high: number; low: number } {
  const high = Math.fround(value);
  return { high, low: Math.fround(value - high) };
}
