const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);
/** From here on the asymptotic series below end within 1e-16. */
const LARGE = 10;
/** B_2k / (2k (2k - 1)), k = 1 ... 7: Stirling's series (Abramowitz and Stegun 1964, 6.1.40). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156];
/** B_2k / 2k, k = 1 ... 7 (6.3.18 there). */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760, 1 / 12];

/** ln Gamma(x) for x > 0, to 1e-15 of its size (or absolutely, near its zeros at 1 and 2). */
export function logGamma(x: number): number {
  let product = 1;
  let z = x;
  for (; z < LARGE; z++) product *= z;
  return (
    (z - 0.5) * Math.log(z) - z + HALF_LOG_TWO_PI + horner(STIRLING, z) * z - Math.log(product)
  );
}

/** psi(x) = d ln Gamma(x) / dx for x > 0, to 1e-15 of its size (or absolutely, near its zero at 1.46). */
export function digamma(x: number): number {
  let sum = 0;
  let z = x;
  for (; z < LARGE; z++) sum += 1 / z;
  return Math.log(z) - 0.5 / z - horner(DIGAMMA, z) - sum;
}

/** sum_k c_k / z^2k, k = 1, 2, ... */
function horner(coefficients: readonly number[], z: number): number {
  const t = 1 / (z * z);
  return coefficients.reduceRight((sum, coefficient) => (sum + coefficient) * t, 0);
}

/** ln B(a, b) for a, b > 0. */
export const logBeta = (a: number, b: number): number =>
  logGamma(a) + logGamma(b) - logGamma(a + b);
