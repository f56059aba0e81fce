/** ln n! by the product itself, which float64 holds to 170!. */
const TABLE = Float64Array.from({ length: 171 });
for (let n = 0, product = 1; n < TABLE.length; n++) {
  if (n > 1) product *= n;
  TABLE[n] = Math.log(product);
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/**
 * ln n! of a whole number, to 1e-15 of itself: the product's logarithm to n = 170, then Stirling's series, whose next term
 * (1 / 1680 n^7) is below 1e-18 there.
 */
export function logFactorial(n: number): number {
  return n < TABLE.length
    ? TABLE[n]
    : (n + 0.5) * Math.log(n) - n + HALF_LOG_TWO_PI + stirlingRest(n);
}

/** ln n! less Stirling's (n + 1/2) ln n - n + ln(2 pi) / 2, for n from about 10. */
export function stirlingRest(n: number): number {
  const square = n * n;
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / n;
}
